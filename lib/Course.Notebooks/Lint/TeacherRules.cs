using System.Text.RegularExpressions;

namespace Course.Notebooks.Lint;

/// <summary>A chapter with exercises has one cell of notes for its teacher, in four parts.</summary>
internal static partial class TeacherRules
{
    public static IEnumerable<LintFinding> Check(LintContext context)
    {
        var notes = context.Notebook.Cells.Where(c => c.HasTag(CellTags.Teacher)).ToList();
        if (notes.Count == 0 && CodeRules.LibraryPath(context.Folder) is not null && context.CodeCells.Any(c => c.HasTag(CellTags.Exercise)))
            yield return context.Finding(null, "teacher", "has exercises and no notes for the teacher (a Markdown cell tagged teacher)");
        foreach (var cell in notes.Skip(1))
            yield return context.Finding(cell, "teacher", "is a second cell of notes for the teacher; put them together");
        foreach (var cell in notes.Take(1))
            if (Missing(cell) is { } missing)
                yield return context.Finding(cell, "teacher", $"are notes for the teacher without {missing}");
    }

    private static string? Missing(NotebookCell notes)
    {
        if (!notes.IsMarkdown || Timing().Match(notes.Source) is not { Success: true } timing || Minutes().Count(timing.Groups["text"].Value) < 3)
            return "the time of each section (**Timing** (90 minutes). Warm-up 5; section 1 20, …)";
        foreach (string part in (string[])["Common errors", "Show live"])
            if (!Regex.IsMatch(notes.Source, $@"^\*\*{part}\.\*\* \S", RegexOptions.Multiline))
                return $"a paragraph that begins with **{part}.**";
        return notes.Source.IndexOf("**Discussion.**", StringComparison.Ordinal) is var at and >= 0 && Question().Count(notes.Source[at..]) >= 2
            ? null : "two questions to discuss (**Discussion.**, then a numbered list)";
    }

    [GeneratedRegex(@"^\*\*Timing\*\* \(\d+ minutes\)\.(?<text>.*)$", RegexOptions.Multiline)]
    private static partial Regex Timing();

    [GeneratedRegex(@"\b\d+\b")]
    private static partial Regex Minutes();

    [GeneratedRegex(@"^\d\. .*\?", RegexOptions.Multiline)]
    private static partial Regex Question();
}
