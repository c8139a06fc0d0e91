using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Counts in bins of equal width over a range (that of the data when not given), and the edges of the bins.</summary>
    public static (Tensor hist, Tensor bin_edges) histogram(Tensor input, long bins, (double min, double max)? range = null, Tensor? weight = null, bool density = false)
    {
        double[] values = input.Doubles();
        var (low, high) = range ?? (values.Length == 0 ? (0, 1) : (values.Min(), values.Max()));
        if (low == high)
            (low, high) = (low - 0.5, high + 0.5);
        return histogram(input, linspace(low, high, bins + 1, input.dtype), weight, density);
    }

    /// <summary>Counts (or sums of weights) between the given edges; the last bin includes its upper edge.</summary>
    public static (Tensor hist, Tensor bin_edges) histogram(Tensor input, Tensor bins, Tensor? weight = null, bool density = false)
    {
        double[] values = input.Doubles();
        double[] edges = bins.Doubles();
        double[]? weights = weight?.Doubles();
        if (edges.Length < 2)
            throw new ExternalException("torch.histogram(): bins must have at least two edges");
        if (weights is not null && weights.Length != values.Length)
            throw new ExternalException($"torch.histogram(): weight {weight!.Layout} must have the shape of the input {input.Layout}");
        double[] counts = new double[edges.Length - 1];
        for (int i = 0; i < values.Length; i++)
        {
            if (!(values[i] >= edges[0] && values[i] <= edges[^1]))
                continue;
            int at = Array.BinarySearch(edges, values[i]);
            at = at < 0 ? ~at - 1 : at;
            counts[Math.Min(at, counts.Length - 1)] += weights is null ? 1 : weights[i];
        }
        if (density)
        {
            double total = counts.Sum();
            for (int b = 0; b < counts.Length; b++)
                counts[b] /= total * (edges[b + 1] - edges[b]);
        }
        return (tensor(counts, input.dtype), bins);
    }
}
