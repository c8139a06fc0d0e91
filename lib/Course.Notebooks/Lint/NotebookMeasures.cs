namespace Course.Notebooks.Lint;

/// <summary>What can be counted about a notebook; shown as a table by <c>course check</c>.</summary>
/// <param name="Words">Words of prose, without code and mathematics.</param>
/// <param name="CodeCells">The number of code cells.</param>
/// <param name="MedianLines">Lines of the median code cell.</param>
/// <param name="Lines90">The length that nine in ten code cells do not exceed.</param>
/// <param name="Rows">The syllabus rows that a tagged check covers.</param>
/// <param name="Exercises">Exercise stubs.</param>
/// <param name="Graded">Graded tasks; one of three steps counts once.</param>
/// <param name="Figures">Calls that draw.</param>
/// <param name="WithoutAlt">Figures and pictures that lack alt text.</param>
/// <param name="BrokenLinks">Links in the repository that lead nowhere.</param>
public sealed record NotebookMeasures(
    string Path, int Words, int CodeCells, int MedianLines, int Lines90, IReadOnlyList<string> Rows, int Exercises, int Graded, int Figures, int WithoutAlt, int BrokenLinks)
{
    public const int WordsPerMinute = 200;

    public int ReadingMinutes => (int)Math.Ceiling((double)Words / WordsPerMinute);

    public static NotebookMeasures Of(Notebook notebook, IReadOnlyList<LintFinding> findings)
    {
        var context = new LintContext(notebook);
        int[] lengths = [.. context.CodeCells.Select(CodeMetrics.Lines)];
        return new NotebookMeasures(
            notebook.Path,
            context.Markdown.Sum(m => m.Text.Words),
            lengths.Length,
            CodeMetrics.Quantile(lengths, 0.5),
            CodeMetrics.Quantile(lengths, 0.9),
            [.. context.CodeCells.SelectMany(c => c.Tags).Where(t => t.StartsWith(CellTags.RowPrefix, StringComparison.Ordinal)).Select(t => t["row:".Length..]).Distinct()],
            context.CodeCells.Count(c => c.HasTag(CellTags.Exercise)),
            GradedTasks.Of(notebook).Count,
            context.CodeCells.Sum(c => c.Source.Split("Plot.").Length - 1),
            findings.Count(f => f.Rule == "alt-text"),
            findings.Count(f => f.Rule == "link"));
    }
}
