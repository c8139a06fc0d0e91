using System.Numerics;
using System.Runtime.CompilerServices;

namespace TorchSharp.Cpu;

/// <summary>y = f(x) on registers of floats.</summary>
internal interface IFunction
{
    /// <summary>Whether all elements have what <see cref="Of"/> expects of several registers.</summary>
    static abstract bool Usual<R>(R x) where R : struct, IRegisters<R>;
    static abstract R Of<R>(R x) where R : struct, IRegisters<R>;
}

/// <summary>y = f(a, b) on registers of floats.</summary>
internal interface IFunction2
{
    static abstract bool Usual<R>(R a, R b) where R : struct, IRegisters<R>;
    static abstract R Of<R>(R a, R b) where R : struct, IRegisters<R>;
}

/// <summary>
/// Loops over contiguous rows of floats, several registers at a time. Registers with an unusual value among them, and the end of a row, go through
/// one by one.
/// </summary>
internal static unsafe class Transcendental
{
    /// <summary>A row that streams through asks for what lies this many floats ahead: the processor itself does not look beyond a page of 4 KiB.</summary>
    private const int Ahead = 512;

    public static void Row<F>(float* x, float* y, long count, bool stream) where F : IFunction
    {
        if (Wide.IsFast)
            Row<F, Wide>(x, y, count, stream);
        else
            Row<F, Four>(x, y, count, stream);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row<F, R>(float* x, float* y, long count, bool stream) where F : IFunction where R : struct, IRegisters<R>
    {
        long i = 0;
        for (; i <= count - R.Count; i += R.Count)
        {
            var values = R.Load(x + i);
            if (!F.Usual(values))
            {
                Each<F>(x + i, y + i, R.Count);
                continue;
            }
            var result = F.Of(values);
            if (stream)
            {
                Elementwise.Prefetch(x + i + Ahead, R.Count);
                result.Stream(y + i);
            }
            else
                result.Store(y + i);
        }
        if (i < count)
            Each<F>(x + i, y + i, count - i);
    }

    /// <summary>Any values, a register at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Each<F>(float* x, float* y, long count) where F : IFunction
    {
        for (long i = 0; i < count; i += One.Count)
        {
            bool whole = i <= count - One.Count;
            uint bytes = (uint)((count - i) * sizeof(float));
            // What is left at the end goes through a register that ones fill up.
            var value = Vector<float>.One;
            if (whole)
                value = Vector.Load(x + i);
            else
                Unsafe.CopyBlockUnaligned(&value, x + i, bytes);
            value = F.Of(new One(value)).Value;
            if (whole)
                value.Store(y + i);
            else
                Unsafe.CopyBlockUnaligned(y + i, &value, bytes);
        }
    }

    /// <param name="oneA">a is one value for the whole row.</param>
    /// <param name="oneB">b is.</param>
    public static void Row<F>(float* a, bool oneA, float* b, bool oneB, float* y, long count, bool stream) where F : IFunction2
    {
        if (Wide.IsFast)
            Row<F, Wide>(a, oneA, b, oneB, y, count, stream);
        else
            Row<F, Two>(a, oneA, b, oneB, y, count, stream);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row<F, R>(float* a, bool oneA, float* b, bool oneB, float* y, long count, bool stream) where F : IFunction2 where R : struct, IRegisters<R>
    {
        long i = 0;
        for (; i <= count - R.Count; i += R.Count)
        {
            R left = oneA ? *a : R.Load(a + i), right = oneB ? *b : R.Load(b + i);
            if (!F.Usual(left, right))
            {
                Each<F>(oneA ? a : a + i, oneA, oneB ? b : b + i, oneB, y + i, R.Count);
                continue;
            }
            var result = F.Of(left, right);
            if (stream)
            {
                if (!oneA)
                    Elementwise.Prefetch(a + i + Ahead, R.Count);
                if (!oneB)
                    Elementwise.Prefetch(b + i + Ahead, R.Count);
                result.Stream(y + i);
            }
            else
                result.Store(y + i);
        }
        if (i < count)
            Each<F>(oneA ? a : a + i, oneA, oneB ? b : b + i, oneB, y + i, count - i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Each<F>(float* a, bool oneA, float* b, bool oneB, float* y, long count) where F : IFunction2
    {
        for (long i = 0; i < count; i += One.Count)
        {
            uint bytes = (uint)(Math.Min(One.Count, count - i) * sizeof(float));
            Vector<float> left = oneA ? Vector.Create(*a) : Vector<float>.One, right = oneB ? Vector.Create(*b) : Vector<float>.One;
            if (!oneA)
                Unsafe.CopyBlockUnaligned(&left, a + i, bytes);
            if (!oneB)
                Unsafe.CopyBlockUnaligned(&right, b + i, bytes);
            var result = F.Of(new One(left), new One(right));
            Unsafe.CopyBlockUnaligned(y + i, &result, bytes);
        }
    }
}

internal readonly struct ExpFunction : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Usual<R>(R x) where R : struct, IRegisters<R> => R.AllBelow(x, VectorMath.ExpLimit);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Of<R>(R x) where R : struct, IRegisters<R> => VectorMath.Exp(x);
}

internal readonly struct Expm1Function : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Usual<R>(R x) where R : struct, IRegisters<R> => true;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Of<R>(R x) where R : struct, IRegisters<R> => VectorMath.Expm1(x);
}

internal readonly struct LogFunction : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Usual<R>(R x) where R : struct, IRegisters<R> => VectorMath.Positive(x);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Of<R>(R x) where R : struct, IRegisters<R> => VectorMath.Log(x);
}

internal readonly struct Log1pFunction : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Usual<R>(R x) where R : struct, IRegisters<R> => R.AllWithin(x, 0, 1e30f);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Of<R>(R x) where R : struct, IRegisters<R> => VectorMath.Log1p(x);
}

