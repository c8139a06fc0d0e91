using System.Numerics;
using ILGPU;

namespace TorchSharp.Gpu;

/// <summary>A matrix that a product reads: where its element lies, or what it is where it is not stored (a convolution's patches).</summary>
internal interface ISource<T> where T : unmanaged
{
    /// <summary>Neighbours along k lie beside one another in memory: then threads beside one another load them.</summary>
    bool RunsAlongK { get; }

    /// <param name="line">Row of the left matrix, column of the right one.</param>
    T At(ArrayView<T> data, int batch, int line, int k);
}

/// <summary>Where a product's element goes.</summary>
internal interface ITarget<T> where T : unmanaged
{
    void Store(ArrayView<T> data, ArrayView<T> extra, int batch, int row, int column, T value);
}

/// <summary>How a group of threads cuts a product: each thread has 8×8 results in registers.</summary>
internal interface ITile
{
    static abstract int ThreadsX { get; }

    static abstract int ThreadsY { get; }

    static abstract int Depth { get; }
}

internal static class Tile
{
    /// <summary>128×128 results.</summary>
    internal struct Large : ITile
    {
        public static int ThreadsX => 16;

        public static int ThreadsY => 16;

        public static int Depth => 8;
    }

    /// <summary>64×64 results: where large tiles would leave processors idle.</summary>
    internal struct Medium : ITile
    {
        public static int ThreadsX => 8;

        public static int ThreadsY => 8;

        public static int Depth => 8;
    }

    /// <summary>16×16 results by the four threads that an emulated group has.</summary>
    internal struct Emulated : ITile
    {
        public static int ThreadsX => 2;

        public static int ThreadsY => 2;

        public static int Depth => 4;
    }
}

/// <summary>C[b] = A[b]·B[b], with k cut into parts whose sums are added afterwards.</summary>
internal readonly struct ProductSize(long batch, long m, long n, long k, int parts)
{
    internal readonly int Batch = GpuDevice.Count(batch), M = GpuDevice.Count(m), N = GpuDevice.Count(n), K = GpuDevice.Count(k), Parts = parts;

    internal int From(int part) => (int)((long)part * K / Parts);

    internal long Results => (long)Batch * M * N;

    /// <summary>How many pieces of so many rows and columns a result has.</summary>
    internal int Pieces(int rows, int columns) => (M + rows - 1) / rows * ((N + columns - 1) / columns);

    /// <summary>Which product, of which part of k, a group of threads has a piece of. All are numbered along the first dimension, because CUDA has at most 65,535 groups along the others.</summary>
    internal int Place(int rows, int columns) => Grid.IdxX / Pieces(rows, columns);
}

/// <summary>Four neighbours of a row of results, in registers.</summary>
internal readonly struct Four<T>(T x, T y, T z, T w) where T : unmanaged, INumber<T>
{
    internal readonly T X = x, Y = y, Z = z, W = w;

    internal Four<T> Plus(T factor, Four<T> b) => new(X + factor * b.X, Y + factor * b.Y, Z + factor * b.Z, W + factor * b.W);
}

/// <summary>Sixteen neighbours of a row.</summary>
internal readonly struct Sixteen<T>(Four<T> a, Four<T> b, Four<T> c, Four<T> d) where T : unmanaged, INumber<T>
{
    internal readonly Four<T> A = a, B = b, C = c, D = d;

    internal Sixteen<T> Plus(T factor, Sixteen<T> b) => new(A.Plus(factor, b.A), B.Plus(factor, b.B), C.Plus(factor, b.C), D.Plus(factor, b.D));
}

