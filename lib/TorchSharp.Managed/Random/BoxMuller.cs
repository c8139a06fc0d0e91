namespace TorchSharp.RandomStreams;

/// <summary>
/// Sixteen normal numbers from sixteen uniform ones, in float32, rounded exactly as PyTorch's vector code rounds.
/// </summary>
/// <remarks>
/// Box &amp; Muller (1958): with r = √(−2 ln(1 − u₁)) and θ = 2π u₂, r cos θ and r sin θ are independent normal numbers. The first
/// eight uniforms are u₁, the next eight u₂; the cosines come first. PyTorch computes ln, sin and cos by the single-precision
/// polynomials of Moshier's Cephes library, with multiply-adds fused as a compiler does; a better logarithm would
/// give other last bits, and with them other initial weights.
/// </remarks>
internal static unsafe class BoxMuller
{
    private const float TwoPi = 6.283185307179586f;

    public static void Transform(float* values, float mean, float deviation)
    {
        for (int i = 0; i < 8; i++)
        {
            float radius = MathF.Sqrt(-2f * Log(1f - values[i]));
            (float sin, float cos) = SinCos(TwoPi * values[i + 8]);
            values[i] = MathF.FusedMultiplyAdd(radius * cos, deviation, mean);
            values[i + 8] = MathF.FusedMultiplyAdd(radius * sin, deviation, mean);
        }
    }

    /// <summary>ln x for x in (0, 1]: x = m·2ᵉ with m in [√½, √2), then a polynomial in m − 1.</summary>
    private static float Log(float x)
    {
        int bits = BitConverter.SingleToInt32Bits(MathF.Max(x, 1.17549435e-38f));
        float exponent = (bits >> 23) - 127 + 1f;
        x = BitConverter.Int32BitsToSingle(bits & 0x007FFFFF | 0x3F000000);
        if (x < 0.707106781186547524f)
        {
            exponent -= 1f;
            x = x - 1f + x;
        }
        else
        {
            x -= 1f;
        }
        float z = x * x, y = 7.0376836292E-2f;
        y = MathF.FusedMultiplyAdd(y, x, -1.1514610310E-1f);
        y = MathF.FusedMultiplyAdd(y, x, 1.1676998740E-1f);
        y = MathF.FusedMultiplyAdd(y, x, -1.2420140846E-1f);
        y = MathF.FusedMultiplyAdd(y, x, 1.4249322787E-1f);
        y = MathF.FusedMultiplyAdd(y, x, -1.6668057665E-1f);
        y = MathF.FusedMultiplyAdd(y, x, 2.0000714765E-1f);
        y = MathF.FusedMultiplyAdd(y, x, -2.4999993993E-1f);
        y = MathF.FusedMultiplyAdd(y, x, 3.3333331174E-1f);
        y *= x;
        y = MathF.FusedMultiplyAdd(y, z, exponent * -2.12194440e-4f);
        y = MathF.FusedMultiplyAdd(-z, 0.5f, y);
        return MathF.FusedMultiplyAdd(exponent, 0.693359375f, x + y);
    }

    /// <summary>sin x and cos x for x ≥ 0: x is reduced by multiples of π/4 in three parts, then one polynomial for each octant.</summary>
    private static (float Sin, float Cos) SinCos(float x)
    {
        int octant = (int)(x * 1.27323954473516f) + 1 & ~1;
        float y = octant;
        x = MathF.FusedMultiplyAdd(y, -0.78515625f, x);
        x = MathF.FusedMultiplyAdd(y, -2.4187564849853515625e-4f, x);
        x = MathF.FusedMultiplyAdd(y, -3.77489497744594108e-8f, x);
        float z = x * x;
        float c = MathF.FusedMultiplyAdd(2.443315711809948E-005f, z, -1.388731625493765E-003f);
        c = MathF.FusedMultiplyAdd(c, z, 4.166664568298827E-002f);
        c *= z;
        c = MathF.FusedMultiplyAdd(c, z, -(z * 0.5f)) + 1f;
        float s = MathF.FusedMultiplyAdd(-1.9515295891E-4f, z, 8.3321608736E-3f);
        s = MathF.FusedMultiplyAdd(s, z, -1.6666654611E-1f);
        s *= z;
        s = MathF.FusedMultiplyAdd(s, x, x);
        bool swapped = (octant & 2) != 0;
        float sin = swapped ? c : s, cos = swapped ? s : c;
        return ((octant & 4) != 0 ? -sin : sin, (octant - 2 & 4) == 0 ? -cos : cos);
    }
}
