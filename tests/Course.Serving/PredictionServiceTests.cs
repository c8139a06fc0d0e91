using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace Course.Serving.Tests;

public sealed class PredictionServiceTests : IAsyncLifetime
{
    private readonly BrightnessPredictor _predictor = new();
    private PredictionService _service = null!;
    private PredictionClient _client = null!;

    public async ValueTask InitializeAsync() => await StartAsync(new ServiceOptions());

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _service.DisposeAsync();
    }

    private async Task StartAsync(ServiceOptions options)
    {
        if (_service is not null)
            await DisposeAsync();
        _service = await PredictionService.StartAsync(_predictor, options);
        _client = new PredictionClient(_service.Url);
    }

    /// <summary>A request that the network is not done with until <c>Held</c> is set.</summary>
    private async Task<(TaskCompletionSource Held, Task<Prediction> Answer)> HoldOneAsync()
    {
        var held = new TaskCompletionSource();
        _predictor.Gate = held.Task;
        var answer = _client.PredictAsync([255f, 255f]);
        await Until.TrueAsync(() => _service.Statistics.Waiting == 1);
        return (held, answer);
    }

    [Fact]
    public async Task Predict_OneInput_AnswersLabelProbabilityAndModel()
    {
        var answer = await _client.PredictAsync([255f, 153f]);

        Assert.Equal("bright", answer.Label);
        Assert.Equal(0.8f, answer.Probability, 5);
        Assert.Equal(0.2f, answer.Probabilities["dark"], 5);
        Assert.Equal("brightness 1.2.0", answer.Model);
    }

    [Fact]
    public async Task Predict_Batch_KeepsTheOrder()
    {
        var answers = await _client.PredictAsync([[0f, 0f], [255f, 255f], [0f, 51f]]);

        Assert.Equal([0f, 1f, 0.1f], answers.Select(answer => answer.Probabilities["bright"]));
    }

    [Theory]
    [InlineData("/v1/predict", "{\"input\": [1, 2, 3]}", 422, "input has 3 numbers; the model takes 2")]
    [InlineData("/v1/predict", "{\"input\": [1, 256]}", 422, "input[1] is 256; values lie between 0 and 255")]
    [InlineData("/v1/predict", "{\"input\": [1, 1e999]}", 422, "input[1] is")]
    [InlineData("/v1/predict", "{}", 422, "'input' is missing")]
    [InlineData("/v1/predict", "null", 400, "The body is null")]
    [InlineData("/v1/predict", "{\"input\": [1, ", 400, "line 1")]
    [InlineData("/v1/predict", "{\"input\": [1, \"2\"]}", 400, "$.input[1]")]
    [InlineData("/v1/predict", "{\"input\": [[[[[[1]]]]]]}", 400, "$.input")]
    [InlineData("/v1/predict/batch", "{\"inputs\": []}", 422, "missing or empty")]
    [InlineData("/v1/predict/batch", "{\"inputs\": [[1, 2], null]}", 422, "inputs[1] is null")]
    [InlineData("/v1/predict/batch", "{\"inputs\": [[1, 2], [1]]}", 422, "inputs[1] has 1 numbers")]
    [InlineData("/nowhere", "{}", 404, "There is no /nowhere")]
    [InlineData("/health", "{}", 405, "does not take POST")]
    public async Task Post_WithABadRequest_IsRefusedWithProblemDetails(string path, string body, int status, string detail)
    {
        var reply = await _client.PostAsync(path, body);

        Assert.Equal(status, reply.Status);
        Assert.StartsWith("application/problem+json", reply.ContentType);
        using var problem = JsonDocument.Parse(reply.Body);
        Assert.Contains(detail, problem.RootElement.GetProperty("detail").GetString());
        Assert.Equal("bright", (await _client.PredictAsync([255f, 255f])).Label);
    }

    [Fact]
    public async Task Post_WithAnotherContentType_Is415()
    {
        var reply = await _client.PostAsync("/v1/predict", "{\"input\": [1, 2]}", "text/plain");

        Assert.Equal(415, reply.Status);
        Assert.Contains("not 'text/plain'", reply.Body);
    }

    /// <summary>Names of encodings are the same in capitals (RFC 9110, 8.4.1).</summary>
    [Theory]
    [InlineData("identity", 200)]
    [InlineData("Identity", 200)]
    [InlineData("gzip", 415)]
    public async Task Post_WithAContentEncoding_IsTakenWhenItIsNone(string encoding, int status)
    {
        using var client = new HttpClient { BaseAddress = _service.Url };
        using var body = new StringContent("{\"input\": [1, 2]}", Encoding.UTF8, "application/json");
        body.Headers.ContentEncoding.Add(encoding);

        Assert.Equal(status, (int)(await client.PostAsync("/v1/predict", body)).StatusCode);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/ready")]
    public async Task Head_OfAProbe_HasTheStatusAndNoBody(string path)
    {
        using var client = new HttpClient { BaseAddress = _service.Url };
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var reply = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Empty(await reply.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Post_WithTooManyInputs_SaysHowManyAreAccepted()
    {
        await StartAsync(new ServiceOptions { MaxInputsPerRequest = 2 });

        var refusal = await Assert.ThrowsAsync<ServiceException>(() => _client.PredictAsync([[1f, 1f], [1f, 1f], [1f, 1f]]));

        Assert.Equal(422, refusal.Status);
        Assert.Contains("at most 2", refusal.Message);
    }

    [Fact]
    public async Task Post_WithABodyOverTheLimit_Is413()
    {
        await StartAsync(new ServiceOptions { MaxBodyBytes = 100 });

        var reply = await _client.PostAsync("/v1/predict", $"{{\"input\": [1, 2], \"padding\": \"{new string('x', 200)}\"}}");

        Assert.Equal(413, reply.Status);
        Assert.True(await _client.IsHealthyAsync());
    }

    [Fact]
    public async Task Post_WithABodyMuchLongerThanTheLimit_IsAnsweredWithProblemDetails()
    {
        await StartAsync(new ServiceOptions { MaxBodyBytes = 1_000_000 });
        for (int i = 0; i < 5; i++)
        {
            var reply = await _client.PostAsync("/v1/predict", new string(' ', 5_000_000));

            Assert.Equal(413, reply.Status);
            Assert.Contains("1000000", reply.Body);
        }
    }

    [Fact]
    public async Task Predict_WhenTheModelThrows_Is500WithoutInnerDetailsAndTheServiceGoesOn()
    {
        var reply = await _client.PostAsync("/v1/predict", "{\"input\": [13, 0]}");

        Assert.Equal(500, reply.Status);
        Assert.DoesNotContain("secret", reply.Body);
        Assert.Equal("dark", (await _client.PredictAsync([1f, 0f])).Label);
    }

    [Fact]
    public async Task Predict_ManyAtOnce_AreComputedInFewBatches()
    {
        var (held, first) = await HoldOneAsync();
        var others = Enumerable.Range(20, 30).Select(i => _client.PredictAsync([i, i])).ToArray();
        await Until.TrueAsync(() => _service.Statistics.Waiting == 31);

        held.SetResult();
        var answers = await Task.WhenAll(others);

        Assert.Equal("bright", (await first).Label);
        Assert.Equal(Enumerable.Range(20, 30).Select(i => i / 255f), answers.Select(answer => answer.Probabilities["bright"]), Close);
        Assert.InRange(_service.Statistics.Batches, 1, 2);
        Assert.Equal(31, _service.Statistics.Inputs);
    }

    [Fact]
    public async Task Predict_MoreAtOnceThanABatchTakes_AreComputedInFullBatches()
    {
        await StartAsync(new ServiceOptions { MaxBatch = 4 });
        int before = _predictor.Batches.Count;
        var (held, first) = await HoldOneAsync();
        var others = Enumerable.Range(20, 11).Select(i => _client.PredictAsync([i, i])).ToArray();
        await Until.TrueAsync(() => _service.Statistics.Waiting == 12);

        held.SetResult();
        await Task.WhenAll([first, .. others]);

        // The one that was held may have taken some along, if they came as it began.
        var sizes = _predictor.Batches[before..];
        Assert.All(sizes, size => Assert.InRange(size, 1, 4));
        Assert.Equal(12, sizes.Sum());
        Assert.All(sizes[1..^1], size => Assert.Equal(4, size));
    }

    [Fact]
    public async Task Predict_WithAFullQueue_Is503AndLaterWorksAgain()
    {
        await StartAsync(new ServiceOptions { QueueCapacity = 2 });
        var held = new TaskCompletionSource();
        _predictor.Gate = held.Task;
        var waiting = new[] { _client.PredictAsync([255f, 255f]), _client.PredictAsync([255f, 255f]) };
        await Until.TrueAsync(() => _service.Statistics.Waiting == 2);

        var refusal = await Assert.ThrowsAsync<ServiceException>(() => _client.PredictAsync([255f, 255f]));
        held.SetResult();

        Assert.Equal(503, refusal.Status);
        Assert.Equal(1, _service.Statistics.Rejected);
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal("bright", answer.Label));
        Assert.Equal("bright", (await _client.PredictAsync([255f, 255f])).Label);
    }

    [Fact]
    public async Task Predict_ABatchLargerThanTheQueue_IsAdmittedWhenThereIsRoom()
    {
        await StartAsync(new ServiceOptions { QueueCapacity = 2 });

        Assert.Equal(5, (await _client.PredictAsync([.. Enumerable.Repeat(new[] { 255f, 255f }, 5)])).Count);
    }

    [Fact]
    public async Task Health_WhileOneBatchTakesTooLong_IsUnhealthyAndRecovers()
    {
        await StartAsync(new ServiceOptions { StuckAfter = TimeSpan.FromMilliseconds(50) });
        var held = new TaskCompletionSource();
        _predictor.Gate = held.Task;
        var stuck = _client.PredictAsync([255f, 255f]);

        await Until.TrueAsync(async () => (await _client.GetAsync("/health")).Status == 503);
        held.SetResult();

        await stuck;
        await Until.TrueAsync(async () => await _client.IsHealthyAsync());
    }

    [Fact]
    public async Task PredictBatch_WithoutBudgetForItsBody_Is503WithRetryAfter()
    {
        await StartAsync(new ServiceOptions { BodyBudget = 1000 });
        // Announces 900 bytes and sends none, so that it holds the whole budget.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, _service.Url.Port);
        await socket.SendAsync("POST /v1/predict/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n"u8.ToArray());

        await Until.TrueAsync(async () => (await _client.PostAsync("/v1/predict/batch", "{\"inputs\": [[1, 2]]}")) is { Status: 503 } busy && busy.Body.Contains("large requests"));
        socket.Close();

        await Until.TrueAsync(async () => (await _client.PostAsync("/v1/predict/batch", "{\"inputs\": [[1, 2]]}")).Status == 200);
    }

    [Fact]
    public async Task Predict_WhileOneThatGaveUpIsStillComputed_LeavesItsNumbersAlone()
    {
        var clock = new FakeTimeProvider();
        await StartAsync(new ServiceOptions { Clock = clock });
        var (held, first) = await HoldOneAsync();
        await Until.TrueAsync(() => _predictor.IsHeld);
        clock.Advance(new ServiceOptions().RequestTimeout * 2);
        Assert.Equal(504, (await Assert.ThrowsAsync<ServiceException>(() => first)).Status);

        var second = _client.PredictAsync([51f, 51f]);
        await Until.TrueAsync(() => _service.Statistics.Waiting == 2);

        float[] computed = [.. _predictor.Inputs[0]];
        held.SetResult();
        Assert.Equal([255f, 255f], computed);
        Assert.Equal(0.2f, (await second).Probabilities["bright"], 5);
    }

    [Fact]
    public async Task Predict_SlowerThanTheTimeout_Is504()
    {
        await StartAsync(new ServiceOptions { RequestTimeout = TimeSpan.FromMilliseconds(50) });
        var held = new TaskCompletionSource();
        _predictor.Gate = held.Task;

        var refusal = await Assert.ThrowsAsync<ServiceException>(() => _client.PredictAsync([255f, 255f]));
        held.SetResult();

        Assert.Equal(504, refusal.Status);
    }

    [Fact]
    public async Task Predict_BesideAPoisonousInput_IsStillAnswered()
    {
        var (held, first) = await HoldOneAsync();
        var good = _client.PredictAsync([255f, 153f]);
        var poison = _client.PredictAsync([13f, 0f]);
        await Until.TrueAsync(() => _service.Statistics.Waiting == 3);

        held.SetResult();

        Assert.Equal(500, (await Assert.ThrowsAsync<ServiceException>(() => poison)).Status);
        Assert.Equal(0.8f, (await good).Probability, 5);
        Assert.Equal(1f, (await first).Probability, 5);
    }

    [Fact]
    public async Task OpenApi_DescribesThePredictions()
    {
        using var document = JsonDocument.Parse((await _client.GetAsync("/openapi/v1.json")).Body);

        Assert.StartsWith("3.", document.RootElement.GetProperty("openapi").GetString());
        string[] paths = document.RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToArray();
        Assert.Contains("/v1/predict", paths);
        Assert.Contains("/v1/predict/batch", paths);
    }

    [Fact]
    public async Task Start_OnAPortInUse_SaysSo()
    {
        var fault = await Assert.ThrowsAsync<IOException>(() => PredictionService.StartAsync(_predictor, new ServiceOptions { Port = _service.Url.Port }));

        Assert.Contains(_service.Url.Port.ToString(CultureInfo.InvariantCulture), fault.Message);
    }

    [Fact]
    public async Task Start_WithAnImpossibleOption_NamesIt()
    {
        var fault = await Assert.ThrowsAsync<ArgumentException>(() => PredictionService.StartAsync(_predictor, new ServiceOptions { MaxBatch = 0 }));

        Assert.Contains("MaxBatch is 0", fault.Message);
    }

    [Fact]
    public async Task Start_WhenTheModelCannotPredict_FailsAtOnce() =>
        await Assert.ThrowsAsync<ModelRefusedException>(() => PredictionService.StartAsync(new BrokenPredictor()));

    [Fact]
    public async Task Stop_AnswersWhatIsUnderWayAndFreesThePort()
    {
        var (held, last) = await HoldOneAsync();

        var stopping = _service.StopAsync();
        held.SetResult();
        await stopping;
        await _service.StopAsync();

        Assert.Equal("bright", (await last).Label);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await Assert.ThrowsAsync<SocketException>(() => socket.ConnectAsync(IPAddress.Loopback, _service.Url.Port));
    }

    [Fact]
    public async Task Service_ListensOnLoopbackOnly()
    {
        Assert.True(IPAddress.IsLoopback(IPAddress.Parse(_service.Url.Host)));
        Assert.True(await _client.IsHealthyAsync());
        Assert.True(await _client.IsReadyAsync());
    }

    [Fact]
    public async Task Connection_ThatSendsGarbage_DoesNotDisturbOthers()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, _service.Url.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes("\0\u0001garbage\r\n\r\n"));

        Assert.Equal("bright", (await _client.PredictAsync([255f, 255f])).Label);
    }

    private static bool Close(float a, float b) => Math.Abs(a - b) < 1e-5f;

    private sealed class BrokenPredictor : IPredictor
    {
        public ArtefactInfo Info => BrightnessPredictor.SmallInfo;

        public IReadOnlyList<Scores> Predict(IReadOnlyList<float[]> inputs) => throw new InvalidOperationException("no weights");
    }
}
