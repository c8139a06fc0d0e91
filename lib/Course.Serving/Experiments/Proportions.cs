namespace Course.Serving;

/// <summary>Comparing two success rates, as an A/B test does.</summary>
public static class Proportions
{
    /// <summary>
    /// Two-sided p-value of the two-proportion z-test: how often a difference at least this large would appear if both rates were equal.
    /// z = (p₂ − p₁) / √(p(1−p)(1/n₁ + 1/n₂)) with the pooled rate p.
    /// </summary>
    public static double PValue(int successes1, int trials1, int successes2, int trials2)
    {
        foreach (var (successes, trials) in new[] { (successes1, trials1), (successes2, trials2) })
        {
            if (trials < 1 || successes < 0 || successes > trials)
                throw new ArgumentException($"{successes} successes in {trials} trials cannot be.");
        }
        double pooled = (successes1 + successes2) / ((double)trials1 + trials2);
        double deviation = Math.Sqrt(pooled * (1 - pooled) * (1.0 / trials1 + 1.0 / trials2));
        if (deviation == 0)
            return 1;
        double z = ((double)successes2 / trials2 - (double)successes1 / trials1) / deviation;
        return 2 * NormalCdf(-Math.Abs(z));
    }

    /// <summary>
    /// How many trials each side needs so that a true difference between the rates is found with probability <paramref name="power"/>
    /// by a two-sided test at level <paramref name="alpha"/>: n = (z₁₋α/₂ + z_power)² (p₁(1−p₁) + p₂(1−p₂)) / (p₁ − p₂)².
    /// </summary>
    public static int SampleSize(double rate1, double rate2, double alpha = 0.05, double power = 0.8)
    {
        if (!(rate1 is > 0 and < 1 && rate2 is > 0 and < 1) || rate1 == rate2)
            throw new ArgumentException($"Rates {rate1} and {rate2} must differ and lie between 0 and 1.");
        if (!(alpha is > 0 and < 1 && power is > 0 and < 1))
            throw new ArgumentException($"Level {alpha} and power {power} must lie between 0 and 1.");
        double z = NormalQuantile(1 - alpha / 2) + NormalQuantile(power);
        return (int)Math.Ceiling(z * z * (rate1 * (1 - rate1) + rate2 * (1 - rate2)) / ((rate1 - rate2) * (rate1 - rate2)));
    }

    /// <summary>Probability that a standard normal number is at most <paramref name="x"/>, to about twelve digits.</summary>
    public static double NormalCdf(double x)
    {
        if (x > 0)
            return 1 - NormalCdf(-x);
        double density = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
        if (x > -3)
        {
            // Φ(x) = 1/2 + φ(x)(x + x³/3 + x⁵/15 + …)
            double term = x, sum = x;
            for (int k = 3; Math.Abs(term) > 1e-18; k += 2)
                sum += term *= x * x / k;
            return 0.5 + density * sum;
        }
        // Laplace's continued fraction for the tail, evaluated from the inside out.
        double fraction = -x;
        for (int k = 100; k >= 1; k--)
            fraction = -x + k / fraction;
        return density / fraction;
    }

    /// <summary>The number that a standard normal one stays below with the given probability.</summary>
    public static double NormalQuantile(double probability)
    {
        if (probability is not (> 0 and < 1))
            throw new ArgumentException($"The probability {probability} must lie between 0 and 1.");
        double low = -40, high = 40;
        for (int i = 0; i < 100; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = NormalCdf(middle) < probability ? (middle, high) : (low, middle);
        }
        return (low + high) / 2;
    }
}
