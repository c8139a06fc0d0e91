using System.Globalization;
using Course.Cli.Recording;
using Course.Serving;

namespace Course.Cli.Serving;

/// <summary>
/// Finds the load at which the latency of replicas turns up: first how much they can do, then parts and more of that at fixed rates. All of
/// it goes round three times, so that one disturbance by another program spoils no point.
/// </summary>
internal static class ReplicaKnee
{
    private const int Rounds = 3;

    private static readonly double[] Parts = [0.1, 0.25, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25];

    /// <param name="front">The proxy; it is disposed of.</param>
    /// <param name="artefact">The model's file.</param>
    public static async Task<KneeRecord> RunAsync(IFront front, string artefact, int count, double seconds, Action<string> progress, CancellationToken cancel)
    {
        await using var owned = front;
        var predictor = ModelPredictor.Create(ModelArtefact.Load(artefact));
        var random = new Random(7);
        float[][] inputs = [.. Enumerable.Range(0, 32).Select(_ => Enumerable.Range(0, predictor.Info.Preprocessing.Count()).Select(_ => (float)random.Next(256)).ToArray())];
        var loop = new OpenLoop([.. inputs.Select(input => $"{{\"input\":[{string.Join(',', input)}]}}")], predictor.Predict(inputs));
        var replicas = new List<(ServerProcess Process, Uri Url)>();
        try
        {
            for (int i = 0; i < count; i++)
                replicas.Add(await ReplicaTrial.StartAsync(artefact, cancel));
            await front.UseAsync([.. replicas.Select(replica => replica.Url)]);
            progress("as fast as they are answered");
            double capacity = 0;
            // Other programs can only take something away.
            for (int round = 0; round < Rounds; round++)
                capacity = Math.Max(capacity, (await loop.RunAsync(front.Url, double.PositiveInfinity, seconds, cancel)).PerSecond);
            double[] rates = [.. Parts.Select(part => Math.Max(1, Math.Round(part * capacity)))];
            var seen = new List<(double Rate, LoopResult Result)>();
            for (int round = 1; round <= Rounds; round++)
            {
                foreach (double rate in rates)
                {
                    progress(string.Create(CultureInfo.InvariantCulture, $"{rate:N0} requests a second, round {round} of {Rounds}"));
                    seen.Add((rate, await loop.RunAsync(front.Url, rate, seconds, cancel)));
                }
            }
            KneePoint[] points = [.. seen.GroupBy(one => one.Rate, one => one.Result).Select(rounds => Point(rounds.Key, [.. rounds]))];
            return new(Machine.This().ToString(), DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), front.Name, count, $"{predictor.Info.Name} {predictor.Info.Version}", seconds, capacity, points);
        }
        finally
        {
            foreach (var (process, _) in replicas)
                process.Dispose();
        }
    }

    /// <summary>The middle of the rounds; what failed in any of them counts.</summary>
    private static KneePoint Point(double rate, LoopResult[] rounds)
    {
        double Middle(Func<LoopResult, double> of) => rounds.Select(of).Order().ElementAt(rounds.Length / 2);
        return new(rate, Middle(one => one.PerSecond), Middle(one => one.Quantile(0.5)), Middle(one => one.Quantile(0.99)), rounds.Sum(one => one.Wrong));
    }
}
