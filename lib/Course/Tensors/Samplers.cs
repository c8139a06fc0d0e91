namespace Course;

/// <summary>Orders in which a loader takes examples: pass one as its <c>shuffler</c>. The same seed gives the same order.</summary>
public static class Samplers
{
    /// <summary>Every example once, in random order.</summary>
    public static IEnumerable<long> Random(long count, int seed) => Shuffled(count, seed);

    /// <summary>Examples drawn with replacement, each as often as its weight says: a remedy for unbalanced classes.</summary>
    /// <param name="weights">One weight an example, 0 or more.</param>
    /// <param name="draws">How many examples to draw.</param>
    public static IEnumerable<long> Weighted(IReadOnlyList<double> weights, long draws, int seed)
    {
        if (weights.Count == 0 || weights.Any(weight => !(weight >= 0)) || weights.All(weight => weight == 0))
            throw new ArgumentException("Weights must be 0 or more, and not all 0.", nameof(weights));
        double[] sums = new double[weights.Count];
        double total = 0;
        for (int i = 0; i < sums.Length; i++)
            sums[i] = total += weights[i];
        var random = new Random(seed);
        long[] order = new long[draws];
        for (long i = 0; i < draws; i++)
        {
            int at = Array.BinarySearch(sums, random.NextDouble() * total);
            at = at < 0 ? ~at : at + 1;
            order[i] = Math.Min(at, sums.Length - 1);
        }
        return order;
    }

    /// <summary>Weights that give every class the same chance: 1 / size of the example's class.</summary>
    public static double[] Balanced(IReadOnlyList<long> labels)
    {
        var sizes = labels.GroupBy(label => label).ToDictionary(group => group.Key, group => group.Count());
        return [.. labels.Select(label => 1.0 / sizes[label])];
    }

    /// <summary>Fisher–Yates: each order is equally likely.</summary>
    internal static long[] Shuffled(long count, int seed)
    {
        long[] order = new long[count];
        for (long i = 0; i < count; i++)
            order[i] = i;
        new Random(seed).Shuffle(order);
        return order;
    }
}
