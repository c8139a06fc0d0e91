using ILGPU;

namespace TorchSharp.Gpu;

/// <summary>Turns an element into 64 bits whose order is that of the values.</summary>
internal interface IKey<T> where T : unmanaged
{
    static abstract long Of(T value);
}

internal struct RealKey<T, TElement> : IKey<T> where T : unmanaged where TElement : struct, IElement<T, double>
{
    /// <summary>NaN is the last; −0 and 0 are equal; the bits of negative numbers run the other way.</summary>
    public static long Of(T value)
    {
        double wide = TElement.Widen(value);
        if (double.IsNaN(wide))
            return long.MaxValue;
        long bits = wide == 0 ? 0 : (long)Interop.FloatAsInt(wide);
        return bits < 0 ? bits ^ long.MaxValue : bits;
    }
}

internal struct IntegerKey<T, TElement> : IKey<T> where T : unmanaged where TElement : struct, IElement<T, long>
{
    public static long Of(T value) => TElement.Widen(value);
}

/// <summary>Lines along the middle of [outer, n, inner], of which the first <paramref name="count"/> in order are wanted. A line is padded to a power of two.</summary>
internal readonly struct SortShape(long n, long count, long inner, long padded, bool descending)
{
    private readonly int _inner = GpuDevice.Count(inner);
    private readonly long _flip = descending ? -1 : 0;

    internal readonly int N = GpuDevice.Count(n), Count = GpuDevice.Count(count), Padded = GpuDevice.Count(padded);

    internal int Line(int i) => i / _inner / N * _inner + i % _inner;

    /// <summary>Where the k-th element of a line lies in x.</summary>
    internal long From(int line, int k) => ((long)(line / _inner) * N + k) * _inner + line % _inner;

    /// <summary>Where the k-th position of a line is written.</summary>
    internal long To(int line, int k) => ((long)(line / _inner) * Count + k) * _inner + line % _inner;

    internal int Place(int i) => i / _inner % N;

    /// <summary>Descending order is the ascending one of the complements.</summary>
    internal long Directed(long key) => key ^ _flip;
}

/// <summary>Order along a dimension. Equal elements keep their order, so that the result is one and the same on every device.</summary>
internal static class SortKernels
{
    /// <summary>Short lines, a thread an element: its place is the number of elements that come before it.</summary>
    internal static void ByRank<T, TKey>(Index1D i, ArrayView<T> x, ArrayView<long> order, SortShape shape) where T : unmanaged where TKey : struct, IKey<T>
    {
        int line = shape.Line(i), place = shape.Place(i), before = 0;
        long key = shape.Directed(TKey.Of(x[i]));
        for (int k = 0; k < shape.N; k++)
        {
            long other = shape.Directed(TKey.Of(x[shape.From(line, k)]));
            if (other < key || (other == key && k < place))
                before++;
        }
        if (before < shape.Count)
            order[shape.To(line, before)] = place;
    }

    /// <summary>Keys and positions of padded lines; what pads comes last.</summary>
    internal static void Keys<T, TKey>(Index1D i, ArrayView<T> x, ArrayView<long> keys, ArrayView<int> positions, SortShape shape) where T : unmanaged where TKey : struct, IKey<T>
    {
        int line = i / shape.Padded, k = i % shape.Padded;
        keys[i] = k < shape.N ? shape.Directed(TKey.Of(x[shape.From(line, k)])) : long.MaxValue;
        positions[i] = k;
    }

    /// <summary>A step of the bitonic network (Batcher, 1968): a thread a pair, <paramref name="step"/> apart, in runs of <paramref name="size"/>.</summary>
    internal static void Exchange(Index1D i, ArrayView<long> keys, ArrayView<int> positions, int step, int size, int padded)
    {
        int low = i / step * 2 * step + i % step, high = low + step;
        long a = keys[low], b = keys[high];
        int p = positions[low], q = positions[high];
        bool after = a > b || (a == b && p > q);
        if (after != ((low % padded & size) == 0))
            return;
        keys[low] = b;
        keys[high] = a;
        positions[low] = q;
        positions[high] = p;
    }

    internal static void Write(Index1D i, ArrayView<int> positions, ArrayView<long> order, SortShape shape)
    {
        int line = i / shape.Count, k = i % shape.Count;
        order[shape.To(line, k)] = positions[(long)line * shape.Padded + k];
    }
}
