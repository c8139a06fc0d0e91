namespace TorchSharp;

/// <summary>Functions that .NET's mathematics lacks, in double precision. None calls itself, by whatever way: kernels of devices call them, too.</summary>
internal static class SpecialFunctions
{
    /// <summary>eˣ − 1 without cancellation near 0 (Kahan's trick: (u − 1)·x / ln u with u = eˣ).</summary>
    internal static double Expm1(double x)
    {
        if (Math.Abs(x) < 1e-300)
            return x;
        double u = Math.Exp(x);
        if (u == 1)
            return x;
        double um1 = u - 1;
        if (um1 == -1)
            return -1;
        return double.IsInfinity(u) ? u : Math.Abs(x) > 1 ? um1 : um1 * x / Math.Log(u);
    }

    /// <summary>ln(1 + x) without cancellation near 0 (Kahan).</summary>
    internal static double Log1p(double x)
    {
        double u = 1 + x;
        return u == 1 ? x : double.IsInfinity(u) || u <= 0 || u == x ? Math.Log(u) : Math.Log(u) * (x / (u - 1));
    }

    internal static double Asinh(double x)
    {
        double a = Math.Abs(x);
        double y = a > 1e150 ? Math.Log(a) + Math.Log(2) : Log1p(a + a * a / (1 + Math.Sqrt(a * a + 1)));
        return Math.CopySign(y, x);
    }

    internal static double Atanh(double x) => 0.5 * Log1p(2 * x / (1 - x));

    /// <summary>Error function. Below 2.5 its power series e^(−x²)·2x/√π·Σ (2x²)ⁿ/(2n+1)!!, above 1 − erfc.</summary>
    internal static double Erf(double x)
    {
        if (double.IsNaN(x))
            return x;
        double a = Math.Abs(x);
        if (a > 6)
            return x < 0 ? -1 : 1;
        if (a >= 2.5)
            return x < 0 ? ErfcFraction(a) - 1 : 1 - ErfcFraction(a);
        double term = x, sum = x, square = 2 * x * x;
        for (int n = 1; n < 200; n++)
        {
            term *= square / (2 * n + 1);
            double next = sum + term;
            if (next == sum)
                break;
            sum = next;
        }
        return sum * Math.Exp(-x * x) * (2 / Math.Sqrt(Math.PI));
    }

    /// <summary>Complement of the error function: above 2.5 by its continued fraction (Lentz's method), accurate in relative terms.</summary>
    internal static double Erfc(double x)
    {
        if (double.IsNaN(x))
            return x;
        if (x < 2.5)
            return x < -6 ? 2 : x < 0.5 ? 1 - Erf(x) : ErfcMiddle(x);
        if (x > 27.3)
            return 0;
        return ErfcFraction(x);
    }

    // Between 0.5 and 2.5 the difference 1 − erf loses up to three digits; the fraction converges slowly but keeps them.
    private static double ErfcMiddle(double x) => x < 1 ? 1 - Erf(x) : ErfcFraction(x);

    private static double ErfcFraction(double x)
    {
        // erfc(x) = e^(−x²)/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + …)))), evaluated from the inside out.
        double fraction = x;
        for (int n = x < 1.5 ? 400 : x < 2.5 ? 160 : 80; n >= 1; n--)
            fraction = x + n * 0.5 / fraction;
        return Math.Exp(-x * x) / (Math.Sqrt(Math.PI) * fraction);
    }

