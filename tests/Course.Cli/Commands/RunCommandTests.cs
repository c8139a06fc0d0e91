using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using Course.Cli.Recording;
using Course.Cli.Running;
using Course.Runner.Tests;
using Course.Runner;

namespace Course.Cli.Tests.Commands;

/// <summary>The command as its user sees it: a process with an exit code and two output streams.</summary>
public sealed class RunCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("course-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task NotebookThatPasses_ExitsWithZero_AndPrintsTheTotals()
    {
        var (code, output, progress) = await Course("run", Notebook("passes"), "--out", _folder);
        Assert.Equal(0, code);
        Assert.EndsWith("3 passed, 0 failed, 0 skipped\n", output);
        Assert.Contains(Path.Combine(_folder, "report.json"), output);
        Assert.Contains("[1/1]", progress);
        Assert.DoesNotContain('\u001b', output + progress);
    }

    [Fact]
    public async Task Help_NamesTheCommandAsItIsCalled()
    {
        var (code, output, _) = await Course("run", "--help");
        Assert.Equal(0, code);
        Assert.Contains("  course run [<paths>...] [options]", output);
    }

    [Theory]
    [InlineData("run --cell-timeout abc", "course: --cell-timeout takes a number, not 'abc'.\nTry: course run --help")]
    [InlineData("run --jobs 1.5", "course: --jobs takes a whole number, not '1.5'.\nTry: course run --help")]
    [InlineData("data get", "Try: course data get --help")]
    public async Task WrongUse_SaysWhatIsExpected_AndExitsWithTwo(string line, string expected)
    {
        var (code, _, progress) = await Course(line.Split(' '));
        Assert.Equal(2, code);
        Assert.Contains(expected, progress.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task NotebookThatMustFail_ExitsWithOne_AndSaysWhere()
    {
        var (code, output, _) = await Course("run", Notebook("throws"), Notebook("passes"), "--out", _folder);
        Assert.Equal(1, code);
        Assert.Contains("throws.ipynb, cell[1] (throws-1), line 3: failed", output);
        Assert.Contains("InvalidOperationException: on purpose", output);
        Assert.Contains(">   3 | throw new InvalidOperationException", output);
        Assert.EndsWith("4 passed, 1 failed, 0 skipped\n", output);
    }

    [Fact]
    public void KernelDotNetInteractive_WhenItWasNotBuilt_SaysHowToBuildIt()
    {
        var refusal = Assert.Throws<WrongUseException>(() => InteractiveKernel.Find(_folder));
        Assert.Contains("dotnet build lib/Course.Interactive", refusal.Message, StringComparison.Ordinal);

        string program = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "artifacts", "interactive")).FullName, "Course.Interactive.dll");
        File.WriteAllText(program, "");
        Assert.Equal(program, InteractiveKernel.Find(_folder));
    }

    [Fact]
    public async Task Json_PrintsTheReportOnly()
    {
        var (_, output, _) = await Course("run", Notebook("passes"), "--out", _folder, "--json");
        Assert.Equal((3, "quick"), (RunReport.FromJson(output).Passed, RunReport.FromJson(output).Profile));
    }

    [Fact]
    public async Task Record_KeepsTheRun_AndRefusesARunOfAnotherProfile()
    {
        string record = Path.Combine(_folder, "record.json");
        Assert.Equal(0, (await Course("run", Notebook("passes"), "--out", _folder, "--record", record)).Code);
        Assert.Equal(3, RunRecord.Read(record).Notebooks.Single().Passed);
        var (code, _, error) = await Course("run", Notebook("passes"), "--out", _folder, "--record", record, "--profile", "full");
        Assert.Equal(2, code);
        Assert.Contains("holds a run of another profile (quick)", error);
    }

    [Theory]
    [InlineData("nowhere.ipynb does not exist", "run", "nowhere.ipynb")]
    [InlineData("There is no notebook", "run", "EMPTY")]
    [InlineData("--jobs must be greater than zero", "run", "EMPTY", "--jobs", "0")]
    [InlineData("cannot be written", "run", "EMPTY/none.ipynb", "--out", "EMPTY/none.ipynb/run")]
    [InlineData("--profile: Argument 'slow' not recognized", "run", "EMPTY", "--profile", "slow")]
    [InlineData("Unrecognized command or argument 'nonsense'.\nTry: course --help", "nonsense")]
    [InlineData("There is no option '--nonsense'.", "run", "--nonsense")]
    [InlineData("There is no option '--nonsense'.", "check", "--nonsense")]
    [InlineData("There is no option '--nonsense'.", "clean", "--nonsense")]
    [InlineData("A path is empty", "run", "")]
    [InlineData("--out is empty", "run", "--out", "")]
    [InlineData("--timeout must be at most 1000000", "run", "--timeout", "1e300")]
    [InlineData("--cell-timeout must be greater than zero", "run", "--cell-timeout", "NaN")]
    [InlineData("is a folder; name a JSON file", "run", "EMPTY/none.ipynb", "--record", "EMPTY")]
    [InlineData("--record EMPTY/none.ipynb cannot be written", "run", "EMPTY/none.ipynb", "--record", "EMPTY/none.ipynb/record.json")]
    [InlineData("--python EMPTY/python cannot be started", "bench", "kernel", "--peer", "ipykernel", "--python", "EMPTY/python")]
    [InlineData("--catalogue is empty", "data", "list", "--catalogue", "")]
    [InlineData("--prefix is empty", "kernel", "install", "--prefix", "")]
    [InlineData("give one of --user, --sys-prefix and --prefix", "kernel", "install", "--user", "--prefix", "EMPTY")]
    [InlineData("'..' is no name for a kernel", "kernel", "install", "--name", "..", "--prefix", "EMPTY")]
    [InlineData("Unrecognized command or argument '--nonsense'.\nTry: course kernel start --help", "kernel", "start", "--nonsense")]
    [InlineData("--shard takes a part of a whole such as 1/3, not '4/3'", "run", "EMPTY/none.ipynb", "--shard", "4/3")]
    [InlineData("-p takes name=value, not 'rate'", "run", "EMPTY/none.ipynb", "-p", "rate")]
    [InlineData("there is no parameter 'rate'", "run", "EMPTY/none.ipynb", "-p", "rate=1")]
    [InlineData("none.ipynb.json cannot be read", "run", "EMPTY/none.ipynb", "-P", "EMPTY/none.ipynb.json")]
    [InlineData("there is no repository", "run")]
    public async Task WrongUse_ExitsWithTwo_AndSaysWhatIsWrong(string message, params string[] arguments)
    {
        if (arguments.Any(a => a.Contains("none.ipynb", StringComparison.Ordinal)))
            await File.WriteAllTextAsync(Path.Combine(_folder, "none.ipynb"), "{}");
        var (code, _, error) = await Course([.. arguments.Select(a => a.Replace("EMPTY", _folder))]);
        Assert.Equal(2, code);
        Assert.Contains(message.Replace("EMPTY", _folder), error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Help_ShowsAnExample() => Assert.Contains("Example: course run", (await Course("run", "--help")).Output);

    [Fact]
    public async Task CtrlC_StopsWithinTwoSeconds_With130_AndKeepsWhatIsDone()
    {
        CourseProcess.RequireInterrupts();
        await Steady.AtMostAsync(TimeSpan.FromSeconds(2), CtrlCAsync);
    }

    [Fact]
    public async Task HangUp_LeavesAReportOfWhatIsDone()
    {
        CourseProcess.RequireSignal(number: 1, "SIGHUP");
        await EndsWithAsync("HUP");
    }

    /// <summary>How long the command takes to end.</summary>
    private Task<TimeSpan> CtrlCAsync() => EndsWithAsync("INT");

    private async Task<TimeSpan> EndsWithAsync(string signal)
    {
        using var process = Start("run", Notebook("passes"), Notebook("sleeps-forever"), "--out", _folder, "--jobs", "2");
        // The first notebook is done when its line comes; the other one then sleeps, or is about to.
        while (await process.StandardError.ReadLineAsync() is { } line && !line.Contains("passes.ipynb: passed", StringComparison.Ordinal))
        {
        }
        var clock = Stopwatch.StartNew();
        await CourseProcess.InterruptAsync(process, signal);
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        var took = clock.Elapsed;
        Assert.Equal(130, process.ExitCode);
        var report = RunReport.FromJson(await File.ReadAllTextAsync(Path.Combine(_folder, "report.json")));
        Assert.Equal([RunStatus.Passed, RunStatus.NotRun], report.Notebooks.Select(n => n.Status));
        return took;
    }

    [Theory]
    [InlineData("error NU1101: Unable to find package TorchSharp-cpu. No packages exist", "engine torchsharp-cpu needs package TorchSharp-cpu, which cannot be restored here (NU1101)")]
    [InlineData("error NU1102: Unable to find package libtorch-cpu with version (= 2.10.0)", "engine torchsharp-cpu needs package libtorch-cpu, which cannot be restored here (NU1102)")]
    [InlineData("error NU1603: Warning As Error: TorchSharp 0.107.0 depends on X (>= 1.0) but X 1.0 was not found.\nerror NU1603: Warning As Error: Course depends on TorchSharp-cpu (>= 0.106.0) but TorchSharp-cpu 0.106.0 was not found. TorchSharp-cpu 0.107.0 was resolved instead.", "engine torchsharp-cpu needs package TorchSharp-cpu 0.106.0, which cannot be restored here (NU1603)")]
    [InlineData("Foo.cs(1,2): error CS0103: The name 'x' does not exist [p.csproj]", "the build with engine torchsharp-cpu failed: error CS0103: The name 'x' does not exist")]
    public void EngineThatCannotBeBuilt_IsExplainedInOneLine(string buildOutput, string expected)
    {
        string message = EngineBuild.Complaint("torchsharp-cpu", "Course.Serving", $"  some line\n/p.csproj : {buildOutput}\n  another\n");
        Assert.StartsWith(expected, message);
        Assert.DoesNotContain('\n', message);
    }

    private static string Notebook(string name) => Path.Combine(Here(), "..", "..", "Course.Runner", "files", name + ".ipynb");

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private Process Start(params string[] arguments) => CourseProcess.Start(_folder, arguments);

    private Task<(int Code, string Output, string Error)> Course(params string[] arguments) => CourseProcess.RunAsync(_folder, arguments);
}
