using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Cpu;

/// <summary>
/// aᵇ of floats. The exponents that formulas use are products and roots; any other is 2^(b·log₂ a), and what IEEE 754 treats specially is
/// computed element by element.
/// </summary>
/// <remarks>
/// b magnifies the error of the logarithm: results near the ends of the floats' range need seven bits more than a float has. The logarithm and
/// its product with b are therefore sums of two floats, the second of which holds what rounding took from the first.
/// </remarks>
internal static unsafe class Powers
{
    /// <summary>Of the exponent of a result, so that it is a normal number.</summary>
    private const float Limit = 126;

    public static void Row(float* a, bool oneA, float* b, bool oneB, float* y, long count, bool stream)
    {
        if (oneB && !oneA)
        {
            switch (*b)
            {
                case 2: Elementwise.Unary<SquareFunction<float>, float>(a, y, count, stream); return;
                case 3: Elementwise.Unary<CubeFunction, float>(a, y, count, stream); return;
                case 0.5f: Elementwise.Unary<SqrtFunction<float>, float>(a, y, count, stream); return;
                case -0.5f: Elementwise.Unary<RsqrtFunction<float>, float>(a, y, count, stream); return;
                case -1: Elementwise.Unary<ReciprocalFunction<float>, float>(a, y, count, stream); return;
                case 1: Elementwise.Unary<CopyFunction<float>, float>(a, y, count, stream); return;
            }
        }
        Transcendental.Row<PowerFunction>(a, oneA, b, oneB, y, count, stream);
    }

    private readonly struct CubeFunction : IUnaryFunction<float>
    {
        public static Vector<float> Of(Vector<float> x) => x * x * x;
    }

    private readonly struct PowerFunction : IFunction2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Usual<R>(R a, R b) where R : struct, IRegisters<R> => VectorMath.Positive(a) && R.AllBelow(Bound(a, b), Limit);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Of<R>(R a, R b) where R : struct, IRegisters<R> => R.AnyValue ? Any(a, b) : Power(a, b);
    }

    /// <summary>At least |b·log₂ a|, from the exponent of a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Bound<R>(R a, R b) where R : struct, IRegisters<R>
    {
        VectorMath.Mantissa(a, out var e);
        return (VectorMath.Abs(e) + 0.5f) * b;
    }

    /// <summary>aᵇ of positive normal a, where |b·log₂ a| stays below the limit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Power<R>(R a, R b) where R : struct, IRegisters<R>
    {
        // a = 2ᵉ·(1 + f), and log₂(1 + f) = 2/ln 2 · (s + s³/3 + s⁵/5 + …) of s = f / (2 + f).
        R f = VectorMath.Mantissa(a, out var e), d = f + 2, reciprocal = (R)1 / d;
        R s = f * reciprocal, lost = (f - (d - 2)) * s + Lost(s, d, f);
        R z = s * s, p = R.MultiplyAdd(z, 0.34023889899253845f, 0.4117053151130676f);
        p = R.MultiplyAdd(p, z, 0.5770828723907471f);
        p = R.MultiplyAdd(p, z, 0.9617967009544373f) * z;
        const float factor = 2.885390043258667f, factorLow = 3.851926067e-8f;
        R high = s * factor, low = Lost(s, factor, high) + R.MultiplyAdd(p + factorLow, s, -(lost * reciprocal) * factor);
        var sum = e + high;
        low += high - (sum - e);
        high = sum + low;
        low -= high - sum;
        // The product with b, whose whole part is the exponent of the result.
        R product = b * high, shifted = product + VectorMath.Magic;
        var r = product - (shifted - VectorMath.Magic) + R.MultiplyAdd(b, low, Lost(b, high, product));
        var y = R.MultiplyAdd(r, 0.0001535325573058799f, 0.001339900540187955f);
        y = R.MultiplyAdd(y, r, 0.00961843878030777f);
        y = R.MultiplyAdd(y, r, 0.05550331994891167f);
        y = R.MultiplyAdd(y, r, 0.24022647738456726f);
        y = R.MultiplyAdd(y, r, 0.6931471824645996f);
        return VectorMath.Scale(R.MultiplyAdd(y, r, 1), shifted);
    }

    /// <summary>l·r − product, where that is what rounding took: at once, or (Dekker) from halves whose products are exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Lost<R>(R l, R r, R product) where R : struct, IRegisters<R>
    {
        if (Fma.IsSupported || AdvSimd.IsSupported)
            return R.MultiplyAdd(l, r, -product);
        const int upperHalf = ~0xFFF;
        R lHigh = R.And(l, upperHalf), rHigh = R.And(r, upperHalf), lLow = l - lHigh, rLow = r - rHigh;
        return lHigh * rHigh - product + lHigh * rLow + lLow * rHigh + lLow * rLow;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static R Any<R>(R a, R b) where R : struct, IRegisters<R>
    {
        var normal = R.LessThan(a, float.PositiveInfinity) ^ R.LessThan(a, VectorMath.SmallestNormal);
        var usual = normal & R.LessThan(VectorMath.Abs(Bound(a, b)), Limit);
        var y = Power(R.Select(usual, a, 1), R.Select(usual, b, 0));
        float* left = stackalloc float[4 * R.Count], right = left + R.Count, known = right + R.Count, result = known + R.Count;
        a.Store(left);
        b.Store(right);
        usual.Store(known);
        y.Store(result);
        for (int i = 0; i < R.Count; i++)
            if (BitConverter.SingleToInt32Bits(known[i]) == 0)
                result[i] = MathF.Pow(left[i], right[i]);
        return R.Load(result);
    }
}
