using System.IO.Compression;
using Course.Tests.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Course.Tests.Training;

/// <summary>Tests that need torch's one random stream for themselves.</summary>
[CollectionDefinition("random stream", DisableParallelization = true)]
public sealed class RandomStream;

[Collection("random stream")]
public sealed class TrainerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Tensor _x, _y, _validX, _validY;

    public TrainerTests()
    {
        manual_seed(5);
        _x = randn(200, 4);
        _y = _x.sum(1).gt(0).to(ScalarType.Int64);
        _validX = randn(60, 4);
        _validY = _validX.sum(1).gt(0).to(ScalarType.Int64);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _x.Dispose();
        _y.Dispose();
        _validX.Dispose();
        _validY.Dispose();
    }

    [Fact]
    public void Fit_SeparableClasses_LearnsThem()
    {
        var net = Net();

        var history = Trainer(net).Fit(_x, _y, _validX, _validY, epochs: 30);

        Assert.True(history.Best.ValidationAccuracy > 0.9);
        Assert.True(history.Epochs[^1].TrainLoss < history.Epochs[0].TrainLoss);
    }

    [Fact]
    public void Fit_ValidationExamplesAmongTheTrainingExamples_IsRefused()
    {
        // A third of the validation examples leaks, in another order and as a copy: only the content can tell.
        var leaked = cat([_x.index_select(0, tensor(Enumerable.Range(0, 30).Select(i => 150L - 3 * i).ToArray())), _validX]);
        var labels = cat([_y[..30], _validY]);

        var e = Assert.Throws<ArgumentException>(() => Trainer(Net()).Fit(_x, _y, leaked, labels, epochs: 1));

        Assert.Contains("30 of 90 validation examples", e.Message);
    }

    [Fact]
    public void Fit_AFewExamplesTwice_IsNoLeak()
    {
        var history = Trainer(Net()).Fit(_x, _y, cat([_x[..3], _validX]), cat([_y[..3], _validY]), epochs: 1);
        Assert.Single(history.Epochs);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Fit_EndsWithTheWeightsOfTheBestEpoch_ByWhatIsWatched(bool accuracy)
    {
        // Random targets: loss and accuracy have their best epochs at different places.
        var noise = randint(0, 2, [60], dtype: ScalarType.Int64);
        var net = Net();
        var trainer = new Trainer(net, optim.SGD(net.parameters(), 0.5), (z, t) => nn.functional.cross_entropy(z, t)) { Patience = 0, WatchAccuracy = accuracy, Progress = false };

        var history = trainer.Fit(_x, _y, _validX, noise, epochs: 12);

        var (lowest, highest) = (history.Epochs.MinBy(e => e.ValidationLoss)!, history.Epochs.MaxBy(e => e.ValidationAccuracy)!);
        Assert.NotEqual(lowest.Epoch, highest.Epoch);
        Assert.Equal(accuracy ? highest.Epoch : lowest.Epoch, history.Best.Epoch);
        Assert.Equal((history.Best.ValidationLoss, history.Best.ValidationAccuracy), trainer.Evaluate(_validX, noise));
    }

    [Fact]
    public void Fit_AccuracyWatchedWithoutValidation_IsRefused()
    {
        var net = Net();
        var trainer = new Trainer(net, optim.SGD(net.parameters(), 0.1), (z, t) => nn.functional.cross_entropy(z, t)) { WatchAccuracy = true };

        Assert.Contains("WatchAccuracy needs validation examples", Assert.Throws<ArgumentException>(() => trainer.Fit(_x, _y, epochs: 1)).Message);
    }

    [Fact]
    public void Fit_KilledInTheMiddleAndResumed_GivesTheSameWeightsBitForBit()
    {
        var straight = Net();
        Trainer(straight).Fit(_x, _y, _validX, _validY, epochs: 4);
        string file = _folder.File("net.checkpoint");

        Assert.Throws<OperationCanceledException>(() => Trainer(Net(), file, stopAt: (3, 2)).Fit(_x, _y, _validX, _validY, epochs: 4));
        var resumed = Net();
        var history = Trainer(resumed, file).Fit(_x, _y, _validX, _validY, epochs: 4);

        Assert.Equal(4, history.Epochs.Count);
        Assert.Equal(Weights(straight), Weights(resumed));
        Assert.Equal(["net.checkpoint"], _folder.Files);
    }

    [Fact]
    public void Fit_WithScheduleResumed_ContinuesTheSchedule()
    {
        string file = _folder.File("net.checkpoint");
        History Fit(int epochs, string? checkpoint)
        {
            var net = Net();
            var adam = optim.Adam(net.parameters(), lr: 0.1);
            return new Trainer(net, adam, Loss) { Seed = 3, Progress = false, Patience = 0, CheckpointFile = checkpoint, Scheduler = optim.lr_scheduler.StepLR(adam, step_size: 1, gamma: 0.5) }
                .Fit(_x, _y, epochs: epochs);
        }

        Fit(2, file);
        var (straight, resumed) = (Fit(4, null), Fit(4, file));

        Assert.Equal(straight.Curve(e => e.LearningRate), resumed.Curve(e => e.LearningRate));
        Assert.Equal(straight.Curve(e => e.TrainLoss), resumed.Curve(e => e.TrainLoss));
    }

    [Fact]
    public void Fit_ValidationNeverImproves_StopsAfterPatienceWithTheBestWeights()
    {
        var net = Net();
        var trainer = new Trainer(net, optim.SGD(net.parameters(), 0.5), Loss) { Seed = 3, Progress = false, Patience = 3 };

        var history = trainer.Fit(_x, 1 - _y, _validX, _validY, epochs: 50); // labels turned round: every epoch makes validation worse

        Assert.True(history.StoppedEarly);
        Assert.Equal(history.Best.Epoch + 3, history.Epochs.Count);
        Assert.Equal(history.Best.ValidationLoss, trainer.Evaluate(_validX, _validY).Loss, 5);
    }

    [Fact]
    public void Fit_DamagedCheckpoint_NamesTheFileAndChangesNothing()
    {
        string file = _folder.File("net.checkpoint");
        File.WriteAllText(file, "not a checkpoint");
        var net = Net();
        float[] before = Weights(net);

        var e = Assert.Throws<InvalidDataException>(() => Trainer(net, file).Fit(_x, _y, epochs: 1));

        Assert.StartsWith(file, e.Message);
        Assert.Equal(before, Weights(net));
    }

    [Fact]
    public void Fit_CheckpointWithADamagedOptimiser_ChangesNothing()
    {
        string file = _folder.File("net.checkpoint");
        Trainer(Net(), file).Fit(_x, _y, epochs: 1);
        using (var zip = ZipFile.Open(file, ZipArchiveMode.Update))
        {
            zip.GetEntry("optimizer.dat")!.Delete();
            using var entry = zip.CreateEntry("optimizer.dat").Open();
            entry.Write("\u0004Adam"u8);
        }
        var net = Net();
        float[] before = Weights(net);

        var e = Assert.Throws<InvalidDataException>(() => Trainer(net, file).Fit(_x, _y, epochs: 2));

        Assert.StartsWith(file, e.Message);
        Assert.Equal(before, Weights(net));
    }

    [Fact]
    public void Fit_CheckpointOfAnotherTraining_Refuses()
    {
        string file = _folder.File("net.checkpoint");
        Trainer(Net(), file).Fit(_x, _y, epochs: 1);

        var e = Assert.Throws<InvalidDataException>(() => Trainer(Net(), file).Fit(_x[..100], _y[..100], epochs: 2));

        Assert.Contains("another training", e.Message);
    }

    [Fact]
    public void Fit_LossDiverges_SaysWhereAndWhatToDo()
    {
        var net = Net();
        var trainer = new Trainer(net, optim.SGD(net.parameters(), 1e30), (z, t) => z.square().sum()) { Progress = false };

        Assert.Contains("smaller learning rate", Assert.Throws<ArithmeticException>(() => trainer.Fit(_x, _y, epochs: 20)).Message);
    }

    [Fact]
    public void Fit_UnequalLengths_SaysBoth() =>
        Assert.Contains("200 inputs but 60 targets", Assert.Throws<ArgumentException>(() => Trainer(Net()).Fit(_x, _validY)).Message);

    private static nn.Module<Tensor, Tensor> Net()
    {
        manual_seed(1);
        return nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Dropout(0.1), nn.Linear(16, 2));
    }

    private static Trainer Trainer(nn.Module<Tensor, Tensor> net, string? checkpoint = null, (int Epoch, int Step)? stopAt = null) =>
        new(net, optim.Adam(net.parameters(), lr: 0.01), Loss)
        {
            Seed = 3,
            BatchSize = 32,
            Progress = false,
            CheckpointFile = checkpoint,
            OnBatch = (epoch, step, _) =>
            {
                if (stopAt == (epoch, step))
                    throw new OperationCanceledException();
            },
        };

    private static Tensor Loss(Tensor output, Tensor target) => nn.functional.cross_entropy(output, target);

    private static float[] Weights(nn.Module net) => [.. net.parameters().SelectMany(p => p.detach().contiguous().data<float>().ToArray())];
}
