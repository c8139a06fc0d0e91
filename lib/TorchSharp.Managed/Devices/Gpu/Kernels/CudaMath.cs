using System.Reflection;
using ILGPU;
using ILGPU.Backends.PTX;
using ILGPU.IR.Intrinsics;
using ILGPU.IR.Values;

namespace TorchSharp.Gpu;

/// <summary>
/// The functions of <see cref="Math"/> for CUDA: the PTX that ILGPU writes has only approximations of a few, and NVIDIA's library of
/// device functions comes with its toolkit, not with the driver. Each argument is brought near zero, where few terms of a series
/// suffice. Errors are a few units of the last place; arguments of sin, cos and tan beyond 10⁶ lose digits.
/// </summary>
internal static class CudaMath
{
    /// <summary>Kernels that call Math.Exp and the like get these on CUDA; other devices have their own.</summary>
    internal static void Register(IntrinsicImplementationManager manager)
    {
        foreach (var (kind, name) in new[]
        {
            (UnaryArithmeticKind.ExpF, nameof(Exp)), (UnaryArithmeticKind.LogF, nameof(Log)), (UnaryArithmeticKind.Log2F, nameof(Log2)), (UnaryArithmeticKind.Log10F, nameof(Log10)),
            (UnaryArithmeticKind.SinF, nameof(Sin)), (UnaryArithmeticKind.CosF, nameof(Cos)), (UnaryArithmeticKind.TanF, nameof(Tan)), (UnaryArithmeticKind.AsinF, nameof(Asin)),
            (UnaryArithmeticKind.AcosF, nameof(Acos)), (UnaryArithmeticKind.AtanF, nameof(Atan)), (UnaryArithmeticKind.SinhF, nameof(Sinh)), (UnaryArithmeticKind.CoshF, nameof(Cosh)),
            (UnaryArithmeticKind.TanhF, nameof(Tanh)),
        })
        {
            manager.RegisterUnaryArithmetic(kind, BasicValueType.Float32, Redirect(name, typeof(float)));
            manager.RegisterUnaryArithmetic(kind, BasicValueType.Float64, Redirect(name, typeof(double)));
        }
        foreach (var (kind, name) in new[] { (BinaryArithmeticKind.PowF, nameof(Pow)), (BinaryArithmeticKind.Atan2F, nameof(Atan2)) })
        {
            manager.RegisterBinaryArithmetic(kind, BasicValueType.Float32, Redirect(name, typeof(float), typeof(float)));
            manager.RegisterBinaryArithmetic(kind, BasicValueType.Float64, Redirect(name, typeof(double), typeof(double)));
        }
    }

