using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Cpu;

/// <summary>The largest or smallest of two: NaN if either is.</summary>
internal interface IExtremeFunction<T> : IBinaryFunction<T> where T : unmanaged
{
    /// <summary>The same in one instruction, for values that are no NaN: with one, the result is either.</summary>
    static abstract Vector<T> Native(Vector<T> a, Vector<T> b);

    /// <summary>All-ones where a is beyond b.</summary>
    static abstract Vector<T> Beyond(Vector<T> a, Vector<T> b);

    /// <summary>All-ones where a is beyond b, or NaN and b is not.</summary>
    static abstract Vector<T> BeyondOrNaN(Vector<T> a, Vector<T> b);
}

/// <summary>The larger one.</summary>
internal readonly struct MaximumFunction<T> : IExtremeFunction<T> where T : unmanaged, INumber<T>
{
    public static Vector<T> Of(Vector<T> a, Vector<T> b) => Vector.ConditionalSelect(BeyondOrNaN(a, b), a, b);
    public static Vector<T> Native(Vector<T> a, Vector<T> b) => Vector.MaxNative(a, b);
    public static Vector<T> Beyond(Vector<T> a, Vector<T> b) => Vector.GreaterThan(a, b);
    public static Vector<T> BeyondOrNaN(Vector<T> a, Vector<T> b) => Vector.AndNot(Vector.Equals(b, b), Vector.LessThanOrEqual(a, b));
}

/// <summary>The smaller one.</summary>
internal readonly struct MinimumFunction<T> : IExtremeFunction<T> where T : unmanaged, INumber<T>
{
    public static Vector<T> Of(Vector<T> a, Vector<T> b) => Vector.ConditionalSelect(BeyondOrNaN(a, b), a, b);
    public static Vector<T> Native(Vector<T> a, Vector<T> b) => Vector.MinNative(a, b);
    public static Vector<T> Beyond(Vector<T> a, Vector<T> b) => Vector.LessThan(a, b);
    public static Vector<T> BeyondOrNaN(Vector<T> a, Vector<T> b) => Vector.AndNot(Vector.Equals(b, b), Vector.GreaterThanOrEqual(a, b));
}

/// <summary>The extreme of a row.</summary>
internal static unsafe class Extremes<F, T> where F : IExtremeFunction<T> where T : unmanaged, INumber<T>
{
    /// <summary>
    /// How many turns ahead memory is asked for: with more instructions than a sum has, fewer loads wait for memory at a time.
    /// </summary>
    private const int Ahead = 4;

    /// <summary>
    /// Four chains of the processor's own extremes, which forget a NaN; a comparison of each value with itself does not. Reading an
    /// element twice does no harm: the last register overlaps the one before.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Of(T* x, long n)
    {
        int width = Vector<T>.Count;
        if (n < width)
            return OfFew(x, n);
        Vector<T> m0 = Vector.Load(x), m1 = m0, m2 = m0, m3 = Vector.Load(x + n - width), ordered = Vector.Equals(m0, m0) & Vector.Equals(m3, m3);
        long i = 0;
        for (; i <= n - 4 * width; i += 4 * width)
        {
            PortableLanes<T>.Prefetch(x + i + 4 * width * Ahead);
            PortableLanes<T>.Prefetch(x + i + 4 * width * Ahead + 2 * width);
            Vector<T> a = Vector.Load(x + i), b = Vector.Load(x + i + width), c = Vector.Load(x + i + 2 * width), d = Vector.Load(x + i + 3 * width);
            m0 = F.Native(a, m0);
            m1 = F.Native(b, m1);
            m2 = F.Native(c, m2);
            m3 = F.Native(d, m3);
            ordered &= Vector.Equals(a, a) & Vector.Equals(b, b) & (Vector.Equals(c, c) & Vector.Equals(d, d));
        }
        for (; i <= n - width; i += width)
        {
            var a = Vector.Load(x + i);
            m0 = F.Native(a, m0);
            ordered &= Vector.Equals(a, a);
        }
        if (!Vector.EqualsAll(ordered.As<T, int>(), Vector<int>.AllBitsSet))
            return T.CreateTruncating(double.NaN);
        return Across(F.Native(F.Native(m0, m1), F.Native(m2, m3))).ToScalar();
    }

    private static T OfFew(T* x, long n)
    {
        var extreme = Vector.Create(*x);
        for (long i = 1; i < n; i++)
            extreme = F.Of(Vector.Create(x[i]), extreme);
        return extreme.ToScalar();
    }

