using System.Globalization;
using System.Text.RegularExpressions;
using Course.Classroom.Teaching;
using Course.Notebooks;

namespace Course.Classroom.Tests;

public sealed class TeacherPageTests
{
    private static IReadOnlyList<Notebook> Notebooks { get; } = [.. NotebookPaths.Find([], SmallCourse.Checkout).Select(Notebook.Read)];

    [Fact]
    public void Page_HoldsTheNotesOfEveryChapterWithExercises_AndLinksToIt()
    {
        string page = TeacherPage.Markdown(Notebooks, n => Path.GetFileName(n.Path));
        foreach (var notebook in Notebooks.Where(n => n.Cells.Any(c => c.HasTag("exercise"))))
            Assert.Contains($"({Path.GetFileName(notebook.Path)}), {notebook.Cells.Count(c => c.HasTag("exercise"))} exercises", page);
        Assert.Equal(Notebooks.Count(n => n.Cells.Any(c => c.HasTag("teacher"))), Regex.Count(page, @"\*\*Discussion\.\*\*"));
        Assert.DoesNotContain("## Teacher notes", page);
        Assert.Contains("<h2 id=\"one-day\">One day</h2>", TeacherPage.Html(page));
    }

    [Fact]
    public void Plans_NameNotebooksThatExist_AndFitTheirTime()
    {
        var names = Notebooks.Select(n => Path.GetFileNameWithoutExtension(n.Path)).ToHashSet();
        Assert.All(TeachingPlan.OneDay.Concat(TeachingPlan.EightWeeks).SelectMany(l => l.Notebooks), name => Assert.Contains(name, names));
        Assert.All(TeachingPlan.EightWeeks, week => Assert.InRange(week.Minutes, 90, 180));
        Assert.All(TeachingPlan.OneDay, lesson => Assert.Equal(lesson.Minutes, Clock(lesson.When.Split('–')[1]) - Clock(lesson.When.Split('–')[0])));
        // Every chapter has its week.
        Assert.Empty(Notebooks.Where(n => n.Cells.Any(c => c.HasTag("exercise"))).Select(n => Path.GetFileNameWithoutExtension(n.Path)).Except(TeachingPlan.EightWeeks.SelectMany(l => l.Notebooks)));

        static double Clock(string time) => TimeSpan.Parse(time, CultureInfo.InvariantCulture).TotalMinutes;
    }

    [Fact]
    public void Notes_OfEachChapter_HaveTimesThatSumToTheirWhole()
    {
        foreach (var notebook in Notebooks)
        {
            if (notebook.Cells.FirstOrDefault(c => c.HasTag("teacher")) is not { } notes)
                continue;
            var timing = Regex.Match(notes.Source, @"\*\*Timing\*\* \((\d+) minutes\)\. ([^.]*(?:\.\d[^.]*)*)\.");
            Assert.True(timing.Success, notebook.Path);
            // A part ends with its minutes; what stands in brackets and behind "with" is no time.
            string parts = Regex.Replace(timing.Groups[2].Value, @"\([^)]*\)|with exercises? [\d. and]+", "");
            int sum = Regex.Matches(parts, @"(\d+)\s*(?=[,;]|$)").Sum(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));
            Assert.True(sum == int.Parse(timing.Groups[1].Value, CultureInfo.InvariantCulture), $"{notebook.Path}: the parts are {sum} of {timing.Groups[1].Value} minutes: {parts}");
        }
    }
}