internal readonly struct TanhFunction : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Usual<R>(R x) where R : struct, IRegisters<R> => true;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Of<R>(R x) where R : struct, IRegisters<R> => VectorMath.Tanh(x);
}

internal readonly struct SigmoidFunction : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Usual<R>(R x) where R : struct, IRegisters<R> => R.AllBelow(x, VectorMath.ExpLimit);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Of<R>(R x) where R : struct, IRegisters<R> => VectorMath.Sigmoid(x);
}

internal readonly struct LogSigmoidFunction : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Usual<R>(R x) where R : struct, IRegisters<R> => R.AllBelow(x, VectorMath.ExpLimit);
    /// <summary>min(0, x) − ln(1 + e^−|x|): no overflow on either side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Of<R>(R x) where R : struct, IRegisters<R> => R.Min(x, 0) - VectorMath.Log1pOfFraction(VectorMath.Exp(x | (R)(-0f)));
}

internal readonly struct SiluFunction : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Usual<R>(R x) where R : struct, IRegisters<R> => R.AllBelow(x, VectorMath.ExpLimit);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Of<R>(R x) where R : struct, IRegisters<R> => x * VectorMath.Sigmoid(x);
}

internal readonly struct ErfFunction : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Usual<R>(R x) where R : struct, IRegisters<R> => true;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Of<R>(R x) where R : struct, IRegisters<R> => VectorMath.Erf(x);
}

internal readonly struct GeluFunction : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Usual<R>(R x) where R : struct, IRegisters<R> => true;
    /// <summary>½·x·(1 + erf(x/√2)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Of<R>(R x) where R : struct, IRegisters<R> => x * 0.5f * (VectorMath.Erf(x * 0.70710678f) + 1);
}

internal readonly struct GeluTanhFunction : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Usual<R>(R x) where R : struct, IRegisters<R> => R.AllBelow(x, 9);
    /// <summary>x·σ(√(8/π)·(x + 0.044715·x³)), which is ½·x·(1 + tanh(…)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Of<R>(R x) where R : struct, IRegisters<R> => x * VectorMath.Sigmoid(x * (x * x * 0.071354814f + 1.5957691f));
}

internal readonly struct SinFunction : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Usual<R>(R x) where R : struct, IRegisters<R> => R.AllBelow(x, VectorMath.AngleLimit);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Of<R>(R x) where R : struct, IRegisters<R> => VectorMath.Sin(x, cosine: false);
}

internal readonly struct CosFunction : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Usual<R>(R x) where R : struct, IRegisters<R> => R.AllBelow(x, VectorMath.AngleLimit);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Of<R>(R x) where R : struct, IRegisters<R> => VectorMath.Sin(x, cosine: true);
}

internal readonly struct GeluBackwardFunction : IFunction2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Usual<R>(R a, R b) where R : struct, IRegisters<R> => R.AllBelow(b, 13);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Of<R>(R a, R b) where R : struct, IRegisters<R> =>
        a * ((VectorMath.Erf(b * 0.70710678f) + 1) * 0.5f + b * VectorMath.Exp(b * b * -0.5f) * 0.39894228f);
}

internal readonly struct GeluTanhBackwardFunction : IFunction2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Usual<R>(R a, R b) where R : struct, IRegisters<R> => R.AllBelow(b, 9);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Of<R>(R a, R b) where R : struct, IRegisters<R>
    {
        R square = b * b, s = VectorMath.Sigmoid(b * (square * 0.071354814f + 1.5957691f));
        return a * s * (b * ((R)1 - s) * (square * 0.21406445f + 1.5957691f) + 1);
    }
}

internal readonly struct SiluBackwardFunction : IFunction2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Usual<R>(R a, R b) where R : struct, IRegisters<R> => R.AllBelow(b, VectorMath.ExpLimit);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Of<R>(R a, R b) where R : struct, IRegisters<R>
    {
        var s = VectorMath.Sigmoid(b);
        return a * s * (b * ((R)1 - s) + 1);
    }
}
