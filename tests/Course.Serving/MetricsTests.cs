using System.Diagnostics.Metrics;

namespace Course.Serving.Tests;

public sealed class MetricsTests
{
    [Fact]
    public async Task Metrics_AfterRequests_CountThemInPrometheusFormat()
    {
        await using var service = await PredictionService.StartAsync(new BrightnessPredictor());
        // Its numbers must not come into those of the first.
        await using var neighbour = await PredictionService.StartAsync(new BrightnessPredictor());
        using var client = new PredictionClient(service.Url);
        using var other = new PredictionClient(neighbour.Url);
        await other.PredictAsync([1f, 1f]);
        await client.PredictAsync([1f, 1f]);
        await client.PostAsync("/v1/predict", "{}");
        await client.PostAsync("/v1/predict", "{\"input\": [13, 0]}");
        await client.GetAsync("/somewhere/else");

        var reply = await client.GetAsync("/metrics");

        Assert.StartsWith("text/plain; version=0.0.4", reply.ContentType);
        var metrics = new MetricsText(reply.Body);
        foreach (var (route, status) in new[] { ("/v1/predict", "200"), ("/v1/predict", "422"), ("/v1/predict", "500"), ("other", "404") })
            Assert.Equal(1, metrics.Sum("course_requests_total", ("route", route), ("status", status)));
        Assert.Equal(4, metrics.Sum("course_request_seconds_count"));
        Assert.Equal(1, metrics.Sum("course_batch_inputs_bucket", ("le", "1")));
        Assert.Equal(1, metrics.Sum("course_batch_inputs_count"));
        Assert.Equal(1, metrics.Sum("course_failed_total"));
        Assert.Equal(1, metrics.Sum("course_ready"));
        Assert.Equal(1, metrics.Sum("course_model_info"));
        Assert.InRange(metrics.Sum("course_memory_bytes"), 1e6, 1e12);
        Assert.Contains("course_queue_inputs", metrics.Names);
        Assert.True(metrics.Each((_, labels) => labels.GetValueOrDefault("model") == "brightness" && labels.GetValueOrDefault("version") == "1.2.0"), reply.Body);
    }

    /// <summary>Routing takes these for the same endpoint.</summary>
    [Theory]
    [InlineData("/v1/predict")]
    [InlineData("/v1/predict/")]
    [InlineData("/V1/Predict")]
    public async Task Metrics_OfAPrediction_CountItOnceUnderOneRoute(string path)
    {
        await using var service = await PredictionService.StartAsync(new BrightnessPredictor());
        using var client = new PredictionClient(service.Url);
        Assert.Equal(200, (await client.PostAsync(path, "{\"input\": [1, 1]}")).Status);
        Assert.Equal(1, service.Statistics.Requests);

        var metrics = new MetricsText((await client.GetAsync("/metrics")).Body);

        Assert.Equal((1, 1), (metrics.Sum("course_requests_total"), metrics.Sum("course_requests_total", ("route", "/v1/predict"), ("version", "1.2.0"))));
    }

    [Fact]
    public async Task Metrics_AfterASwitch_NameTheVersionThatAnswered()
    {
        await using var service = await PredictionService.StartAsync(new BrightnessPredictor());
        using var client = new PredictionClient(service.Url);
        await client.PredictAsync([1f, 1f]);
        await service.SwitchAsync(new Newer());
        await client.PredictAsync([1f, 1f]);
        await client.PredictAsync([1f, 1f]);

        var metrics = new MetricsText((await client.GetAsync("/metrics")).Body);

        Assert.Equal((1, 2), (metrics.Sum("course_requests_total", ("version", "1.2.0")), metrics.Sum("course_requests_total", ("version", "2.0.0"))));
        Assert.Equal((0, 1), (metrics.Sum("course_model_info", ("version", "1.2.0")), metrics.Sum("course_model_info", ("version", "2.0.0"))));
    }

    [Fact]
    public void ObserveRequest_WithAListener_AllocatesNothing()
    {
        using var metrics = new ServiceMetrics();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (ReferenceEquals(instrument.Meter, metrics.Meter))
                own.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => { });
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => { });
        listener.Start();
        metrics.ObserveRequest("/v1/predict", 200, null, TimeSpan.FromMilliseconds(1), BrightnessPredictor.SmallInfo);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            metrics.ObserveRequest("/v1/predict", 200, null, TimeSpan.FromMilliseconds(1), BrightnessPredictor.SmallInfo);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    private sealed class Newer : IPredictor
    {
        public ArtefactInfo Info { get; } = BrightnessPredictor.SmallInfo with { Version = "2.0.0" };

        public IReadOnlyList<Scores> Predict(IReadOnlyList<float[]> inputs) => [.. inputs.Select(_ => new Scores([0.5f, 0.5f]))];
    }
}
