namespace Course;

/// <summary>
/// True-positive rate against false-positive rate as the threshold falls. Equal scores move both at once, so the
/// curve does not depend on the order of the items (Fawcett 2006, An introduction to ROC analysis, algorithm 1).
/// </summary>
public sealed class RocCurve
{
    private RocCurve(double[] falsePositive, double[] truePositive, double[] thresholds) =>
        (FalsePositiveRate, TruePositiveRate, Thresholds) = (falsePositive, truePositive, thresholds);

    public IReadOnlyList<double> FalsePositiveRate { get; }

    public IReadOnlyList<double> TruePositiveRate { get; }

    /// <summary>The score from which on an item counts as positive; the first is +∞.</summary>
    public IReadOnlyList<double> Thresholds { get; }

    /// <summary>Area under the curve: the chance that a random positive scores above a random negative, ties counted half.</summary>
    public double Auc
    {
        get
        {
            double area = 0;
            for (int i = 1; i < Thresholds.Count; i++)
                area += (FalsePositiveRate[i] - FalsePositiveRate[i - 1]) * (TruePositiveRate[i] + TruePositiveRate[i - 1]) / 2;
            return area;
        }
    }

    /// <exception cref="ArgumentException">Lengths differ, a score is NaN, or one of the two classes is absent.</exception>
    public static RocCurve Of(IReadOnlyList<double> scores, IReadOnlyList<bool> positive)
    {
        if (scores.Count != positive.Count)
            throw new ArgumentException($"{scores.Count} scores but {positive.Count} labels.");
        if (scores.Any(double.IsNaN))
            throw new ArgumentException("A score is NaN: items cannot be ranked.");
        long positives = positive.Count(p => p), negatives = positive.Count - positives;
        if (positives == 0 || negatives == 0)
            throw new ArgumentException($"A ROC curve needs both classes; there are {positives} positive and {negatives} negative items.");

        int[] order = Enumerable.Range(0, scores.Count).OrderByDescending(i => scores[i]).ToArray();
        List<double> fpr = [0], tpr = [0], thresholds = [double.PositiveInfinity];
        long hits = 0, alarms = 0;
        for (int k = 0; k < order.Length; k++)
        {
            if (positive[order[k]])
                hits++;
            else
                alarms++;
            if (k + 1 < order.Length && scores[order[k + 1]] == scores[order[k]])
                continue;
            fpr.Add((double)alarms / negatives);
            tpr.Add((double)hits / positives);
            thresholds.Add(scores[order[k]]);
        }
        return new RocCurve([.. fpr], [.. tpr], [.. thresholds]);
    }
}
