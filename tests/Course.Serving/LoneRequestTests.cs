using System.Diagnostics;

namespace Course.Serving.Tests;

/// <summary>Batches form while the network computes. A request that finds it free waits for nobody, on no clock.</summary>
public sealed class LoneRequestTests
{
    [Fact]
    public async Task Predict_AloneOnAClockThatStands_IsAnswered()
    {
        // Whoever waits for this clock waits for ever.
        await using var service = await PredictionService.StartAsync(new BrightnessPredictor(), new ServiceOptions { Clock = new StandingClock() });
        using var client = new PredictionClient(service.Url);

        Assert.Equal("bright", (await client.PredictAsync([255f, 255f])).Label);
    }

    /// <summary>A wait that is built in makes every request late, a busy machine only many of them: one that is not late shows that there is none.</summary>
    [Fact]
    public async Task Predict_AloneAgainAndAgain_IsAnsweredOnceBeforeAnyoneCouldHaveCome()
    {
        await using var service = await PredictionService.StartAsync(new BrightnessPredictor());
        using var client = new PredictionClient(service.Url);

        await Until.TrueAsync(async () =>
        {
            long start = Stopwatch.GetTimestamp();
            await client.PredictAsync([255f, 255f]);
            return Stopwatch.GetElapsedTime(start) < TimeSpan.FromMilliseconds(10);
        });
    }

    private sealed class StandingClock : TimeProvider
    {
        public override long GetTimestamp() => 1;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new NoTimer();

        private sealed class NoTimer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() { }

            public ValueTask DisposeAsync() => default;
        }
    }
}
