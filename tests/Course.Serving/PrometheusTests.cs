using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Course.Serving.Tests;

/// <summary>A real Prometheus collects from a running service and answers the dashboard's queries. Needs Debian's package prometheus, or COURSE_TEST_PROMETHEUS with the program's path.</summary>
public sealed class PrometheusTests
{
    [Fact]
    public async Task Prometheus_AnswersEveryQueryOfTheDashboard()
    {
        string program = Environment.GetEnvironmentVariable("COURSE_TEST_PROMETHEUS") is { Length: > 0 } given ? given : "/usr/bin/prometheus";
        Assert.SkipUnless(File.Exists(program), $"{program} does not exist; install prometheus");
        string folder = Directory.CreateTempSubdirectory("course-prometheus-").FullName;
        var predictor = new BrightnessPredictor();
        await using var service = await PredictionService.StartAsync(predictor, new ServiceOptions { QueueCapacity = 1 });
        using var client = new PredictionClient(service.Url);
        int port = FreePort();
        File.WriteAllText(Path.Combine(folder, "prometheus.yml"), $$"""
            global: { scrape_interval: 500ms, scrape_timeout: 400ms }
            scrape_configs: [ { job_name: course, static_configs: [ { targets: ["127.0.0.1:{{service.Url.Port}}"] } ] } ]
            """);
        using var prometheus = Process.Start(new ProcessStartInfo(program,
            ["--config.file", Path.Combine(folder, "prometheus.yml"), "--storage.tsdb.path", Path.Combine(folder, "data"), "--web.listen-address", $"127.0.0.1:{port}", "--log.level", "error"]))!;
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            var left = DashboardTests.Queries.Where(query => !query.StartsWith("label_values", StringComparison.Ordinal)).ToHashSet();
            var answers = new SortedDictionary<string, string>(StringComparer.Ordinal);
            var deadline = DateTime.UtcNow.AddSeconds(60);
            // Rates need something to happen between two looks: answers, failures and, with the only place taken, refusals.
            while (left.Count > 0 && DateTime.UtcNow < deadline)
            {
                await client.PostAsync("/v1/predict", "{\"input\": [13, 0]}");
                var held = new TaskCompletionSource();
                predictor.Gate = held.Task;
                var first = client.PredictAsync([255f, 255f]);
                while (service.Statistics.Waiting == 0 && DateTime.UtcNow < deadline)
                    await Task.Delay(2);
                await client.PostAsync("/v1/predict", "{\"input\": [1, 0]}");
                held.SetResult();
                await first;
                await Task.Delay(200);
                foreach (string query in left.ToArray())
                {
                    if (await ValueAsync(http, query) is not { } value)
                        continue;
                    left.Remove(query);
                    answers[query] = value;
                }
            }
            Assert.True(left.Count == 0, "No answer to: " + string.Join("\n", left));
            File.WriteAllLines(Path.Combine(Directory.CreateDirectory(Path.Combine(Here(), "../../artifacts/browser")).FullName, "dashboard-queries.txt"), answers.Select(answer => $"{answer.Value,24}  {answer.Key}"));
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    /// <summary>The first number that Prometheus gives; null while there is none, or no finite one.</summary>
    private static async Task<string?> ValueAsync(HttpClient http, string query)
    {
        try
        {
            string asked = query.Replace("$model", ".*").Replace("$__rate_interval", "5s");
            using var answer = await http.GetAsync("/api/v1/query?query=" + Uri.EscapeDataString(asked));
            var root = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            Assert.True(root.GetProperty("status").GetString() == "success", $"{asked}: {root}");
            var result = root.GetProperty("data").GetProperty("result");
            if (result.GetArrayLength() == 0)
                return null;
            string value = result[0].GetProperty("value")[1].GetString()!;
            return double.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? value : null;
        }
        catch (HttpRequestException)
        {
            // Prometheus is still starting.
            return null;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
