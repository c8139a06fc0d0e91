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
/// its own: it is woken only when it has run out of work, and nothing that holds up the thread pool holds it up. A second one takes over
/// when much waits, so that the network computes while the first sends what it has computed; with less waiting, the batch that it would
/// find were a small one.
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
    private readonly List<Work> _batch = [];
    private readonly List<float[]> _inputs = [];
    private readonly object _sleep = new();
    private readonly object _turn = new();
    private volatile Work[] _computing = [];
    private volatile bool _isIdle;
    private volatile bool _isDisposed;
    private long _since;
    private int _waiting;

    public MicroBatcher(IPredictor predictor, ServiceOptions options, ServiceMetrics metrics, ILogger log)
    {
        (_predictor, _options, _metrics, _log, _clock) = (predictor, options, metrics, log, options.Clock);
        _patience = (long)(options.RequestTimeout.TotalSeconds * _clock.TimestampFrequency);
        // One timer looks at all deadlines; each request having its own would cost more than reading its body.
        var period = TimeSpan.FromTicks(Math.Clamp(options.RequestTimeout.Ticks / 8, TimeSpan.TicksPerMillisecond * 10, TimeSpan.TicksPerMillisecond * 250));
        _sweep = _clock.CreateTimer(_ => Sweep(), null, period, period);
        // Its requests have contexts of their own, and that of whoever loads the model is none of theirs.
        for (int i = 0; i < Math.Min(2, Environment.ProcessorCount); i++)
            new Thread(Run) { Name = $"{predictor.Info.Name} {predictor.Info.Version}", IsBackground = true }.UnsafeStart();
    }

    /// <summary>Inputs that wait for an answer.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>How long the present batch has been computed; zero between batches.</summary>
    public TimeSpan Busy => Interlocked.Read(ref _since) is var since and not 0 ? _clock.GetElapsedTime(since) : TimeSpan.Zero;

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
        foreach (var work in _queue)
            work.EndElsewhere(Outcome.Stopping);
        foreach (var work in _computing)
            work.EndElsewhere(Outcome.Stopping);
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

    private void Run()
    {
        while (!_isDisposed)
            Answer(ComputeUntilOthersWait());
    }

    /// <summary>Computes and answers as long as one thread is enough.</summary>
    /// <returns>What has been computed while so much waits that another thread should compute while this one answers.</returns>
    private Work[] ComputeUntilOthersWait()
    {
        lock (_turn)
        {
            while (!_isDisposed)
            {
                if (_queue.IsEmpty)
                {
                    Sleep();
                    continue;
                }
                var computed = ComputeNext();
                if (Waiting >= 2 * _options.MaxBatch)
                    return computed;
                Answer(computed);
            }
        }
        return [];
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

    private Work[] ComputeNext()
    {
        int taken = 0, size = 0;
        while (size < _options.MaxBatch && _queue.TryDequeue(out var work))
        {
            taken += work.Inputs.Length;
            if (!IsWanted(work))
                continue;
            _batch.Add(work);
            size += work.Inputs.Length;
        }
        if (_batch.Count > 0)
        {
            _computing = [.. _batch];
            Interlocked.Exchange(ref _since, Math.Max(1, _clock.GetTimestamp()));
            Compute(_computing);
            Interlocked.Exchange(ref _since, 0);
            _batch.Clear();
        }
        Interlocked.Add(ref _waiting, -taken);
        var computed = _computing;
        _computing = [];
        return computed;
    }

    private static void Answer(Work[] computed)
    {
        foreach (var work in computed)
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
        foreach (var work in _queue)
            IsWanted(work);
        foreach (var work in _computing)
            IsWanted(work);
    }

    /// <summary>Computes all work in one batch; when that fails, each alone, so that one poisonous input fails only its own request.</summary>
    private void Compute(ReadOnlySpan<Work> works)
    {
        _inputs.Clear();
        foreach (var work in works)
            _inputs.AddRange(work.Inputs);
        using var batch = ServiceTraces.Batch(works, _predictor.Info);
        batch?.SetTag("inputs", _inputs.Count);
        try
        {
            using var model = batch is null ? null : ServiceTraces.Source.StartActivity("model")?.Of(_predictor.Info);
            // A copy: the next call may be made while these answers are sent, and the predictor may use its list again.
            Scores[] scores = [.. _predictor.Predict(_inputs)];
            model?.Dispose();
            if (scores.Length != _inputs.Count)
                throw new InvalidOperationException($"The predictor gave {scores.Length} answers to {_inputs.Count} inputs.");
            foreach (var one in scores)
            {
                if (!one.IsFinite())
                    throw new InvalidOperationException("The predictor gave probabilities that are no finite numbers.");
            }
            _metrics.ObserveBatch(_inputs.Count, _predictor.Info);
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
                _log.PredictionFailed(fault, $"{_predictor.Info.Name} {_predictor.Info.Version}", _inputs.Count);
                return;
            }
            for (int i = 0; i < works.Length; i++)
                Compute(works.Slice(i, 1));
        }
    }
}
