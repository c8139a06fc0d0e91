namespace Course;

/// <summary>Is A better than B, or was it luck? Several plans run with the same seeds, or two classifiers answer the same examples.</summary>
public static class Compare
{
    /// <summary>
    /// Runs every plan once with every seed. Plans that run with the same seed form a pair (same data, same first weights),
    /// so that the seed's own luck cancels in their difference; the first plan is what the others are compared with.
    /// </summary>
    /// <param name="plans">At least two, of equal tuning budgets.</param>
    /// <param name="seeds">At least three; five or more where an interval should be narrow.</param>
    /// <param name="measure">What the number is, with its unit: <c>"accuracy on validation data"</c>.</param>
    /// <param name="higherIsBetter">False for losses, errors and costs.</param>
    /// <exception cref="ArgumentException">
    /// Fewer than two plans or three seeds, a name or seed twice, unequal tuning budgets, or a run that gave no finite number.
    /// </exception>
    public static Comparison Plans(IEnumerable<Plan> plans, IEnumerable<int> seeds, string measure, bool higherIsBetter = true)
    {
        Plan[] all = [.. plans];
        int[] draws = [.. seeds];
        ArgumentException.ThrowIfNullOrWhiteSpace(measure);
        if (all.Length < 2)
            throw new ArgumentException($"A comparison needs at least two plans, but was given {all.Length}.", nameof(plans));
        if (draws.Distinct().Count() != draws.Length || draws.Length < 3)
            throw new ArgumentException($"A comparison needs at least three different seeds, but was given {string.Join(", ", draws)}.", nameof(seeds));
        if (all.Select(plan => plan.Name).Distinct().Count() != all.Length)
            throw new ArgumentException($"Two plans have the same name: {string.Join(", ", all.Select(plan => plan.Name))}.", nameof(plans));
        if (all.Select(plan => plan.Tried).Distinct().Count() > 1)
            throw new ArgumentException($"The tuning budgets differ ({string.Join(", ", all.Select(plan => $"{plan.Name}: {plan.Tried}"))}): "
                + "let every plan try equally many settings (Plan.Tuned), or the comparison shows who was tuned.", nameof(plans));
        return new(all, draws, [.. all.Select(plan => draws.Select(seed => Finite(plan, seed)).ToArray())], measure, higherIsBetter);
    }

    /// <summary>McNemar's exact test: two classifiers on the same examples differ only where one is right and the other wrong.</summary>
    /// <param name="first">Whether the first classifier is right, one entry for each example.</param>
    /// <param name="second">The same for the second, in the same order.</param>
    /// <exception cref="ArgumentException">The lengths differ, or there is no example.</exception>
    public static McNemar Classifiers(IReadOnlyList<bool> first, IReadOnlyList<bool> second)
    {
        if (first.Count != second.Count || first.Count == 0)
            throw new ArgumentException($"{first.Count} answers of the first classifier, {second.Count} of the second: both must answer the same examples.");
        var pairs = first.Zip(second).ToArray();
        return new(pairs.Length, pairs.Count(p => p.First && !p.Second), pairs.Count(p => !p.First && p.Second));
    }

    private static double Finite(Plan plan, int seed)
    {
        double value = plan.Measure(seed);
        return double.IsFinite(value) ? value
            : throw new ArgumentException($"The plan '{plan.Name}' gave {Numbers.Text(value)} with seed {seed}: a comparison needs finite numbers.");
    }
}
