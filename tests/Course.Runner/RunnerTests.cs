using System.Diagnostics;
using Course.Notebooks;

namespace Course.Runner.Tests;

public sealed class RunnerTests : IDisposable
{
    /// <summary>What <c>Course</c> shows for a check, a number and an exercise, without Course.</summary>
    private const string Vocabulary = """
        class TypeFormatterSourceAttribute : Attribute { public Type FormatterSourceType { get; set; } public string[] PreferredMimeTypes => null; }
        class Formatter
        {
            public string MimeType { get; set; }
            public bool Format(object value, System.IO.TextWriter writer) { writer.Write(value.ToString()); return true; }
        }
        class Checks { public object[] CreateTypeFormatters() => new[] { new Formatter { MimeType = "application/vnd.course.check+json" } }; }
        class Numbers { public object[] CreateTypeFormatters() => new[] { new Formatter { MimeType = "application/vnd.course.number+json" } }; }
        class Exercises { public object[] CreateTypeFormatters() => new[] { new Formatter { MimeType = "application/vnd.course.exercise+json" } }; }
        class Devices { public object[] CreateTypeFormatters() => new[] { new Formatter { MimeType = "application/vnd.course.device+json" } }; }
        [TypeFormatterSource(FormatterSourceType = typeof(Devices))] class Device { public override string ToString() => "{\"kind\":\"opencl\"}"; }
        [TypeFormatterSource(FormatterSourceType = typeof(Checks))] class Check { public override string ToString() => "{\"claim\":\"c\",\"passed\":true}"; }
        [TypeFormatterSource(FormatterSourceType = typeof(Numbers))] class Number { public override string ToString() => "{\"name\":\"n.x\",\"value\":0.25,\"unit\":\"s\"}"; }
        [TypeFormatterSource(FormatterSourceType = typeof(Exercises))] class Exercise { public override string ToString() => "{\"id\":\"1\",\"status\":\"not-done\"}"; }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Cells_RunInTheNotebooksFolder_WithTheRunsEnvironment()
    {
        var report = await Run(o => o with { Profile = "full", Jobs = 1 }, Write("sub/a.ipynb",
            ("System.IO.Path.GetFileName(Environment.CurrentDirectory) == \"sub\" ? 1 : throw new Exception(Environment.CurrentDirectory)", []),
            ("if (Environment.GetEnvironmentVariable(\"COURSE_PROFILE\") != \"full\") throw new Exception();", []),
            ("if (Environment.GetEnvironmentVariable(\"COURSE_DOWNLOAD\") != \"never\") throw new Exception();", []),
            ($"if (Environment.GetEnvironmentVariable(\"OMP_NUM_THREADS\") != \"{Environment.ProcessorCount}\") throw new Exception();", [])));
        Assert.Equal((4, 0), (report.Passed, report.Failed));
        Assert.Equal("sub/a.ipynb", report.Notebooks[0].Path);
        Assert.Equal(Enumerable.Range(1, 4), Notebook.Read(Path.Combine(Out, "sub", "a.ipynb")).Cells.Select(c => c.ExecutionCount!.Value));
    }

    [Fact]
    public async Task ChecksAndNumbers_AreInTheReport_WithTheCellsTags()
    {
        var report = await Run(o => o, Write("a.ipynb", (Vocabulary, []), ("display(new Check());\ndisplay(new Number());\nnew Check()", ["row:1.1"])));
        var cell = report.Notebooks[0].Cells[1];
        Assert.Equal(2, cell.Checks);
        Assert.Equal(0.25, cell.Numbers["n.x"]);
        Assert.Equal(["row:1.1"], cell.Tags);
    }

    [Fact]
    public async Task TheReportsDevice_IsTheOneThatANotebookSays_ElseWhatWasAsked()
    {
        string says = Write("a.ipynb", (Vocabulary, []), ("new Device()", []), ("1", []));
        string silent = Write("b.ipynb", ("1", []));

        var report = await Run(o => o with { Device = "auto" }, says, silent);

        Assert.Equal("opencl", report.Device);
        Assert.Equal(["opencl", null], report.Notebooks.Select(n => n.Device));
        Assert.Equal("auto", (await Run(o => o with { Device = "auto" }, silent)).Device);
    }

    [Fact]
    public async Task ACellThatRequiresADataSet_RunsWhereItIsAndIsSkippedWithTheReasonElsewhere()
    {
        string path = Write("a.ipynb", ("int here = 1;", ["requires:data:here"]), ("int there = 1;", ["requires:data:there"]), ("here", []));

        var report = await Run(o => o with { MissingData = name => name == "here" ? null : $"needs {name}; get it" }, path);

        Assert.Equal([RunStatus.Passed, RunStatus.Skipped, RunStatus.Passed], report.Notebooks[0].Cells.Select(c => c.Status));
        Assert.Equal("needs there; get it", report.Notebooks[0].Cells[1].Reason);
    }

    [Fact]
    public async Task ADisplayThatALaterCellUpdates_IsUpdatedInTheCopy()
    {
        await Run(o => o, Write("a.ipynb", ("var shown = display(\"first\");", []), ("shown.Update(\"second\");", [])));
        Assert.Contains("second", Notebook.Read(Path.Combine(Out, "a.ipynb")).Cells[0].Outputs.ToJsonString());
        Assert.DoesNotContain("first", Notebook.Read(Path.Combine(Out, "a.ipynb")).Cells[0].Outputs.ToJsonString());
    }

    [Fact]
    public async Task DisplaysBeyondTheLimit_AreNamedByTheirSize()
    {
        await Run(o => o, Write("a.ipynb", ("var long_ = new string('x', 9_000_000);\nfor (var i = 0; i < 5; i++) display(long_);", [])));
        string outputs = Notebook.Read(Path.Combine(Out, "a.ipynb")).Cells[0].Outputs.ToJsonString();
        Assert.InRange(outputs.Length, 27_000_000, 32_000_000);
        Assert.Contains("a display of 9,000,000 characters was left out", outputs);
    }

    [Fact]
    public async Task ADisplayBeyondTheLimit_LeavesTheTextBesideIt()
    {
        await Run(o => o, Write("a.ipynb", ("class Wide : IEnumerable<object> { public IEnumerator<object> GetEnumerator() { yield return new { Text = new string('x', 33_000_000) }; } IEnumerator IEnumerable.GetEnumerator() => GetEnumerator(); public override string ToString() => \"a wide one\"; }\nnew Wide()", [])));
        string shown = Notebook.Read(Path.Combine(Out, "a.ipynb")).Cells[0].Outputs.ToJsonString();
        Assert.Contains("a wide one\\n", shown);
        Assert.Contains("characters was left out", shown);
        Assert.InRange(shown.Length, 0, 1000);
    }

    [Fact]
    public async Task ANotebookWithHalfACharacter_FailsAlone_AndTheReportsAreWritten()
    {
        string bad = _folder.Write("bad.ipynb", """{"cells":[{"cell_type":"code","id":"a","metadata":{},"outputs":[],"source":"// \ud800"}],"metadata":{},"nbformat":4,"nbformat_minor":5}""");
        var report = await Run(o => o, bad, Write("good.ipynb", ("1 + 1", [])));
        Assert.Equal((1, 1), (report.Passed, report.Failed));
        Assert.True(File.Exists(Path.Combine(Out, "report.junit.xml")));
    }

    [Fact]
    public async Task AnExceptionsTypeWithAControlCharacter_IsWrittenToBothReports()
    {
        await Run(o => o, Write("a.ipynb", ("class @\\u200dE : Exception { }\nthrow new Exception(\"\\u0001\");", [])));
        Assert.True(File.Exists(Path.Combine(Out, "report.junit.xml")));
        Assert.True(File.Exists(Path.Combine(Out, "report.trx")));
    }

    [Theory]
    [InlineData(false, 1, RunStatus.NotDone)]
    [InlineData(true, 0, RunStatus.Passed)]
    public async Task ExerciseThatIsNotDone_FailsExceptForStudents_AndStopsNothing(bool student, int failed, RunStatus status)
    {
        var report = await Run(o => o with { Student = student }, Write("a.ipynb", (Vocabulary, []),
            ("throw new Exception(\"a solution\");", student ? ["solution"] : ["solution", "skip-execution"]),
            ("display(new Exercise());", ["check"]),
            ("1", [])));
        Assert.Equal([RunStatus.Passed, RunStatus.Skipped, RunStatus.NotDone, RunStatus.Passed], report.Notebooks[0].Cells.Select(c => c.Status));
        Assert.Equal((failed, status), (report.Failed, report.Notebooks[0].Status));
    }

    [Theory]
    [InlineData(true, new[] { RunStatus.Passed, RunStatus.NotDone, RunStatus.NotDone, RunStatus.Passed })]
    [InlineData(false, new[] { RunStatus.Passed, RunStatus.Failed, RunStatus.NotRun, RunStatus.NotRun })]
    public async Task CellThatUsesAnExerciseLeftToTheStudent_WaitsForIt_AndTheNotebookGoesOn(bool student, RunStatus[] expected)
    {
        var report = await Run(o => o with { Student = student }, Write("a.ipynb",
            ("class ExerciseNotDoneException : Exception { }\nint Solve() => throw new ExerciseNotDoneException();", ["exercise"]),
            ("int half = Solve() / 2;", []), ("undefined + half", []), ("1", [])));
        Assert.Equal(expected, report.Notebooks[0].Cells.Select(c => c.Status));
        Assert.Equal(student ? RunStatus.Passed : RunStatus.Failed, report.Notebooks[0].Status);
    }

    [Fact]
    public async Task Failure_InTheStudentEdition_IsAFailureWhereNoExerciseWasReached()
    {
        var report = await Run(o => o with { Student = true }, Write("a.ipynb", ("throw new Exception();", []), ("1", [])));
        Assert.Equal([RunStatus.Failed, RunStatus.NotRun], report.Notebooks[0].Cells.Select(c => c.Status));
    }

    [Fact]
    public async Task KeepGoing_RunsTheCellsBehindAFailure_EvenOfADeadSession()
    {
        var report = await Run(o => o with { KeepGoing = true }, Write("a.ipynb",
            ("var kept = 1;", []), ("throw new Exception();", []), ("kept", []), ("Environment.Exit(3);", []), ("6 * 7", [])));
        Assert.Equal([RunStatus.Passed, RunStatus.Failed, RunStatus.Passed, RunStatus.Died, RunStatus.Passed], report.Notebooks[0].Cells.Select(c => c.Status));
    }

    [Fact]
    public async Task KeepGoing_BehindADeadSession_CellsThatNeedItsVariables_AreNotRun()
    {
        var report = await Run(o => o with { KeepGoing = true }, Write("a.ipynb",
            ("var kept = 1;", []), ("Environment.Exit(3);", []), ("kept + 1", []), ("new Lost()", []), ("throw new Exception();", [])));
        Assert.Equal([RunStatus.Passed, RunStatus.Died, RunStatus.NotRun, RunStatus.NotRun, RunStatus.Failed], report.Notebooks[0].Cells.Select(c => c.Status));
        Assert.Equal(2, report.Failed);
    }

    [Fact]
    public async Task FailFast_StopsTheOtherNotebooks()
    {
        var report = await Run(o => o with { FailFast = true, Jobs = 1 },
            Write("a.ipynb", ("throw new Exception();", [])), Write("b.ipynb", ("1", [])), Write("c.ipynb", ("1", [])));
        Assert.Equal([RunStatus.Failed, RunStatus.NotRun, RunStatus.NotRun], report.Notebooks.Select(n => n.Status));
        Assert.Equal((0, 1), (report.Passed, report.Failed));
    }

    [Fact]
    public async Task NotebookLimit_EndsACellThatIsWithinItsOwn()
    {
        var report = await Run(o => o with { NotebookLimit = TimeSpan.FromSeconds(3) }, Write("a.ipynb", ("while (true) { }", [])));
        Assert.Equal(RunStatus.TimedOut, report.Notebooks[0].Status);
        Assert.Contains("the notebook's limit of 3 s", report.Notebooks[0].Cells[0].Error?.Message);
    }

    [Fact]
    public async Task CellsBehindTheNotebooksLimit_AreNotRun()
    {
        var report = await Run(o => o with { NotebookLimit = TimeSpan.FromSeconds(3), KeepGoing = true }, Write("a.ipynb", ("while (true) { }", []), ("2", [])));
        Assert.Equal([RunStatus.TimedOut, RunStatus.NotRun], report.Notebooks[0].Cells.Select(c => c.Status));
        Assert.Equal("the notebook's time was up", report.Notebooks[0].Cells[1].Reason);
    }

    [Fact]
    public Task Cancel_StopsWithinTwoSeconds_AndKeepsWhatIsDone() => Steady.AtMostAsync(TimeSpan.FromSeconds(2), CancelAsync);

    /// <summary>How long a run takes to stop.</summary>
    private async Task<TimeSpan> CancelAsync()
    {
        using var stop = new CancellationTokenSource();
        var reached = new TaskCompletionSource();
        var options = Options(Write("a.ipynb", ("40 + 2", []), ("while (true) { }", []), ("1", [])), Write("b.ipynb", ("System.Threading.Thread.Sleep(-1);", [])));
        var run = new CourseRunner(options with { Jobs = 1 }, new WhenCellStarts(1, reached)).RunAsync(stop.Token);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(60));
        var clock = Stopwatch.StartNew();
        await stop.CancelAsync();
        var report = await run;
        var took = clock.Elapsed;
        Assert.Equal([RunStatus.Passed, RunStatus.NotRun, RunStatus.NotRun], report.Notebooks[0].Cells.Select(c => c.Status));
        Assert.Equal((RunStatus.NotRun, 0), (report.Notebooks[1].Status, report.Failed));
        Assert.Equal("42", (string?)Notebook.Read(Path.Combine(Out, "a.ipynb")).Cells[0].Outputs[0]!["data"]!["text/plain"]![0]);
        Assert.True(File.Exists(Path.Combine(Out, "report.json")));
        return took;
    }

    [Fact]
    public async Task NotebookOfTextOnly_Passes_AndIsCopied()
    {
        var notebook = Notebook.Create();
        notebook.Add("markdown", "# Text", "a");
        var report = await Run(o => o, _folder.Write("a.ipynb", notebook.ToString()));
        Assert.Equal((RunStatus.Passed, 0), (report.Notebooks[0].Status, report.Passed));
        Assert.Equal("# Text", Notebook.Read(Path.Combine(Out, "a.ipynb")).Cells[0].Source);
    }

    [Fact]
    public async Task CellMemory_IsItsOwnPeak()
    {
        var report = await Run(o => o, Write("a.ipynb",
            ("{ var big = new byte[300 << 20]; Array.Fill(big, (byte)1); }\nGC.Collect(2, GCCollectionMode.Aggressive, true, true);", []), ("1", [])));
        var cells = report.Notebooks[0].Cells;
        Assert.InRange(cells[0].PeakMb, 300, 1000);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a high-water mark that can be reset");
        Assert.InRange(cells[1].PeakMb, 20, cells[0].PeakMb - 200);
    }

    [Fact]
    public async Task NotebookOutsideTheRepository_IsReportedByItsFullPath()
    {
        using var elsewhere = new TemporaryFolder();
        string path = elsewhere.Write("x.ipynb", Text(("1", [])));
        var report = await Run(o => o, path);
        Assert.Equal(path.Replace('\\', '/'), report.Notebooks[0].Path);
        Assert.True(File.Exists(Path.Combine(Out, report.Notebooks[0].Executed!)));
    }

    [Fact]
    public void Find_ScansFolders_ButNeitherTheOutFolderNorHiddenOnes()
    {
        foreach (string name in (string[])["b/z.ipynb", "a.ipynb", ".hidden/c.ipynb", "run/a.ipynb", "b/.ipynb_checkpoints/z-checkpoint.ipynb", "b/notes.md"])
            _folder.Write(name, "");
        Assert.Equal(["a.ipynb", "b/z.ipynb"], NotebookPaths.Find([_folder.Path, "a.ipynb"], _folder.Path, Out).Select(p => Path.GetRelativePath(_folder.Path, p).Replace('\\', '/')));
    }

    [Theory]
    [InlineData("nowhere", "nowhere does not exist")]
    [InlineData(".", "There is no notebook")]
    public void Find_OfNothing_SaysSo(string path, string message) =>
        Assert.Contains(message, Assert.Throws<NotebookPathException>(() => NotebookPaths.Find([path], _folder.Path)).Message);

    private string Out => Path.Combine(_folder.Path, "run");

    private Task<RunReport> Run(Func<RunOptions, RunOptions> change, params string[] notebooks)
    {
        var options = change(Options(notebooks));
        return new CourseRunner(options, new Silent()).RunAsync(CancellationToken.None);
    }

    private RunOptions Options(params string[] notebooks) => new() { Repository = _folder.Path, Notebooks = notebooks, Out = Out, CellLimit = TimeSpan.FromSeconds(60) };

    private string Write(string name, params (string Source, string[] Tags)[] cells) => _folder.Write(name, Text(cells));

    private static string Text(params (string Source, string[] Tags)[] cells)
    {
        var notebook = Notebook.Create();
        foreach (var (source, tags) in cells)
            notebook.Add("code", source, $"c{notebook.Cells.Count}", tags);
        return notebook.ToString();
    }

    private sealed class WhenCellStarts(int index, TaskCompletionSource reached) : IRunObserver
    {
        public void OnNotebookStart(string path, int codeCells) { }

        public void OnCellStart(string path, int position, int cell)
        {
            if (cell == index)
                reached.TrySetResult();
        }

        public void OnCellEnd(string path, CellReport cell) { }

        public void OnNotebookEnd(NotebookReport notebook) { }
    }
}
