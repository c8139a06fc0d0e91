using System.Diagnostics;
using static TorchSharp.torch;

namespace Course.Cli.Bench;

/// <summary>Something that is timed here and in a peer.</summary>
/// <param name="Request">The same work in words that every peer understands; no two cases have the same.</param>
/// <param name="Prepare">Makes the inputs and returns the work on them.</param>
/// <param name="Operations">Floating-point operations, bytes moved or images, of one run; 0 where none means much.</param>
/// <param name="Unit">What <paramref name="Operations"/> counts: "GFLOP/s", "GB/s", "images/s" or "".</param>
internal sealed record BenchCase(string Name, object Request, Func<Action> Prepare, double Operations = 0, string Unit = "")
{
    public string RequestLine { get; } = BenchRecord.Line(Request);
}

/// <summary>A case with its inputs made and its code compiled; its rounds take about a twentieth of a second each.</summary>
internal sealed class PreparedCase : IDisposable
{
    private const double RoundSeconds = 0.05;
    private readonly IDisposable _inputs = NewDisposeScope();
    private readonly Action _work;
    private readonly int _times;

    public PreparedCase(BenchCase one)
    {
        _work = one.Prepare();
        // What a device computes or compiles for seconds needs no third time to be warm.
        for (long start = Stopwatch.GetTimestamp(), i = 0; i < 3 && (i == 0 || Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(2)); i++)
            Time(1);
        _times = Math.Max(1, (int)(RoundSeconds / Math.Max(Time(1), 1e-7)));
        for (long end = Stopwatch.GetTimestamp() + Stopwatch.Frequency / 5; Stopwatch.GetTimestamp() < end;)
            Time(1);
    }

    /// <summary>Seconds of one run, the mean of a round.</summary>
    public double Round() => Time(_times);

    /// <summary>Managed memory that one run allocates: tensor objects, no data.</summary>
    public double AllocatedBytes()
    {
        int runs = Math.Min(_times, 20);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < runs; i++)
            _work();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)runs;
    }

    public void Dispose() => _inputs.Dispose();

    private double Time(int runs)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < runs; i++)
            _work();
        BenchDevice.Settle();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / runs;
    }
}
