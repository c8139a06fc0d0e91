using System.Diagnostics;
using System.Text.Json;

namespace Course.Cli.Bench;

/// <summary>Something that is timed here and in PyTorch: a request that the peer understands, and the same work through our API.</summary>
/// <param name="Operations">Floating-point operations, or bytes moved, of one run; 0 where neither means much.</param>
/// <param name="Unit">What <paramref name="Operations"/> counts: "GFLOP/s", "GB/s" or "".</param>
internal sealed record BenchCase(string Name, object Request, Action Work, double Operations = 0, string Unit = "");

internal sealed record CaseFigures(string Name, double Seconds, double? Rate, string Unit, double? PeerSeconds, double? Ratio);

internal static class BenchCases
{
    private const int Rounds = 7;
    private const double RoundSeconds = 0.05;

    /// <summary>Median over rounds that alternate with the peer's; a round repeats the work for about a twentieth of a second.</summary>
    public static List<CaseFigures> Run(IEnumerable<BenchCase> cases, Peer? peer)
    {
        var results = new List<CaseFigures>();
        foreach (BenchCase one in cases)
        {
            for (int i = 0; i < 3; i++) one.Work();
            int times = Math.Max(1, (int)(RoundSeconds / Math.Max(Time(one.Work, 1), 1e-7)));
            for (long end = Stopwatch.GetTimestamp() + Stopwatch.Frequency / 5; Stopwatch.GetTimestamp() < end;) one.Work();
            var ours = new List<double>();
            var theirs = new List<double>();
            for (int round = 0; round < Rounds; round++)
            {
                ours.Add(Time(one.Work, times));
                if (peer is not null) theirs.Add(peer.Ask(JsonSerializer.Serialize(one.Request)).GetProperty("seconds").GetDouble());
            }
            double seconds = TrainBench.Median(ours);
            double? other = peer is null ? null : TrainBench.Median(theirs);
            results.Add(new CaseFigures(one.Name, seconds, one.Operations > 0 ? one.Operations / seconds / 1e9 : null, one.Unit, other, other is null ? null : seconds / other));
        }
        return results;
    }

    private static double Time(Action work, int times)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < times; i++) work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / times;
    }
}
