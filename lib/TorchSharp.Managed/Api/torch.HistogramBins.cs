namespace TorchSharp;

/// <summary>Rules for the width of a histogram's bins, as NumPy has them.</summary>
public enum HistogramBinSelector : byte
{
    Doane,
    Rice,
    Scott,
    Sqrt,
    Stone,
    Sturges,
}

public static partial class torch
{
    /// <summary>Counts (Int32; with density Float32) in bins of equal width, and their edges (Float64). The rule says how wide they should be; they are as wide as fills the range.</summary>
    /// <param name="range">Values outside do not count, for the rule neither. Without it, the range of the values.</param>
    public static (Tensor hist, Tensor bin_edges) histogram(Tensor input, HistogramBinSelector bins, (double min, double max)? range = null, bool density = false)
    {
        double[] values = input.Doubles();
        var (low, high) = range ?? (values.Length == 0 ? (0, 1) : (values.Min(), values.Max()));
        if (low > high)
            throw new ArgumentException("max must be larger than min in range parameter.", nameof(range));
        if (low == high)
            (low, high) = (low - 0.5, high + 0.5);
        values = [.. values.Where(value => value >= low && value <= high)];
        double width = values.Length == 0 ? 0 : BinWidths.Of(bins, values, range);
        int count = width > 0 ? (int)Math.Ceiling((high - low) / width) : 1;
        double[] edges = BinWidths.Edges(low, high, count);
        long[] counts = BinWidths.Counts(values, edges);
        double total = values.Length;
        var hist = density ? tensor(counts.Select((n, i) => (float)(n / total / (edges[i + 1] - edges[i]))).ToArray()) : tensor(counts, ScalarType.Int32);
        return (hist, tensor(edges));
    }
}

internal static class BinWidths
{
    internal static double Of(HistogramBinSelector rule, double[] values, (double min, double max)? range)
    {
        double n = values.Length, spread = values.Max() - values.Min();
        return rule switch
        {
            HistogramBinSelector.Sqrt => spread / Math.Sqrt(n),
            HistogramBinSelector.Sturges => spread / (Math.Log2(n) + 1),
            HistogramBinSelector.Rice => spread / (2 * Math.Cbrt(n)),
            // Scott, 1979: least mean squared error for normal values.
            HistogramBinSelector.Scott => Math.Cbrt(24 * Math.Sqrt(Math.PI) / n) * Deviation(values),
            HistogramBinSelector.Doane => Doane(values, spread),
            HistogramBinSelector.Stone => Stone(values, spread, range),
            _ => throw new ArgumentException($"histogram: there is no rule {rule}.", nameof(rule)),
        };
    }

    private static double Deviation(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    /// <summary>Sturges' rule with more bins for skewed values (Doane, 1976).</summary>
    private static double Doane(double[] values, double spread)
    {
        double n = values.Length, mean = values.Average(), deviation = Deviation(values);
        if (n <= 2 || deviation == 0)
            return 0;
        double skew = values.Average(value => Math.Pow((value - mean) / deviation, 3)), scale = Math.Sqrt(6 * (n - 2) / ((n + 1) * (n + 3)));
        return spread / (1 + Math.Log2(n) + Math.Log2(1 + Math.Abs(skew) / scale));
    }

    /// <summary>The number of bins with the least estimated squared error when one value is left out (Stone, 1984).</summary>
    private static double Stone(double[] values, double spread, (double min, double max)? range)
    {
        double n = values.Length;
        if (n <= 1 || spread == 0)
            return 0;
        var (low, high) = range ?? (values.Min(), values.Max());
        double Loss(int bins) => (2 - (n + 1) * Counts(values, Edges(low, high, bins)).Sum(count => count / n * (count / n))) / (spread / bins);
        return spread / Enumerable.Range(1, Math.Max(100, (int)Math.Sqrt(n)) - 1).MinBy(Loss);
    }

    internal static double[] Edges(double low, double high, int bins)
    {
        double step = (high - low) / bins;
        return [.. Enumerable.Range(0, bins + 1).Select(i => i == bins ? high : low + i * step)];
    }

    /// <summary>How many lie from one edge up to the next; the last bin has its upper edge too.</summary>
    internal static long[] Counts(double[] values, double[] edges)
    {
        long[] counts = new long[edges.Length - 1];
        foreach (double value in values)
        {
            int at = Array.BinarySearch(edges, value);
            counts[Math.Min(at < 0 ? ~at - 1 : at, counts.Length - 1)]++;
        }
        return counts;
    }
}
