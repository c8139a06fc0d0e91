namespace Course;

/// <summary>One split of a cross-validation: which rows train and which are held out.</summary>
public sealed record Fold(int Repeat, int Number, int[] Train, int[] HeldOut);

/// <summary>Repeated stratified cross-validation, and what may be concluded from its scores.</summary>
/// <remarks>
/// The training parts of two folds overlap, so their scores are not independent, and the plain standard error is too small. C. Nadeau and
/// Y. Bengio (Inference for the Generalization Error, Machine Learning 52, 2003, section 3) replace 1/n by 1/n + held-out/training; R. Bouckaert
/// and E. Frank (Evaluating the Replicability of Significance Tests, PAKDD 2004) found that this also holds for repeated cross-validation.
/// </remarks>
public static class CrossValidation
{
    /// <summary>All folds of all repeats: in each repeat every row is held out once, and every fold has its share of both labels.</summary>
    /// <param name="labels">The label of each row.</param>
    /// <param name="folds">Parts of one repeat, at least 2.</param>
    /// <param name="repeats">How often everything is shuffled anew.</param>
    /// <exception cref="ArgumentException">A label has fewer rows than there are folds.</exception>
    public static IReadOnlyList<Fold> Stratified(IReadOnlyList<bool> labels, int folds = 5, int repeats = 4, int seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(repeats, 1);
        foreach (bool label in new[] { true, false })
            if (labels.Count(l => l == label) is var count && count < folds)
                throw new ArgumentException($"{folds} folds need at least {folds} rows of each label, but {count} are labelled {label}.", nameof(labels));
        return [.. Enumerable.Range(0, repeats).SelectMany(repeat => Repeat(labels, folds, repeat, seed))];
    }

    /// <summary>Mean and 95 % interval of scores of a cross-validation, in the order of its folds.</summary>
    /// <param name="folds">Parts of one repeat: what is held out is 1/(folds − 1) of what trains.</param>
    public static Interval Of(IReadOnlyList<double> scores, int folds)
    {
        double mean = Interval.Of(scores).Mean, half = StudentT.Quantile(0.95, scores.Count - 1) * Error(scores, folds);
        return new(mean, mean - half, mean + half);
    }

    /// <summary>One method against another on the same folds: the corrected resampled t-test.</summary>
    /// <param name="scores">Of the method, in the order of the folds; higher is better.</param>
    /// <param name="reference">Of what it is compared with, in the same order.</param>
    public static PairedDifference Difference(string method, IReadOnlyList<double> scores, string than, IReadOnlyList<double> reference, int folds)
    {
        if (scores.Count != reference.Count)
            throw new ArgumentException($"{scores.Count} scores of '{method}' but {reference.Count} of '{than}': both must come from the same folds.", nameof(reference));
        double[] gains = [.. scores.Zip(reference, (a, b) => a - b)];
        var gain = Of(gains, folds);
        double error = Error(gains, folds);
        double t = error > 0 ? gain.Mean / error : gain.Mean == 0 ? 0 : double.PositiveInfinity;
        return new(method, than, gain, StudentT.TwoSided(t, gains.Length - 1));
    }

    private static double Error(IReadOnlyList<double> scores, int folds)
    {
        double mean = scores.Average(), variance = scores.Sum(s => (s - mean) * (s - mean)) / (scores.Count - 1);
        return Math.Sqrt(variance * (1.0 / scores.Count + 1.0 / (folds - 1)));
    }

    private static IEnumerable<Fold> Repeat(IReadOnlyList<bool> labels, int folds, int repeat, int seed)
    {
        int[] order = new SplitMix((ulong)seed, (ulong)repeat).Permutation(labels.Count), part = new int[labels.Count];
        foreach (bool label in new[] { true, false })
        {
            int next = 0;
            foreach (int row in order.Where(row => labels[row] == label))
                part[row] = next++ % folds;
        }
        return Enumerable.Range(0, folds).Select(fold => new Fold(repeat, fold,
            [.. Enumerable.Range(0, labels.Count).Where(row => part[row] != fold)], [.. Enumerable.Range(0, labels.Count).Where(row => part[row] == fold)]));
    }
}
