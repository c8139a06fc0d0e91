using Course.Notebooks;

namespace Course.Runner.Tests;

/// <summary>Parameters, budgets, what is left out and what is tried again, in real runs.</summary>
public sealed class RunChoiceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Out => Path.Combine(_folder.Path, "run");

    [Fact]
    public async Task Parameters_AreSet_AndRecordedInReportAndCopy()
    {
        var report = await RunAsync(o => o with { Parameters = new Dictionary<string, string> { ["rate"] = "0.5", ["other"] = "1" } },
            Write("a.ipynb", ("double rate = 0.1;\ndouble Twice() => 2 * rate;", ["parameters"]), ("Twice() == 1 ? 1 : throw new Exception()", [])));
        Assert.Equal((3, 0), (report.Passed, report.Failed));
        Assert.Equal(0.5, (double)RunReport.FromJson(await File.ReadAllTextAsync(Path.Combine(Out, "report.json"), TestContext.Current.CancellationToken)).Notebooks[0].Parameters!["rate"]!);
        var copy = Notebook.Read(Path.Combine(Out, "a.ipynb"));
        Assert.Equal(0.5, (double)copy.Metadata["papermill"]!["parameters"]!["rate"]!);
        Assert.Equal("// Parameters\nrate = 0.5d;", copy.Cells[1].Source);
    }

    [Fact]
    public async Task Budgets_StopOrFailTheirCells_AndTheReportSaysByHowMuch()
    {
        string notebook = Write("a.ipynb", ("while (true) { }", ["timeout:1"]), ("1", ["memory:1"]), ("2", ["memory:100000"]));
        var cells = (await RunAsync(o => o with { KeepGoing = true }, notebook)).Notebooks[0].Cells;
        Assert.Equal([RunStatus.TimedOut, RunStatus.Failed, RunStatus.Passed], cells.Select(c => c.Status));
        Assert.Contains("its budget of 1 s", cells[0].Error!.Message);
        Assert.Equal(("seconds", 1.0), (cells[0].Over![0].What, cells[0].Over![0].Budget));
        Assert.InRange(cells[0].Over![0].By, 0, 60);
        Assert.Contains("over its budget of 1 MB", cells[1].Error!.Message);
        Assert.Equal(cells[1].PeakMb - 1, cells[1].Over![0].By, 3);
        Assert.Null(cells[2].Over);
    }

    [Fact]
    public async Task BudgetsOfTheNotebook_CountForEachCell_UnlessTheCommandLineSaysOtherwise()
    {
        string path = _folder.Write("a.ipynb", """{"cells":[{"cell_type":"code","id":"a","metadata":{},"outputs":[],"source":"1"}],"metadata":{"course":{"memory":1}},"nbformat":4,"nbformat_minor":5}""");
        Assert.Equal(1, (await RunAsync(o => o, path)).Failed);
        Assert.Equal(0, (await RunAsync(o => o with { MemoryBudgets = false }, path)).Failed);
    }

    [Fact]
    public async Task ABudgetThatIsNone_IsNamed()
    {
        var report = await RunAsync(o => o, Write("a.ipynb", ("1", ["timeout:soon"])));
        Assert.Contains("timeout:soon is no budget; expected a positive number of seconds", report.Notebooks[0].Error!.Message);
    }

    [Fact]
    public async Task Changed_LeavesOutWhatIsAsItWasWhenItPassed()
    {
        string data = Directory.CreateDirectory(Path.Combine(_folder.Path, "data")).FullName;
        RunOptions Changed(RunOptions o) => o with { Changed = true, DataFolders = [data] };
        string passes = Write("a.ipynb", ("#load \"b.csx\"\nb", [])), fails = Write("f.ipynb", ("throw new Exception();", []));
        _folder.Write("b.csx", "int b = 1;");

        Assert.Equal([RunStatus.Passed, RunStatus.Failed], await StatusesAsync(Changed, passes, fails));
        Assert.Equal([RunStatus.Skipped, RunStatus.Failed], await StatusesAsync(Changed, passes, fails));
        _folder.Write("b.csx", "int b = 2;");
        Assert.Equal([RunStatus.Passed], await StatusesAsync(Changed, passes));
        Assert.Equal([RunStatus.Passed], await StatusesAsync(o => Changed(o) with { Profile = "full" }, passes));
        _folder.Write("data/x.bin", "x");
        var last = await RunAsync(Changed, passes);
        Assert.Equal(RunStatus.Passed, last.Notebooks[0].Status);
        last = await RunAsync(Changed, passes);
        Assert.StartsWith("nothing changed since it passed on ", last.Notebooks[0].Reason);
        Assert.Equal("a.ipynb", last.Notebooks[0].Executed);
    }

    [Fact]
    public async Task RetryFlaky_ReportsWhatFailedFirst_AndDoesNotHideWhatFailsAlways()
    {
        var report = await RunAsync(o => o with { RetryFlaky = 2 },
            Write("flaky.ipynb", ("if (!System.IO.File.Exists(\"seen\")) { System.IO.File.WriteAllText(\"seen\", \"\"); throw new Exception(\"first\"); }", [])),
            Write("fails.ipynb", ("throw new Exception(\"always\");", [])));
        var (flaky, fails) = (report.Notebooks[0], report.Notebooks[1]);
        Assert.Equal((RunStatus.Passed, true, 1), (flaky.Status, flaky.IsFlaky, flaky.EarlierFailures!.Count));
        Assert.Contains("cell[0] (c0): Exception: first", flaky.EarlierFailures[0]);
        Assert.Equal((RunStatus.Failed, null, 2), (fails.Status, fails.IsFlaky, fails.EarlierFailures!.Count));
        Assert.Equal(1, report.Failed);
        Assert.Contains("\"flaky\": true", report.ToJson());
    }

    private async Task<IEnumerable<RunStatus>> StatusesAsync(Func<RunOptions, RunOptions> change, params string[] notebooks) =>
        (await RunAsync(change, notebooks)).Notebooks.Select(n => n.Status);

    private Task<RunReport> RunAsync(Func<RunOptions, RunOptions> change, params string[] notebooks) => new CourseRunner(
        change(new() { Repository = _folder.Path, Notebooks = notebooks, Out = Out, CellLimit = TimeSpan.FromSeconds(60) }), new Silent()).RunAsync(CancellationToken.None);

    private string Write(string name, params (string Source, string[] Tags)[] cells)
    {
        var notebook = Notebook.Create();
        foreach (var (source, tags) in cells)
            notebook.Add("code", source, $"c{notebook.Cells.Count}", tags);
        return _folder.Write(name, notebook.ToString());
    }
}
