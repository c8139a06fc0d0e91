using System.Diagnostics;
using static TorchSharp.torch;

namespace Course.Cli.Bench;

/// <summary>Times in microseconds of one image, and images a second in batches of 256.</summary>
internal sealed record InferFigures(double P50Us, double P99Us, double ImagesPerSecond);

/// <summary>Inference of the reference network, one image at a time and in batches.</summary>
internal static class InferBench
{
    public static (InferFigures Ours, InferFigures? Peer) Run(int threads, bool peer)
    {
        set_num_threads(threads);
        manual_seed(1);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var network = new ReferenceNetwork();
        network.eval();
        Tensor one = randn(1, 1, 28, 28), many = randn(256, 1, 28, 28);
        Time(network, one, 3000);
        Time(network, many, 10);
        double[] single = Time(network, one, 5000), batches = Time(network, many, 60);
        var ours = Figures(single, batches);
        if (!peer) return (ours, null);
        using var other = Peer.Start("pytorch_bench.py", "--threads", $"{threads}");
        var answer = other.Ask("""{"kind":"infer"}""");
        return (ours, new InferFigures(answer.GetProperty("p50_us").GetDouble(), answer.GetProperty("p99_us").GetDouble(), answer.GetProperty("images_per_second").GetDouble()));
    }

    private static InferFigures Figures(double[] single, double[] batches)
    {
        Array.Sort(single);
        Array.Sort(batches);
        return new InferFigures(single[single.Length / 2] * 1e6, single[single.Length * 99 / 100] * 1e6, 256 / batches[batches.Length / 2]);
    }

    private static double[] Time(ReferenceNetwork network, Tensor x, int times)
    {
        var seconds = new double[times];
        for (int i = 0; i < times; i++)
        {
            long start = Stopwatch.GetTimestamp();
            using (NewDisposeScope()) network.call(x);
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        return seconds;
    }
}