    /// <summary>Inverse of the error function: Winitzki's start value, then Newton's steps with Halley's correction.</summary>
    internal static double Erfinv(double y)
    {
        if (double.IsNaN(y) || y < -1 || y > 1)
            return double.NaN;
        if (y is 1 or -1)
            return y * double.PositiveInfinity;
        if (y == 0)
            return y;
        double ln = Log1p(-y * y);
        double t = 2 / (Math.PI * 0.147) + ln / 2;
        double x = Math.CopySign(Math.Sqrt(Math.Sqrt(t * t - ln / 0.147) - t), y);
        for (int i = 0; i < 4; i++)
        {
            double error = (x > 0 ? (1 - y) - Erfc(x) : Erfc(-x) - (1 + y)) / (2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x));
            double step = error / (1 + x * error);
            x -= step;
            if (Math.Abs(step) <= 1e-16 * Math.Abs(x))
                break;
        }
        return x;
    }

    /// <summary>ln |Γ(x)|: shift upwards by the recurrence, then Stirling's series; reflection for negative arguments.</summary>
    internal static double Lgamma(double x)
    {
        if (double.IsNaN(x))
            return x;
        if (double.IsInfinity(x))
            return double.PositiveInfinity;
        if (x > 0)
            return LgammaPositive(x);
        if (x == Math.Floor(x))
            return double.PositiveInfinity;
        return Math.Log(Math.PI / Math.Abs(Math.Sin(Math.PI * x))) - LgammaPositive(1 - x);
    }

    private static double LgammaPositive(double x)
    {
        if (x is 1 or 2)
            return 0;
        double product = 1;
        while (x < 15)
        {
            product *= x;
            x++;
        }
        double r = 1 / (x * x);
        double series = (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r * (1.0 / 1680 - r * (1.0 / 1188 - r * (691.0 / 360360 - r / 156)))))) / x;
        return (x - 0.5) * Math.Log(x) - x + 0.91893853320467274178 + series - Math.Log(product);
    }

    /// <summary>ψ(x) = d/dx ln Γ(x), by recurrence and asymptotic series.</summary>
    internal static double Digamma(double x)
    {
        if (double.IsNaN(x) || x == double.NegativeInfinity)
            return double.NaN;
        if (double.IsPositiveInfinity(x))
            return x;
        if (x == 0)
            return Math.CopySign(double.PositiveInfinity, -x);
        if (x > 0)
            return DigammaPositive(x);
        if (x == Math.Floor(x))
            return double.NaN;
        return DigammaPositive(1 - x) - Math.PI / Math.Tan(Math.PI * x);
    }

    private static double DigammaPositive(double x)
    {
        double shift = 0;
        while (x < 15)
        {
            shift -= 1 / x;
            x++;
        }
        double r = 1 / (x * x);
        return shift + Math.Log(x) - 0.5 / x - r * (1.0 / 12 - r * (1.0 / 120 - r * (1.0 / 252 - r * (1.0 / 240 - r * (1.0 / 132 - r * (691.0 / 32760 - r / 12))))));
    }

    /// <summary>ψ⁽ⁿ⁾(x) = (−1)ⁿ⁺¹·n!·ζ(n+1, x) for n ≥ 1.</summary>
    internal static double Polygamma(int n, double x)
    {
        if (n == 0)
            return Digamma(x);
        double factorial = 1;
        for (int k = 2; k <= n; k++)
            factorial *= k;
        return ((n & 1) == 1 ? 1 : -1) * factorial * Zeta(n + 1, x);
    }

    /// <summary>Hurwitz's ζ(s, x) = Σ (x + k)⁻ˢ: a few terms, then Euler–Maclaurin.</summary>
    internal static double Zeta(double s, double x)
    {
        if (s <= 1)
            return s == 1 ? double.PositiveInfinity : double.NaN;
        if (x <= 0 && x == Math.Floor(x))
            return double.PositiveInfinity;
        double sum = 0;
        while (x < 15)
        {
            sum += Math.Pow(x, -s);
            x++;
        }
        double[] bernoulli = [1.0 / 12, -1.0 / 720, 1.0 / 30240, -1.0 / 1209600, 1.0 / 47900160, -691.0 / 1307674368000.0, 1.0 / 74724249600.0];
        double power = Math.Pow(x, -s);
        sum += power * x / (s - 1) + 0.5 * power;
        double factor = s;
        power /= x;
        for (int k = 0; k < bernoulli.Length; k++)
        {
            sum += bernoulli[k] * factor * power;
            factor *= (s + 2 * k + 1) * (s + 2 * k + 2);
            power /= x * x;
        }
        return sum;
    }

    /// <summary>Modified Bessel function of order 0.</summary>
    internal static double I0(double x) => Grown(ScaledI0(x), x);

    /// <summary>Modified Bessel function of order 1.</summary>
    internal static double I1(double x) => Grown(ScaledI1(x), x);

    /// <summary>y·e^|x|, infinite where that is beyond the largest number.</summary>
    private static double Grown(double y, double x) => Math.Abs(x) > 1000 ? Math.CopySign(double.PositiveInfinity, y) : y * Math.Exp(Math.Abs(x) / 2) * Math.Exp(Math.Abs(x) / 2);

    /// <summary>I₀(x)·e^−|x|: power series, or the asymptotic one for large arguments.</summary>
    internal static double ScaledI0(double x)
    {
        double a = Math.Abs(x);
        if (a < 30)
            return Series(a * a / 4, 0) * Math.Exp(-a);
        return double.IsNaN(x) ? x : double.IsInfinity(a) ? 0 : Asymptotic(a, 0);
    }

    /// <summary>I₁(x)·e^−|x|.</summary>
    internal static double ScaledI1(double x)
    {
        double a = Math.Abs(x);
        if (a < 30)
            return Math.CopySign(a / 2 * Series(a * a / 4, 1) * Math.Exp(-a), x);
        return double.IsNaN(x) ? x : Math.CopySign(double.IsInfinity(a) ? 0 : Asymptotic(a, 1), x);
    }

    /// <summary>Σ qᵏ / (k!·(k + n)!) for n = 0 or 1.</summary>
    private static double Series(double quarter, int order)
    {
        double term = 1, sum = 1;
        for (int k = 1; k < 500; k++)
        {
            term *= quarter / ((double)k * (k + order));
            sum += term;
            if (term <= sum * 1e-17)
                break;
        }
        return sum;
    }

    /// <summary>1/√(2πa)·Σ of the products of ((2k − 1)² − 4n²)/(8ka), until its terms stop shrinking.</summary>
    private static double Asymptotic(double a, int order)
    {
        double factor = 1, total = 1;
        for (int k = 1; k < 60; k++)
        {
            double next = factor * ((2 * k - 1) * (2 * k - 1) - 4 * order) / (8 * k * a);
            if (Math.Abs(next) >= Math.Abs(factor))
                break;
            factor = next;
            total += factor;
            if (Math.Abs(factor) < 1e-17 * total)
                break;
        }
        return total / Math.Sqrt(2 * Math.PI * a);
    }
}
