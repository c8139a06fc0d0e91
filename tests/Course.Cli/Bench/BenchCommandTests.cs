using System.CommandLine;
using System.Text.Json;
using Course.Cli.Bench;
using Course.Cli.Recording;
using Course.Tests.Data;

namespace Course.Cli.Tests.Bench;

[Collection("console")]
public sealed class BenchCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_OneCase_ComparesItWithTheMachine()
    {
        var limits = new MachineLimits(PeakGflops: 50, CopyGbS: 8, TriadGbS: 10);

        var figures = Assert.Single(BenchCases.Run([Relu], limits, Plenty, peer: null));

        Assert.Equal(figures.Rate!.Value / 10, figures.OfLimit!.Value, 6);
        Assert.InRange(figures.AllocatedBytes!.Value, 1, 300);
        Assert.Null(figures.Ratio);
        Assert.Equal(7, figures.Repetitions);
    }

    [Fact]
    public void Run_WithoutTime_TimesOneRoundOfTheFirstCase_AndLeavesTheOthersOut()
    {
        var figures = Assert.Single(BenchCases.Run([Relu, Relu, Relu], limits: null, Spent, peer: null));

        Assert.Equal(1, figures.Repetitions);
    }

    [Fact]
    public void Infer_WithoutTime_TimesEachShapeOnce_AndTellsNoP99()
    {
        var run = InferBench.Run(threads: 1, Spent, peer: null);

        Assert.Equal([("one image, p50", 1), ("batch of 256", 1)], run.Cases.Select(one => (one.Name, one.Repetitions!.Value)));
    }

    [Theory]
    [InlineData("bench train --threads 0", "--threads must be at least 1")]
    [InlineData("bench train --seconds 0", "--seconds must be at least 1")]
    [InlineData("bench sorting", "sorting")]
    [InlineData("bench gemm --peer numpy", "numpy")]
    [InlineData("bench gemm --device tpu", "tpu")]
    public void Parse_WrongUse_SaysWhatIsWrong(string line, string message)
    {
        var root = new RootCommand { BenchCommand.Create() };

        var errors = root.Parse(line).Errors;

        Assert.Contains(errors, e => e.Message.Contains(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--peer", "bench", "gemm", "--peer", "numpy")]
    [InlineData("no-such.json cannot be read", "bench", "report", "no-such.json")]
    [InlineData("broken.json is no record of a bench (line 2", "bench", "report", "broken.json")]
    [InlineData("broken.json is no record of a bench (line 2", "bench", "infer", "--record", "broken.json")]
    public async Task WrongUse_EndsWith2_AndSaysWhatIsWrong(string message, params string[] arguments)
    {
        File.WriteAllText(_folder.File("broken.json"), "{\n\"runs\": 3}");

        var (code, output, error) = await CourseProcess.RunAsync(_folder.File("."), arguments);

        Assert.Equal((ExitCode.WrongUse, ""), (code, output));
        Assert.Contains(message, error);
    }

    [Theory]
    [InlineData("none", "cuda:0 is not available: COURSE_GPU=none hides all GPUs.", "There are: cpu.", "cuda")]
    [InlineData("none", "opencl:0 is not available", "There are: cpu.", "opencl")]
    public async Task Device_ThatIsNotThere_IsToldWithItsReason_AndThoseThatAre(string gpus, string reason, string there, string device)
    {
        var (code, output, error) = await CourseProcess.RunAsync(_folder.File("."), new Dictionary<string, string?> { ["COURSE_GPU"] = gpus }, "bench", "infer", "--device", device);

        Assert.Equal((ExitCode.Failed, ""), (code, output));
        Assert.Contains($"--device {device}: device {reason}", error);
        Assert.Contains(there, error);
    }

    [Theory]
    [InlineData("torchsharp", "cuda")]
    [InlineData("pytorch", "opencl")]
    public async Task Peer_OfADeviceThatItDoesNotKnow_IsRefused(string peer, string device)
    {
        var (code, _, error) = await CourseProcess.RunAsync(Repository.Find()!, "bench", "infer", "--device", device, "--peer", peer);

        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains($"--peer {peer} does not compute on {device}: take --device cpu, or --device cuda --peer pytorch", error);
    }

    /// <summary>Trains the network by the kernels of a GPU.</summary>
    [Fact]
    public async Task Train_OnTheEmulatedDevice_IsRecordedWithIt()
    {
        TrainBenchTests.WriteDigits(_folder, train: 16, test: 8);
        var environment = new Dictionary<string, string?> { ["COURSE_GPU"] = "emulated", ["COURSE_DATA"] = _folder.File(".") };

        var (code, output, error) = await CourseProcess.RunAsync(_folder.File("."), environment, "bench", "train", "--device", "cuda", "--images", "16", "--batch", "8", "--epochs", "1", "--json");

        Assert.True(code == ExitCode.Done, error);
        var run = JsonDocument.Parse(output).RootElement.GetProperty("runs")[0];
        Assert.StartsWith("cuda:0 (ILGPU's emulation, ILGPU 1.", run.GetProperty("device").GetString());
        Assert.InRange(run.GetProperty("result").GetProperty("final_loss").GetDouble(), 0.01, 10);
        Assert.True(run.GetProperty("cases")[0].GetProperty("rate").GetDouble() > 0);
        Assert.False(run.TryGetProperty("limits", out _));
        Assert.DoesNotContain("is not implemented for cuda", error);
    }

    [Fact]
    public void EveryCase_IsFoundByItsRequestAlone()
    {
        foreach (var one in new[] { "gemm", "conv", "ops", "blocks" }.SelectMany(BenchCases.Of))
            Assert.Equal(one.Name, BenchCases.Find(one.RequestLine)!.Name);
    }

    [Fact]
    public void Peer_BuiltOfTheSameProgram_IsMeasuredInTurns()
    {
        using var peer = SameProgram();
        var one = BenchCases.Of("ops").First();

        var figures = Assert.Single(BenchCases.Run([one], new MachineLimits(50, 8, 10), Plenty, peer));

        Assert.StartsWith("TorchSharp", peer.Version);
        Assert.True(figures.PeerSeconds > 0);
        Assert.Equal(figures.Seconds / figures.PeerSeconds!.Value, figures.Ratio!.Value, 9);
    }

    [Fact]
    public void Peer_ThatIsAskedForWhatItDoesNotKnow_EndsAndSaysSo()
    {
        using var peer = SameProgram();

        var e = Assert.Throws<UnavailableException>(() => peer.Ask("""{"kind":"sorting"}"""));

        Assert.Contains("""No case of this build is asked for by {"kind":"sorting"}""", e.Message);
    }

    [Fact]
    public void Peer_ThatCannotBeStarted_IsNamed() =>
        Assert.Contains("no-such-program cannot be started", Assert.Throws<UnavailableException>(() => new Peer("x", "no-such-program", [], 1)).Message);

    [Fact]
    public async Task Json_NamesBothVersionsAndTheProcessor_AndIsWhatARecordKeeps()
    {
        using var peer = SameProgram();
        var run = BenchRun.Of("gemm", 2, peer, [CaseFigures.Of("gemm 8", 1e-6, 2e-6)]);
        string file = _folder.File("record.json");
        new BenchRecord([]).With(run).Write(file);

        var root = JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement.GetProperty("runs")[0];

        Assert.Equal(Machine.This().Processor, root.GetProperty("machine").GetProperty("processor").GetString());
        Assert.Equal("cpu", root.GetProperty("device").GetString());
        Assert.StartsWith("TorchSharp", root.GetProperty("engine").GetString());
        Assert.StartsWith("TorchSharp", root.GetProperty("peer").GetString());
        Assert.Equal(0.5, root.GetProperty("cases")[0].GetProperty("ratio").GetDouble());
        Assert.Equal(run.Engine, BenchRecord.Read(file).Runs[0].Engine);
    }

    private static TimeBudget Plenty => new(TimeSpan.FromMinutes(10));

    private static TimeBudget Spent => new(TimeSpan.Zero);

    private static BenchCase Relu => new("relu", new { kind = "none" }, () =>
    {
        var a = TorchSharp.torch.rand(1000);
        return () => a.relu().Dispose();
    }, 8000, "GB/s");

    /// <summary>This build as its own peer.</summary>
    internal static Peer SameProgram() => new("the same program", Running.EngineBuild.DotNet, ["exec", typeof(Peer).Assembly.Location, "bench", "peer"], 1);
}
