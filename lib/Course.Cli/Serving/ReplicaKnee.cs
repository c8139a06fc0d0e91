using System.Globalization;
using Course.Cli.Recording;
using Course.Serving;

namespace Course.Cli.Serving;

/// <summary>Finds the load at which the latency of replicas turns up: first how much they can do, then parts and more of that at fixed rates.</summary>
internal static class ReplicaKnee
{
    private static readonly double[] s_parts = [0.1, 0.25, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25];

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
            for (int i = 0; i < count; i++) replicas.Add(await ReplicaTrial.StartAsync(artefact, cancel));
            await front.UseAsync([.. replicas.Select(replica => replica.Url)]);
            progress("as fast as they are answered");
            await loop.RunAsync(front.Url, double.PositiveInfinity, seconds, cancel);
            double capacity = (await loop.RunAsync(front.Url, double.PositiveInfinity, seconds, cancel)).PerSecond;
            var points = new List<KneePoint>();
            foreach (double part in s_parts)
            {
                double rate = Math.Max(1, Math.Round(part * capacity));
                progress(string.Create(CultureInfo.InvariantCulture, $"{rate:N0} requests a second"));
                var seen = await loop.RunAsync(front.Url, rate, seconds, cancel);
                points.Add(new(rate, seen.PerSecond, seen.Quantile(0.5), seen.Quantile(0.99), seen.Wrong));
            }
            return new(Machine.This().ToString(), DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), front.Name, count, $"{predictor.Info.Name} {predictor.Info.Version}", seconds, capacity, points);
        }
        finally
        {
            foreach (var (process, _) in replicas) process.Dispose();
        }
    }
}
