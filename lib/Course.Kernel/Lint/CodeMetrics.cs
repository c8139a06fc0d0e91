using Course.Kernel.Notebooks;

namespace Course.Kernel.Lint;

/// <summary>How long code cells are: lines that are not blank.</summary>
public static class CodeMetrics
{
    public static int Lines(NotebookCell cell) => cell.Source.Split('\n').Count(l => !string.IsNullOrWhiteSpace(l));

    /// <summary>The smallest number of lines that at least <paramref name="share"/> of the cells do not exceed; 0 without cells.</summary>
    public static int Quantile(IEnumerable<int> lengths, double share)
    {
        int[] sorted = [.. lengths.Order()];
        return sorted.Length == 0 ? 0 : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
