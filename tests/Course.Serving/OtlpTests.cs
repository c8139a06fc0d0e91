using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Course.Serving.Tests;

/// <summary>A small OTLP receiver decodes what the service sends. Field numbers are those of opentelemetry-proto 1.</summary>
public sealed class OtlpTests
{
    private readonly ConcurrentQueue<(string Path, string? Type, byte[] Body)> _received = new();

    [Fact]
    public async Task Otlp_BringsMetricsAndTheTraceOfARequestWithTheModelsVersion()
    {
        await using var receiver = await ReceiveAsync();
        const string trace = "0af7651916cd43dd8448eb211c80319c", parent = "b7ad6b7169203331";
        await using (var service = await PredictionService.StartAsync(new Named(), new ServiceOptions { Otlp = new Uri(receiver.Urls.Single()), OtlpInterval = TimeSpan.FromHours(1) }))
        {
            using var http = new HttpClient { BaseAddress = service.Url };
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/predict") { Content = new StringContent("{\"input\": [1, 2]}", System.Text.Encoding.UTF8, "application/json") };
            request.Headers.Add("traceparent", $"00-{trace}-{parent}-01");
            Assert.Equal(HttpStatusCode.OK, (await http.SendAsync(request)).StatusCode);
        }

        // A stop sends what has not been sent yet.
        Assert.All(_received, one => Assert.Equal("application/x-protobuf", one.Type));
        var resources = Messages("/v1/metrics").SelectMany(message => message.All(1));
        Assert.Contains(resources, resource => resource.All(1).Single().Attributes(1)["service.name"] == "course-serving");
        var metrics = Messages("/v1/metrics").SelectMany(message => message.All(1, 2, 2)).ToArray();
        var requests = Assert.Single(metrics.Where(metric => metric.Text(1) == "course.requests").SelectMany(metric => metric.All(7, 1)));
        Assert.Equal(1ul, requests.Number(6));
        Assert.Equal(("/v1/predict", "200", "otlp", "1.2.0"), (requests.Attributes(7)["route"], requests.Attributes(7)["status"], requests.Attributes(7)["model"], requests.Attributes(7)["version"]));
        Assert.Equal(1ul, Assert.Single(metrics.Where(metric => metric.Text(1) == "course.request").SelectMany(metric => metric.All(9, 1))).Number(4));

        var spans = Messages("/v1/traces").SelectMany(message => message.All(1, 2, 2)).Where(span => span.Attributes(9).GetValueOrDefault("model") == "otlp").ToArray();
        var ours = Assert.Single(spans, span => span.Text(5) == "request");
        Assert.Equal((trace, parent), (ours.Hex(1), ours.Hex(4)));
        var batch = Assert.Single(spans, span => span.Text(5) == "batch");
        Assert.Equal(ours.Hex(2), Assert.Single(batch.All(13)).Hex(2));
        var model = Assert.Single(spans, span => span.Text(5) == "model");
        Assert.Equal((batch.Hex(2), "1.2.0"), (model.Hex(4), model.Attributes(9)["version"]));
    }

    [Fact]
    public async Task Otlp_WithoutAReceiver_DisturbsNothing()
    {
        await using var service = await PredictionService.StartAsync(new BrightnessPredictor(), new ServiceOptions { Otlp = new Uri("http://127.0.0.1:9"), OtlpInterval = TimeSpan.FromMilliseconds(20) });
        using var client = new PredictionClient(service.Url);
        for (int i = 0; i < 20; i++)
            Assert.Equal("bright", (await client.PredictAsync([255f, 153f])).Label);
    }

    [Fact]
    public async Task Otlp_WithAReceiverThatNeverAnswers_StopsWhenTheDrainTimeIsOver()
    {
        var end = new CancellationTokenSource();
        int given = 0, givenUp = 0;
        await using var receiver = await ListenAsync(async context =>
        {
            using var left = context.RequestAborted.Register(() => Interlocked.Increment(ref givenUp));
            Interlocked.Increment(ref given);
            await Task.Delay(Timeout.Infinite, end.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var log = new StringWriter();
        var service = await PredictionService.StartAsync(new BrightnessPredictor(), new ServiceOptions { Otlp = new Uri(receiver.Urls.Single()), OtlpInterval = TimeSpan.FromHours(1), DrainTime = TimeSpan.FromMinutes(10), Clock = clock, Log = log });

        var stopping = service.StopAsync();
        await Until.TrueAsync(() => Volatile.Read(ref given) > 0);
        clock.Advance(TimeSpan.FromMinutes(10));
        await stopping.WaitAsync(TimeSpan.FromMinutes(1));

        // The stop waited for the drain time, not for the receiver, which still has the request.
        Assert.Equal(0, Volatile.Read(ref givenUp));
        Assert.Contains("\"event\":\"Unsent\"", log.ToString());
        await end.CancelAsync();
    }

    private IEnumerable<WireMessage> Messages(string path) => _received.Where(one => one.Path == path).Select(one => new WireMessage(one.Body));

    private Task<WebApplication> ReceiveAsync() => ListenAsync(async context =>
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _received.Enqueue((context.Request.Path, context.Request.ContentType, body.ToArray()));
    });

    private static async Task<WebApplication> ListenAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return app;
    }

    // A name of its own, because other tests' services trace at the same time.
    private sealed class Named : IPredictor
    {
        public ArtefactInfo Info { get; } = BrightnessPredictor.SmallInfo with { Name = "otlp" };

        public IReadOnlyList<Scores> Predict(IReadOnlyList<float[]> inputs) => [.. inputs.Select(_ => new Scores([0.5f, 0.5f]))];
    }
}