    private static PTXIntrinsic Redirect(string name, params Type[] arguments) =>
        new(typeof(CudaMath).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic, arguments)!, IntrinsicImplementationMode.Redirect);

    internal static float Exp(float x) => (float)Exp((double)x);

    internal static float Log(float x) => (float)Log((double)x);

    internal static float Log2(float x) => (float)Log2((double)x);

    internal static float Log10(float x) => (float)Log10((double)x);

    internal static float Sin(float x) => (float)Sin((double)x);

    internal static float Cos(float x) => (float)Cos((double)x);

    internal static float Tan(float x) => (float)Tan((double)x);

    internal static float Asin(float x) => (float)Asin((double)x);

    internal static float Acos(float x) => (float)Acos((double)x);

    internal static float Atan(float x) => (float)Atan((double)x);

    internal static float Sinh(float x) => (float)Sinh((double)x);

    internal static float Cosh(float x) => (float)Cosh((double)x);

    internal static float Tanh(float x) => (float)Tanh((double)x);

    internal static float Pow(float a, float b) => (float)Pow((double)a, (double)b);

    internal static float Atan2(float y, float x) => (float)Atan2((double)y, (double)x);

    /// <summary>ln 2 and π/2 in parts whose products with small integers are exact.</summary>
    private const double Ln2High = 0.6931471804855391, Ln2Low = 7.440617110012397e-11, HalfPi1 = 1.5707963267341256, HalfPi2 = 6.077100506303966e-11, HalfPi3 = 2.0222662487959506e-21;

    /// <summary>eˣ = 2ᵏ·eʳ with |r| ≤ ½·ln 2, and Taylor's series for eʳ.</summary>
    internal static double Exp(double x)
    {
        if (double.IsNaN(x))
            return x;
        if (x > 709.8)
            return double.PositiveInfinity;
        if (x < -745.2)
            return 0;
        double k = Math.Floor(x * 1.4426950408889634 + 0.5);
        double r = x - k * Ln2High - k * Ln2Low;
        double sum = 1;
        for (int n = 14; n >= 1; n--)
            sum = 1 + sum * r / n;
        // In two steps, because 2ᵏ alone may be beyond the numbers.
        int whole = (int)k, half = whole / 2;
        return sum * PowerOfTwo(half) * PowerOfTwo(whole - half);
    }

    private static double PowerOfTwo(int k) => Interop.IntAsFloat((ulong)(k + 1023) << 52);

    /// <summary>x = 2ᵏ·m with m near 1, and ln m = 2·artanh((m − 1)/(m + 1)).</summary>
    internal static double Log(double x)
    {
        if (double.IsNaN(x) || x < 0)
            return double.NaN;
        if (x == 0)
            return double.NegativeInfinity;
        if (double.IsInfinity(x))
            return x;
        int k = Exponent(x, out double m);
        return k * Ln2High + (LogNearOne(m) + k * Ln2Low);
    }

    internal static double Log2(double x)
    {
        if (!(x > 0) || double.IsInfinity(x))
            return Log(x);
        return Exponent(x, out double m) + LogNearOne(m) * 1.4426950408889634;
    }

    internal static double Log10(double x) => Log(x) * 0.4342944819032518;

    private static int Exponent(double x, out double m)
    {
        int k = 0;
        if (x < 2.3e-308)
        {
            x *= 18014398509481984.0;
            k = -54;
        }
        ulong bits = Interop.FloatAsInt(x);
        k += (int)(bits >> 52) - 1023;
        m = Interop.IntAsFloat(bits & 0x000FFFFFFFFFFFFF | 0x3FF0000000000000);
        if (m <= 1.4142135623730951)
            return k;
        m *= 0.5;
        return k + 1;
    }

    private static double LogNearOne(double m)
    {
        double s = (m - 1) / (m + 1), square = s * s, sum = 0;
        for (int n = 21; n >= 3; n -= 2)
            sum = (sum + 1.0 / n) * square;
        return 2 * s + 2 * s * sum;
    }

    internal static double Sin(double x)
    {
        double r = Reduce(x, out int quadrant);
        double y = (quadrant & 1) == 0 ? SinNearZero(r) : CosNearZero(r);
        return (quadrant & 2) == 0 ? y : -y;
    }

    internal static double Cos(double x)
    {
        double r = Reduce(x, out int quadrant);
        double y = (quadrant & 1) == 0 ? CosNearZero(r) : SinNearZero(r);
        return (quadrant + 1 & 2) == 0 ? y : -y;
    }

    internal static double Tan(double x) => Sin(x) / Cos(x);

    /// <summary>x less a multiple of π/2.</summary>
    private static double Reduce(double x, out int quadrant)
    {
        quadrant = 0;
        if (double.IsNaN(x) || double.IsInfinity(x))
            return double.NaN;
        double k = Math.Floor(x * 0.6366197723675814 + 0.5);
        quadrant = (int)((long)k & 3);
        return x - k * HalfPi1 - k * HalfPi2 - k * HalfPi3;
    }

    private static double SinNearZero(double r)
    {
        double square = r * r, sum = 1;
        for (int n = 18; n >= 2; n -= 2)
            sum = 1 - sum * square / (n * (n + 1));
        return r * sum;
    }

    private static double CosNearZero(double r)
    {
        double square = r * r, sum = 1;
        for (int n = 19; n >= 1; n -= 2)
            sum = 1 - sum * square / (n * (n + 1));
        return sum;
    }

    /// <summary>To |x| ≤ tan(π/12) by the reciprocal and the difference from π/6, then the series.</summary>
    internal static double Atan(double x)
    {
        if (double.IsNaN(x))
            return x;
        double a = Math.Abs(x);
        bool inverted = a > 1;
        if (inverted)
            a = 1 / a;
        bool turned = a > 0.2679491924311227;
        if (turned)
            a = (1.7320508075688772 * a - 1) / (1.7320508075688772 + a);
        double square = a * a, sum = 0;
        for (int n = 27; n >= 3; n -= 2)
            sum = (1.0 / n - sum) * square;
        double y = a - a * sum;
        if (turned)
            y += 0.5235987755982989;
        if (inverted)
            y = 1.5707963267948966 - y;
        return x < 0 ? -y : y;
    }

    internal static double Asin(double x) => Math.Abs(x) > 1 ? double.NaN : Atan(x / Math.Sqrt((1 - x) * (1 + x)));

    internal static double Acos(double x) => Math.Abs(x) > 1 ? double.NaN : 2 * Atan(Math.Sqrt((1 - x) / (1 + x)));

    internal static double Atan2(double y, double x)
    {
        if (double.IsNaN(x) || double.IsNaN(y))
            return double.NaN;
        double ay = Math.Abs(y), ax = Math.Abs(x);
        bool both = double.IsInfinity(ay) && double.IsInfinity(ax);
        double angle = ay == 0 ? 0 : both ? 0.7853981633974483 : Atan(ay / ax);
        // The sign of a zero counts: 1/x tells it.
        if (x < 0 || (x == 0 && 1 / x < 0))
            angle = 3.141592653589793 - angle;
        return y < 0 || (y == 0 && 1 / y < 0) ? -angle : angle;
    }

    internal static double Sinh(double x)
    {
        double a = Math.Abs(x);
        if (a > 1)
        {
            double e = Exp(a / 2);
            double y = a > 40 ? 0.5 * e * e : 0.5 * (e * e - 1 / (e * e));
            return x < 0 ? -y : y;
        }
        double square = x * x, sum = 1;
        for (int n = 18; n >= 2; n -= 2)
            sum = 1 + sum * square / (n * (n + 1));
        return x * sum;
    }

    internal static double Cosh(double x)
    {
        double e = Exp(Math.Abs(x) / 2);
        return 0.5 * e * e + 0.5 / e / e;
    }

    /// <summary>Near zero by Lambert's fraction x/(1 + x²/(3 + x²/(5 + …))), else by eˣ.</summary>
    internal static double Tanh(double x)
    {
        double a = Math.Abs(x);
        if (a > 22)
            return x < 0 ? -1 : 1;
        if (a > 0.6)
        {
            double e = Exp(2 * a);
            double y = 1 - 2 / (e + 1);
            return x < 0 ? -y : y;
        }
        double square = x * x, fraction = 21;
        for (int n = 19; n >= 1; n -= 2)
            fraction = n + square / fraction;
        return x / fraction;
    }

    internal static double Pow(double a, double b)
    {
        if (b == 0 || a == 1)
            return 1;
        if (double.IsNaN(a) || double.IsNaN(b))
            return double.NaN;
        double magnitude = Math.Abs(a) == 1 ? 1 : Exp(b * Log(Math.Abs(a)));
        bool negative = a < 0 || (a == 0 && 1 / a < 0);
        if (!negative)
            return magnitude;
        bool whole = Math.Floor(b) == b;
        if (!whole)
            return a == 0 || double.IsInfinity(a) ? magnitude : double.IsInfinity(b) ? magnitude : double.NaN;
        bool odd = Math.Floor(b / 2) * 2 != b;
        return odd ? -magnitude : magnitude;
    }
}