internal static class ProductKernels
{
    /// <summary>A group a tile of the result: it brings strips of both matrices into shared memory, and each thread multiplies 8 by 8 of them.</summary>
    internal static void Tiled<T, TLeft, TRight, TTarget, TTile>(ArrayView<T> a, ArrayView<T> b, ArrayView<T> c, ArrayView<T> extra, TLeft left, TRight right, TTarget target, ProductSize size)
        where T : unmanaged, INumber<T> where TLeft : unmanaged, ISource<T> where TRight : unmanaged, ISource<T> where TTarget : unmanaged, ITarget<T> where TTile : struct, ITile
    {
        int rows = TTile.ThreadsY * 8, columns = TTile.ThreadsX * 8, half = TTile.ThreadsX * 4, threads = TTile.ThreadsX * TTile.ThreadsY;
        var strip = SharedMemory.Allocate<T>(TTile.ThreadsY * 8 * TTile.Depth);
        var other = SharedMemory.Allocate<T>(TTile.ThreadsX * 8 * TTile.Depth);
        int thread = Group.IdxX, x = thread % TTile.ThreadsX, y = thread / TTile.ThreadsX;
        int tiles = (size.N + columns - 1) / columns, place = size.Place(rows, columns), piece = Grid.IdxX - place * size.Pieces(rows, columns);
        int row = piece / tiles * rows, column = piece % tiles * columns;
        int batch = place % size.Batch, part = place / size.Batch;
        int to = size.From(part + 1);

        Four<T> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        Four<T> e0 = default, e1 = default, f0 = default, f1 = default, g0 = default, g1 = default, h0 = default, h1 = default;
        for (int k = size.From(part); k < to; k += TTile.Depth)
        {
            for (int i = thread; i < rows * TTile.Depth; i += threads)
            {
                int line = left.RunsAlongK ? i / TTile.Depth : i % rows, depth = left.RunsAlongK ? i % TTile.Depth : i / rows;
                strip[depth * rows + line] = row + line < size.M && k + depth < to ? left.At(a, batch, row + line, k + depth) : T.Zero;
            }
            for (int i = thread; i < columns * TTile.Depth; i += threads)
            {
                int line = right.RunsAlongK ? i / TTile.Depth : i % columns, depth = right.RunsAlongK ? i % TTile.Depth : i / columns;
                other[depth * columns + line] = column + line < size.N && k + depth < to ? right.At(b, batch, column + line, k + depth) : T.Zero;
            }
            Group.Barrier();
            for (int depth = 0; depth < TTile.Depth; depth++)
            {
                int s = depth * rows + y * 8, o = depth * columns + x * 4;
                var near = new Four<T>(other[o], other[o + 1], other[o + 2], other[o + 3]);
                var far = new Four<T>(other[o + half], other[o + half + 1], other[o + half + 2], other[o + half + 3]);
                var factor = strip[s];
                a0 = a0.Plus(factor, near); a1 = a1.Plus(factor, far);
                factor = strip[s + 1];
                b0 = b0.Plus(factor, near); b1 = b1.Plus(factor, far);
                factor = strip[s + 2];
                c0 = c0.Plus(factor, near); c1 = c1.Plus(factor, far);
                factor = strip[s + 3];
                d0 = d0.Plus(factor, near); d1 = d1.Plus(factor, far);
                factor = strip[s + 4];
                e0 = e0.Plus(factor, near); e1 = e1.Plus(factor, far);
                factor = strip[s + 5];
                f0 = f0.Plus(factor, near); f1 = f1.Plus(factor, far);
                factor = strip[s + 6];
                g0 = g0.Plus(factor, near); g1 = g1.Plus(factor, far);
                factor = strip[s + 7];
                h0 = h0.Plus(factor, near); h1 = h1.Plus(factor, far);
            }
            Group.Barrier();
        }
        row += y * 8;
        column += x * 4;
        Store(c, extra, target, size, place, row, column, half, a0, a1);
        Store(c, extra, target, size, place, row + 1, column, half, b0, b1);
        Store(c, extra, target, size, place, row + 2, column, half, c0, c1);
        Store(c, extra, target, size, place, row + 3, column, half, d0, d1);
        Store(c, extra, target, size, place, row + 4, column, half, e0, e1);
        Store(c, extra, target, size, place, row + 5, column, half, f0, f1);
        Store(c, extra, target, size, place, row + 6, column, half, g0, g1);
        Store(c, extra, target, size, place, row + 7, column, half, h0, h1);
    }

    private static void Store<T, TTarget>(ArrayView<T> c, ArrayView<T> extra, TTarget target, ProductSize size, int batch, int row, int column, int half, Four<T> near, Four<T> far)
        where T : unmanaged, INumber<T> where TTarget : unmanaged, ITarget<T>
    {
        if (row >= size.M)
            return;
        if (column < size.N)
            target.Store(c, extra, batch, row, column, near.X);
        if (column + 1 < size.N)
            target.Store(c, extra, batch, row, column + 1, near.Y);
        if (column + 2 < size.N)
            target.Store(c, extra, batch, row, column + 2, near.Z);
        if (column + 3 < size.N)
            target.Store(c, extra, batch, row, column + 3, near.W);
        if (column + half < size.N)
            target.Store(c, extra, batch, row, column + half, far.X);
        if (column + half + 1 < size.N)
            target.Store(c, extra, batch, row, column + half + 1, far.Y);
        if (column + half + 2 < size.N)
            target.Store(c, extra, batch, row, column + half + 2, far.Z);
        if (column + half + 3 < size.N)
            target.Store(c, extra, batch, row, column + half + 3, far.W);
    }

    /// <summary>A thread a result (of a part): for products with few rows or columns, whose operands are read from memory once anyway.</summary>
    internal static void Direct<T, TLeft, TRight, TTarget>(Index1D i, ArrayView<T> a, ArrayView<T> b, ArrayView<T> c, ArrayView<T> extra, TLeft left, TRight right, TTarget target, ProductSize size)
        where T : unmanaged, INumber<T> where TLeft : unmanaged, ISource<T> where TRight : unmanaged, ISource<T> where TTarget : unmanaged, ITarget<T>
    {
        int column = i % size.N, row = i / size.N % size.M, place = i / size.N / size.M;
        int batch = place % size.Batch, part = place / size.Batch, to = size.From(part + 1);
        var sum = T.Zero;
        for (int k = size.From(part); k < to; k++)
            sum += left.At(a, batch, row, k) * right.At(b, batch, column, k);
        target.Store(c, extra, place, row, column, sum);
    }

