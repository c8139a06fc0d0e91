using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Course.Serving.Tests;

/// <summary>The Grafana dashboard asks only for what the running service serves, and leaves nothing of it out.</summary>
public sealed partial class DashboardTests
{
    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private static JsonElement Dashboard { get; } = JsonDocument.Parse(File.ReadAllText(Path.Combine(Here(), "../../lib/Course.Serving/Observability/grafana-dashboard.json"))).RootElement;

    // In PromQL's own words, or what Prometheus adds by itself.
    private static readonly HashSet<string> Words = ["sum", "by", "rate", "histogram_quantile", "label_values", "le", "instance"];

    /// <summary>What the panels and the choice of a model ask Prometheus.</summary>
    internal static string[] Queries { get; } =
    [
        .. Dashboard.GetProperty("panels").EnumerateArray().SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!),
        .. Dashboard.GetProperty("templating").GetProperty("list").EnumerateArray().Where(variable => variable.GetProperty("type").GetString() == "query").Select(variable => variable.GetProperty("query").GetString()!),
    ];

    [Fact]
    public async Task EveryQuery_NamesServedMetricsAndTheirLabels()
    {
        var served = await ServedAsync();
        Assert.InRange(Queries.Length, 10, 100);
        foreach (string query in Queries)
        {
            string[] metrics = Metric().Matches(query).Select(match => match.Value).ToArray();
            Assert.NotEmpty(metrics);
            Assert.All(metrics, metric => Assert.True(served.Names.Contains(metric), $"{metric} is not served, but asked for by: {query}"));
            var labels = metrics.SelectMany(served.LabelsOf).ToHashSet();
            var words = Word().Matches(Variable().Replace(Quoted().Replace(query, "\"\""), "")).Select(match => match.Value).Except(metrics).Except(Words);
            Assert.All(words, label => Assert.True(labels.Contains(label), $"'{label}' is no label of {string.Join(", ", metrics)}: {query}"));
            Assert.Equal(query.Count(c => c == '('), query.Count(c => c == ')'));
        }
    }

    [Fact]
    public async Task EveryServedMetric_IsOnTheDashboard()
    {
        var asked = Queries.SelectMany(query => Metric().Matches(query)).Select(match => match.Value).ToHashSet();

        Assert.All((await ServedAsync()).Names, name => Assert.True(asked.Contains(name), $"{name} is on no panel"));
    }

    [Fact]
    public void Panels_HaveTitlesUnitsAndPlacesOfTheirOwn()
    {
        var panels = Dashboard.GetProperty("panels").EnumerateArray().ToArray();

        Assert.All(panels, panel => Assert.False(string.IsNullOrWhiteSpace(panel.GetProperty("title").GetString())));
        Assert.All(panels, panel => Assert.NotEmpty(panel.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("unit").GetString()!));
        Assert.Equal(panels.Length, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.Equal(panels.Length, panels.Select(panel => panel.GetProperty("gridPos").ToString()).Distinct().Count());
    }

    /// <summary>What a service serves that has answered, failed and refused.</summary>
    private static async Task<MetricsText> ServedAsync()
    {
        var predictor = new BrightnessPredictor();
        await using var service = await PredictionService.StartAsync(predictor, new ServiceOptions { QueueCapacity = 1 });
        using var client = new PredictionClient(service.Url);
        await client.PostAsync("/v1/predict", "{\"input\": [13, 0]}");
        var held = new TaskCompletionSource();
        predictor.Gate = held.Task;
        var first = client.PredictAsync([255f, 255f]);
        await Until.TrueAsync(() => service.Statistics.Waiting > 0);
        Assert.Equal(503, (await client.PostAsync("/v1/predict", "{\"input\": [1, 0]}")).Status);
        held.SetResult();
        await first;
        return new MetricsText((await client.GetAsync("/metrics")).Body);
    }

    [GeneratedRegex(@"\bcourse_\w+")]
    private static partial Regex Metric();

    [GeneratedRegex(@"\b[A-Za-z_]\w*")]
    private static partial Regex Word();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\$\w+|\d[\w.]*")]
    private static partial Regex Variable();
}
