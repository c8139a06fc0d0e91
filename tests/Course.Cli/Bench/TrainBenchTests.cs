using Course.Cli.Bench;
using Course.Tests.Data;

namespace Course.Cli.Tests.Bench;

/// <summary>Training draws from the process's generator: beside other tests both sides would not draw the same.</summary>
[CollectionDefinition("random stream", DisableParallelization = true)]
public sealed class RandomStreamCollection;

[Collection("random stream")]
public sealed class TrainBenchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Train_WithAPeerOfTheSameProgram_LearnsTheSameOnBothSides()
    {
        using var peer = BenchCommandTests.SameProgram();

        var run = TrainBench.Run(FewDigits(), threads: 1, epochs: 1, images: 640, batch: 64, new TimeBudget(TimeSpan.FromMinutes(10)), peer);

        Assert.Equal((run.Result!.FinalLoss, run.Result.Accuracy), (run.PeerResult!.FinalLoss, run.PeerResult.Accuracy));
        var epoch = Assert.Single(run.Cases);
        Assert.Equal("epoch of 256 images, batch 64", epoch.Name);
        Assert.InRange(epoch.Rate!.Value * epoch.Seconds, 255.9, 256.1);
        Assert.True(run.PeerResult.PeakMb > 10);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(600, 3)]
    public void Train_HasAsManyEpochsAsThereIsTimeFor(int seconds, int epochs)
    {
        var run = TrainBench.Run(FewDigits(), threads: 1, epochs: 3, images: 128, batch: 64, new TimeBudget(TimeSpan.FromSeconds(seconds)), peer: null);

        Assert.Equal(epochs, Assert.Single(run.Cases).Repetitions);
    }

    private DataFolders FewDigits()
    {
        WriteDigits(_folder, train: 256, test: 100);
        return new DataFolders([_folder.File(".")], _folder.File("cache"));
    }

    /// <summary>Generated digits where MNIST would lie.</summary>
    internal static void WriteDigits(TemporaryFolder folder, int train, int test)
    {
        string mnist = folder.File("mnist");
        Directory.CreateDirectory(mnist);
        foreach ((string name, bool isTest, int count) in new[] { ("train", false, train), ("t10k", true, test) })
        {
            var (images, labels) = SyntheticDigits.Generate(isTest, count);
            IdxFile.Write(Path.Combine(mnist, $"{name}-images-idx3-ubyte"), images);
            IdxFile.Write(Path.Combine(mnist, $"{name}-labels-idx1-ubyte"), labels);
        }
    }
}
