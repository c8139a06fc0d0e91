using ILGPU;

namespace TorchSharp.Gpu;

/// <summary>The sizes of the last four of five dimensions: what turns the number of an element into its coordinates.</summary>
internal readonly struct Extents(long n1, long n2, long n3, long n4)
{
    internal readonly long N1 = n1, N2 = n2, N3 = n3, N4 = n4;
}

/// <summary>The strides of an operand along five dimensions.</summary>
internal readonly struct Steps(long s0, long s1, long s2, long s3, long s4)
{
    private readonly long _s0 = s0, _s1 = s1, _s2 = s2;

    /// <summary>Along the last two.</summary>
    internal readonly long Row = s3, Element = s4;

    /// <summary>Where element <paramref name="i"/> of the shape lies.</summary>
    internal long At(long i, Extents n)
    {
        long at = i % n.N4 * Element;
        i /= n.N4;
        at += i % n.N3 * Row;
        i /= n.N3;
        at += i % n.N2 * _s2;
        i /= n.N2;
        return at + i % n.N1 * _s1 + i / n.N1 * _s0;
    }
}

/// <summary>The extent and the stride of the dimension that an index runs along.</summary>
internal readonly struct IndexLimit(long size, long step)
{
    internal readonly long Size = size, Step = step;
}

/// <summary>Rows by their number: [outer, n, inner] beside [outer, count, inner].</summary>
internal readonly struct RowChoice(long n, long count, long inner)
{
    internal readonly long N = n, Count = count, Inner = inner;
}

/// <summary>One coordinate of an element, and its place among the <paramref name="rank"/> of a row.</summary>
internal readonly struct CoordinateShape(long stride, long size, int rank, int dimension)
{
    private readonly long _stride = stride, _size = size, _rank = rank, _dimension = dimension;

    internal long Of(long i) => i / _stride % _size;

    internal long At(long row) => row * _rank + _dimension;
}

/// <summary>Copying, choosing and indexing, one thread an element. An index out of range sets <c>fault</c> and reads or writes nothing.</summary>
internal static class IndexKernels
{
    internal static void Copy<T>(Index1D i, ArrayView<T> x, ArrayView<T> y, Extents n, Steps sx, Steps sy) where T : unmanaged => y[sy.At(i, n)] = x[sx.At(i, n)];

    internal static void RealToReal<TX, TY, EX, EY>(Index1D i, ArrayView<TX> x, ArrayView<TY> y, Extents n, Steps sx, Steps sy)
        where TX : unmanaged where TY : unmanaged where EX : struct, IElement<TX, double> where EY : struct, IElement<TY, double> =>
        y[sy.At(i, n)] = EY.Narrow(EX.Widen(x[sx.At(i, n)]));

    internal static void IntegerToReal<TX, TY, EX, EY>(Index1D i, ArrayView<TX> x, ArrayView<TY> y, Extents n, Steps sx, Steps sy)
        where TX : unmanaged where TY : unmanaged where EX : struct, IElement<TX, long> where EY : struct, IElement<TY, double> =>
        y[sy.At(i, n)] = EY.Narrow(EX.Widen(x[sx.At(i, n)]));

    internal static void IntegerToInteger<TX, TY, EX, EY>(Index1D i, ArrayView<TX> x, ArrayView<TY> y, Extents n, Steps sx, Steps sy)
        where TX : unmanaged where TY : unmanaged where EX : struct, IElement<TX, long> where EY : struct, IElement<TY, long> =>
        y[sy.At(i, n)] = EY.Narrow(EX.Widen(x[sx.At(i, n)]));

    /// <summary>Truncated; what is beyond the limit becomes the limit, and what is no number 0.</summary>
    internal static void RealToInteger<TX, TY, EX, EY>(Index1D i, ArrayView<TX> x, ArrayView<TY> y, Extents n, Steps sx, Steps sy, long limit)
        where TX : unmanaged where TY : unmanaged where EX : struct, IElement<TX, double> where EY : struct, IElement<TY, long>
    {
        double value = EX.Widen(x[sx.At(i, n)]);
        long whole = double.IsNaN(value) ? 0 : value >= limit ? limit : value <= -1.0 - limit ? -1 - limit : (long)value;
        y[sy.At(i, n)] = EY.Narrow(whole);
    }

