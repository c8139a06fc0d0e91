using System.Diagnostics;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Course.Cli.Bench;

/// <summary>One side's figures; both sides have the same.</summary>
internal sealed record TrainFigures(int Threads, int Epochs, double SecondsPerEpoch, double ImagesPerSecond, double PeakMb, double FinalLoss, double Accuracy);

/// <summary>
/// Trains the reference network: data resident as one tensor, batches by indexing a permutation, Adam; one warm-up epoch, then epochs
/// that alternate with the peer's; the median counts.
/// </summary>
internal sealed class TrainBench : IDisposable
{
    private readonly DigitTensors data;
    private readonly ReferenceNetwork network;
    private readonly optim.Optimizer optimizer;
    private readonly int batch;

    public TrainBench(DigitTensors data, int batch)
    {
        this.data = data;
        this.batch = batch;
        manual_seed(1);
        network = new ReferenceNetwork();
        optimizer = optim.Adam(network.parameters(), 1e-3);
    }

    public double Loss { get; private set; }

    public double Epoch()
    {
        network.train();
        long start = Stopwatch.GetTimestamp();
        using (NewDisposeScope())
        {
            long count = data.TrainImages.shape[0];
            Tensor order = randperm(count);
            for (long i = 0; i < count; i += batch)
            {
                using var step = NewDisposeScope();
                Tensor index = order[TensorIndex.Slice(i, Math.Min(i + batch, count))];
                optimizer.zero_grad();
                Tensor loss = functional.nll_loss(network.call(data.TrainImages.index_select(0, index)), data.TrainLabels.index_select(0, index));
                loss.backward();
                optimizer.step();
                Loss = loss.item<float>();
            }
        }
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public double Accuracy()
    {
        network.eval();
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        long right = 0, count = data.TestImages.shape[0];
        for (long i = 0; i < count; i += 1000)
        {
            using var step = NewDisposeScope();
            Tensor x = data.TestImages[TensorIndex.Slice(i, Math.Min(i + 1000, count))], y = data.TestLabels[TensorIndex.Slice(i, Math.Min(i + 1000, count))];
            right += network.call(x).argmax(1).eq(y).sum().item<long>();
        }
        return (double)right / count;
    }

    public static (TrainFigures Ours, TrainFigures? Peer) Run(DataFolders folders, int threads, int epochs, int images, int batch, bool peer)
    {
        set_num_threads(threads);
        using var data = DigitTensors.Load(folders, images);
        using var other = peer ? Peer.Start("pytorch_train.py", "--data", data.Folder, "--threads", $"{threads}", "--batch", $"{batch}", "--images", $"{images}") : null;
        using var bench = new TrainBench(data, batch);
        long count = data.TrainImages.shape[0];
        var ours = new List<double>();
        var theirs = new List<double>();
        double theirLoss = 0;
        for (int epoch = 0; epoch <= epochs; epoch++)
        {
            double mine = bench.Epoch();
            Console.Error.Write($"{(epoch == 0 ? "warm-up" : $"epoch {epoch}")}: {mine:0.00} s");
            if (epoch > 0) ours.Add(mine);
            if (other is not null)
            {
                var answer = other.Ask("epoch");
                double seconds = answer.GetProperty("seconds").GetDouble();
                theirLoss = answer.GetProperty("loss").GetDouble();
                Console.Error.Write($", PyTorch {other.Version}: {seconds:0.00} s");
                if (epoch > 0) theirs.Add(seconds);
            }
            Console.Error.WriteLine();
        }
        TrainFigures Figures(List<double> seconds, double peak, double loss, double accuracy) =>
            new(threads, epochs, Median(seconds), count / Median(seconds), peak, loss, accuracy);
        double accuracy = bench.Accuracy();
        var result = Figures(ours, PeakMb(), bench.Loss, accuracy);
        if (other is null) return (result, null);
        var test = other.Ask("test");
        return (result, Figures(theirs, test.GetProperty("peak_mb").GetDouble(), theirLoss, test.GetProperty("accuracy").GetDouble()));
    }

    public static double Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>The most memory that this process ever held, in MiB.</summary>
    public static double PeakMb()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / (double)(1 << 20);
    }

    public void Dispose()
    {
        optimizer.Dispose();
        network.Dispose();
    }
}
