using System.Text;
using System.Text.RegularExpressions;
using Course.Notebooks;
using Course.Notebooks.Lint;
using Markdig;

namespace Course.Classroom.Teaching;

/// <summary>The notes for the teacher of all chapters on one page, behind the two plans.</summary>
public static partial class TeacherPage
{
    /// <summary>The page in Markdown.</summary>
    /// <param name="link">How a notebook is linked to from the page.</param>
    /// <exception cref="ClassroomException">No notebook has notes for its teacher.</exception>
    public static string Markdown(IReadOnlyList<Notebook> notebooks, Func<Notebook, string> link)
    {
        var notes = notebooks.Select(n => (Notebook: n, Cell: n.Cells.FirstOrDefault(c => c.HasTag(CellTags.Teacher)))).Where(n => n.Cell is not null).ToList();
        if (notes.Count == 0)
            throw new ClassroomException("none of the notebooks has notes for its teacher (a Markdown cell tagged teacher).");
        var page = new StringBuilder("# Teaching the course\n\n");
        Plan(page, "One day", "time", TeachingPlan.OneDay, notes.Select(n => n.Notebook), link);
        Plan(page, "Eight weeks, two lessons of 90 minutes each", "week", TeachingPlan.EightWeeks, notes.Select(n => n.Notebook), link);
        foreach (var (notebook, cell) in notes)
        {
            var graded = GradedTasks.Of(notebook);
            page.Append($"## {Name(notebook)}: {Title(notebook)}\n\n[The notebook]({link(notebook)}), {notebook.Cells.Count(c => c.HasTag(CellTags.Exercise))} exercises, {graded.Count} graded tasks.\n\n");
            page.Append(Heading().Replace(cell!.Source.ReplaceLineEndings("\n"), "").Trim()).Append("\n\n");
        }
        return page.ToString();
    }

    /// <summary>The same as a page of its own; mathematics stays TeX.</summary>
    public static string Html(string markdown) =>
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Teaching the course</title>\n"
        + "<style>body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem } table { border-collapse: collapse } th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #bbb } @media print { h2 { break-after: avoid } }</style>\n</head>\n<body>\n<main>\n"
        + Markdig.Markdown.ToHtml(markdown, new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers().Build()) + "</main>\n</body>\n</html>\n";

    private static void Plan(StringBuilder page, string title, string when, IReadOnlyList<PlannedLesson> lessons, IEnumerable<Notebook> notebooks, Func<Notebook, string> link)
    {
        var known = notebooks.ToDictionary(Name);
        page.Append($"## {title}\n\n| {when} | notebooks | minutes | what |\n|---|---|---|---|\n");
        foreach (var lesson in lessons)
            page.Append($"| {lesson.When} | {string.Join(", ", lesson.Notebooks.Select(n => known.TryGetValue(n, out var notebook) ? $"[{n}]({link(notebook)})" : n))} | {lesson.Minutes} | {lesson.What} |\n");
        page.Append('\n');
    }

    private static string Name(Notebook notebook) => Path.GetFileNameWithoutExtension(notebook.Path);

    private static string Title(Notebook notebook) =>
        notebook.Cells.Where(c => c.IsMarkdown).SelectMany(c => MarkdownText.Parse(c.Source).Headings).FirstOrDefault(h => h.Level == 1).Text ?? Name(notebook);

    [GeneratedRegex(@"\A## Teacher notes\n+")]
    private static partial Regex Heading();
}
