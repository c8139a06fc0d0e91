using System.Numerics;
using System.Runtime.CompilerServices;

namespace TorchSharp.Cpu;

/// <summary>
/// Transcendental functions of a register of floats, without table look-ups, branches or calls: a power of two (or, for the
/// logarithm, an exponent) is split off with integer arithmetic and a polynomial does the rest.
/// </summary>
/// <remarks>
/// Exp, Log, Expm1 and Log1p are within 2 units in the last place, Tanh and Sigmoid within 4, Erf within 8; denormal numbers,
/// infinities and NaN come out as IEEE 754 has them. The polynomials of Exp and Log are those of the Cephes library (Moshier); the
/// quotient of Erf was fitted by weighted least squares to a relative error of 2·10⁻⁸.
/// </remarks>
internal static class VectorMath
{
    private static Vector<float> Of(float value) => Vector.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Fma(Vector<float> a, Vector<float> b, Vector<float> c) => Vector.MultiplyAddEstimate(a, b, c);

    /// <summary>x = n·ln 2 + r with n whole and |r| ≤ ½ ln 2. Adding 1.5·2²³ leaves n in the low bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Reduce(Vector<float> x, out Vector<int> n)
    {
        Vector<float> magic = Of(12582912f), shifted = Fma(x, Of(1.44269504f), magic), whole = shifted - magic;
        n = Vector.AsVectorInt32(shifted) - Vector.AsVectorInt32(magic);
        return Fma(whole, Of(2.12194440e-4f), Fma(whole, Of(-0.693359375f), x));
    }

    /// <summary>eʳ − 1 for |r| ≤ ½ ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> ExpPolynomial(Vector<float> r)
    {
        Vector<float> p = Fma(Of(1.9875691500e-4f), r, Of(1.3981999507e-3f));
        p = Fma(p, r, Of(8.3334519073e-3f));
        p = Fma(p, r, Of(4.1665795894e-2f));
        p = Fma(p, r, Of(1.6666665459e-1f));
        p = Fma(p, r, Of(0.5f));
        return Fma(p, r * r, r);
    }

    /// <summary>2ⁿ for −126 ≤ n ≤ 127.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> PowerOfTwo(Vector<int> n) => Vector.AsVectorSingle((n + Vector.Create(127)) << 23);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Exp(Vector<float> x)
    {
        // What vanishes anyway (a mask's −∞) is left out: the processor takes ten times as long over a result that it has to round to 0.
        Vector<float> vanishes = Vector.AsVectorSingle(Vector.LessThan(x, Of(-103.98f)));
        // A NaN passes, because it is the second operand.
        Vector<float> r = Reduce(Vector.MinNative(Of(89f), Vector.AndNot(x, vanishes)), out Vector<int> n);
        Vector<float> y = Vector.AndNot(ExpPolynomial(r) + Vector<float>.One, vanishes);
        // In two steps, because 2ⁿ itself may be denormal or too large.
        Vector<int> half = n >> 1;
        return y * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    /// <summary>eˣ − 1, exact near 0: 2ⁿ·(eʳ − 1) + (2ⁿ − 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Expm1(Vector<float> x)
    {
        Vector<float> r = Reduce(Vector.MinNative(Of(89f), Vector.MaxNative(Of(-80f), x)), out Vector<int> n);
        // Half of it first, so that 2¹²⁸ does not occur.
        Vector<float> half = PowerOfTwo(n - Vector<int>.One), sum = Fma(half, ExpPolynomial(r), half - Of(0.5f));
        // A denormal x, and the sign of 0, pass through.
        return Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(x), Of(1e-10f)), x, sum + sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Log(Vector<float> x)
    {
        Vector<float> infinity = Of(float.PositiveInfinity);
        Vector<int> denormal = Vector.LessThan(x, Of(1.17549435e-38f)), bits = Vector.AsVectorInt32(Vector.ConditionalSelect(Vector.AsVectorSingle(denormal), x * Of(8388608f), x));
        // x = 2ᵉ·(1 + f) with 1 + f between √½ and √2.
        Vector<int> root = Vector.Create(0x3F3504F3), shifted = bits - root;
        Vector<float> e = Vector.ConvertToSingle((shifted >> 23) - (denormal & Vector.Create(23)));
        Vector<float> f = Vector.AsVectorSingle((shifted & Vector.Create(0x007FFFFF)) + root) - Vector<float>.One, square = f * f;
        Vector<float> p = Fma(Of(7.0376836292e-2f), f, Of(-1.1514610310e-1f));
        p = Fma(p, f, Of(1.1676998740e-1f));
        p = Fma(p, f, Of(-1.2420140846e-1f));
        p = Fma(p, f, Of(1.4249322787e-1f));
        p = Fma(p, f, Of(-1.6668057665e-1f));
        p = Fma(p, f, Of(2.0000714765e-1f));
        p = Fma(p, f, Of(-2.4999993993e-1f));
        p = Fma(p, f, Of(3.3333331174e-1f));
        Vector<float> y = Fma(e, Of(-2.12194440e-4f), p * f * square);
        y = Fma(e, Of(0.693359375f), f + Fma(square, Of(-0.5f), y));
        y = Vector.ConditionalSelect(Vector.LessThan(x, infinity), y, x);
        Vector<float> special = Vector.ConditionalSelect(Vector.Equals(x, Vector<float>.Zero), -infinity, Of(float.NaN));
        return Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), y, special);
    }

    /// <summary>ln(1 + x): the logarithm of u = 1 + x, less what rounding added to u.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Log1p(Vector<float> x)
    {
        Vector<float> u = Vector<float>.One + x, y = Log(u), corrected = y - (u - Vector<float>.One - x) / u;
        Vector<float> inside = Vector.AsVectorSingle(Vector.GreaterThan(x, -Vector<float>.One) & Vector.LessThan(x, Of(1e30f)));
        return Vector.ConditionalSelect(Vector.Equals(u, Vector<float>.One), x, Vector.ConditionalSelect(inside, corrected, y));
    }

    /// <summary>With m = e^(2|x|) − 1: m / (m + 2), and the sign of x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Tanh(Vector<float> x)
    {
        Vector<float> sign = x & Of(-0f), size = Vector.MinNative(Of(10f), Vector.Abs(x)), m = Expm1(size + size);
        return (m / (m + Of(2f))) | sign;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Sigmoid(Vector<float> x) => Vector<float>.One / (Vector<float>.One + Exp(-x));

    /// <summary>x·P(x²)/Q(x²) up to |x| = 3.95, where erf is 1 to the last bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Erf(Vector<float> x)
    {
        Vector<float> v = Vector.MinNative(Of(3.95f), Vector.MaxNative(Of(-3.95f), x)), z = v * v;
        Vector<float> p = Fma(Of(2.0258981855e-6f), z, Of(2.8468441738e-4f));
        p = Fma(p, z, Of(3.8080881350e-3f));
        p = Fma(p, z, Of(5.2875214424e-2f));
        p = Fma(p, z, Of(1.9154884452e-1f));
        p = Fma(p, z, Of(1.1283791438f));
        Vector<float> q = Fma(Of(3.7831524021e-5f), z, Of(1.1707048312e-3f));
        q = Fma(q, z, Of(1.5054944023e-2f));
        q = Fma(q, z, Of(1.1455898331e-1f));
        q = Fma(q, z, Of(5.0308841964e-1f));
        q = Fma(q, z, Vector<float>.One);
        return Vector.MinNative(Vector<float>.One, Vector.MaxNative(-Vector<float>.One, v * p / q));
    }
}

