using System.Diagnostics;
using System.Text.Json;

namespace Course.Serving.Tests;

public sealed class ObservabilityTests
{
    [Fact]
    public async Task Log_GivesEveryFailureItsRequestIdAndReasonAndNoInput()
    {
        var log = new StringWriter();
        var key = ApiKey.Create(KeyScopes.Predict, out string? secret, iterations: 1000);
        string body;
        await using (var service = await PredictionService.StartAsync(new BrightnessPredictor(), new ServiceOptions { Log = log, Keys = [key] }))
        {
            using var client = new PredictionClient(service.Url, secret);
            body = (await client.PostAsync("/v1/predict", "{\"input\": [13, 77.125]}")).Body;
            using var stranger = new PredictionClient(service.Url, "ck_wrong");
            await stranger.PostAsync("/v1/predict", "{}");
        }

        var entries = log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        var failed = Assert.Single(entries, entry => entry.GetProperty("event").GetString() == "Failed");
        Assert.Equal(JsonDocument.Parse(body).RootElement.GetProperty("requestId").GetString(), failed.GetProperty("requestId").GetString());
        Assert.Equal(("/v1/predict", 500, "brightness 1.2.0"), (failed.GetProperty("route").GetString(), failed.GetProperty("status").GetInt32(), failed.GetProperty("model").GetString()));
        Assert.Equal("Internal error", failed.GetProperty("reason").GetString());
        Assert.Contains("secret inner detail", Assert.Single(entries, entry => entry.GetProperty("event").GetString() == "PredictionFailed").GetProperty("exception").GetString());
        Assert.Single(entries, entry => entry.GetProperty("event").GetString() == "Refused");
        Assert.Equal(["Ready", "Stopped"], [entries[0].GetProperty("event").GetString(), entries[^1].GetProperty("event").GetString()]);
        Assert.DoesNotContain(secret, log.ToString());
        Assert.DoesNotContain("77.125", log.ToString());
    }

    [Fact]
    public async Task Traces_LeadFromTheRequestThroughTheBatchToTheModel()
    {
        var done = new System.Collections.Concurrent.ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ServiceTraces.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = done.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var traced = new Named();
        await using var service = await PredictionService.StartAsync(traced);
        using var client = new PredictionClient(service.Url);

        await client.PredictAsync([255f, 255f]);

        bool Ours(Activity activity) => activity.OperationName == "batch" && (string?)activity.GetTagItem("model") == "traced" && (string?)activity.GetTagItem("version") == "1.2.0" && activity.Links.Any();
        await Until.TrueAsync(() => done.Any(Ours));
        var batch = Assert.Single(done, Ours);
        Assert.Contains(done, activity => activity.OperationName == "model" && activity.ParentSpanId == batch.SpanId);
        await Until.TrueAsync(() => done.Any(activity => activity.SpanId == batch.Links.Single().Context.SpanId));
        Assert.Equal("request", done.Single(activity => activity.SpanId == batch.Links.Single().Context.SpanId).OperationName);
    }

    // A name of its own, because other tests' services trace at the same time.
    private sealed class Named : IPredictor
    {
        public ArtefactInfo Info { get; } = BrightnessPredictor.SmallInfo with { Name = "traced" };

        public IReadOnlyList<Scores> Predict(IReadOnlyList<float[]> inputs) => [.. inputs.Select(_ => new Scores([0.5f, 0.5f]))];
    }
}
