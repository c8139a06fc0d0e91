namespace TorchSharp;

/// <summary>P(a, x) = ∫₀ˣ tᵃ⁻¹e⁻ᵗ dt / Γ(a), the distribution function of gamma variates, and what is left of 1. Numerical Recipes, section 6.2.</summary>
internal static class IncompleteGamma
{
    private const int MostTerms = 100_000;

    internal static double Lower(double a, double x) => Outside(a, x) ?? (x < a + 1 ? Series(a, x) : 1 - Fraction(a, x));

    internal static double Upper(double a, double x) => 1 - Outside(a, x) ?? (x < a + 1 ? 1 - Series(a, x) : Fraction(a, x));

    /// <summary>
    /// How a variate x moves with the shape a while P(a, x) stays: dx/da = −(∂P/∂a) / (∂P/∂x), by the series of P, term by term.
    /// Figurnov et al., 2018 (implicit reparameterisation).
    /// </summary>
    internal static double VariateByShape(double a, double x)
    {
        double term = x / a, digamma = SpecialFunctions.Digamma(a + 1), log = Math.Log(x), sum = 0;
        for (int n = 1; n < MostTerms; n++)
        {
            double part = term * (log - digamma);
            sum += part;
            if (a + n > x && Math.Abs(part) <= 1e-16 * Math.Abs(sum))
                break;
            term *= x / (a + n);
            digamma += 1 / (a + n);
        }
        return -sum;
    }

    /// <summary>The value where no summing is needed; null elsewhere.</summary>
    private static double? Outside(double a, double x) =>
        !(a >= 0 && x >= 0) || a == 0 && x == 0 ? double.NaN : a == 0 || double.IsPositiveInfinity(x) ? 1 : x == 0 || double.IsPositiveInfinity(a) ? 0 : null;

    private static double Factor(double a, double x) => Math.Exp(a * Math.Log(x) - x - SpecialFunctions.Lgamma(a));

    private static double Series(double a, double x)
    {
        double term = 1 / a, sum = term;
        for (int n = 1; n < MostTerms && term > 1e-17 * sum; n++)
            sum += term *= x / (a + n);
        return sum * Factor(a, x);
    }

    /// <summary>The continued fraction of 1 − P by Lentz's method.</summary>
    private static double Fraction(double a, double x)
    {
        const double tiny = 1e-300;
        double b = x + 1 - a, c = 1 / tiny, d = 1 / b, product = d;
        for (int n = 1; n < MostTerms; n++)
        {
            double numerator = n * (a - n);
            b += 2;
            d = numerator * d + b;
            if (Math.Abs(d) < tiny)
                d = tiny;
            c = b + numerator / c;
            if (Math.Abs(c) < tiny)
                c = tiny;
            d = 1 / d;
            product *= d * c;
            if (Math.Abs(d * c - 1) < 1e-16)
                break;
        }
        return product * Factor(a, x);
    }
}
