namespace Course;

/// <summary>Items whose confidence falls into one interval.</summary>
/// <param name="Confidence">Their mean confidence (the middle of the interval when it is empty).</param>
/// <param name="Accuracy">The share of them that is right (NaN when empty).</param>
public sealed record CalibrationBin(double Low, double High, long Count, double Confidence, double Accuracy);

/// <summary>
/// Does a confidence of 90 % mean 90 % right? Equal-width bins; the expected calibration error is the gap between
/// confidence and accuracy, averaged with the bins' counts (Guo et al. 2017, On calibration of modern neural networks, eq. 3).
/// </summary>
public sealed class CalibrationCurve
{
    private CalibrationCurve(IReadOnlyList<CalibrationBin> bins) => Bins = bins;

    public IReadOnlyList<CalibrationBin> Bins { get; }

    public double ExpectedError => Filled.Sum(bin => bin.Count * Gap(bin)) / Math.Max(1, Filled.Sum(bin => bin.Count));

    public double MaximumError => Filled.Select(Gap).DefaultIfEmpty(0).Max();

    private IEnumerable<CalibrationBin> Filled => Bins.Where(bin => bin.Count > 0);

    /// <exception cref="ArgumentException">Lengths differ or a confidence lies outside 0 … 1.</exception>
    public static CalibrationCurve Of(IReadOnlyList<double> confidence, IReadOnlyList<bool> right, int bins = 10)
    {
        if (confidence.Count != right.Count)
            throw new ArgumentException($"{confidence.Count} confidences but {right.Count} verdicts.");
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        long[] counts = new long[bins];
        var (sums, hits) = (new double[bins], new long[bins]);
        for (int i = 0; i < confidence.Count; i++)
        {
            if (confidence[i] is not (>= 0 and <= 1 + 1e-6))
                throw new ArgumentException(FormattableString.Invariant($"Confidence {i} is {confidence[i]}, expected a probability between 0 and 1."));
            int bin = Math.Min(bins - 1, (int)(confidence[i] * bins));
            counts[bin]++;
            sums[bin] += confidence[i];
            if (right[i])
                hits[bin]++;
        }
        return new CalibrationCurve([.. Enumerable.Range(0, bins).Select(b => new CalibrationBin(
            (double)b / bins, (b + 1.0) / bins, counts[b],
            counts[b] == 0 ? (b + 0.5) / bins : sums[b] / counts[b],
            counts[b] == 0 ? double.NaN : (double)hits[b] / counts[b]))]);
    }

    private static double Gap(CalibrationBin bin) => Math.Abs(bin.Accuracy - bin.Confidence);
}
