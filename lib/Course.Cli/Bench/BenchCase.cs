using System.Diagnostics;
using System.Text.Json;

namespace Course.Cli.Bench;

/// <summary>Something that is timed here and in PyTorch: a request that the peer understands, and the same work through our API.</summary>
/// <param name="Operations">Floating-point operations, or bytes moved, of one run; 0 where neither means much.</param>
/// <param name="Unit">What <paramref name="Operations"/> counts: "GFLOP/s", "GB/s" or "".</param>
internal sealed record BenchCase(string Name, object Request, Action Work, double Operations = 0, string Unit = "");

/// <param name="OfLimit">The rate as a fraction of what this core can do: of its multiply-adds for GFLOP/s, of its memory bandwidth for GB/s (more than 1 where a cache holds the data).</param>
/// <param name="AllocatedBytes">Managed memory that one run allocates: tensor objects, no data.</param>
internal sealed record CaseFigures(string Name, double Seconds, double? Rate, string Unit, double? OfLimit, double AllocatedBytes, double? PeerSeconds, double? Ratio);

internal static class BenchCases
{
    private const int Rounds = 7;
    private const double RoundSeconds = 0.05;

    /// <summary>Median over rounds that alternate with the peer's; a round repeats the work for about a twentieth of a second.</summary>
    public static List<CaseFigures> Run(IEnumerable<BenchCase> cases, MachineLimits limits, Peer? peer)
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
            double? rate = one.Operations > 0 ? one.Operations / seconds / 1e9 : null;
            double? other = peer is null ? null : TrainBench.Median(theirs);
            results.Add(new CaseFigures(one.Name, seconds, rate, one.Unit, rate / (one.Unit == "GB/s" ? limits.BandwidthGbS : limits.PeakGflops), Allocated(one.Work), other, other is null ? null : seconds / other));
        }
        return results;
    }

    private static double Allocated(Action work)
    {
        const int times = 20;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < times; i++) work();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)times;
    }

    private static double Time(Action work, int times)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < times; i++) work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / times;
    }
}
