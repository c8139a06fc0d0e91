using System.Text.RegularExpressions;
using Course.Kernel.Notebooks;

namespace Course.Kernel.Lint;

/// <summary>How long code cells are: lines that are neither blank nor only the title or the alt text of a figure, which is prose.</summary>
public static partial class CodeMetrics
{
    public static int Lines(NotebookCell cell) => cell.Source.Split('\n').Count(l => !string.IsNullOrWhiteSpace(l) && !IsText(l));

    /// <summary>A line that holds nothing but a figure's title or alt text.</summary>
    public static bool IsText(string line) => TextArgument().IsMatch(line);

    /// <summary>The smallest number of lines that at least <paramref name="share"/> of the cells do not exceed; 0 without cells.</summary>
    public static int Quantile(IEnumerable<int> lengths, double share)
    {
        int[] sorted = [.. lengths.Order()];
        return sorted.Length == 0 ? 0 : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    [GeneratedRegex("""^\s*(title|alt): \$?"(?:[^"\\]|\\.)*"( \+|[,)\]};]*)$""")]
    private static partial Regex TextArgument();
}
