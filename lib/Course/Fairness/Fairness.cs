namespace Course;

/// <summary>How decisions and errors differ between two groups of people; every gap is group 1 minus group 0.</summary>
public static class Fairness
{
    /// <summary>Difference of the shares that get a positive decision (demographic parity, Hardt et al. 2016).</summary>
    public static double DemographicParityGap(IReadOnlyList<bool> decision, IReadOnlyList<int> group) =>
        Gap(decision, decision.Count, group, _ => true);

    /// <summary>Difference of the true-positive rates (equal opportunity, Hardt et al. 2016).</summary>
    public static double EqualOpportunityGap(IReadOnlyList<bool> decision, IReadOnlyList<bool> truth, IReadOnlyList<int> group) =>
        Gap(decision, truth.Count, group, i => truth[i]);

    /// <summary>The larger of the differences of true-positive and false-positive rates, in absolute value (equalised odds).</summary>
    public static double EqualisedOddsGap(IReadOnlyList<bool> decision, IReadOnlyList<bool> truth, IReadOnlyList<int> group) =>
        Math.Max(Math.Abs(Gap(decision, truth.Count, group, i => truth[i])), Math.Abs(Gap(decision, truth.Count, group, i => !truth[i])));

    /// <summary>
    /// For each group the threshold at which the share <paramref name="rate"/> of its true positives is found: a repair
    /// after training that equalises opportunity.
    /// </summary>
    /// <exception cref="ArgumentException">A group has no positive case, so that its rate is undefined.</exception>
    public static double[] ThresholdsForEqualOpportunity(IReadOnlyList<double> score, IReadOnlyList<bool> truth, IReadOnlyList<int> group, double rate)
    {
        Validate(score.Count, truth.Count, group.Count);
        return [.. new[] { 0, 1 }.Select(g =>
        {
            double[] positives = [.. Enumerable.Range(0, score.Count).Where(i => group[i] == g && truth[i]).Select(i => score[i]).OrderDescending()];
            if (positives.Length == 0)
                throw new ArgumentException($"Group {g} has no positive case, so its true-positive rate is undefined.", nameof(truth));
            return positives[Math.Clamp((int)Math.Ceiling(rate * positives.Length) - 1, 0, positives.Length - 1)];
        })];
    }

    private static double Gap(IReadOnlyList<bool> decision, int truths, IReadOnlyList<int> group, Func<int, bool> counts)
    {
        Validate(decision.Count, truths, group.Count);
        return Rate(1) - Rate(0);

        double Rate(int g)
        {
            int[] members = [.. Enumerable.Range(0, decision.Count).Where(i => group[i] == g && counts(i))];
            return members.Length > 0
                ? (double)members.Count(i => decision[i]) / members.Length
                : throw new ArgumentException($"Group {g} has no case to compare; expected groups 0 and 1 with at least one each.", nameof(group));
        }
    }

    private static void Validate(int first, int second, int third)
    {
        if (first != second || first != third)
            throw new ArgumentException($"Expected lists of one length, got {first}, {second} and {third}.");
    }
}
