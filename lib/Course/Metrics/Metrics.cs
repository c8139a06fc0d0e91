namespace Course;

/// <summary>Numbers that say how good predictions are. Arrays go in, so that every metric can be checked by hand.</summary>
public static partial class Metrics
{
    /// <summary>Share of equal entries.</summary>
    public static double Accuracy(IReadOnlyList<int> truth, IReadOnlyList<int> predicted)
    {
        Require(truth.Count, predicted.Count);
        return (double)Enumerable.Range(0, truth.Count).Count(i => truth[i] == predicted[i]) / truth.Count;
    }

    /// <inheritdoc cref="ConfusionMatrix.Of"/>
    public static ConfusionMatrix Confusion(IReadOnlyList<int> truth, IReadOnlyList<int> predicted, int classes = 10) =>
        ConfusionMatrix.Of(truth, predicted, classes);

    /// <inheritdoc cref="RocCurve.Of"/>
    public static RocCurve Roc(IReadOnlyList<double> scores, IReadOnlyList<bool> positive) => RocCurve.Of(scores, positive);

    /// <inheritdoc cref="CalibrationCurve.Of"/>
    public static CalibrationCurve Calibration(IReadOnlyList<double> confidence, IReadOnlyList<bool> right, int bins = 10) =>
        CalibrationCurve.Of(confidence, right, bins);

    /// <summary>Mean of (y − ŷ)².</summary>
    public static double MeanSquaredError(IReadOnlyList<double> truth, IReadOnlyList<double> predicted)
    {
        Require(truth.Count, predicted.Count);
        return truth.Zip(predicted, (y, p) => (y - p) * (y - p)).Average();
    }

    /// <summary>Root of the mean squared error, in the units of y.</summary>
    public static double RootMeanSquaredError(IReadOnlyList<double> truth, IReadOnlyList<double> predicted) =>
        Math.Sqrt(MeanSquaredError(truth, predicted));

    /// <summary>Mean of |y − ŷ|.</summary>
    public static double MeanAbsoluteError(IReadOnlyList<double> truth, IReadOnlyList<double> predicted)
    {
        Require(truth.Count, predicted.Count);
        return truth.Zip(predicted, (y, p) => Math.Abs(y - p)).Average();
    }

    /// <summary>R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)²: 1 is perfect, 0 is no better than the mean, negative is worse than it.</summary>
    /// <exception cref="ArgumentException">All y are equal, so there is nothing to explain.</exception>
    public static double R2(IReadOnlyList<double> truth, IReadOnlyList<double> predicted)
    {
        Require(truth.Count, predicted.Count);
        double mean = truth.Average();
        double total = truth.Sum(y => (y - mean) * (y - mean));
        if (total == 0)
            throw new ArgumentException("All targets are equal: R² is not defined.");
        return 1 - truth.Zip(predicted, (y, p) => (y - p) * (y - p)).Sum() / total;
    }

    /// <summary>Mean squared difference between probability and outcome, 0 is perfect, 0.25 is always saying one half.</summary>
    /// <exception cref="ArgumentException">Lengths differ, or a probability is not within 0 … 1.</exception>
    public static double Brier(IReadOnlyList<double> probability, IReadOnlyList<bool> positive)
    {
        RequireProbabilities(probability, positive.Count);
        return probability.Zip(positive, (p, y) => (p - (y ? 1 : 0)) * (p - (y ? 1 : 0))).Average();
    }

    /// <summary>Mean of −ln of the probability given to what happened.</summary>
    /// <exception cref="ArgumentException">Lengths differ, or a probability is not within 0 … 1.</exception>
    public static double LogLoss(IReadOnlyList<double> probability, IReadOnlyList<bool> positive)
    {
        RequireProbabilities(probability, positive.Count);
        return probability.Zip(positive, (p, y) => -Math.Log(Math.Max(y ? p : 1 - p, 1e-300))).Average();
    }

    private static void RequireProbabilities(IReadOnlyList<double> probability, int outcomes)
    {
        Require(outcomes, probability.Count);
        for (int i = 0; i < probability.Count; i++)
            // Not a number is not within either.
            if (!(probability[i] is >= 0 and <= 1))
                throw new ArgumentException(FormattableString.Invariant($"Item {i}: {probability[i]} is no probability, expected a number from 0 to 1."));
    }

    private static void Require(int truth, int predicted)
    {
        if (truth != predicted)
            throw new ArgumentException($"{truth} true values but {predicted} predictions.");
        if (truth == 0)
            throw new ArgumentException("There is nothing to measure: both lists are empty.");
    }
}
