using System.Diagnostics;
using System.Text.Json;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Course.Cli.Bench;

/// <summary>What is trained on: asked of a peer in these words.</summary>
/// <param name="Data">The folder with MNIST's four files.</param>
internal sealed record TrainRequest(string Kind, string Data, int Images, int Batch);

internal sealed record EpochAnswer(double Seconds, double Loss);

/// <summary>
/// Trains the reference network: data resident as one tensor, batches by indexing a permutation, Adam; one warm-up epoch, then epochs
/// that alternate with the peer's; the median counts.
/// </summary>
internal sealed class TrainBench : IDisposable
{
    private readonly DigitTensors _data;
    private readonly ReferenceNetwork _network;
    private readonly optim.Optimizer _optimizer;
    private readonly int _batch;

    public TrainBench(DigitTensors data, int batch)
    {
        _data = data;
        _batch = batch;
        manual_seed(1);
        _network = new ReferenceNetwork();
        _optimizer = optim.Adam(_network.parameters(), 1e-3);
    }

    /// <summary>Of the last batch.</summary>
    public double Loss { get; private set; }

    public double Epoch()
    {
        _network.train();
        long start = Stopwatch.GetTimestamp();
        using (NewDisposeScope())
        {
            long count = _data.TrainImages.shape[0];
            var order = randperm(count);
            for (long i = 0; i < count; i += _batch)
            {
                using var step = NewDisposeScope();
                var index = order[TensorIndex.Slice(i, Math.Min(i + _batch, count))];
                _optimizer.zero_grad();
                var loss = functional.nll_loss(_network.call(_data.TrainImages.index_select(0, index)), _data.TrainLabels.index_select(0, index));
                loss.backward();
                _optimizer.step();
                Loss = loss.item<float>();
            }
        }
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private double Accuracy()
    {
        _network.eval();
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        long right = 0, count = _data.TestImages.shape[0];
        for (long i = 0; i < count; i += 1000)
        {
            using var step = NewDisposeScope();
            Tensor x = _data.TestImages[TensorIndex.Slice(i, Math.Min(i + 1000, count))], y = _data.TestLabels[TensorIndex.Slice(i, Math.Min(i + 1000, count))];
            right += _network.call(x).argmax(1).eq(y).sum().item<long>();
        }
        return (double)right / count;
    }

    /// <param name="epochs">At most; fewer where another one would not fit into <paramref name="budget"/>.</param>
    public static BenchRun Run(DataFolders folders, int threads, int epochs, int images, int batch, TimeBudget budget, Peer? peer)
    {
        set_num_threads(threads);
        using var data = DigitTensors.Load(folders, images);
        using var bench = new TrainBench(data, batch);
        var request = new TrainRequest("epoch", data.Folder, images, batch);
        var ours = new List<double>();
        var theirs = new List<EpochAnswer>();
        var last = TimeSpan.Zero;
        for (int epoch = 0; epoch <= epochs && (epoch <= 1 || budget.Fits(last)); epoch++)
        {
            long start = Stopwatch.GetTimestamp();
            ours.Add(bench.Epoch());
            Console.Error.Write($"{(epoch == 0 ? "warm-up" : $"epoch {epoch}")}: {ours[^1]:0.00} s");
            if (peer?.Ask(BenchRecord.Line(request)).Deserialize<EpochAnswer>(BenchRecord.Json) is { } answer)
            {
                theirs.Add(answer);
                Console.Error.Write($", {peer.Version}: {answer.Seconds:0.00} s");
            }
            Console.Error.WriteLine();
            last = Stopwatch.GetElapsedTime(start);
        }
        double seconds = BenchCases.Median(ours.Skip(1));
        long count = data.TrainImages.shape[0];
        var epochFigures = CaseFigures.Of($"epoch of {count} images, batch {batch}", seconds, peer is null ? null : BenchCases.Median(theirs.Skip(1).Select(e => e.Seconds)));
        return BenchRun.Of("train", threads, peer, [epochFigures with { Rate = count / seconds, Unit = "images/s", Repetitions = ours.Count - 1 }]) with
        {
            Result = bench.Result(),
            PeerResult = peer?.Ask(BenchRecord.Line(request with { Kind = "result" })).Deserialize<TrainResult>(BenchRecord.Json),
        };
    }

    public TrainResult Result() => new(Loss, Accuracy(), PeakMb());

    /// <summary>The most memory that this process ever held, in MiB.</summary>
    private static double PeakMb()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / (double)(1 << 20);
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _network.Dispose();
    }
}
