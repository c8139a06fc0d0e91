using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Course.Serving;

/// <summary>How a piece of work ended.</summary>
internal enum Outcome
{
    Answered,
    QueueFull,
    TooLate,
    Abandoned,
    Failed,
    Stopping,
}

/// <summary>The inputs of one request on their way through the network. Whoever ends it first, ends it: answer, deadline or stop.</summary>
internal sealed class Work(float[][] inputs, long deadline, CancellationToken abandoned) : TaskCompletionSource<Outcome>
{
    public float[][] Inputs => inputs;

    /// <summary>Timestamp of the clock after which nobody waits any more.</summary>
    public long Deadline => deadline;

    public CancellationToken Abandoned => abandoned;

    /// <summary>Of the request, for the traces.</summary>
    public ActivityContext Trace { get; } = Activity.Current?.Context ?? default;

    /// <summary>One for each input, once the outcome is <see cref="Outcome.Answered"/>.</summary>
    public ArraySegment<Scores> Scores { get; set; } = [];

    /// <summary>Ends it from a thread that has something else to do: whoever waits goes on elsewhere.</summary>
    public void EndElsewhere(Outcome outcome) => ThreadPool.UnsafeQueueUserWorkItem(static end => end.Work.TrySetResult(end.Outcome), (Work: this, Outcome: outcome), preferLocal: false);
}

/// <summary>
/// Computes the inputs of concurrent requests in batches, because a network computes 64 inputs in less than 64 times one. Nobody waits
/// for company: whenever the network is free it takes what is queued, up to <see cref="ServiceOptions.MaxBatch"/> inputs. A lone request
/// is computed at once; under load a queue forms while a batch is computed, and that queue is the next batch. The network has a thread of
/// its own: it is woken only when it has run out of work, and nothing that holds up the thread pool holds it up. While as much waits as a
/// full batch, a second one takes the next: it computes beside the first where the predictor allows it, else while the first sends its
/// answers. With less waiting, the batch that it would find were a small one.
/// </summary>
internal sealed class MicroBatcher : IDisposable
{
    private readonly IPredictor _predictor;
    private readonly ServiceOptions _options;
    private readonly ServiceMetrics _metrics;
    private readonly ILogger _log;
    private readonly TimeProvider _clock;
    private readonly long _patience;
    private readonly ITimer _sweep;
    private readonly ConcurrentQueue<Work> _queue = new();
    private readonly object _sleep = new();
    private readonly object _turn = new();
    private readonly Lock _predicting = new();
    private readonly Batch[] _batches;
    private volatile bool _isIdle;
    private volatile bool _isDisposed;
    private int _waiting;

    public MicroBatcher(IPredictor predictor, ServiceOptions options, ServiceMetrics metrics, ILogger log)
    {
        (_predictor, _options, _metrics, _log, _clock) = (predictor, options, metrics, log, options.Clock);
        _patience = (long)(options.RequestTimeout.TotalSeconds * _clock.TimestampFrequency);
        // One timer looks at all deadlines; each request having its own would cost more than reading its body.
        var period = TimeSpan.FromTicks(Math.Clamp(options.RequestTimeout.Ticks / 8, TimeSpan.TicksPerMillisecond * 10, TimeSpan.TicksPerMillisecond * 250));
        _sweep = _clock.CreateTimer(_ => Sweep(), null, period, period);
        // Its requests have contexts of their own, and that of whoever loads the model is none of theirs.
        _batches = [.. Enumerable.Range(0, Math.Min(2, Environment.ProcessorCount)).Select(_ => new Batch())];
        foreach (var batch in _batches)
            new Thread(() => Run(batch)) { Name = $"{predictor.Info.Name} {predictor.Info.Version}", IsBackground = true }.UnsafeStart();
    }

    /// <summary>Inputs that wait for an answer.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>How long the predictor has been at the present batch, of two the longer; zero between batches.</summary>
    public TimeSpan Busy => _batches.Max(batch => Interlocked.Read(ref batch.Since) is var since and not 0 ? _clock.GetElapsedTime(since) : TimeSpan.Zero);

    /// <summary>False when one more request would find no room.</summary>
    public bool HasRoom => Waiting < _options.QueueCapacity;

    /// <summary>
    /// Queues the inputs of one request. It is admitted whole as soon as there is any room, so that a request with more inputs than the
    /// capacity is not refused for ever.
    /// </summary>
    /// <returns>Completes when it is answered, too late, abandoned or failed; at once with <see cref="Outcome.QueueFull"/>.</returns>
    public Work Enqueue(float[][] inputs, CancellationToken abandoned)
    {
        var work = new Work(inputs, _clock.GetTimestamp() + _patience, abandoned);
        if (_isDisposed)
        {
            work.SetResult(Outcome.Stopping);
            return work;
        }
        // What counts against the capacity are inputs, not requests.
        if (Interlocked.Add(ref _waiting, inputs.Length) - inputs.Length >= _options.QueueCapacity)
        {
            Interlocked.Add(ref _waiting, -inputs.Length);
            _metrics.CountRejected(_predictor.Info);
            work.SetResult(Outcome.QueueFull);
            return work;
        }
        _queue.Enqueue(work);
        // Either the queue is seen to be filled there, or the thread is seen to be idle here.
        Interlocked.MemoryBarrier();
        if (_isIdle)
            Wake();
        if (_isDisposed)
            work.EndElsewhere(Outcome.Stopping);
        return work;
    }

