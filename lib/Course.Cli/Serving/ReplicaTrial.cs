using System.Collections.Concurrent;
using System.Diagnostics;
using Course.Serving;

namespace Course.Cli.Serving;

/// <summary>What clients saw in one phase of a trial.</summary>
/// <param name="Phase">What happened meanwhile.</param>
/// <param name="Requests">Sent and ended.</param>
/// <param name="Failed">Without a right answer.</param>
/// <param name="Retried">Sent to a further replica, which no client saw.</param>
/// <param name="Versions">Versions of the model that answered.</param>
/// <param name="P50Ms">Median time of a request, in milliseconds.</param>
/// <param name="P99Ms">The time that one request in a hundred exceeds, in milliseconds.</param>
/// <param name="TookMs">From the start of the phase until its change was done, in milliseconds.</param>
internal sealed record TrialPhase(string Phase, int Requests, int Failed, int Retried, IReadOnlyList<string> Versions, double P50Ms, double P99Ms, double TookMs);

/// <summary>
/// Replicas of the service behind a proxy: loaded, one of them killed and replaced, all replaced by the next version, while clients ask
/// all the time and check every answer.
/// </summary>
internal sealed class ReplicaTrial : IAsyncDisposable
{
    private const int Clients = 8;
    private const int Pictures = 32;
    public const int Fewest = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly IFront _front;
    private readonly List<(ServerProcess Process, Uri Url)> _replicas = [];
    private readonly ConcurrentQueue<(double Ms, string? Version)> _seen = new();
    private readonly float[][] _inputs;
    private readonly string[] _right;

    private ReplicaTrial(IFront front, float[][] inputs, string[] right) => (_front, _inputs, _right) = (front, inputs, right);

    /// <param name="front">The proxy; it is disposed of.</param>
    /// <param name="artefact">The model's file.</param>
    /// <param name="next">A file with the same weights under the next version.</param>
    /// <param name="count">Replicas.</param>
    /// <param name="seconds">Each phase lasts at least so long, and until a hundred requests have ended.</param>
    public static async Task<IReadOnlyList<TrialPhase>> RunAsync(IFront front, string artefact, string next, int count, double seconds, Action<string> progress, CancellationToken cancel)
    {
        await using var owned = front;
        var random = new Random(7);
        var predictor = ModelPredictor.Create(ModelArtefact.Load(artefact));
        int size = predictor.Info.Preprocessing.Count();
        float[][] inputs = [.. Enumerable.Range(0, Pictures).Select(_ => Enumerable.Range(0, size).Select(_ => (float)random.Next(256)).ToArray())];
        string[] right = [.. predictor.Predict(inputs).Select(scores => predictor.Info.Labels[scores.Best()])];

        await using var trial = new ReplicaTrial(front, inputs, right);
        for (int i = 0; i < count; i++)
            trial._replicas.Add(await StartAsync(artefact, cancel));
        await trial.PublishAsync();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var asking = Enumerable.Range(0, Clients).Select(client => Task.Run(() => trial.AskAsync(client, end.Token), CancellationToken.None)).ToArray();

        var phases = new List<TrialPhase>();
        foreach (var (name, change) in new (string, Func<Task>)[]
        {
            ("steady", () => Task.CompletedTask),
            ("one replica killed and replaced", () => trial.KillOneAsync(artefact, cancel)),
            ("next version rolled out", () => trial.RollOutAsync(next, cancel)),
        })
        {
            progress(name);
            phases.Add(await trial.PhaseAsync(name, seconds, change, cancel));
        }
        await end.CancelAsync();
        await Task.WhenAll(asking);
        return phases;
    }

    public ValueTask DisposeAsync()
    {
        foreach (var (process, _) in _replicas)
            process.Dispose();
        return ValueTask.CompletedTask;
    }

    public static async Task<(ServerProcess Process, Uri Url)> StartAsync(string artefact, CancellationToken cancel)
    {
        var process = ServerProcess.Start(["serve", artefact, "--port", "0", "--json"]);
        try
        {
            using var ready = System.Text.Json.JsonDocument.Parse(await process.ReadLineAsync(cancel));
            return (process, new Uri(ready.RootElement.GetProperty("url").GetString()!));
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    private Task PublishAsync() => _front.UseAsync([.. _replicas.Select(replica => replica.Url)]);

    /// <summary>SIGKILL, in the middle of its work; the proxy finds out by itself, and a new replica comes in its place.</summary>
    private async Task KillOneAsync(string artefact, CancellationToken cancel)
    {
        _replicas[0].Process.Dispose();
        _replicas.RemoveAt(0);
        _replicas.Insert(0, await StartAsync(artefact, cancel));
        await PublishAsync();
    }

    /// <summary>One after the other: the new one is ready before the old one gets no more requests, and the old one ends when it has answered those it has.</summary>
    private async Task RollOutAsync(string artefact, CancellationToken cancel)
    {
        for (int i = 0; i < _replicas.Count; i++)
        {
            var old = _replicas[i].Process;
            _replicas[i] = await StartAsync(artefact, cancel);
            await PublishAsync();
            try
            {
                await old.StopAsync(cancel);
            }
            finally
            {
                old.Dispose();
            }
        }
    }

    private async Task<TrialPhase> PhaseAsync(string name, double seconds, Func<Task> change, CancellationToken cancel)
    {
        _seen.Clear();
        int retried = await _front.RetriedAsync();
        var clock = Stopwatch.StartNew();
        await change();
        double took = clock.Elapsed.TotalMilliseconds;
        // On a busy machine the first answers take longer than a short phase.
        while (clock.Elapsed.TotalSeconds < seconds || (_seen.Count < Fewest && clock.Elapsed < Patience))
            await Task.Delay(20, cancel);
        var seen = _seen.ToArray();
        double[] sorted = [.. seen.Select(one => one.Ms).Order()];
        double Quantile(double q) => sorted.Length == 0 ? 0 : Math.Round(sorted[(int)(q * (sorted.Length - 1))], 2);
        return new(name, seen.Length, seen.Count(one => one.Version is null), await _front.RetriedAsync() - retried,
            [.. seen.Select(one => one.Version).OfType<string>().Distinct().Order()], Quantile(0.5), Quantile(0.99), Math.Round(took));
    }

    private async Task AskAsync(int number, CancellationToken end)
    {
        using var client = new PredictionClient(_front.Url);
        for (int i = number; !end.IsCancellationRequested; i++)
        {
            long start = Stopwatch.GetTimestamp();
            string? version = null;
            try
            {
                var answer = await client.PredictAsync(_inputs[i % Pictures]);
                if (answer.Label == _right[i % Pictures])
                    version = answer.Model.Split(' ')[^1];
            }
            catch (Exception fault) when (fault is ServiceException or HttpRequestException or TaskCanceledException)
            {
                // Counted as failed.
            }
            _seen.Enqueue((Stopwatch.GetElapsedTime(start).TotalMilliseconds, version));
        }
    }
}