internal readonly struct ExpFunction : IUnaryFunction<float>
{
    public static Vector<float> Of(Vector<float> x) => VectorMath.Exp(x);
}

internal readonly struct Expm1Function : IUnaryFunction<float>
{
    public static Vector<float> Of(Vector<float> x) => VectorMath.Expm1(x);
}

internal readonly struct LogFunction : IUnaryFunction<float>
{
    public static Vector<float> Of(Vector<float> x) => VectorMath.Log(x);
}

internal readonly struct Log1pFunction : IUnaryFunction<float>
{
    public static Vector<float> Of(Vector<float> x) => VectorMath.Log1p(x);
}

internal readonly struct TanhFunction : IUnaryFunction<float>
{
    public static Vector<float> Of(Vector<float> x) => VectorMath.Tanh(x);
}

internal readonly struct SigmoidFunction : IUnaryFunction<float>
{
    public static Vector<float> Of(Vector<float> x) => VectorMath.Sigmoid(x);
}

internal readonly struct LogSigmoidFunction : IUnaryFunction<float>
{
    /// <summary>min(0, x) − ln(1 + e^−|x|): no overflow on either side.</summary>
    public static Vector<float> Of(Vector<float> x) => Vector.MinNative(Vector<float>.Zero, x) - VectorMath.Log1p(VectorMath.Exp(-Vector.Abs(x)));
}

internal readonly struct SiluFunction : IUnaryFunction<float>
{
    public static Vector<float> Of(Vector<float> x) => x / (Vector<float>.One + VectorMath.Exp(-x));
}

internal readonly struct ErfFunction : IUnaryFunction<float>
{
    public static Vector<float> Of(Vector<float> x) => VectorMath.Erf(x);
}

internal readonly struct GeluFunction : IUnaryFunction<float>
{
    /// <summary>½·x·(1 + erf(x/√2)).</summary>
    public static Vector<float> Of(Vector<float> x) => Vector.Create(0.5f) * x * (Vector<float>.One + VectorMath.Erf(x * Vector.Create(0.70710678f)));
}

internal readonly struct GeluBackwardFunction : IBinaryFunction<float>
{
    public static Vector<float> Of(Vector<float> a, Vector<float> b) => a * (Vector.Create(0.5f) * (Vector<float>.One + VectorMath.Erf(b * Vector.Create(0.70710678f)))
        + b * VectorMath.Exp(b * b * Vector.Create(-0.5f)) * Vector.Create(0.39894228f));
}

internal readonly struct SiluBackwardFunction : IBinaryFunction<float>
{
    public static Vector<float> Of(Vector<float> a, Vector<float> b)
    {
        Vector<float> s = VectorMath.Sigmoid(b);
        return a * s * (Vector<float>.One + b * (Vector<float>.One - s));
    }
}
