using Microsoft.Extensions.Logging.Abstractions;

namespace Course.Serving.Tests;

public sealed class MicroBatcherTests : IDisposable
{
    private readonly ServiceMetrics _metrics = new();
    private readonly MicroBatcher _batcher;

    public MicroBatcherTests() => _batcher = new(new BrightnessPredictor(), new ServiceOptions(), _metrics, NullLogger.Instance);

    public void Dispose()
    {
        _batcher.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public async Task Enqueue_BehindTheEnd_IsToldThatTheServiceStops()
    {
        _batcher.Dispose();
        Assert.Equal(Outcome.Stopping, await OutcomeAsync());
    }

    /// <summary>Whatever comes while it ends is answered or told; nothing is left waiting between the two.</summary>
    [Fact]
    public async Task Enqueue_WhileItEnds_LeavesNobodyWaiting()
    {
        var threads = Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, 500).Select(_ => OutcomeAsync()).ToArray())).ToArray();
        await OutcomeAsync();
        _batcher.Dispose();
        var outcomes = await Task.WhenAll((await Task.WhenAll(threads)).SelectMany(asked => asked));
        Assert.All(outcomes, outcome => Assert.True(outcome is Outcome.Answered or Outcome.Stopping or Outcome.QueueFull, $"{outcome}"));
    }

    /// <summary>A deadline beyond what any machine takes, so that whoever is forgotten fails the test and does not hold it up.</summary>
    private Task<Outcome> OutcomeAsync() => _batcher.Enqueue([[255f, 255f]], default).Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
}