    /// <summary>Whatever is still queued or computed is told that the service stops, and so is what comes later.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _sweep.Dispose();
        EndUnanswered();
        Wake();
    }

    private void Wake()
    {
        lock (_sleep)
        {
            _isIdle = false;
            Monitor.Pulse(_sleep);
        }
    }

    private void EndUnanswered()
    {
        foreach (var work in Unanswered())
            work.EndElsewhere(Outcome.Stopping);
    }

    private IEnumerable<Work> Unanswered() => _queue.Concat(_batches.SelectMany(batch => batch.Works));

    private void Run(Batch batch)
    {
        while (!_isDisposed)
        {
            lock (_turn)
                WorkUntilOthersWait(batch);
            Compute(batch);
            Answer(batch);
        }
    }

    /// <summary>Takes, computes and answers as long as one thread is enough; what it has begun when others wait is left in the batch.</summary>
    private void WorkUntilOthersWait(Batch batch)
    {
        while (!_isDisposed)
        {
            if (_queue.IsEmpty)
            {
                Sleep();
                continue;
            }
            Take(batch);
            if (_queue.Count >= _options.MaxBatch)
                return;
            Compute(batch);
            if (_queue.Count >= 2 * _options.MaxBatch)
                return;
            Answer(batch);
        }
    }

    private void Sleep()
    {
        lock (_sleep)
        {
            while (true)
            {
                _isIdle = true;
                Interlocked.MemoryBarrier();
                if (!_queue.IsEmpty || _isDisposed)
                    break;
                Monitor.Wait(_sleep);
            }
            _isIdle = false;
        }
    }

    private void Take(Batch batch)
    {
        int size = 0;
        while (size < _options.MaxBatch && _queue.TryDequeue(out var work))
        {
            if (IsWanted(work))
            {
                batch.Taken.Add(work);
                size += work.Inputs.Length;
            }
            else
            {
                Interlocked.Add(ref _waiting, -work.Inputs.Length);
            }
        }
        batch.Works = [.. batch.Taken];
        batch.Taken.Clear();
        // Whoever ends the service sees it in the queue or in the batch, unless it looks in between.
        if (_isDisposed)
            EndUnanswered();
    }

    private void Compute(Batch batch)
    {
        if (batch.IsComputed || batch.Works.Length == 0)
            return;
        Compute(batch.Works, batch);
        batch.IsComputed = true;
        Interlocked.Add(ref _waiting, -batch.Works.Sum(work => work.Inputs.Length));
    }

    private static void Answer(Batch batch)
    {
        var works = batch.Works;
        batch.Works = [];
        batch.IsComputed = false;
        foreach (var work in works)
        {
            // An answer is sent from here, because to hand it to another thread costs more than to send it. What follows a failure is
            // written to the log, which may take long.
            if (work.Scores.Count > 0)
                work.TrySetResult(Outcome.Answered);
            else
                work.EndElsewhere(Outcome.Failed);
        }
    }

    /// <summary>False, and ended, when nobody waits for it any more.</summary>
    private bool IsWanted(Work work)
    {
        if (work.Task.IsCompleted)
            return false;
        if (work.Abandoned.IsCancellationRequested)
            work.EndElsewhere(Outcome.Abandoned);
        else if (_clock.GetTimestamp() > work.Deadline)
            work.EndElsewhere(Outcome.TooLate);
        else
            return true;
        return false;
    }

    private void Sweep()
    {
        foreach (var work in Unanswered())
            IsWanted(work);
    }

    /// <summary>Computes all work in one batch; when that fails, each alone, so that one poisonous input fails only its own request.</summary>
    private void Compute(ReadOnlySpan<Work> works, Batch batch)
    {
        var inputs = batch.Inputs;
        inputs.Clear();
        foreach (var work in works)
            inputs.AddRange(work.Inputs);
        using var trace = ServiceTraces.Batch(works, _predictor.Info);
        trace?.SetTag("inputs", inputs.Count);
        try
        {
            using var model = trace is null ? null : ServiceTraces.Source.StartActivity("model")?.Of(_predictor.Info);
            var scores = Predict(batch);
            model?.Dispose();
            if (scores.Length != inputs.Count)
                throw new InvalidOperationException($"The predictor gave {scores.Length} answers to {inputs.Count} inputs.");
            foreach (var one in scores)
            {
                if (!one.IsFinite())
                    throw new InvalidOperationException("The predictor gave probabilities that are no finite numbers.");
            }
            _metrics.ObserveBatch(inputs.Count, _predictor.Info);
            int at = 0;
            foreach (var work in works)
            {
                work.Scores = new(scores, at, work.Inputs.Length);
                at += work.Inputs.Length;
            }
        }
        catch (Exception fault)
        {
            if (works.Length == 1)
            {
                _metrics.CountFailed(_predictor.Info);
                _log.PredictionFailed(fault, $"{_predictor.Info.Name} {_predictor.Info.Version}", inputs.Count);
                return;
            }
            for (int i = 0; i < works.Length; i++)
                Compute(works.Slice(i, 1), batch);
        }
    }

    private Scores[] Predict(Batch batch)
    {
        if (_predictor.IsConcurrent)
            return PredictNow(batch);
        lock (_predicting)
            return PredictNow(batch);
    }

    private Scores[] PredictNow(Batch batch)
    {
        Interlocked.Exchange(ref batch.Since, Math.Max(1, _clock.GetTimestamp()));
        try
        {
            // A copy: the next call may be made while these answers are sent, and the predictor may use its list again.
            return [.. _predictor.Predict(batch.Inputs)];
        }
        finally
        {
            Interlocked.Exchange(ref batch.Since, 0);
        }
    }

    /// <summary>What one thread computes and answers at a time.</summary>
    private sealed class Batch
    {
        public readonly List<Work> Taken = [];
        public readonly List<float[]> Inputs = [];
        public volatile Work[] Works = [];
        public bool IsComputed;

        /// <summary>Timestamp at which the predictor was called; 0 while it is not.</summary>
        public long Since;
    }
}
