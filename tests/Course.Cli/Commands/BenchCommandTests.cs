using System.CommandLine;
using System.Text.Json;
using Course.Cli.Bench;
using Course.Tests.Data;

namespace Course.Cli.Tests.Commands;

[Collection("console")]
public sealed class BenchCommandTests : IDisposable
{
    private static readonly string[] Figures = ["threads", "epochs", "seconds_per_epoch", "images_per_second", "peak_mb", "final_loss", "accuracy"];
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Train_FewImages_GivesItsFiguresAsJson()
    {
        var run = TrainBench.Run(FewDigits(), threads: 1, epochs: 1, images: 640, batch: 64, peer: false);
        JsonElement root = JsonDocument.Parse(BenchCommand.Json(BenchCommand.Train(run))).RootElement;

        Assert.Equal(Figures, root.EnumerateObject().Select(p => p.Name).ToArray());
        Assert.InRange(root.GetProperty("images_per_second").GetDouble() * root.GetProperty("seconds_per_epoch").GetDouble(), 255.9, 256.1);
        Assert.InRange(root.GetProperty("accuracy").GetDouble(), 0, 1);
    }

    [Fact]
    public void Run_OneCase_ComparesItWithTheMachine()
    {
        using var a = TorchSharp.torch.rand(1000);
        var limits = new MachineLimits(PeakGflops: 50, CopyGbS: 8, TriadGbS: 10);

        CaseFigures figures = Assert.Single(BenchCases.Run([new BenchCase("relu", new { }, () => a.relu().Dispose(), 8000, "GB/s")], limits, peer: null));

        Assert.Equal(figures.Rate!.Value / 10, figures.OfLimit!.Value, 6);
        Assert.InRange(figures.AllocatedBytes, 1, 300);
        Assert.Null(figures.Ratio);
    }

    [Theory]
    [InlineData("bench train --threads 0", "--threads must be at least 1")]
    [InlineData("bench sorting", "sorting")]
    [InlineData("bench gemm --peer numpy", "numpy")]
    public void Parse_WrongUse_SaysWhatIsWrong(string line, string message)
    {
        var root = new RootCommand { BenchCommand.Create() };

        var errors = root.Parse(line).Errors;

        Assert.Contains(errors, e => e.Message.Contains(message, StringComparison.Ordinal));
    }

    private DataFolders FewDigits()
    {
        string mnist = folder.File("mnist");
        Directory.CreateDirectory(mnist);
        foreach ((string name, bool test, int count) in new[] { ("train", false, 256), ("t10k", true, 100) })
        {
            (IdxArray images, IdxArray labels) = SyntheticDigits.Generate(test, count);
            IdxFile.Write(Path.Combine(mnist, $"{name}-images-idx3-ubyte"), images);
            IdxFile.Write(Path.Combine(mnist, $"{name}-labels-idx1-ubyte"), labels);
        }
        return new DataFolders([folder.File(".")], folder.File("cache"));
    }
}