    internal static void RealToBool<TX, EX>(Index1D i, ArrayView<TX> x, ArrayView<byte> y, Extents n, Steps sx, Steps sy)
        where TX : unmanaged where EX : struct, IElement<TX, double> =>
        y[sy.At(i, n)] = (byte)(EX.Widen(x[sx.At(i, n)]) != 0 ? 1 : 0);

    internal static void Where<T>(Index1D i, ArrayView<byte> condition, ArrayView<T> a, ArrayView<T> b, ArrayView<T> y, Extents n, Steps sc, Steps sa, Steps sb, Steps sy) where T : unmanaged =>
        y[sy.At(i, n)] = condition[sc.At(i, n)] != 0 ? a[sa.At(i, n)] : b[sb.At(i, n)];

    internal static void SelectRows<T>(Index1D i, ArrayView<T> x, ArrayView<long> index, ArrayView<T> y, RowChoice rows, ArrayView<int> fault) where T : unmanaged
    {
        long at = i, row = index[at / rows.Inner % rows.Count];
        if (row < 0 || row >= rows.N)
            fault[0] = 1;
        else
            y[at] = x[(at / rows.Inner / rows.Count * rows.N + row) * rows.Inner + at % rows.Inner];
    }

    /// <summary>Where an element of a source goes; −1 for an index out of range.</summary>
    private static long Target(long at, ArrayView<long> index, RowChoice rows, ArrayView<int> fault)
    {
        long row = index[at / rows.Inner % rows.Count];
        if (row >= 0 && row < rows.N)
            return (at / rows.Inner / rows.Count * rows.N + row) * rows.Inner + at % rows.Inner;
        fault[0] = 1;
        return -1;
    }

    internal static void AddRows<T, TAdder>(Index1D i, ArrayView<T> x, ArrayView<long> index, ArrayView<T> y, RowChoice rows, ArrayView<int> fault)
        where T : unmanaged where TAdder : struct, IAdder<T>
    {
        long to = Target(i, index, rows, fault);
        if (to >= 0)
            TAdder.Add(y, to, x[i]);
    }

    internal static void Gather<T>(Index1D i, ArrayView<long> index, ArrayView<T> plain, ArrayView<T> addressed, Extents n, Steps si, Steps sp, Steps sa, IndexLimit limit, ArrayView<int> fault) where T : unmanaged
    {
        long k = index[si.At(i, n)];
        if (k < 0 || k >= limit.Size)
            fault[0] = 1;
        else
            plain[sp.At(i, n)] = addressed[sa.At(i, n) + k * limit.Step];
    }

    internal static void Scatter<T>(Index1D i, ArrayView<long> index, ArrayView<T> plain, ArrayView<T> addressed, Extents n, Steps si, Steps sp, Steps sa, IndexLimit limit, ArrayView<int> fault) where T : unmanaged
    {
        long k = index[si.At(i, n)];
        if (k < 0 || k >= limit.Size)
            fault[0] = 1;
        else
            addressed[sa.At(i, n) + k * limit.Step] = plain[sp.At(i, n)];
    }

    internal static void ScatterAdd<T, TAdder>(Index1D i, ArrayView<long> index, ArrayView<T> plain, ArrayView<T> addressed, Extents n, Steps si, Steps sp, Steps sa, IndexLimit limit, ArrayView<int> fault)
        where T : unmanaged where TAdder : struct, IAdder<T>
    {
        long k = index[si.At(i, n)];
        if (k < 0 || k >= limit.Size)
            fault[0] = 1;
        else
            TAdder.Add(addressed, sa.At(i, n) + k * limit.Step, plain[sp.At(i, n)]);
    }

    internal static void AddOffsets(Index1D i, ArrayView<long> index, ArrayView<long> offsets, IndexLimit limit, ArrayView<int> fault)
    {
        long k = index[i];
        if (k >= -limit.Size && k < limit.Size)
        {
            offsets[i] += (k < 0 ? k + limit.Size : k) * limit.Step;
            return;
        }
        fault[0] = 1;
        // So far below 0 that no other dimension's share makes a place of it.
        offsets[i] = long.MinValue / 2;
    }

    /// <param name="running">How many elements up to each are true.</param>
    internal static void Coordinates(Index1D i, ArrayView<byte> mask, ArrayView<long> running, ArrayView<long> y, CoordinateShape shape)
    {
        if (mask[i] != 0)
            y[shape.At(running[i] - 1)] = shape.Of(i);
    }
}
