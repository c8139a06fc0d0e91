using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

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

    /// <summary>Whoever has an answer may do something with it on the thread that computed it.</summary>
    [Fact]
    public async Task Enqueue_WhileAnAnswerTakesLong_IsAnsweredWhenMuchWaits()
    {
        Assert.SkipWhen(Environment.ProcessorCount == 1, "with one processor nothing is gained by a second thread");
        var held = new TaskCompletionSource();
        using var batcher = new MicroBatcher(new BrightnessPredictor { Gate = held.Task }, new ServiceOptions { MaxBatch = 2 }, _metrics, NullLogger.Instance);
        using var sent = new ManualResetEventSlim();
        var slow = batcher.Enqueue([[255f, 255f]], default).Task.ContinueWith(_ => sent.Wait(TimeSpan.FromSeconds(60), CancellationToken.None), TaskContinuationOptions.ExecuteSynchronously);
        var others = Enumerable.Range(0, 20).Select(_ => batcher.Enqueue([[255f, 255f]], default).Task).ToArray();

        held.SetResult();

        // The first of them may be in the same batch, behind the one that is held up.
        await Task.WhenAll(others[1..]).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.False(slow.IsCompleted);
        sent.Set();
        Assert.True(await slow);
        Assert.All(await Task.WhenAll(others), outcome => Assert.Equal(Outcome.Answered, outcome));
    }

    [Fact]
    public async Task Enqueue_ToAPredictorThatAllowsIt_ComputesTwoBatchesSideBySide()
    {
        Assert.SkipWhen(Environment.ProcessorCount == 1, "with one processor nothing is gained by a second thread");
        using var predictor = new Counting(isConcurrent: true) { Wanted = 2 };
        await AskManyAsync(predictor);
        Assert.Equal(2, predictor.Most);
    }

    [Fact]
    public async Task Enqueue_ToAPredictorThatDoesNotSayThatSeveralCallsMayBeMade_MakesOneAtATime()
    {
        using var predictor = new Counting(isConcurrent: false);
        await AskManyAsync(predictor);
        Assert.Equal(1, predictor.Most);
    }

    /// <summary>The watchdog must not take a predictor that is slow for one that is stuck.</summary>
    [Fact]
    public async Task Busy_OfABatchThatWaitsForThePredictor_BeginsWhenItsTurnComes()
    {
        var clock = new FakeTimeProvider();
        var predictor = new Slow(clock);
        using var batcher = predictor.Batcher = new MicroBatcher(predictor, new ServiceOptions { MaxBatch = 2, Clock = clock, RequestTimeout = TimeSpan.FromDays(1) }, _metrics, NullLogger.Instance);

        var asked = Enumerable.Range(0, 200).Select(_ => batcher.Enqueue([[255f, 255f]], default).Task).ToArray();
        await Task.WhenAll(asked).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.All(predictor.BusyAtBegin, busy => Assert.Equal(TimeSpan.Zero, busy));
        Assert.All(predictor.BusyAtEnd, busy => Assert.Equal(Slow.Time, busy));
    }

    /// <summary>Every call takes eight seconds of its clock.</summary>
    private sealed class Slow(FakeTimeProvider clock) : IPredictor
    {
        private readonly BrightnessPredictor _inner = new();

        public static TimeSpan Time { get; } = TimeSpan.FromSeconds(8);

        public MicroBatcher? Batcher { get; set; }

        public List<TimeSpan> BusyAtBegin { get; } = [];

        public List<TimeSpan> BusyAtEnd { get; } = [];

        public ArtefactInfo Info => _inner.Info;

        public IReadOnlyList<Scores> Predict(IReadOnlyList<float[]> inputs)
        {
            BusyAtBegin.Add(Batcher!.Busy);
            // Long enough for the other thread to come and wait.
            Thread.Sleep(1);
            clock.Advance(Time);
            BusyAtEnd.Add(Batcher.Busy);
            return _inner.Predict(inputs);
        }
    }

    private async Task AskManyAsync(Counting predictor)
    {
        using var batcher = new MicroBatcher(predictor, new ServiceOptions { MaxBatch = 2 }, _metrics, NullLogger.Instance);
        var asked = Enumerable.Range(0, 200).Select(_ => batcher.Enqueue([[255f, 255f]], default).Task).ToArray();
        predictor.Begin.Set();
        var outcomes = await Task.WhenAll(asked).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.All(outcomes, outcome => Assert.Equal(Outcome.Answered, outcome));
    }

    /// <summary>Counts the calls that are made at once.</summary>
    private sealed class Counting(bool isConcurrent) : IPredictor, IDisposable
    {
        private readonly BrightnessPredictor _inner = new();
        private readonly ManualResetEventSlim _enough = new();
        private int _now, _most;

        /// <summary>No call ends before.</summary>
        public ManualResetEventSlim Begin { get; } = new();

        /// <summary>After the first, a call waits until so many have been made at once.</summary>
        public int Wanted { get; init; }

        public int Most => _most;

        public ArtefactInfo Info => _inner.Info;

        public bool IsConcurrent => isConcurrent;

        public IReadOnlyList<Scores> Predict(IReadOnlyList<float[]> inputs)
        {
            bool isFirst = !Begin.IsSet;
            int now = Interlocked.Increment(ref _now);
            while (Volatile.Read(ref _most) is var most && most < now)
                Interlocked.CompareExchange(ref _most, now, most);
            if (now >= Wanted)
                _enough.Set();
            Begin.Wait();
            // Long enough for another thread to come in, if nothing keeps it out.
            Thread.Sleep(1);
            if (!isFirst)
                _enough.Wait(TimeSpan.FromSeconds(60));
            Interlocked.Decrement(ref _now);
            return _inner.Predict(inputs);
        }

        public void Dispose()
        {
            Begin.Dispose();
            _enough.Dispose();
        }
    }

    [Fact]
    public async Task Scores_OfAPredictorThatUsesItsListAgain_StayThoseOfTheirInput()
    {
        using var batcher = new MicroBatcher(new ListKeeper(), new ServiceOptions(), _metrics, NullLogger.Instance);
        var first = batcher.Enqueue([[255f, 255f]], default);
        await first.Task;
        await batcher.Enqueue([[0f, 0f]], default).Task;

        Assert.Equal([0f, 1f], first.Scores[0].Probabilities);
    }

    private sealed class ListKeeper : IPredictor
    {
        private readonly BrightnessPredictor _inner = new();
        private readonly Scores[] _own = new Scores[1];

        public ArtefactInfo Info => _inner.Info;

        public IReadOnlyList<Scores> Predict(IReadOnlyList<float[]> inputs)
        {
            _own[0] = _inner.Predict(inputs)[0];
            return _own;
        }
    }

    /// <summary>A deadline beyond what any machine takes, so that whoever is forgotten fails the test and does not hold it up.</summary>
    private Task<Outcome> OutcomeAsync() => _batcher.Enqueue([[255f, 255f]], default).Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
}
