using System.Xml.Linq;
using Course.Notebooks;

namespace Course.Runner.Tests;

/// <summary>Notebooks that misbehave: each ends in its verdict, the others finish, and nothing stays behind.</summary>
public sealed class SurvivalTests(SurvivalRun run) : IClassFixture<SurvivalRun>
{
    [Theory]
    [InlineData("throws", RunStatus.Failed, 1, 3, "InvalidOperationException", "on purpose")]
    [InlineData("does-not-compile", RunStatus.Failed, 1, 2, "CompilationError", "CS0029")]
    [InlineData("loops-forever", RunStatus.TimedOut, 0, 2, "TimedOut", "longer than its limit of 15 s")]
    [InlineData("loops-and-catches", RunStatus.TimedOut, 0, 2, "TimedOut", "was interrupted")]
    [InlineData("sleeps-forever", RunStatus.TimedOut, 0, 2, "TimedOut", "was interrupted")]
    [InlineData("awaits-forever", RunStatus.TimedOut, 0, 1, "TimedOut", "was interrupted")]
    [InlineData("stuck-in-library", RunStatus.TimedOut, 0, 2, "TimedOut", "its session was ended")]
    [InlineData("exits", RunStatus.Died, 0, null, "SessionDied", "exit code 0")]
    [InlineData("fails-fast", RunStatus.Died, 0, null, "SessionDied", "FailFast")]
    [InlineData("overflows-stack", RunStatus.Died, 0, null, "SessionDied", "overflowed its stack")]
    [InlineData("recurses-forever", RunStatus.Failed, 0, 3, "InsufficientExecutionStackException", "stack")]
    [InlineData("throws-on-thread", RunStatus.Died, 0, null, "SessionDied", "on a thread")]
    [InlineData("allocates-managed", RunStatus.OutOfMemory, 0, null, null, "emory")]
    [InlineData("allocates-native", RunStatus.OutOfMemory, 0, null, "OutOfMemory", "memory limit of 400 MB")]
    [InlineData("must-raise-but-does-not", RunStatus.Failed, 0, null, "NoException", "raised none")]
    [InlineData("unknown-directive", RunStatus.Failed, 0, 2, "DirectiveError", "#!nonsense")]
    [InlineData("missing-reference", RunStatus.Failed, 0, 1, "DirectiveError", "dotnet build")]
    public void CellThatMisbehaves_GetsItsVerdict_WithItsPlace(string name, RunStatus status, int index, int? line, string? type, string message)
    {
        var notebook = run.Notebook(name);
        Assert.Equal(status, notebook.Status);
        var cell = notebook.Cells.Single(c => c.Status != RunStatus.NotRun && c.Status != RunStatus.Passed);
        Assert.Equal((status, index), (cell.Status, cell.Index));
        Assert.Contains(message, cell.Error?.Message);
        if (type is not null)
            Assert.Equal(type, cell.Error?.Type);
        if (line is not null)
            Assert.Equal(line, cell.Error?.Line);
        Assert.NotNull(cell.Error?.Excerpt);
    }

    [Theory]
    [InlineData("no-json", "is no valid JSON", 3)]
    [InlineData("empty", "the file is empty", 1)]
    [InlineData("nbformat-3", "nbformat 3", null)]
    [InlineData("python", "a notebook in python", null)]
    public void FileThatIsNoNotebookOfOurs_FailsWithAMessage(string name, string message, int? line)
    {
        var notebook = run.Notebook(name);
        Assert.Equal((RunStatus.Failed, 1, line), (notebook.Status, notebook.Failed, notebook.Error?.Line));
        Assert.Contains(message, notebook.Error?.Message);
        Assert.Empty(notebook.Cells);
    }

    [Theory]
    [InlineData("passes", 3)]
    [InlineData("no-metadata", 1)]
    [InlineData("runaway-thread", 2)]
    [InlineData("prints-50-mb", 2)]
    [InlineData("native-output", 3)]
    [InlineData("output-order", 1)]
    [InlineData("leaves-process", 1)]
    [InlineData("raises-as-it-must", 2)]
    [InlineData("skips", 1)]
    public void NotebookBesideThem_Passes(string name, int cells)
    {
        var notebook = run.Notebook(name);
        Assert.Equal((RunStatus.Passed, cells, 0), (notebook.Status, notebook.Passed, notebook.Failed));
    }

    [Fact]
    public void CellsBehindAFailure_AreNotRun_AndCountedNowhere()
    {
        var notebook = run.Notebook("throws");
        Assert.Equal([RunStatus.Passed, RunStatus.Failed, RunStatus.NotRun], notebook.Cells.Select(c => c.Status));
        Assert.Equal((1, 1, 0), (notebook.Passed, notebook.Failed, notebook.Skipped));
    }

