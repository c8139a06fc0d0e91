using ILGPU;

namespace TorchSharp.Gpu;

/// <summary>What a device's own remainder and division do not define in the same way everywhere.</summary>
internal static class RealFunctions
{
    internal static double Remainder(double a, double b)
    {
        double x = Math.Abs(a), y = Math.Abs(b);
        if (double.IsNaN(a) || double.IsNaN(b) || double.IsInfinity(a) || y == 0)
            return double.NaN;
        if (double.IsInfinity(b) || x < y)
            return a;
        double r = x - Math.Floor(x / y) * y;
        // The quotient was rounded: it may be one too large or too small.
        if (r < 0)
            r += y;
        if (r >= y)
            r -= y;
        return a < 0 ? -r : r;
    }

    internal static double FloorRemainder(double a, double b)
    {
        double r = Remainder(a, b);
        return r != 0 && b < 0 != r < 0 ? r + b : r;
    }

    internal static float FloorQuotient(float a, float b)
    {
        if (b == 0)
            return a / b;
        return (float)FloorQuotient((double)a, (double)b);
    }

    internal static double FloorQuotient(double a, double b)
    {
        if (b == 0)
            return a / b;
        double r = Remainder(a, b);
        double q = (a - r) / b;
        if (r != 0 && b < 0 != r < 0)
            q -= 1;
        if (q == 0)
            return IntrinsicMath.CopySign(0.0, a / b);
        double floor = Math.Floor(q);
        return q - floor > 0.5 ? floor + 1 : floor;
    }

    /// <summary>√(a² + b²) without overflow on the way.</summary>
    internal static double Hypot(double a, double b)
    {
        double x = Math.Abs(a), y = Math.Abs(b);
        if (double.IsInfinity(x) || double.IsInfinity(y))
            return double.PositiveInfinity;
        if (double.IsNaN(x) || double.IsNaN(y))
            return double.NaN;
        double most = x > y ? x : y, least = x > y ? y : x;
        if (most == 0)
            return 0;
        double ratio = least / most;
        return most * Math.Sqrt(1 + ratio * ratio);
    }
}

/// <summary>Division and powers of integers. A divisor of zero has been refused before; −1 is apart, because its quotient may overflow.</summary>
internal static class IntegerFunctions
{
    internal static long Remainder(long a, long b) => b == -1 ? 0 : a % b;

    internal static long FloorRemainder(long a, long b)
    {
        long r = Remainder(a, b);
        return r != 0 && r < 0 != b < 0 ? r + b : r;
    }

    internal static long FloorQuotient(long a, long b)
    {
        if (b == -1)
            return -a;
        long q = a / b, r = a % b;
        return r != 0 && r < 0 != b < 0 ? q - 1 : q;
    }

    internal static long Power(long a, long exponent)
    {
        if (exponent < 0)
            return a == 1 ? 1 : a == -1 ? ((exponent & 1) == 0 ? 1 : -1) : 0;
        long result = 1;
        for (; exponent != 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
                result *= a;
            a *= a;
        }
        return result;
    }
}
