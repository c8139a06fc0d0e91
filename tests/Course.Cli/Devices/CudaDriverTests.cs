using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Course.Cli.Recording;
using Course.Notebooks;

namespace Course.Cli.Tests.Devices;

/// <summary>What a learner reads where NVIDIA's driver refuses, and what the engine asks of one that does not.</summary>
public sealed class CudaDriverTests(StandInDriver driver) : IClassFixture<StandInDriver>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("course-cuda-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, string> Refusals => new()
    {
        { "STANDIN_INIT=100", "no CUDA device: the driver sees no GPU. In a container the GPU must be passed (docker run --gpus all). A driver of NVIDIA for CUDA 11 or newer is needed (nvidia-smi shows it), nothing else." },
        { "STANDIN_COUNT=0 CUDA_VISIBLE_DEVICES=7", "no CUDA device: the driver sees no GPU. CUDA_VISIBLE_DEVICES is '7', which hides all but those." },
        { "STANDIN_VERSION=10020", "no CUDA device: the driver is one for CUDA 10.2, too old. Install a newer one. A driver of NVIDIA for CUDA 11 or newer is needed" },
        { "STANDIN_INIT=803", "no CUDA device: the driver refuses with error 803, system has unsupported display driver / cuda driver combination. The library and the kernel's module are of different versions, as after an update: restart the machine" },
        { "STANDIN_INIT=999", "no CUDA device: the driver refuses with error 999, unknown error. See with nvidia-smi whether the driver works at all" },
        { "STANDIN_INIT=34", "no CUDA device: the driver refuses with error 34, the loaded library is a stub. This is the library that CUDA's toolkit brings" },
        { "STANDIN_MAJOR=2", "no CUDA device: ILGPU can use none of those that the driver shows." },
    };

    [Theory, MemberData(nameof(Refusals))]
    public async Task ADriverThatRefuses_IsToldWithTheReason_AndWhatToDo(string settings, string reason)
    {
        var (code, output, error) = await CourseProcess.RunAsync(_folder, driver.Environment(settings.Split(' ')), "bench", "infer", "--device", "cuda");
        Assert.Equal((ExitCode.Failed, ""), (code, output));
        Assert.Contains($"course: --device cuda: device cuda:0 is not available: {reason}", error);
        Assert.Contains("There are: cpu.", error);
    }

    [Theory, InlineData("STANDIN_VERSION=10020", "optional", "the driver is one for CUDA 10.2, too old"), InlineData("STANDIN_VERSION=12040", "ok", "cuda:0 (Stand-in 0, CUDA 12.4, 1 GiB); engine managed computes there when it is asked to: --device cuda")]
    public async Task TheDoctor_SaysWhatTheEngineSeesOfADriver(string setting, string health, string found)
    {
        var (_, output, _) = await CourseProcess.RunAsync(_folder, driver.Environment(setting), "doctor", "--engine", "managed", "--json");
        var finding = JsonNode.Parse(output)!["findings"]!.AsArray().Single(f => (string?)f!["name"] == "GPU and driver")!;
        Assert.Equal(health, (string?)finding["health"]);
        Assert.Contains(found, (string?)finding["found"]);
    }

    [Fact]
    public async Task ARunThatAsksForADeviceOfADriverThatRefuses_FailsAtItsFirstCell_WithTheReason()
    {
        string told = await RunAsync("STANDIN_INIT=999", "Console.WriteLine(Run.Device);");
        Assert.Contains("COURSE_DEVICE is 'cuda', but the engine TorchSharp.Managed sees no NVIDIA GPU: no CUDA device: the driver refuses with error 999", told);
    }

    [Fact]
    public async Task ADeviceThatCannotBeOpened_IsNamedWithTheDriversWords()
    {
        string told = await RunAsync("STANDIN_CREATE=46", "torch.zeros(3, device: torch.CUDA);");
        Assert.Contains("cuda:0 (Stand-in 0) cannot be opened: CUDA-capable device(s) is/are busy or unavailable. See with nvidia-smi whether another program holds it, or use --device cpu.", told);
    }

    [Fact]
    public async Task AFaultInAKernel_LosesTheDevice_AndSaysSoFromThenOn()
    {
        string told = await RunAsync("STANDIN_LAUNCH=700", "torch.ones(3, device: torch.CUDA);", "torch.zeros(3, device: torch.CUDA);");
        Assert.Contains("cuda:0 (Stand-in 0) does not answer any more since Fill failed (an illegal memory access was encountered). Restart the session; what lay on the device is lost.", told);
        Assert.All(Cells()[1..], cell => Assert.Contains("does not answer any more since Fill failed", cell));
    }

    [Fact]
    public async Task ALaunchThatTheDriverRefuses_LeavesTheDeviceAsItWas()
    {
        string told = await RunAsync("STANDIN_LAUNCH=1", "torch.ones(3, device: torch.CUDA);", "Console.WriteLine($\"{torch.tensor(new[] { 1f, 2f }).to(torch.CUDA).cpu().sum().item<float>()} came back\");");
        Assert.Contains("Fill failed on cuda:0 (Stand-in 0): invalid argument. Tensors on the CPU are not touched", told);
        Assert.Contains("3 came back", told);
    }

    [Fact]
    public async Task MemoryThatOthersHold_IsNotSaidToBeFree()
    {
        string told = await RunAsync("STANDIN_HELD=900000000", "torch.zeros(64L << 20, device: torch.CUDA);");
        Assert.Contains("cuda:0 (Stand-in 0) has no memory left for", told);
        Assert.Contains("wanted 256.0 MiB, held by tensors 0.0 MiB, kept for new ones 0.0 MiB, free 165.7 MiB of 1024.0 MiB", told);
    }

    /// <summary>The driver's rules: a thread that calls it has made the context its own, and a grid has at most 65,535 groups along its second dimension.</summary>
    [Fact]
    public async Task WhateverIsLaunched_FromWhicheverThread_KeepsTheDriversRules()
    {
        string told = await RunAsync("", """
            Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 4 }, index =>
            {
                using var scope = torch.NewDisposeScope();
                var images = torch.rand([32, 8, 28, 28], device: torch.CUDA, requires_grad: true);
                var weight = torch.rand([16, 8, 3, 3], device: torch.CUDA, requires_grad: true);
                torch.nn.functional.max_pool2d(torch.nn.functional.conv2d(images, weight), 2).softmax(1).sum().backward();
                torch.rand(200_000, 40, device: torch.CUDA).sum(1);
                torch.rand(100_000, device: torch.CUDA).sort();
                torch.rand(1024, 300, device: torch.CUDA).matmul(torch.rand(300, 1024, device: torch.CUDA)).cpu();
            });
            """, "torch.rand(70_000, 24, 4, device: torch.CUDA).bmm(torch.rand(70_000, 4, 24, device: torch.CUDA)).sum().item<float>();\nConsole.WriteLine(\"all was taken\");");
        Assert.Contains("all was taken", told);
        Assert.Contains("3 passed, 0 failed", told);
    }

    /// <summary>The stand-in's kernels do nothing: a product that is right is cuBLAS's.</summary>
    [Fact]
    public async Task ProductsThatCuBlasIsAskedFor_AreItsOwn()
    {
        string told = await RunAsync($"COURSE_CUBLAS={driver.Products}", """
            torch.Tensor a = torch.tensor(new[] { 1f, 2, 3, 4, 5, 6 }).reshape(2, 3), b = torch.tensor(new[] { 1f, 0, 2, -1, 3, 1, 0, 5, 2, 2, 1, 4 }).reshape(3, 4);
            foreach (var type in new[] { torch.float32, torch.float64 })
            {
                torch.Tensor x = a.to(type), y = b.to(type), expected = x.matmul(y);
                Console.WriteLine($"{type}: {(x.to(torch.CUDA).matmul(y.to(torch.CUDA)).cpu() - expected).abs().max().ToDouble()} {(x.t().contiguous().to(torch.CUDA).t().matmul(y.to(torch.CUDA)).cpu() - expected).abs().max().ToDouble()}");
            }
            """);
        Assert.Contains("Float32: 0 0", told);
        Assert.Contains("Float64: 0 0", told);
    }

    [Fact]
    public async Task CuBlasThatIsAskedForAndNotThere_IsNamed()
    {
        string told = await RunAsync($"COURSE_CUBLAS={_folder}", "torch.ones(2, 2).to(torch.CUDA).matmul(torch.ones(2, 2).to(torch.CUDA));");
        Assert.Contains($"cuBLAS is not installed: {_folder}/libcublas.so.13, {_folder}/libcublas.so.12, {_folder}/libcublas.so.11 cannot be loaded. COURSE_CUBLAS is '{_folder}'; unset it", told);
    }

    [Theory, InlineData(true, "cuBLAS       of "), InlineData(false, "cuBLAS       not installed: libcublas.so.13, libcublas.so.12, libcublas.so.11 cannot be loaded")]
    public async Task TheBenchOfProducts_HasAColumnOfCuBlas_OrSaysThatItIsNotInstalled(bool installed, string line)
    {
        Assert.SkipWhen(!installed && NativeLibrary.TryLoad("libcublas.so.12", out _), "cuBLAS is installed");
        var environment = driver.Environment(installed ? $"COURSE_CUBLAS={driver.Products}" : "PYTHON=no-such-python");
        using var process = CourseProcess.Start(_folder, environment, "bench", "gemm", "--device", "cuda", "--seconds", "3");
        var lines = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } read)
            lines.Add(read);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Contains(lines, one => one.StartsWith(line, StringComparison.Ordinal));
        Assert.Equal(installed, lines.Any(one => one.StartsWith("gemm 1024x1024x1024 NN", StringComparison.Ordinal) && one.Contains("ours / cuBLAS", StringComparison.Ordinal)));
    }

    /// <summary>What a run says of a notebook with these cells after one that loads the libraries.</summary>
    private async Task<string> RunAsync(string setting, params string[] cells)
    {
        var notebook = Notebook.Create();
        string libraries = string.Concat(new[] { "TorchSharp.dll", "Course.dll" }.Select(name => $"#r \"{Path.Combine(AppContext.BaseDirectory, name)}\"\n"));
        notebook.Add("code", $"{libraries}using TorchSharp;\nusing Course;", "libraries");
        for (int i = 0; i < cells.Length; i++)
            notebook.Add("code", cells[i], $"cell-{i}");
        notebook.Write(Path.Combine(_folder, "cuda.ipynb"));
        var environment = driver.Environment(setting == "" ? [] : [setting]);
        var (_, output, error) = await CourseProcess.RunAsync(_folder, environment, "run", "cuda.ipynb", "--device", "cuda", "--keep-going", "--out", "out");
        return $"{output}\n{error}\n{string.Join('\n', Cells())}";
    }

    /// <summary>What each cell showed in the last run.</summary>
    private List<string> Cells() =>
        [.. Notebook.Read(Directory.EnumerateFiles(Path.Combine(_folder, "out"), "cuda.ipynb", SearchOption.AllDirectories).Single()).Cells.Select(cell => cell.Outputs.ToJsonString(Readable))];

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
