using System.Runtime.CompilerServices;

namespace TorchSharp.Cpu;

/// <summary>
/// Transcendental functions of registers of floats, without table look-ups, branches or calls: a power of two (or, for the
/// logarithm, an exponent) is split off with integer arithmetic and a polynomial does the rest.
/// </summary>
/// <remarks>
/// Exp, Log, Expm1 and Log1p are within 2 units in the last place, Tanh and Sigmoid within 4, Erf within 8, Sin and Cos within 1·10⁻⁷ of the
/// result or of 1; denormal numbers, infinities and NaN come out as IEEE 754 has them. The polynomials of Sin and Cos are those of the Cephes
/// library (Moshier), the others were fitted by weighted least squares to a relative error of 3·10⁻⁸ or less. Where only usual values come,
/// what the others need is left out, and what remains is computed in the same way, so that a value's result does not depend on its neighbours.
/// </remarks>
internal static class VectorMath
{
    /// <summary>1.5·2²³: adding it rounds to a whole number and leaves that in the low bits.</summary>
    public const float Magic = 12582912f;

    /// <summary>The largest |x| of which eˣ and e⁻ˣ are normal numbers.</summary>
    public const float ExpLimit = 87;

    /// <summary>Angles from here on lose digits when whole turns are taken off.</summary>
    public const float AngleLimit = 8192;

    public const float SmallestNormal = 1.17549435e-38f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Abs<R>(R x) where R : struct, IRegisters<R> => R.And(x, int.MaxValue);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Sign<R>(R x) where R : struct, IRegisters<R> => R.And(x, int.MinValue);

    /// <summary>Positive, finite and not denormal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Positive<R>(R x) where R : struct, IRegisters<R> => R.AllWithin(x, SmallestNormal, float.PositiveInfinity);

    /// <summary>x = n·ln 2 + r with n whole and |r| ≤ ½ ln 2.</summary>
    /// <param name="shifted">n + <see cref="Magic"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Reduce<R>(R x, out R shifted) where R : struct, IRegisters<R>
    {
        shifted = R.MultiplyAdd(x, 1.44269504f, Magic);
        var whole = shifted - Magic;
        return R.MultiplyAdd(whole, 2.12194440e-4f, R.MultiplyAdd(whole, -0.693359375f, x));
    }

    /// <summary>(eʳ − 1 − r) / r² for |r| ≤ ½ ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R ExpPolynomial<R>(R r) where R : struct, IRegisters<R>
    {
        var p = R.MultiplyAdd(r, 0.001381428330205381f, 0.008368867449462414f);
        p = R.MultiplyAdd(p, r, 0.04166840389370918f);
        p = R.MultiplyAdd(p, r, 0.1666651964187622f);
        return R.MultiplyAdd(p, r, 0.4999999403953552f);
    }

    /// <summary>y·2ⁿ, if that is a normal number: n is added to the exponent.</summary>
    /// <param name="shifted">n + <see cref="Magic"/>, whose own bits the shift drops.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Scale<R>(R y, R shifted) where R : struct, IRegisters<R> => R.AddBits(y, R.ShiftLeft(shifted, 23));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Exp<R>(R x) where R : struct, IRegisters<R>
    {
        // What vanishes anyway (a mask's −∞) is left out: the processor takes ten times as long over a result that it has to round to 0.
        var vanishes = R.LessThan(x, -103.98f);
        if (R.AnyValue)
            x = R.Min(R.Select(vanishes, 0, x), 89);
        var r = Reduce(x, out var shifted);
        var y = R.MultiplyAdd(R.MultiplyAdd(ExpPolynomial(r), r, 1), r, 1);
        if (!R.AnyValue)
            return Scale(y, shifted);
        // In two steps, because 2ⁿ itself may be denormal or too large.
        R whole = shifted - Magic, half = R.MultiplyAdd(whole, 0.5f, Magic), rest = whole - (half - Magic) + Magic;
        return R.Select(vanishes, 0, y * Scale(1, half) * Scale(1, rest));
    }