    [Fact]
    public void TimedOutCell_TakesLittleLongerThanItsLimit()
    {
        foreach (string name in (string[])["loops-forever", "sleeps-forever", "awaits-forever", "stuck-in-library"])
            Assert.InRange(run.Notebook(name).Cells[0].Seconds, SurvivalRun.CellLimit.TotalSeconds - 0.5, SurvivalRun.CellLimit.TotalSeconds + 60);
    }

    [Fact]
    public void NoProcess_StaysBehind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        SpinWait.SpinUntil(() => run.Leftovers().Count == 0, TimeSpan.FromSeconds(60));
        Assert.Empty(run.Leftovers());
    }

    [Fact]
    public void OutputBeforeTheEnd_IsKept()
    {
        Assert.Contains("last words", Text(run.Executed("exits").Cells[0]));
        Assert.Contains("before", Text(run.Executed("loops-forever").Cells[0]));
    }

    [Fact]
    public void FiftyMegabytes_AreCutInTheCopy_AndCounted()
    {
        string text = Text(run.Executed("prints-50-mb").Cells[0]);
        Assert.InRange(text.Length, 1_000_000, 1_001_000);
        Assert.Contains("more characters of output were left out", text);
    }

    [Fact]
    public void NativeOutput_LandsInItsCell_InOrder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "calls libc");
        var outputs = run.Executed("native-output").Cells[1].Outputs;
        Assert.Equal("1 managed\n2 native buffered\n", Text(outputs[0]!));
        Assert.Equal("3 shown", Text(outputs[1]!["data"]!["text/plain"]!));
        Assert.Equal("4 native direct\n5 managed\n6 native at the end\n", Text(outputs[2]!));
        Assert.Equal("another cell\n", Text(run.Executed("native-output").Cells[2]));
    }

    [Fact]
    public void OutputOfBothStreamsThreadsAndDisplays_KeepsItsOrder() =>
        Assert.Equal(["out 1\n", "err 2\n", "out 3\n", "shown 4", "err 5\n", "thread 6\ntask 7\n", "value 8"],
            run.Executed("output-order").Cells[0].Outputs.Select(o => o!["data"] is { } data ? Text(data["text/plain"]!) : Text(o)));

    [Theory]
    [InlineData(0, "tagged skip-execution")]
    [InlineData(1, "needs a GPU")]
    [InlineData(2, "No.Such.Package.Of.The.Course 1.2.3, which cannot be restored here")]
    public void SkippedCell_SaysWhy(int index, string reason)
    {
        var cell = run.Notebook("skips").Cells[index];
        Assert.Equal(RunStatus.Skipped, cell.Status);
        Assert.Contains(reason, cell.Reason);
    }

    [Fact]
    public void Totals_CountCodeCells_AndUnreadableNotebooksOnce()
    {
        Assert.Equal(run.Report.Notebooks.Sum(n => n.Cells.Count(c => c.Status == RunStatus.Passed)), run.Report.Passed);
        Assert.Equal(17 + 4, run.Report.Failed);
        Assert.Equal(3, run.Report.Skipped);
    }

    [Fact]
    public void JsonReport_IsWhatWasReturned()
    {
        var read = RunReport.FromJson(File.ReadAllText(Path.Combine(run.Out, "report.json")));
        Assert.Equal(run.Report.ToJson(), read.ToJson());
        Assert.Contains("\"status\": \"timed-out\"", File.ReadAllText(Path.Combine(run.Out, "report.json")));
    }

    [Fact]
    public void XmlReports_HaveOneTestPerCell_AndSayWhere()
    {
        var junit = XDocument.Load(Path.Combine(run.Out, "report.junit.xml"));
        var failure = junit.Descendants("testcase").Single(t => (string?)t.Attribute("file") == "throws.ipynb" && t.Element("failure") is not null);
        Assert.Equal("3", (string?)failure.Attribute("line"));
        Assert.Contains("throws.ipynb, cell[1], line 3: InvalidOperationException: on purpose", failure.Value);
        Assert.Contains(">   3 | throw", failure.Value);
        Assert.Equal(run.Report.Failed, junit.Descendants("failure").Count());

        XNamespace ns = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
        var trx = XDocument.Load(Path.Combine(run.Out, "report.trx"));
        Assert.Equal(run.Report.Failed, trx.Descendants(ns + "UnitTestResult").Count(r => (string?)r.Attribute("outcome") == "Failed"));
        Assert.Equal(run.Report.Passed, trx.Descendants(ns + "UnitTestResult").Count(r => (string?)r.Attribute("outcome") == "Passed"));
    }

    private static string Text(NotebookCell cell) => string.Concat(cell.Outputs.Select(o => Text(o!)));

    private static string Text(System.Text.Json.Nodes.JsonNode node) =>
        node is System.Text.Json.Nodes.JsonArray lines ? string.Concat(lines.Select(l => (string?)l)) : node["text"] is { } text ? Text(text) : "";
}
