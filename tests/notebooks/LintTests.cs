using Course.Notebooks;
using Course.Notebooks.Lint;

namespace Notebooks.Tests;

public class LintTests
{
    public static TheoryData<string> Names => NotebookTests.Names;

    public static TheoryData<string> Chapters => [.. NotebookCopies.Originals.Select(NotebookCopies.NameOf).Where(n => char.IsDigit(n[0]))];

    [Theory]
    [MemberData(nameof(Names))]
    public void Notebook_KeepsTheRulesOfTheCourse(string name)
    {
        var findings = NotebookLint.Check(RepositoryFiles.PathOf("notebooks", name));
        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }

    [Theory]
    [MemberData(nameof(Chapters))]
    public void Chapter_ReachesTheFloorOfWhatIsMeasured(string name)
    {
        var notebook = Notebook.Read(RepositoryFiles.PathOf("notebooks", name));
        var measures = NotebookMeasures.Of(notebook, NotebookLint.Check(notebook));
        Assert.True(measures.Words >= 900, $"{name}: {measures.Words} words; a part has at least 900");
        Assert.True(measures.ReadingMinutes <= 45, $"{name}: {measures.ReadingMinutes} minutes of reading; split it into parts");
        Assert.True(measures.Figures >= 1, $"{name} has no figure");
        Assert.True(measures.Rows.Count >= 1, $"{name} asserts no row of the syllabus");
        Assert.True(measures.Exercises >= 4, $"{name} has {measures.Exercises} exercises; a part has at least 4");
        Assert.Contains(notebook.Cells, c => c.HasTag("teacher"));
    }

    /// <summary>The parts of a chapter count together: 02b with 02.</summary>
    [Fact]
    public void EveryChapter_HasAGradedTaskOfEachKind()
    {
        string[] required = ["00", "01", "02", "03", "04", "05", "06"];
        var byChapter = NotebookCopies.Originals.Where(o => char.IsDigit(NotebookCopies.NameOf(o)[0]))
            .GroupBy(o => NotebookCopies.NameOf(o)[..2])
            .ToDictionary(g => g.Key, g => g.Select(o => GradedTasks.Of(Notebook.Read(o))).ToList());
        string[] missing =
        [
            .. required.Where(c => byChapter[c].Sum(t => t.PredictChangeExplain) == 0).Select(c => $"chapter {c} has no graded task predict, change, explain (exercises such as 3.8a, 3.8b, 3.8c)"),
            .. required.Where(c => byChapter[c].Sum(t => t.BeatTheBar) == 0).Select(c => $"chapter {c} has no graded task beat the bar (a check that submits to a Bar)"),
        ];
        Assert.True(missing.Length == 0, string.Join('\n', missing));
    }

    [Fact]
    public void EveryRowThatTheChaptersPromise_IsCovered()
    {
        string[] promised =
        [
            "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8",
            "1.1", "1.2", "1.3", "1.4", "1.5", "1.6",
            "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.8", "2.9", "2.10",
            "3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13",
            "4.1", "4.2", "4.3", "4.4", "4.5", "4.6", "4.7", "4.8", "4.9", "4.10", "4.11", "4.12", "4.13", "4.14",
            "5.1", "5.2", "5.3", "5.4", "5.5", "5.6", "5.7", "5.8", "5.9", "5.10", "5.11", "5.12", "5.13", "5.14",
            "6.1", "6.2", "6.3", "6.4", "6.5", "6.6", "6.7", "6.8", "6.9", "6.10", "6.11", "6.12", "6.13", "L1", "L2", "A4",
        ];
        var covered = NotebookCopies.Originals.SelectMany(o => Notebook.Read(o).Cells).SelectMany(c => c.Tags).ToHashSet();
        string[] missing = [.. promised.Where(row => !covered.Contains("row:" + row))];
        Assert.True(missing.Length == 0, "no cell asserts the rows " + string.Join(", ", missing));
    }
}
