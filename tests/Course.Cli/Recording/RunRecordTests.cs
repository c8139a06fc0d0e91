using Course.Cli.Recording;
using Course.Runner;

namespace Course.Cli.Tests.Recording;

/// <summary>The file that keeps what runs measured.</summary>
public sealed class RunRecordTests : IDisposable
{
    private static readonly RunOptions Options = new() { Notebooks = [], Out = "", Profile = "full" };
    private readonly string _folder = Directory.CreateTempSubdirectory("course-record-").FullName;

    private string File => Path.Combine(_folder, "record.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void With_ReplacesTheNotebooksThatWereRun_AndKeepsTheOthers()
    {
        var first = RunRecord.Empty(Options).With(Report(("notebooks/b.ipynb", 10, 0.5), ("notebooks/a.ipynb", 20, 0.6)), "1111", 1);
        var second = first.With(Report(("notebooks/b.ipynb", 30, 0.7), ("notebooks/c.ipynb", 1, 0.1)), "2222", 2);
        Assert.Equal([("notebooks/a.ipynb", "1111", 1, 20), ("notebooks/b.ipynb", "2222", 2, 30), ("notebooks/c.ipynb", "2222", 2, 1)],
            second.Notebooks.Select(n => (n.Path, n.Commit, n.Threads, n.Seconds)));
        Assert.Equal(51, second.Seconds);
        Assert.Equal(0.7, second.Number("b.accuracy"));
        Assert.Null(second.Number("never.recorded"));
    }

    [Fact]
    public void With_NotebookThatWasNotReached_LeavesItsEntryAlone()
    {
        var first = RunRecord.Empty(Options).With(Report(("a.ipynb", 10, 0.5)), "1111", 1);
        var stopped = Report(("a.ipynb", 3, 0.1));
        stopped = stopped with { Notebooks = [stopped.Notebooks[0] with { Status = RunStatus.NotRun }] };
        Assert.Equal("1111", Assert.Single(first.With(stopped, "2222", 1).Notebooks).Commit);
    }

    [Fact]
    public void Write_ThenRead_GivesTheSame()
    {
        var written = RunRecord.Empty(Options).With(Report(("a.ipynb", 12.34, 0.9951)), "1111", 2);
        written.Write(File);
        var read = RunRecord.ReadFor(Options, File);
        Assert.Equal(written.Machine, read.Machine);
        Assert.Equal(0.9951, read.Number("a.accuracy"));
        var (before, after) = (Assert.Single(written.Notebooks), Assert.Single(read.Notebooks));
        Assert.Equal(before with { Numbers = after.Numbers }, after);
        Assert.Equal((2, 1, 1, 1, 12.3), (after.Passed, after.Failed, after.Skipped, after.NotRun, after.Seconds));
        Assert.Contains("\"status\": \"passed\"", System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void ReadFor_RecordOfAnotherProfile_SaysBothAndWhatToDo()
    {
        RunRecord.Empty(Options).With(Report(("a.ipynb", 1, 0.5)), "1111", 1).Write(File);
        var error = Assert.Throws<WrongUseException>(() => RunRecord.ReadFor(Options with { Profile = "quick" }, File));
        Assert.Contains("another profile (full), this one is quick", error.Message);
        Assert.Contains("Delete the file", error.Message);
    }

    [Theory]
    [InlineData("{\"profile\": \n oops}", "line 2")]
    [InlineData("{}", "lacks")]
    [InlineData("null", "lacks")]
    public void Read_FileThatIsNoRecord_NamesTheFile(string content, string expected)
    {
        System.IO.File.WriteAllText(File, content);
        var error = Assert.Throws<WrongUseException>(() => RunRecord.Read(File));
        Assert.Contains(File, error.Message);
        Assert.Contains(expected, error.Message);
    }

    internal static RunReport Report(params (string Path, double Seconds, double Accuracy)[] notebooks) => new("full", "auto", "managed",
        new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), 1, 0, 0, 0,
        [.. notebooks.Select(n => new NotebookReport(n.Path, RunStatus.Passed, n.Seconds, 99.6,
            [
                Cell(RunStatus.Passed, (Path.GetFileNameWithoutExtension(n.Path) + ".accuracy", n.Accuracy)),
                Cell(RunStatus.Passed), Cell(RunStatus.Failed), Cell(RunStatus.Skipped), Cell(RunStatus.NotRun),
            ]))]);

    private static CellReport Cell(RunStatus status, params (string Name, double Value)[] numbers) =>
        new("id", 0, [], status, null, 0, 0, 0, numbers.ToDictionary(n => n.Name, n => n.Value), null);
}
