using Course.Notebooks;
using Course.Runner;

namespace Notebooks.Tests;

/// <summary>What a reader is promised of every notebook: it runs, its exercises can be failed, its checks can fail.</summary>
public class NotebookTests(NotebookRuns runs)
{
    public static TheoryData<string> Names => [.. NotebookCopies.Selected.Select(NotebookCopies.NameOf)];

    public static TheoryData<string> SampledMutations => [.. Mutation.Sample(DateOnly.FromDateTime(DateTime.UtcNow)).Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Notebook_EveryCellOfItsAuthors_PassesOrIsSkippedWithAReason(string name)
    {
        SkipUnlessRunToday(name);
        var report = await runs.ChapterAsync(name);
        Assert.True(report.Error is null, $"{name}: {report.Error?.Message}");
        foreach (var cell in report.Cells.Where(c => !IsRejection(c)))
        {
            Assert.True(cell.Status is RunStatus.Passed or RunStatus.Skipped, $"{name}: cell {cell.Id} {cell.Status}: {cell.Reason} {cell.Error?.Type}: {cell.Error?.Message}\n{cell.Error?.Excerpt}");
            Assert.True(cell.Status != RunStatus.Skipped || !string.IsNullOrWhiteSpace(cell.Reason), $"{name}: cell {cell.Id} is skipped without a reason");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Exercises_RejectTheStubAndEveryStoredWrongAnswer(string name)
    {
        SkipUnlessRunToday(name);
        var report = await runs.ChapterAsync(name);
        var accepted = report.Cells.Where(c => IsRejection(c) && c.Status is not (RunStatus.NotDone or RunStatus.Failed)).ToList();
        Assert.True(accepted.Count == 0, $"{name}: accepted or not run: {string.Join(", ", accepted.Select(c => $"{c.Id} ({c.Status})"))}");
        var notCompiled = report.Cells.Where(c => c.Id!.StartsWith("wrong-", StringComparison.Ordinal) && c.Status != RunStatus.Passed).ToList();
        Assert.True(notCompiled.Count == 0, $"{name}: a stored wrong answer must be code that runs: {string.Join(", ", notCompiled.Select(c => $"{c.Id}: {c.Error?.Message}"))}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Exercises_HaveTwoStoredWrongAnswersEach(string name)
    {
        var notebook = Notebook.Read(RepositoryFiles.PathOf("notebooks", name));
        foreach (var check in notebook.Cells.Where(c => c.HasTag("check")))
        {
            string id = ExerciseIds.Of(check);
            int stored = notebook.Metadata["course"]?["exercises"]?[id]?["wrong"]?.AsArray().Count ?? 0;
            Assert.True(stored >= 2, $"{name}: exercise {id} has {stored} stored wrong answers (metadata course.exercises); expected at least 2");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Exercises_EachHiddenVariantHasAStoredAnswerThatKnowsTheVisibleNumbersOnly(string name)
    {
        var notebook = Notebook.Read(RepositoryFiles.PathOf("notebooks", name));
        foreach (var variant in notebook.Cells.Where(c => c.HasTag("hidden")))
            Assert.True(notebook.Metadata["course"]!["exercises"]![ExerciseIds.Of(variant)]?["memorised"] is not null, $"{name}: exercise {ExerciseIds.Of(variant)} has a hidden variant and no stored answer that it alone rejects (metadata course.exercises, memorised)");
    }

    [Fact]
    public void Chapters_HaveTwoExercisesOrMoreWithAHiddenVariant()
    {
        foreach (var chapter in NotebookCopies.Originals.Select(Notebook.Read).Where(n => n.Cells.Any(c => c.HasTag("exercise"))).GroupBy(n => Path.GetFileName(n.Path)[..2]))
        {
            int variants = chapter.Sum(n => n.Cells.Count(c => c.HasTag("hidden")));
            Assert.True(variants >= 2, $"chapter {chapter.Key} has {variants} hidden variants of exercises (a cell tagged hidden behind the check); expected at least 2");
        }
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(SampledMutations))]
    public async Task Row_WhoseClaimIsMadeFalse_FailsItsCheck(string name)
    {
        var report = await runs.MutatedAsync(name);
        var row = report.Cells.Where(c => c.Tags.Contains("row:" + name.Split('@')[0])).ToList();
        Assert.True(row.Any(c => c.Status == RunStatus.Failed && c.Error!.Type.Contains("CheckFailed")),
            $"{name}: no check of the row failed: {string.Join("; ", report.Cells.Where(c => c.Status != RunStatus.Passed).Select(c => $"{c.Id} {c.Status} {c.Error?.Type}: {c.Error?.Message}"))}");
    }

    [Fact]
    public void EveryCoveredRow_HasAMutationForEachOfItsChecksAndAllFitTheirNotebooks()
    {
        var mutations = Mutation.All.CountBy(m => (m.Path, m.Row)).ToDictionary();
        foreach (string original in NotebookCopies.Originals)
        {
            var notebook = Notebook.Read(original);
            string path = "notebooks/" + NotebookCopies.NameOf(original);
            foreach (var (row, checks) in notebook.Cells.SelectMany(c => c.Tags).Where(t => t.StartsWith("row:", StringComparison.Ordinal)).CountBy(t => t[4..]))
            {
                int found = mutations.GetValueOrDefault((path, row));
                Assert.True(found >= checks, $"{path}: row {row} has {checks} checks and {found} entries in tests/notebooks/mutations.json");
            }
        }
        Assert.Equal(Mutation.All.Count, Mutation.All.Select(m => m.Name).Distinct().Count());
        foreach (var mutation in Mutation.All)
            NotebookCopies.Mutated(Notebook.Read(RepositoryFiles.PathOf(mutation.Path)), mutation);
    }

    private static void SkipUnlessRunToday(string name) => Assert.SkipUnless(NotebookCopies.RunToday.Any(o => NotebookCopies.NameOf(o) == name),
        "other notebooks are run today; COURSE_TEST_NOTEBOOKS=all runs every one, COURSE_TEST_NOTEBOOKS=03 those with 03 in their path");

    private static bool IsRejection(CellReport cell) => cell.Id!.StartsWith("reject-", StringComparison.Ordinal);
}
