using System.Net;

namespace Course.Serving.Tests;

public sealed class WarmUpTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_HasAskedEveryWayOnce_AndCountsNothingOfIt(bool withKeys)
    {
        var predictor = new Counting();
        var key = ApiKey.Create(KeyScopes.Predict, out _, iterations: 1000);
        await using var service = await PredictionService.StartAsync(predictor, new ServiceOptions { GrpcPort = 0, Keys = withKeys ? [key] : null });

        // Two for the gate; numbers, a picture and a call over gRPC.
        Assert.Equal(2 + 3, predictor.Inputs);
        Assert.Equal(new ServiceStatistics(0, 0, 0, 0, 0, 0), service.Statistics);
    }

    [Fact]
    public async Task Service_ThatIsReady_TakesNoWarmUpForAKey()
    {
        var key = ApiKey.Create(KeyScopes.Predict, out _, iterations: 1000);
        await using var service = await PredictionService.StartAsync(new BrightnessPredictor(), new ServiceOptions { Keys = [key] });
        using var http = new HttpClient { BaseAddress = service.Url, DefaultRequestHeaders = { { "Course-Warm-Up", new string('A', 32) } } };

        Assert.Equal(HttpStatusCode.Unauthorized, (await http.PostAsync("/v1/predict", new StringContent("{}", System.Text.Encoding.UTF8, "application/json"))).StatusCode);
    }

    private sealed class Counting : IPredictor
    {
        private readonly StrokePredictor _inner = new();
        private int _inputs;

        public int Inputs => Volatile.Read(ref _inputs);

        public ArtefactInfo Info => _inner.Info;

        public IReadOnlyList<Scores> Predict(IReadOnlyList<float[]> inputs)
        {
            Interlocked.Add(ref _inputs, inputs.Count);
            return _inner.Predict(inputs);
        }
    }
}