    /// <summary>Rows and columns of a strip.</summary>
    internal const int StripRows = 4, StripColumns = 16;

    /// <summary>A thread 4×16 results, for processors that are a CPU's: sums stay in registers, sixteen neighbours of a row are one or two loads, and nothing is shared.</summary>
    internal static void Strip<T, TLeft, TRight, TTarget>(ArrayView<T> a, ArrayView<T> b, ArrayView<T> c, ArrayView<T> extra, TLeft left, TRight right, TTarget target, ProductSize size)
        where T : unmanaged, INumber<T> where TLeft : unmanaged, ISource<T> where TRight : unmanaged, ISource<T> where TTarget : unmanaged, ITarget<T>
    {
        int strips = (size.N + StripColumns - 1) / StripColumns, place = size.Place(StripRows, StripColumns), piece = Grid.IdxX - place * size.Pieces(StripRows, StripColumns);
        int row = piece / strips * StripRows, column = piece % strips * StripColumns;
        int batch = place % size.Batch, part = place / size.Batch, to = size.From(part + 1);
        // The last strips begin earlier rather than end beyond the matrix; what they have in common with their neighbours is not stored again.
        int first = Math.Max(0, Math.Min(row, size.M - StripRows)), start = Math.Min(column, size.N - StripColumns);
        int second = Math.Min(first + 1, size.M - 1), third = Math.Min(first + 2, size.M - 1), fourth = Math.Min(first + 3, size.M - 1);
        Sixteen<T> sums0 = default, sums1 = default, sums2 = default, sums3 = default;
        for (int k = size.From(part); k < to; k++)
        {
            var neighbours = new Sixteen<T>(Load<T, TRight>(b, right, batch, start, k), Load<T, TRight>(b, right, batch, start + 4, k), Load<T, TRight>(b, right, batch, start + 8, k), Load<T, TRight>(b, right, batch, start + 12, k));
            sums0 = sums0.Plus(left.At(a, batch, first, k), neighbours);
            sums1 = sums1.Plus(left.At(a, batch, second, k), neighbours);
            sums2 = sums2.Plus(left.At(a, batch, third, k), neighbours);
            sums3 = sums3.Plus(left.At(a, batch, fourth, k), neighbours);
        }
        Store(c, extra, target, size, place, row, first, column, start, sums0);
        Store(c, extra, target, size, place, row, first + 1, column, start, sums1);
        Store(c, extra, target, size, place, row, first + 2, column, start, sums2);
        Store(c, extra, target, size, place, row, first + 3, column, start, sums3);
    }

    private static Four<T> Load<T, TRight>(ArrayView<T> b, TRight right, int batch, int column, int k) where T : unmanaged, INumber<T> where TRight : unmanaged, ISource<T> =>
        new(right.At(b, batch, column, k), right.At(b, batch, column + 1, k), right.At(b, batch, column + 2, k), right.At(b, batch, column + 3, k));

    /// <summary>Sixteen results from column <paramref name="start"/> on, of which those before <paramref name="column"/> are a neighbour's.</summary>
    private static void Store<T, TTarget>(ArrayView<T> c, ArrayView<T> extra, TTarget target, ProductSize size, int place, int firstRow, int row, int column, int start, Sixteen<T> values)
        where T : unmanaged, INumber<T> where TTarget : unmanaged, ITarget<T>
    {
        if (row < firstRow || row >= size.M)
            return;
        Store(c, extra, target, place, row, column, start, values.A);
        Store(c, extra, target, place, row, column, start + 4, values.B);
        Store(c, extra, target, place, row, column, start + 8, values.C);
        Store(c, extra, target, place, row, column, start + 12, values.D);
    }

    private static void Store<T, TTarget>(ArrayView<T> c, ArrayView<T> extra, TTarget target, int place, int row, int column, int start, Four<T> values)
        where T : unmanaged, INumber<T> where TTarget : unmanaged, ITarget<T>
    {
        if (start >= column)
            target.Store(c, extra, place, row, start, values.X);
        if (start + 1 >= column)
            target.Store(c, extra, place, row, start + 1, values.Y);
        if (start + 2 >= column)
            target.Store(c, extra, place, row, start + 2, values.Z);
        if (start + 3 >= column)
            target.Store(c, extra, place, row, start + 3, values.W);
    }

    /// <summary>Adds the parts of every result.</summary>
    internal static void AddParts<T, TTarget>(Index1D i, ArrayView<T> parts, ArrayView<T> c, ArrayView<T> extra, TTarget target, ProductSize size)
        where T : unmanaged, INumber<T> where TTarget : unmanaged, ITarget<T>
    {
        var sum = T.Zero;
        for (int part = 0; part < size.Parts; part++)
            sum += parts[part * size.Results + i];
        target.Store(c, extra, i / size.N / size.M, i / size.N % size.M, i % size.N, sum);
    }
}
