using System.Diagnostics;
using System.Text.Json;
using static TorchSharp.torch;

namespace Course.Cli.Bench;

/// <summary>Times in microseconds of one image, and images a second in batches of 256.</summary>
internal sealed record InferFigures(double P50Us, double P99Us, double ImagesPerSecond);

/// <summary>Inference of the reference network, one image at a time and in batches.</summary>
internal sealed class InferBench : IDisposable
{
    private const int Rounds = 3;

    /// <summary>A device that takes longer than this for all repetitions has fewer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);
    private static readonly string Request = BenchRecord.Line(new { kind = "infer" });
    private readonly IDisposable _inputs = NewDisposeScope();
    private readonly ReferenceNetwork _network = new();
    private readonly Tensor _one = randn(1, 1, 28, 28), _many = randn(256, 1, 28, 28);

    public InferBench()
    {
        _network.eval();
        Time(_one, 3000);
        Time(_many, 10);
    }

    public InferFigures Round()
    {
        double[] single = Time(_one, 3000), batches = Time(_many, 40);
        return new InferFigures(single[single.Length / 2] * 1e6, single[single.Length * 99 / 100] * 1e6, 256 / batches[batches.Length / 2]);
    }

    /// <summary>Medians over rounds that alternate with the peer's.</summary>
    public static BenchRun Run(int threads, Peer? peer)
    {
        set_num_threads(threads);
        manual_seed(1);
        using var bench = new InferBench();
        var ours = new List<InferFigures>();
        var theirs = new List<InferFigures>();
        for (int round = 0; round < Rounds; round++)
        {
            ours.Add(bench.Round());
            if (peer?.Ask(Request).Deserialize<InferFigures>(BenchRecord.Json) is { } answer)
                theirs.Add(answer);
        }
        CaseFigures Row(string name, Func<InferFigures, double> seconds) =>
            CaseFigures.Of(name, BenchCases.Median(ours.Select(seconds)), peer is null ? null : BenchCases.Median(theirs.Select(seconds)));
        var batch = Row("batch of 256", f => 256 / f.ImagesPerSecond);
        return BenchRun.Of("infer", threads, peer,
            [Row("one image, p50", f => f.P50Us / 1e6), Row("one image, p99", f => f.P99Us / 1e6), batch with { Rate = 256 / batch.Seconds, Unit = "images/s" }]);
    }

    private double[] Time(Tensor x, int times)
    {
        using var frozen = no_grad();
        var seconds = new List<double>(times);
        long begun = Stopwatch.GetTimestamp();
        while (seconds.Count < times && (seconds.Count < 3 || Stopwatch.GetElapsedTime(begun) < Patience))
        {
            long start = Stopwatch.GetTimestamp();
            using (NewDisposeScope())
            {
                _network.call(x);
                BenchDevice.Settle();
            }
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return [.. seconds.Order()];
    }

    public void Dispose()
    {
        _network.Dispose();
        _inputs.Dispose();
    }
}
