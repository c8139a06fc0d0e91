namespace Course;

/// <summary>Student's t distribution (Student 1908), through the incomplete beta function (Abramowitz and Stegun 1964, 26.7.1).</summary>
internal static class StudentT
{
    /// <summary>P(|T| ≥ |t|).</summary>
    public static double TwoSided(double t, int freedom) =>
        double.IsInfinity(t) ? 0 : IncompleteBeta(freedom / 2.0, 0.5, freedom / (freedom + t * t));

    /// <summary>The t beyond which, on both sides together, 1 − <paramref name="level"/> of the distribution lies.</summary>
    public static double Quantile(double level, int freedom)
    {
        double low = 0, high = 1;
        while (TwoSided(high, freedom) > 1 - level)
            high *= 2;
        for (int i = 0; i < 100; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = TwoSided(middle, freedom) > 1 - level ? (middle, high) : (low, middle);
        }
        return high;
    }

    /// <summary>I_x(a, b); its continued fraction (26.5.8) converges fast for x &lt; (a + 1)/(a + b + 2), the rest follows by symmetry.</summary>
    private static double IncompleteBeta(double a, double b, double x)
    {
        if (x is <= 0 or >= 1)
            return Math.Clamp(x, 0, 1);
        if (x > (a + 1) / (a + b + 2))
            return 1 - IncompleteBeta(b, a, 1 - x);
        double fraction = 1;
        for (int m = 200; m >= 1; m--)
        {
            int k = m / 2;
            double d = m % 2 == 0
                ? k * (b - k) * x / ((a + m - 1) * (a + m))
                : -(a + k) * (a + b + k) * x / ((a + m - 1) * (a + m));
            fraction = 1 + d / fraction;
        }
        return Math.Exp(a * Math.Log(x) + b * Math.Log(1 - x) + LogGamma(a + b) - LogGamma(a) - LogGamma(b)) / (a * fraction);
    }

    /// <summary>ln Γ(x) for x &gt; 0 by Stirling's series (6.1.41), after the argument was raised above 10 by Γ(x + 1) = xΓ(x).</summary>
    private static double LogGamma(double x)
    {
        double below = 0;
        for (; x < 10; x++)
            below += Math.Log(x);
        double square = x * x;
        return (x - 0.5) * Math.Log(x) - x + 0.5 * Math.Log(2 * Math.PI) + (1 / 12.0 - (1 / 360.0 - 1 / (1260.0 * square)) / square) / x - below;
    }
}