    /// <summary>eˣ − 1, exact near 0: 2ⁿ·(eʳ − 1) + (2ⁿ − 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Expm1<R>(R x) where R : struct, IRegisters<R>
    {
        R r = Reduce(R.Min(R.Max(x, -80), 89), out var shifted), power = R.MultiplyAdd(ExpPolynomial(r), r * r, r);
        // Half of it first, so that 2¹²⁸ does not occur.
        R half = Scale(0.5f, shifted), sum = R.MultiplyAdd(half, power, half - 0.5f);
        // A denormal x, and the sign of 0, pass through.
        return R.Select(R.LessThan(Abs(x), 1e-10f), x, sum + sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Log<R>(R x) where R : struct, IRegisters<R>
    {
        if (!R.AnyValue)
            return ScaledLog(Mantissa(x, out var exponent), exponent);
        R denormal = R.LessThan(x, SmallestNormal), f = Mantissa(R.Select(denormal, x * 8388608f, x), out var e);
        var y = ScaledLog(f, e - (denormal & 23));
        y = R.Select(R.LessThan(x, float.PositiveInfinity), y, x);
        // The comparisons are false for NaN, and the first float that is not smaller than the smallest positive one is that.
        return R.Select(R.LessThan(x, float.Epsilon), R.Select(R.LessThan(x, 0), float.NaN, float.NegativeInfinity), y);
    }

    /// <summary>f of x = 2ᵉ·(1 + f) with 1 + f between √½ and √2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Mantissa<R>(R x, out R e) where R : struct, IRegisters<R>
    {
        const int root = 0x3F3504F3;
        var shifted = R.AddBits(x, -root);
        e = R.ToFloat(R.ShiftRight(shifted, 23));
        return R.AddBits(R.And(shifted, 0x007FFFFF), root) - 1;
    }

    /// <summary>ln(2ᵉ·(1 + f)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R ScaledLog<R>(R f, R e) where R : struct, IRegisters<R>
    {
        var p = R.MultiplyAdd(f, -0.0763636901974678f, 0.12764613330364227f);
        p = R.MultiplyAdd(p, f, -0.13160929083824158f);
        p = R.MultiplyAdd(p, f, 0.1420140564441681f);
        p = R.MultiplyAdd(p, f, -0.16623249650001526f);
        p = R.MultiplyAdd(p, f, 0.20001238584518433f);
        p = R.MultiplyAdd(p, f, -0.2500082552433014f);
        p = R.MultiplyAdd(p, f, 0.3333333134651184f);
        var square = f * f;
        p = R.MultiplyAdd(e, -2.12194440e-4f, p * f * square);
        return R.MultiplyAdd(e, 0.693359375f, f + R.MultiplyAdd(square, -0.5f, p));
    }

    /// <summary>ln(1 + x): with u = 1 + x = 2ᵉ·(1 + f), what rounding took from u is given back to f. Usual are positive x and +0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Log1p<R>(R x) where R : struct, IRegisters<R>
    {
        R u = x + 1, f = Mantissa(u, out var e), lost = x - (u - 1);
        var y = ScaledLog(R.MultiplyAdd(lost, Scale<R>(1, (R)Magic - e), f), e);
        if (!R.AnyValue)
            return y;
        R large = R.LessThan(1e30f, u), positive = R.LessThan(1e-30f, u);
        return R.Select(positive ^ large, y, Log(u)) | Sign(x);
    }

    /// <summary>ln(1 + x) = x·P(x)/Q(x) for 0 ≤ x ≤ 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Log1pOfFraction<R>(R x) where R : struct, IRegisters<R>
    {
        var p = R.MultiplyAdd(x, 0.003448575735092163f, 0.2392394244670868f);
        p = R.MultiplyAdd(p, x, 1.0681322813034058f);
        p = R.MultiplyAdd(p, x, 1) * x;
        var q = R.MultiplyAdd(x, 0.07570210099220276f, 0.6899746656417847f);
        q = R.MultiplyAdd(q, x, 1.5681321620941162f);
        return p / R.MultiplyAdd(q, x, 1);
    }

    /// <summary>x·P(x²)/Q(x²) up to |x| = 9.02, where tanh is 1 to the last bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Tanh<R>(R x) where R : struct, IRegisters<R>
    {
        R v = R.Min(R.Max(x, -9.02f), 9.02f), z = v * v;
        var p = R.MultiplyAdd(z, 1.3384241e-08f, 2.0635784e-05f);
        p = R.MultiplyAdd(p, z, 0.0034974553f);
        p = R.MultiplyAdd(p, z, 0.13382685f);
        p = R.MultiplyAdd(p, z, 1) * v;
        var q = R.MultiplyAdd(z, 7.790228551e-07f, 0.0003288513398729265f);
        q = R.MultiplyAdd(q, z, 0.025884350761771202f);
        q = R.MultiplyAdd(q, z, 0.46716007590293884f);
        q = R.MultiplyAdd(q, z, 1);
        return R.Min(R.Max(p / q, -1), 1);
    }

    /// <summary>eˣ / (eˣ + 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Sigmoid<R>(R x) where R : struct, IRegisters<R>
    {
        var power = Exp(R.AnyValue ? R.Min(x, ExpLimit) : x);
        return power / (power + 1);
    }

    /// <summary>x·P(x²)/Q(x²) up to |x| = 3.95, where erf is 1 to the last bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Erf<R>(R x) where R : struct, IRegisters<R>
    {
        R v = R.Min(R.Max(x, -3.95f), 3.95f), z = v * v;
        var p = R.MultiplyAdd(z, 2.0258981855e-6f, 2.8468441738e-4f);
        p = R.MultiplyAdd(p, z, 3.8080881350e-3f);
        p = R.MultiplyAdd(p, z, 5.2875214424e-2f);
        p = R.MultiplyAdd(p, z, 1.9154884452e-1f);
        p = R.MultiplyAdd(p, z, 1.1283791438f) * v;
        var q = R.MultiplyAdd(z, 3.7831524021e-5f, 1.1707048312e-3f);
        q = R.MultiplyAdd(q, z, 1.5054944023e-2f);
        q = R.MultiplyAdd(q, z, 1.1455898331e-1f);
        q = R.MultiplyAdd(q, z, 5.0308841964e-1f);
        q = R.MultiplyAdd(q, z, 1);
        return R.Min(R.Max(p / q, -1), 1);
    }

    /// <summary>
    /// sin x, or cos x = sin(x + ¼ turn): whole quarter turns are taken off, and their number says which polynomial and which sign count.
    /// </summary>
    /// <remarks>The parts of π/2 have so few bits that their products with up to 13 bits of quarter turns are exact.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Sin<R>(R x, bool cosine) where R : struct, IRegisters<R>
    {
        R turns = R.MultiplyAdd(x, 0.636619772f, Magic), whole = turns - Magic;
        R r = R.MultiplyAdd(whole, -7.54978995489e-8f, R.MultiplyAdd(whole, -4.837512969970703125e-4f, R.MultiplyAdd(whole, -1.5703125f, x))), z = r * r;
        var even = R.MultiplyAdd(R.MultiplyAdd(z, -1.9515295891e-4f, 8.3321608736e-3f), z, -1.6666654611e-1f);
        even = R.MultiplyAdd(even, z, 1) * r;
        var odd = R.MultiplyAdd(R.MultiplyAdd(z, 2.443315711809948e-5f, -1.388731625493765e-3f), z, 4.166664568298827e-2f);
        odd = R.MultiplyAdd(R.MultiplyAdd(odd, z, -0.5f), z, 1);
        if (cosine)
            turns = R.AddBits(turns, 1);
        var y = R.Select(R.ShiftRight(R.ShiftLeft(turns, 31), 31), odd, even) ^ Sign(R.ShiftLeft(turns, 30));
        return R.AnyValue && !R.AllBelow(x, AngleLimit) ? R.Select(R.LessThan(Abs(x), AngleLimit), y, ExactSin(x, cosine)) : y;
    }

    /// <summary>One element after the other, for angles of more than a thousand turns.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe R ExactSin<R>(R x, bool cosine) where R : struct, IRegisters<R>
    {
        float* values = stackalloc float[R.Count];
        x.Store(values);
        for (int i = 0; i < R.Count; i++)
            values[i] = (float)(cosine ? Math.Cos(values[i]) : Math.Sin(values[i]));
        return R.Load(values);
    }
}
