using System.Diagnostics;
using Course.Classroom.Editions;
using Course.Classroom.Grading;
using Course.Notebooks;
using Course.Tests.Data;

namespace Course.Classroom.Tests;

/// <summary>The grader over the course's own chapters. It takes minutes, so variables ask for it.</summary>
public sealed class ChapterGradingTests(ITestOutputHelper output)
{
    /// <summary><c>COURSE_TEST_GRADING</c>: <c>all</c>, or parts of the names of notebooks, separated by commas.</summary>
    [Fact]
    public async Task Chapters_SolutionsEarnAllPoints_StubsNone_AndMemorisedNumbersLoseTheHiddenVariants()
    {
        if (Environment.GetEnvironmentVariable("COURSE_TEST_GRADING") is not { Length: > 0 } asked)
        {
            Assert.Skip("takes minutes: set COURSE_TEST_GRADING=all, or to parts of names of notebooks");
            return;
        }
        var chapters = NotebookPaths.Find([], SmallCourse.Checkout).Select(Notebook.Read)
            .Where(n => n.Cells.Any(c => c.HasTag(CellTags.Exercise)) && (asked == "all" || asked.Split(',').Any(Path.GetFileName(n.Path).Contains))).ToList();
        using var folder = new TemporaryFolder();
        foreach (var chapter in chapters)
        {
            string name = Path.GetFileName(chapter.Path);
            Solved(chapter, _ => true).Write(folder.File("solved", name));
            Solved(chapter, _ => false).Write(folder.File("stubs", name));
            Memorised(chapter).Write(folder.File("memorised", name));
        }
        var book = await new ClassGrader(chapters, new GradingOptions { AnswerLimit = TimeSpan.FromSeconds(120) })
            .GradeAsync(folder.Path, (grade, _) => output.WriteLine($"{grade.Student} {grade.Notebook} {grade.Points}/{grade.Of} {grade.Seconds} s"), TestContext.Current.CancellationToken);

        Assert.Equal(3 * chapters.Count, book.Submissions.Count);
        bool AsExpected(string student, ExerciseGrade exercise) => student switch
        {
            "solved" => exercise.Verdict == Verdict.Full,
            "stubs" => exercise.Verdict == Verdict.NotDone,
            // All that can be seen is right, and a variant that cannot is wrong; an exercise without variants was left alone.
            _ => exercise.Verdict == Verdict.NotDone || exercise.Verdict == Verdict.Partial && exercise.Checks.All(c => c.Passed || c.Hidden),
        };
        Assert.All(book.Submissions.Where(s => s.Student == "memorised"), s => Assert.True(s.Exercises.Count(e => e.Verdict == Verdict.Partial) >= 2, s.Notebook));
        var wrong = book.Submissions.SelectMany(s => s.Exercises.Where(e => !AsExpected(s.Student, e))
            .Select(e => $"{s.Student} {s.Notebook} {e.Id}: {e.Verdict} {e.Points}/{e.Of} {e.Message} {string.Join("; ", e.Checks.Where(c => !c.Passed).Select(c => $"{c.Claim}: {c.Reason} {c.Found} {c.Expected}"))}")).ToList();
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    /// <summary><c>COURSE_TEST_SUBMISSIONS</c>: how many submissions of chapter 03, each with its own mixture of right, wrong and missing answers.</summary>
    [Fact]
    public async Task Submissions_OfChapter03_GetThePointsOfTheirMixture()
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable("COURSE_TEST_SUBMISSIONS"), out int count))
        {
            Assert.Skip("takes minutes: set COURSE_TEST_SUBMISSIONS=100");
            return;
        }
        var chapter = Notebook.Read(Path.Combine(SmallCourse.Checkout, "notebooks", "03-linear-regression.ipynb"));
        var exercises = Assignment.Of(chapter).Exercises.ToList();
        using var folder = new TemporaryFolder();
        for (int i = 0; i < count; i++)
            Solved(chapter, id => (i >> exercises.FindIndex(e => e.Stubs[0].Id == id)) % 2 == 0).Write(folder.File("submissions", $"{i:000}.ipynb"));
        var clock = Stopwatch.StartNew();
        var book = await new ClassGrader([chapter], new GradingOptions()).GradeAsync(folder.File("submissions"), (_, _) => { }, TestContext.Current.CancellationToken);
        output.WriteLine($"{count} submissions in {clock.Elapsed.TotalMinutes:0.00} minutes");

        for (int i = 0; i < count; i++)
            Assert.Equal(exercises.Where((_, e) => (i >> e) % 2 == 0).Sum(e => e.Points), book.Submissions[i].Points);
    }

    /// <summary>The student edition with the stored answers that know the numbers of the visible checks by heart.</summary>
    private static Notebook Memorised(Notebook chapter)
    {
        var students = StudentNotebook.Of(chapter, _ => true);
        foreach (var exercise in Assignment.Of(chapter).Exercises)
            if (chapter.Metadata["course"]?["exercises"]?[exercise.Id]?["memorised"] is { } answer)
                students.Cells.Single(c => c.Id == exercise.Stubs[0].Id).Source = (string)answer!;
        return students;
    }

    /// <summary>The student edition with the teacher's solutions in the stubs that are to be solved.</summary>
    private static Notebook Solved(Notebook chapter, Func<string, bool> solve)
    {
        var students = StudentNotebook.Of(chapter, _ => true);
        foreach (var exercise in Assignment.Of(chapter).Exercises.Where(e => solve(e.Stubs[0].Id!)))
            for (int i = 0; i < exercise.Solutions.Count; i++)
                students.Cells.Single(c => c.Id == exercise.Stubs[Math.Min(i, exercise.Stubs.Count - 1)].Id).Source = exercise.Solutions[i].Source;
        return students;
    }
}
