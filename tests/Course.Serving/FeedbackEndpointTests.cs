using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Course.Serving.Tests;

public sealed class FeedbackEndpointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("feedback").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private SqliteFeedbackStore Store => new(Path.Combine(_folder, "feedback.db"));

    private const string Good = "{\"requestId\": \"r1\", \"answer\": \"bright\", \"truth\": \"dark\"}";

    [Fact]
    public async Task Feedback_IsKeptOnceWithTheVersionThatAnswered()
    {
        await using var service = await PredictionService.StartAsync(new BrightnessPredictor(), new ServiceOptions { Feedback = Store });
        using var client = new PredictionClient(service.Url);

        var first = await client.PostAsync("/v1/feedback", Good);
        Assert.Equal((200, "{\"status\":\"kept\"}"), (first.Status, first.Body));
        var again = await client.PostAsync("/v1/feedback", Good.Replace("dark", "bright"));

        Assert.Equal(409, again.Status);
        Assert.Contains("stays as it is", again.Body);
        var kept = Assert.Single(Store.Read(DateTimeOffset.MinValue, DateTimeOffset.MaxValue));
        Assert.Equal(("r1", "1.2.0", "bright", "dark", true), (kept.RequestId, kept.ModelVersion, kept.Answer, kept.Truth, kept.IsCorrection));
    }

    [Theory]
    [InlineData("{\"requestId\": \"\", \"answer\": \"bright\"}", 422, "requestId")]
    [InlineData("{\"requestId\": \"a\\u0007b\", \"answer\": \"bright\"}", 422, "requestId")]
    [InlineData("{\"requestId\": \" \", \"answer\": \"bright\"}", 422, "requestId")]
    [InlineData("{\"requestId\": \"\\u2028\", \"answer\": \"bright\"}", 422, "requestId")]
    [InlineData("{\"requestId\": \"\\ud800\", \"answer\": \"bright\"}", 400, "Send")]
    [InlineData("{\"requestId\": \"r1\", \"answer\": \"bright\", \"modelVersion\": \"\"}", 422, "modelVersion")]
    [InlineData("{\"requestId\": \"r1\", \"answer\": \"bright\", \"modelVersion\": \"1\\n2\"}", 422, "modelVersion")]
    [InlineData("{\"requestId\": \"r1\", \"answer\": \"green\"}", 422, "'answer' is no label")]
    [InlineData("{\"requestId\": \"r1\", \"answer\": \"bright\", \"truth\": \"green\"}", 422, "'truth' is no label")]
    [InlineData("{\"requestId\": \"r1\", \"requestId\": \"r2\", \"answer\": \"bright\"}", 400, "requestId")]
    [InlineData("{\"requestId\": \"r1\", \"answer\": \"bright\", \"input\": [1, 2]}", 400, "nothing else")]
    [InlineData("null", 422, "requestId")]
    [InlineData("[[[", 400, "Send")]
    public async Task Feedback_ThatIsWrong_IsRefusedAndNotKept(string body, int status, string detail)
    {
        await using var service = await PredictionService.StartAsync(new BrightnessPredictor(), new ServiceOptions { Feedback = Store });
        using var client = new PredictionClient(service.Url);

        var reply = await client.PostAsync("/v1/feedback", body);

        Assert.Equal(status, reply.Status);
        Assert.Contains(detail, reply.Body);
        Assert.Empty(Store.Read(DateTimeOffset.MinValue, DateTimeOffset.MaxValue));
        Assert.Equal(415, (await client.PostAsync("/v1/feedback", Good, "text/plain")).Status);
        Assert.Equal(413, (await client.PostAsync("/v1/feedback", new string(' ', 5000))).Status);
    }

    [Fact]
    public async Task ABodyThatIsRefusedByItsLength_MayStillBeSent_SoThatTheAnswerIsHeard()
    {
        await using var service = await PredictionService.StartAsync(new BrightnessPredictor(), new ServiceOptions { Feedback = Store });
        using var client = new TcpClient();
        await client.ConnectAsync(service.Url.Host, service.Url.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/feedback HTTP/1.1\r\nHost: {service.Url.Authority}\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n"), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        string? first = await reader.ReadLineAsync(TestContext.Current.CancellationToken);

        // A closed connection takes the first of them and is reset by it.
        for (int part = 0; part < 5; part++)
        {
            await stream.WriteAsync(new byte[1000], TestContext.Current.CancellationToken);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Equal("HTTP/1.1 413 Payload Too Large", first);
        Assert.EndsWith("}", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Feedback_NeedsItsScopeAndItsStore()
    {
        var predict = ApiKey.Create(KeyScopes.Predict, out string? asking, iterations: 1000);
        var feedback = ApiKey.Create(KeyScopes.Feedback, out string? telling, iterations: 1000);
        await using var service = await PredictionService.StartAsync(new BrightnessPredictor(), new ServiceOptions { Feedback = Store, Keys = [predict, feedback] });
        using var asker = new PredictionClient(service.Url, asking);
        using var teller = new PredictionClient(service.Url, telling);
        await using var without = await PredictionService.StartAsync(new BrightnessPredictor());
        using var deaf = new PredictionClient(without.Url);

        Assert.Equal(403, (await asker.PostAsync("/v1/feedback", Good)).Status);
        Assert.Equal(200, (await teller.PostAsync("/v1/feedback", Good)).Status);
        Assert.Equal(403, (await teller.PostAsync("/v1/predict", "{\"input\": [1, 2]}")).Status);
        Assert.Equal(404, (await deaf.PostAsync("/v1/feedback", Good)).Status);
    }

    [Fact]
    public async Task Feedback_ThatCannotBeKept_Is503WithAReasonInTheLogAndPredictionsGoOn()
    {
        var log = new StringWriter();
        Directory.CreateDirectory(Path.Combine(_folder, "no-file"));
        await using (var service = await PredictionService.StartAsync(new BrightnessPredictor(), new ServiceOptions { Feedback = new SqliteFeedbackStore(Path.Combine(_folder, "no-file")), Log = log }))
        {
            using var client = new PredictionClient(service.Url);
            var reply = await client.PostAsync("/v1/feedback", Good);
            Assert.Equal(503, reply.Status);
            Assert.DoesNotContain(_folder, reply.Body);
            Assert.Equal("bright", (await client.PredictAsync([255f, 153f])).Label);
        }
        var failed = log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).Single(entry => entry.GetProperty("event").GetString() == "Failed");
        Assert.Equal(("/v1/feedback", 503, "Not kept"), (failed.GetProperty("route").GetString(), failed.GetProperty("status").GetInt32(), failed.GetProperty("reason").GetString()));
    }
}
