namespace Course.Serving;

/// <summary>
/// Compares two success rates with a p-value that stays valid however often one looks and whenever one stops: the mixture sequential
/// probability ratio test of Johari, Koomen, Pekelis and Walsh, "Peeking at A/B Tests", KDD 2017 (always valid p-values), with the normal
/// approximation of a difference of rates. With d = p₂ − p₁ and its variance v = p(1−p)(1/n₁ + 1/n₂) the likelihood ratio, mixed over
/// differences N(0, τ²), is Λ = √(v/(v+τ²)) · exp(τ²d² / (2v(v+τ²))), and p = min over all looks of 1/Λ.
/// </summary>
public sealed class SequentialTest
{
    private readonly double _tau;
    private readonly int _least;

    /// <param name="effect">τ: the size of difference that is expected, where the test is quickest; it is valid for any.</param>
    /// <param name="least">Fewer users on a side are never enough: the normal approximation needs some.</param>
    public SequentialTest(double effect = 0.05, int least = 50)
    {
        if (effect is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(effect), $"The expected difference is {effect}, expected between 0 and 1.");
        (_tau, _least) = (effect, least);
    }

    /// <summary>Users of the first side, and how many of them were content.</summary>
    public (int Users, int Successes) First { get; private set; }

    /// <summary>Users of the second side, and how many of them were content.</summary>
    public (int Users, int Successes) Second { get; private set; }

    /// <summary>The always valid p-value; it never rises.</summary>
    public double P { get; private set; } = 1;

    /// <summary>Rate of the second minus rate of the first; 0 as long as one side is empty.</summary>
    public double Difference => First.Users == 0 || Second.Users == 0 ? 0 : (double)Second.Successes / Second.Users - (double)First.Successes / First.Users;

    /// <summary>Counts one user and brings <see cref="P"/> up to date.</summary>
    public void Add(bool toSecond, bool success)
    {
        if (toSecond)
            Second = (Second.Users + 1, Second.Successes + (success ? 1 : 0));
        else
            First = (First.Users + 1, First.Successes + (success ? 1 : 0));
        if (First.Users < _least || Second.Users < _least)
            return;
        double rate = (double)(First.Successes + Second.Successes) / (First.Users + Second.Users);
        double v = rate * (1 - rate) * (1.0 / First.Users + 1.0 / Second.Users), t = _tau * _tau, d = Difference;
        if (v == 0)
            return;   // all alike so far: no difference
        double logRatio = 0.5 * Math.Log(v / (v + t)) + t * d * d / (2 * v * (v + t));
        P = Math.Min(P, Math.Exp(-logRatio));
    }
}
