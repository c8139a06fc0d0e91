namespace Course;

/// <summary>Two classifiers on the same examples (McNemar 1947, with the exact binomial tail).</summary>
/// <param name="Examples">All examples.</param>
/// <param name="OnlyFirst">Examples that only the first classifier gets right.</param>
/// <param name="OnlySecond">Examples that only the second gets right.</param>
public sealed record McNemar(int Examples, int OnlyFirst, int OnlySecond)
{
    /// <summary>Accuracy of the second minus that of the first, a fraction.</summary>
    public double Difference => (double)(OnlySecond - OnlyFirst) / Examples;

    /// <summary>
    /// The difference with its 95 % interval, from the standard error of a difference of paired proportions,
    /// √(b + c − (b − c)²/n) / n for b and c examples that only one of the two gets right (Fleiss 1981, chapter 8); rough for few.
    /// </summary>
    public Interval Interval
    {
        get
        {
            double apart = OnlySecond - OnlyFirst;
            double half = 1.96 * Math.Sqrt(OnlyFirst + OnlySecond - apart * apart / Examples) / Examples;
            return new(Difference, Difference - half, Difference + half);
        }
    }

    /// <summary>Two-sided: if both were equally good, each disagreement would fall to either side like a fair coin.</summary>
    public double P
    {
        get
        {
            int n = OnlyFirst + OnlySecond, few = Math.Min(OnlyFirst, OnlySecond);
            double logTerm = -n * Math.Log(2), tail = 0;   // ln C(n, k) 2⁻ⁿ at k = 0
            for (int k = 0; k <= few; k++)
            {
                tail += Math.Exp(logTerm);
                logTerm += Math.Log(n - k) - Math.Log(k + 1);
            }
            return Math.Min(1, 2 * tail);
        }
    }

    /// <summary>The difference could be luck: p ≥ 0.05.</summary>
    public bool WithinNoise => P >= 0.05;

    public override string ToString() =>
        FormattableString.Invariant($"of {Examples} examples {OnlyFirst} only the first gets right, {OnlySecond} only the second: ")
        + (WithinNoise ? "a difference within noise" : $"the {(OnlySecond > OnlyFirst ? "second" : "first")} is better")
        + FormattableString.Invariant($" (McNemar, p = {Numbers.Text(P)})");
}
