using System.Diagnostics;
using System.Threading.Channels;

namespace Course.Serving;

/// <summary>The queue is full: come back later.</summary>
internal sealed class QueueFullException(int capacity) : Exception($"{capacity} inputs are waiting already; try again in a moment.");

/// <summary>The service is on its way out.</summary>
internal sealed class StoppingException() : Exception("The service is stopping and takes no more inputs.");

/// <summary>
/// Collects inputs of concurrent requests into batches, because a network computes 64 inputs in much less than 64 times one.
/// One loop takes the oldest waiting work, waits at most <see cref="ServiceOptions.BatchingDelay"/> for more, and computes.
/// </summary>
internal sealed class MicroBatcher : IAsyncDisposable
{
    private sealed record Work(IReadOnlyList<float[]> Inputs, TaskCompletionSource<IReadOnlyList<Scores>> Answer, CancellationToken Abandoned);

    private readonly IPredictor predictor;
    private readonly ServiceOptions options;
    private readonly ServiceMetrics metrics;
    private readonly Channel<Work> queue = Channel.CreateUnbounded<Work>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task loop;
    private int waiting;

    public MicroBatcher(IPredictor predictor, ServiceOptions options, ServiceMetrics metrics)
    {
        (this.predictor, this.options, this.metrics) = (predictor, options, metrics);
        loop = Task.Run(RunAsync);
    }

    /// <summary>Inputs that wait for an answer.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>False when the loop has ended, so that nothing would be answered any more.</summary>
    public bool IsAlive => !loop.IsCompleted;

    /// <exception cref="QueueFullException">No room for these inputs; nothing was queued.</exception>
    /// <exception cref="StoppingException">The loop takes no more work; nothing was queued.</exception>
    public async Task<IReadOnlyList<Scores>> PredictAsync(IReadOnlyList<float[]> inputs, CancellationToken abandoned)
    {
        // The channel itself is unbounded: what counts against the capacity are inputs, not requests.
        if (Interlocked.Add(ref waiting, inputs.Count) > options.QueueCapacity)
        {
            Interlocked.Add(ref waiting, -inputs.Count);
            metrics.CountRejected();
            throw new QueueFullException(options.QueueCapacity);
        }
        var work = new Work(inputs, new(TaskCreationOptions.RunContinuationsAsynchronously), abandoned);
        if (!queue.Writer.TryWrite(work))
        {
            Interlocked.Add(ref waiting, -inputs.Count);
            throw new StoppingException();
        }
        return await work.Answer.Task.WaitAsync(abandoned);
    }

    /// <summary>Takes no more work, answers what is queued, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await loop;
    }

    private async Task RunAsync()
    {
        var reader = queue.Reader;
        while (await reader.WaitToReadAsync())
        {
            var batch = new List<Work>();
            int size = 0;
            long start = Stopwatch.GetTimestamp();
            while (true)
            {
                while (size < options.MaxBatch && reader.TryRead(out var work))
                {
                    batch.Add(work);
                    size += work.Inputs.Count;
                }
                var left = options.BatchingDelay - Stopwatch.GetElapsedTime(start);
                if (size >= options.MaxBatch || left <= TimeSpan.Zero || !await ReadableWithinAsync(reader, left)) break;
            }
            Compute(batch, size);
        }
    }

    private static async Task<bool> ReadableWithinAsync(ChannelReader<Work> reader, TimeSpan time)
    {
        using var limit = new CancellationTokenSource(time);
        try
        {
            return await reader.WaitToReadAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Compute(List<Work> batch, int size)
    {
        // A client that has gone needs no answer.
        List<Work> present = [.. batch.Where(work => !work.Abandoned.IsCancellationRequested)];
        var answers = Answers(present);
        Interlocked.Add(ref waiting, -size);
        foreach (var answer in answers) answer();
    }

    /// <summary>Computes all work in one batch; when that fails, each alone, so that one poisonous input fails only its own request.</summary>
    private IEnumerable<Action> Answers(List<Work> works)
    {
        if (works.Count == 0) return [];
        List<float[]> inputs = [.. works.SelectMany(work => work.Inputs)];
        try
        {
            var scores = predictor.Predict(inputs);
            if (scores.Count != inputs.Count) throw new InvalidOperationException($"The predictor gave {scores.Count} answers to {inputs.Count} inputs.");
            metrics.ObserveBatch(inputs.Count);
            var answers = new List<Action>();
            int at = 0;
            foreach (var work in works)
            {
                var own = scores.Skip(at).Take(work.Inputs.Count).ToArray();
                answers.Add(() => work.Answer.TrySetResult(own));
                at += own.Length;
            }
            return answers;
        }
        catch (Exception fault)
        {
            if (works.Count == 1) return [() => works[0].Answer.TrySetException(fault)];
            return [.. works.SelectMany(work => Answers([work]))];
        }
    }
}
