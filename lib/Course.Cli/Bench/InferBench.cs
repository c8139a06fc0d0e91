using System.Diagnostics;
using System.Text.Json;
using static TorchSharp.torch;

namespace Course.Cli.Bench;

/// <summary>Times in microseconds of one image, and images a second in batches of 256.</summary>
internal sealed record InferFigures(double P50Us, double P99Us, double ImagesPerSecond)
{
    /// <summary>How often one image was timed, and a batch; a peer does not tell.</summary>
    public int Singles { get; init; }

    public int Batches { get; init; }
}

/// <summary>Inference of the reference network, one image at a time and in batches.</summary>
internal sealed class InferBench : IDisposable
{
    private const int Rounds = 3;

    /// <summary>Of fewer times in a round nobody can tell what 99 % of them are below.</summary>
    private const int FewestForP99 = 100;
    private static readonly string Request = BenchRecord.Line(new { kind = "infer" });
    private readonly IDisposable _inputs = NewDisposeScope();
    private readonly ReferenceNetwork _network = new();
    private readonly Tensor _one = randn(1, 1, 28, 28), _many = randn(256, 1, 28, 28);

    /// <param name="warmUp">For what is not counted.</param>
    public InferBench(TimeBudget warmUp)
    {
        _network.eval();
        Time(_one, 3000, warmUp.Part(2));
        Time(_many, 10, warmUp);
    }

    public InferFigures Round(TimeBudget budget)
    {
        double[] single = Time(_one, 3000, budget.Part(2)), batches = Time(_many, 40, budget);
        return new InferFigures(single[single.Length / 2] * 1e6, single[single.Length * 99 / 100] * 1e6, 256 / batches[batches.Length / 2]) { Singles = single.Length, Batches = batches.Length };
    }

    /// <summary>Medians over rounds that alternate with the peer's.</summary>
    public static BenchRun Run(int threads, TimeBudget budget, Peer? peer)
    {
        set_num_threads(threads);
        manual_seed(1);
        using var bench = new InferBench(budget.Part(4));
        var ours = new List<InferFigures>();
        var theirs = new List<InferFigures>();
        for (int round = 0; round < Rounds && (round == 0 || !budget.IsOver); round++)
        {
            ours.Add(bench.Round(budget.Part(Rounds - round)));
            if (peer?.Ask(Request).Deserialize<InferFigures>(BenchRecord.Json) is { } answer)
                theirs.Add(answer);
        }
        CaseFigures Row(string name, Func<InferFigures, double> seconds, Func<InferFigures, int> times) =>
            CaseFigures.Of(name, BenchCases.Median(ours.Select(seconds)), peer is null ? null : BenchCases.Median(theirs.Select(seconds))) with { Repetitions = ours.Sum(times) };
        var batch = Row("batch of 256", f => 256 / f.ImagesPerSecond, f => f.Batches);
        List<CaseFigures> rows = [Row("one image, p50", f => f.P50Us / 1e6, f => f.Singles), batch with { Rate = 256 / batch.Seconds, Unit = "images/s" }];
        if (ours.All(f => f.Singles >= FewestForP99))
            rows.Insert(1, Row("one image, p99", f => f.P99Us / 1e6, f => f.Singles));
        return BenchRun.Of("infer", threads, peer, rows);
    }

    private double[] Time(Tensor x, int times, TimeBudget budget)
    {
        using var frozen = no_grad();
        var seconds = new List<double>(times);
        while (seconds.Count < times && (seconds.Count == 0 || !budget.IsOver))
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
