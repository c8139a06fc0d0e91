using System.Globalization;
using static TorchSharp.torch;
using static TorchSharp.torch.utils.data;

namespace Course;

/// <summary>Parts and joins of data sets, for <c>torch.utils.data.DataLoader</c>. They look into the data set, and do not dispose it.</summary>
public static class DatasetParts
{
    /// <summary>The examples with the given numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside of the data set.</exception>
    public static IterableDataset Subset(this IterableDataset dataset, IEnumerable<long> indices)
    {
        long[] chosen = [.. indices];
        foreach (long index in chosen)
            if (index < 0 || index >= dataset.Count)
                throw new ArgumentOutOfRangeException(nameof(indices), $"Example {index} lies outside of a data set of {dataset.Count}.");
        return new Part(dataset, chosen);
    }

    /// <summary>Disjoint random parts, such as <c>data.RandomSplit([0.8, 0.1, 0.1], seed: 1)</c>.</summary>
    /// <param name="shares">Fractions that add up to 1; what rounding leaves goes to the first part.</param>
    public static IReadOnlyList<IterableDataset> RandomSplit(this IterableDataset dataset, IReadOnlyList<double> shares, int seed)
    {
        if (shares.Count == 0 || shares.Any(share => !(share >= 0)) || Math.Abs(shares.Sum() - 1) > 1e-9)
            throw new ArgumentException($"The shares {string.Join(", ", shares.Select(share => share.ToString(CultureInfo.InvariantCulture)))} must be 0 or more and add up to 1.", nameof(shares));
        long[] sizes = [.. shares.Select(share => (long)Math.Floor(share * dataset.Count + 1e-9))];
        sizes[0] += dataset.Count - sizes.Sum();
        long[] order = Samplers.Shuffled(dataset.Count, seed);
        var parts = new List<IterableDataset>();
        long start = 0;
        foreach (long size in sizes)
        {
            parts.Add(new Part(dataset, order[(int)start..(int)(start + size)]));
            start += size;
        }
        return parts;
    }

    /// <summary>Training and validation parts of k-fold cross-validation: each example is validated exactly once.</summary>
    public static IEnumerable<(IterableDataset Training, IterableDataset Validation)> Folds(this IterableDataset dataset, int folds, int seed)
    {
        if (folds < 2 || folds > dataset.Count)
            throw new ArgumentOutOfRangeException(nameof(folds), $"{folds} folds of {dataset.Count} examples: expected from 2 to {dataset.Count}.");
        long[] order = Samplers.Shuffled(dataset.Count, seed);
        for (int fold = 0; fold < folds; fold++)
        {
            int start = (int)(dataset.Count * fold / folds), end = (int)(dataset.Count * (fold + 1) / folds);
            yield return (new Part(dataset, [.. order[..start], .. order[end..]]), new Part(dataset, order[start..end]));
        }
    }

    /// <summary>Several data sets one after the other.</summary>
    public static IterableDataset Concat(this IterableDataset first, params IterableDataset[] others) => new Chain([first, .. others]);

    private sealed class Part(IterableDataset dataset, long[] indices) : IterableDataset
    {
        public override long Count => indices.Length;

        public override IList<Tensor> GetTensor(long index) => dataset.GetTensor(indices[index]);
    }

    private sealed class Chain(IterableDataset[] parts) : IterableDataset
    {
        public override long Count => parts.Sum(part => part.Count);

        public override IList<Tensor> GetTensor(long index)
        {
            foreach (var part in parts)
            {
                if (index < part.Count)
                    return part.GetTensor(index);
                index -= part.Count;
            }
            throw new ArgumentOutOfRangeException(nameof(index), $"There are only {Count} examples.");
        }
    }
}
