namespace Course;

/// <summary>How one class fared: precision = TP/(TP+FP), recall = TP/(TP+FN), F1 their harmonic mean; 0 where a denominator is 0.</summary>
/// <param name="Support">How many items truly belong to the class.</param>
public sealed record ClassReport(int Class, double Precision, double Recall, double F1, long Support);

/// <summary>Counts of true class (row) against predicted class (column).</summary>
public sealed class ConfusionMatrix
{
    private readonly long[,] _counts;

    private ConfusionMatrix(long[,] counts) => _counts = counts;

    public int Classes => _counts.GetLength(0);

    /// <summary>How many items of class <paramref name="truth"/> were predicted as <paramref name="predicted"/>.</summary>
    public long this[int truth, int predicted] => _counts[truth, predicted];

    public long Total => _counts.Cast<long>().Sum();

    public double Accuracy => Total == 0 ? double.NaN : (double)Enumerable.Range(0, Classes).Sum(c => _counts[c, c]) / Total;

    /// <summary>Precision, recall and F1 of each class.</summary>
    public IReadOnlyList<ClassReport> PerClass => [.. Enumerable.Range(0, Classes).Select(c =>
    {
        long hits = _counts[c, c];
        var (actual, predicted) = (Row(c), Column(c));
        var (precision, recall) = (Share(hits, predicted), Share(hits, actual));
        return new ClassReport(c, precision, recall, precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall), actual);
    })];

    /// <summary>Mean F1 over the classes that occur, truly or as predictions, each counted alike; NaN when there is nothing to count.</summary>
    public double MacroF1 => Mean(PerClass.Where(report => report.Support > 0 || Column(report.Class) > 0).Select(report => report.F1));

    /// <summary>Mean recall over the classes that truly occur: accuracy as if all of them were equally frequent; NaN when there is nothing to count.</summary>
    public double BalancedAccuracy => Mean(PerClass.Where(report => report.Support > 0).Select(report => report.Recall));

    /// <summary>Rows of the matrix as fractions of the true class.</summary>
    public double[,] Normalised()
    {
        double[,] shares = new double[Classes, Classes];
        for (int t = 0; t < Classes; t++)
            for (int p = 0; p < Classes; p++)
                shares[t, p] = Share(_counts[t, p], Row(t));
        return shares;
    }

    /// <summary>The counts as numbers, for figures.</summary>
    public double[,] ToArray()
    {
        double[,] values = new double[Classes, Classes];
        for (int t = 0; t < Classes; t++)
            for (int p = 0; p < Classes; p++)
                values[t, p] = _counts[t, p];
        return values;
    }

    /// <summary>The off-diagonal cells with most items, most frequent first.</summary>
    public IReadOnlyList<(int Truth, int Predicted, long Count)> Mistakes(int top) =>
        [.. (from t in Enumerable.Range(0, Classes)
             from p in Enumerable.Range(0, Classes)
             where t != p && _counts[t, p] > 0
             orderby _counts[t, p] descending, t, p
             select (t, p, _counts[t, p])).Take(top)];

    /// <exception cref="ArgumentException">Lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A class outside 0 … classes − 1.</exception>
    public static ConfusionMatrix Of(IReadOnlyList<int> truth, IReadOnlyList<int> predicted, int classes)
    {
        if (truth.Count != predicted.Count)
            throw new ArgumentException($"{truth.Count} true classes but {predicted.Count} predictions.");
        long[,] counts = new long[classes, classes];
        for (int i = 0; i < truth.Count; i++)
        {
            if ((uint)truth[i] >= classes || (uint)predicted[i] >= classes)
                throw new ArgumentOutOfRangeException(nameof(truth), $"Item {i}: class {truth[i]} predicted as {predicted[i]}, but classes are 0 … {classes - 1}.");
            counts[truth[i], predicted[i]]++;
        }
        return new ConfusionMatrix(counts);
    }

    private static double Mean(IEnumerable<double> values) => values.DefaultIfEmpty(double.NaN).Average();

    private long Row(int truth) => Enumerable.Range(0, Classes).Sum(p => _counts[truth, p]);

    private long Column(int predicted) => Enumerable.Range(0, Classes).Sum(t => _counts[t, predicted]);

    private static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
