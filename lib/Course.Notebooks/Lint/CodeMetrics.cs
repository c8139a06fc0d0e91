using System.Text.RegularExpressions;

namespace Course.Notebooks.Lint;

/// <summary>How long code cells are, and how wide.</summary>
public static partial class CodeMetrics
{
    /// <summary>Characters that a line of code may have: longer ones are cut off on a page and on a slide.</summary>
    public const int WidthLimit = 100;

    /// <summary>Lines that are neither blank nor only the title or the alt text of a figure, which is prose.</summary>
    public static int Lines(NotebookCell cell) => cell.Source.Split('\n').Count(l => !string.IsNullOrWhiteSpace(l) && !FigureText().IsMatch(l));

    /// <summary>Lines to think about: neither blank, nor only brackets, nor only a text (a claim, a caption, a title).</summary>
    public static int Thoughts(NotebookCell cell) => cell.Source.Split('\n').Count(l => !Brackets().IsMatch(l) && !Text().IsMatch(l));

    /// <summary>The lines that are too wide. The title and the alt text of a figure may be longer, each on a line of its own.</summary>
    public static IEnumerable<string> TooWide(NotebookCell cell) => cell.Source.Split('\n').Where(l => l.Length > WidthLimit && !FigureText().IsMatch(l));

    /// <summary>The smallest number of lines that at least <paramref name="share"/> of the cells do not exceed; 0 without cells.</summary>
    public static int Quantile(IEnumerable<int> lengths, double share)
    {
        int[] sorted = [.. lengths.Order()];
        return sorted.Length == 0 ? 0 : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    [GeneratedRegex("""^[\s{}()\[\];,]*$""")]
    private static partial Regex Brackets();

    [GeneratedRegex("""^\s*(\w+: )?\$?"(?:[^"\\]|\\.)*"( \+|[,)\]};]*)$""")]
    private static partial Regex Text();

    [GeneratedRegex("""^\s*(title|alt): \$?"(?:[^"\\]|\\.)*"( \+|[,)\]};]*)$""")]
    private static partial Regex FigureText();
}