    /// <summary>The extreme of a register's elements in all of them: its halves are compared, then quarters, then neighbours.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Across(Vector<T> x)
    {
        if (Vector<byte>.Count == 32)
        {
            x = F.Native(Vector256.Shuffle(x.AsVector256().AsInt64(), Vector256.Create(2L, 3, 0, 1)).As<long, T>().AsVector(), x);
            x = F.Native(Vector256.Shuffle(x.AsVector256().AsInt64(), Vector256.Create(1L, 0, 3, 2)).As<long, T>().AsVector(), x);
            return sizeof(T) == 8 ? x : F.Native(Vector256.Shuffle(x.AsVector256().AsInt32(), Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6)).As<int, T>().AsVector(), x);
        }
        x = F.Native(Vector128.Shuffle(x.AsVector128().AsInt64(), Vector128.Create(1L, 0)).As<long, T>().AsVector(), x);
        return sizeof(T) == 8 ? x : F.Native(Vector128.Shuffle(x.AsVector128().AsInt32(), Vector128.Create(1, 0, 3, 2)).As<int, T>().AsVector(), x);
    }
}

/// <summary>Where the extreme of a row or column is; the first of equals, and the first NaN.</summary>
internal static unsafe class ExtremePositions<F> where F : IExtremeFunction<float>
{
    /// <summary>How many elements ahead memory is asked for.</summary>
    private const int Ahead = 512;

    /// <summary>
    /// Every element of a register keeps its own extreme and where it was, without a branch to guess; at the end the first
    /// position of those that attain the extreme of all.
    /// </summary>
    /// <param name="n">At least a register.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int InRow(float* x, int n)
    {
        int width = Vector<float>.Count;
        var best = Vector.Load(x);
        Vector<int> at = Vector<int>.Indices, here = at, step = Vector.Create(width), ordered = Vector.Equals(best, best);
        float* end = x + n - width, p = x + width;
        for (; p <= end - width; p += 2 * width)
        {
            PortableLanes<float>.Prefetch(p + Ahead);
            here += step;
            Keep(Vector.Load(p), here, ref best, ref at, ref ordered);
            here += step;
            Keep(Vector.Load(p + width), here, ref best, ref at, ref ordered);
        }
        if (p <= end)
            Keep(Vector.Load(p), here + step, ref best, ref at, ref ordered);
        // The last register overlaps the one before; nothing is beyond itself.
        Keep(Vector.Load(end), Vector<int>.Indices + Vector.Create(n - width), ref best, ref at, ref ordered);
        if (!Vector.EqualsAll(ordered, Vector<int>.AllBitsSet))
            return FirstNaN(x);
        var attained = Vector.Equals(best, Extremes<F, float>.Across(best));
        return Extremes<MinimumFunction<int>, int>.Across(Vector.ConditionalSelect(attained, at, Vector.Create(int.MaxValue))).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Keep(Vector<float> x, Vector<int> here, ref Vector<float> best, ref Vector<int> at, ref Vector<int> ordered)
    {
        at = Vector.ConditionalSelect(F.Beyond(x, best).As<float, int>(), here, at);
        best = F.Native(x, best);
        ordered &= Vector.Equals(x, x);
    }

    private static int FirstNaN(float* x)
    {
        int i = 0;
        while (!float.IsNaN(x[i]))
            i++;
        return i;
    }

    /// <summary>The row of the extreme of each column.</summary>
    /// <param name="columns">At least a register.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void InColumns(float* x, long* y, int n, long columns, long stride)
    {
        int width = Vector<float>.Count;
        float* extremes = Scratch.Get<float>(Scratch.Slot.Result, columns);
        int* positions = Scratch.Get<int>(Scratch.Slot.Columns, columns);
        Unsafe.CopyBlockUnaligned(extremes, x, checked((uint)(columns * sizeof(float))));
        Unsafe.InitBlockUnaligned(positions, 0, (uint)(columns * sizeof(int)));
        for (int k = 1; k < n; k++)
        {
            float* row = x + k * stride;
            var here = Vector.Create(k);
            for (long i = 0; i < columns; i += width)
            {
                // The last register overlaps the one before; nothing is beyond itself.
                long j = Math.Min(i, columns - width);
                Vector<float> best = Vector.Load(extremes + j), value = Vector.Load(row + j);
                var beyond = F.BeyondOrNaN(value, best);
                Vector.ConditionalSelect(beyond.As<float, int>(), here, Vector.Load(positions + j)).Store(positions + j);
                Vector.ConditionalSelect(beyond, value, best).Store(extremes + j);
            }
        }
        for (long i = 0; i < columns; i++)
            y[i] = positions[i];
    }
}
