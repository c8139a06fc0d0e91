namespace Course.Serving;

/// <summary>How far today's numbers are from the reference's.</summary>
public static class Drift
{
    /// <summary>
    /// Population stability index over bins that hold equal shares of the reference: Σ (q − p) ln(q / p). Half a count is added to each
    /// bin, so that an empty one does not make it infinite.
    /// </summary>
    /// <param name="reference">At least as many numbers as bins.</param>
    public static double PopulationStability(IReadOnlyList<double> reference, IReadOnlyList<double> today, int bins = 10)
    {
        Require(reference, nameof(reference), bins);
        Require(today, nameof(today), 1);
        double[] sorted = [.. reference.Order()];
        double[] edges = [.. Enumerable.Range(1, bins - 1).Select(i => sorted[i * sorted.Length / bins])];
        double[] Shares(IReadOnlyList<double> values)
        {
            double[] counts = new double[bins];
            foreach (double value in values)
            {
                int at = Array.BinarySearch(edges, value);
                counts[at < 0 ? ~at : at + 1]++;
            }
            return [.. counts.Select(count => (count + 0.5) / (values.Count + 0.5 * bins))];
        }
        return Shares(reference).Zip(Shares(today), (p, q) => (q - p) * Math.Log(q / p)).Sum();
    }

    /// <summary>Kolmogorov–Smirnov distance: the largest gap between the two cumulative distributions, from 0 to 1.</summary>
    public static double KolmogorovSmirnov(IReadOnlyList<double> reference, IReadOnlyList<double> today)
    {
        Require(reference, nameof(reference), 1);
        Require(today, nameof(today), 1);
        double[] a = [.. reference.Order()], b = [.. today.Order()];
        double largest = 0;
        for (int i = 0, j = 0; i < a.Length && j < b.Length;)
        {
            double x = Math.Min(a[i], b[j]);
            while (i < a.Length && a[i] <= x)
                i++;
            while (j < b.Length && b[j] <= x)
                j++;
            largest = Math.Max(largest, Math.Abs((double)i / a.Length - (double)j / b.Length));
        }
        return largest;
    }

    /// <summary>
    /// How often two samples of one continuous distribution are at least this far apart: Kolmogorov's series with Stephens'
    /// correction for small samples (Press et al., Numerical Recipes, 14.3).
    /// </summary>
    public static double KolmogorovSmirnovP(double distance, int count1, int count2)
    {
        if (count1 < 1 || count2 < 1 || distance is not (>= 0 and <= 1))
            throw new ArgumentException($"No distance {distance} of {count1} and {count2} numbers can be.");
        double n = Math.Sqrt((double)count1 * count2 / (count1 + count2)), x = (n + 0.12 + 0.11 / n) * distance, sum = 0;
        // The series converges too slowly where the probability is 1 to many digits.
        if (x < 0.2)
            return 1;
        for (int k = 1; k <= 100; k++)
            sum += (k % 2 == 1 ? 2 : -2) * Math.Exp(-2 * k * k * x * x);
        return Math.Clamp(sum, 0, 1);
    }

    /// <summary>How far the mean has fallen, in standard errors of the window: positive when today's answers are less sure.</summary>
    public static double ConfidenceFall(IReadOnlyList<double> reference, IReadOnlyList<double> today)
    {
        Require(reference, nameof(reference), 2);
        Require(today, nameof(today), 1);
        double mean = reference.Average(), variance = reference.Sum(value => (value - mean) * (value - mean)) / (reference.Count - 1);
        return (mean - today.Average()) / Math.Sqrt(Math.Max(variance, 1e-12) * (1.0 / today.Count + 1.0 / reference.Count));
    }

    private static void Require(IReadOnlyList<double> values, string name, int count)
    {
        if (values.Count < count)
            throw new ArgumentException($"{name} has {values.Count} numbers, at least {count} are needed.", name);
        if (values.Any(value => !double.IsFinite(value)))
            throw new ArgumentException($"{name} has numbers that are not finite.", name);
    }
}
