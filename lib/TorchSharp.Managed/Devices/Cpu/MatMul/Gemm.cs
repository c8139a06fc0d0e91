using System.Numerics;
using System.Runtime.CompilerServices;

namespace TorchSharp.Cpu;

/// <summary>
/// C (+)= A·B for any strides of A and B; rows of C are contiguous.
/// </summary>
/// <remarks>
/// <para>Large products are packed as in Goto &amp; van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008): B in
/// slabs of <see cref="DepthBlock"/> rows cut into panels as wide as a tile (a panel stays in L1), A in blocks of
/// <see cref="RowBlock"/> rows (a block stays in L2).</para>
/// <para>Small and skinny ones read B where it lies: packing costs more than it saves when each element is used a few times only.
/// X·Wᵀ, where both run along memory, is computed as dot products when they are long; short ones would mostly be horizontal sums.</para>
/// </remarks>
internal static unsafe class Gemm<L, V, T>
    where L : ILanes<V, T> where V : struct where T : unmanaged, INumberBase<T>
{
    private const int DepthBlock = 256, RowBlock = 144, ColumnBlock = 3072;

    /// <summary>Bytes of a left matrix that stays in L1 and is read where it lies.</summary>
    private const long SmallLeft = 20 << 10;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(long m, long n, long k, T* a, long rowA, long columnA, T* b, long rowB, long columnB, T* c, long ldc, bool accumulate)
    {
        if (m == 0 || n == 0)
            return;
        if (k == 0)
        {
            for (long i = 0; i < m && !accumulate; i++)
                new Span<T>(c + i * ldc, (int)n).Clear();
            return;
        }
        long bytesB = k * n * sizeof(T);
        bool few = m <= 4 * Tiles<L, V, T>.Rows;
        bool smallEnough = Math.Min(bytesB, m * k * sizeof(T)) <= 256 << 10 && k is >= 256 and <= 4096;
        if (columnA == 1 && rowB == 1 && k >= L.Count && (smallEnough || m <= 8 || n == 1))
            Dots(m, n, k, a, rowA, b, columnB, c, ldc, accumulate);
        else if (columnB == 1 && (few || (bytesB <= 256 << 10 && m * n * k <= 1 << 24)))
            InPlace(m, n, k, a, rowA, columnA, b, rowB, c, ldc, accumulate);
        else
            Packed(m, n, k, a, rowA, columnA, b, rowB, columnB, c, ldc, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dots(long m, long n, long k, T* a, long lda, T* b, long ldb, T* c, long ldc, bool accumulate)
    {
        const int depth = 2048;
        int* rows = Scratch.Get<int>(Scratch.Slot.Table, 4);
        var mask = Scratch.Get<T>(Scratch.Slot.Mask, L.Count);
        var rowBlocks = new Blocks(m, Tiles<L, V, T>.DotRows);
        var columnBlocks = new Blocks(n, m < 3 ? 4 : Tiles<L, V, T>.DotColumns);
        for (int j = 0; j < 4; j++)
            rows[j] = (int)(j * ldb);
        for (long p = 0; p < k; p += depth)
        {
            // The last piece may end amid a register: read one that ends with the row, and mask what was counted before.
            long length = Math.Min(depth, k - p), full = length / L.Count * L.Count, rest = length - full;
            if (rest > 0)
                Mask<T>.KeepLast(mask, L.Count, rest);
            // The larger operand is read once, block by block; the smaller one again and again, from the cache.
            bool rowsOutside = m > n;
            int outer = rowsOutside ? rowBlocks.Count : columnBlocks.Count, inner = rowsOutside ? columnBlocks.Count : rowBlocks.Count;
            for (int x = 0; x < outer; x++)
                for (int y = 0; y < inner; y++)
                {
                    int i = rowsOutside ? x : y, j = rowsOutside ? y : x;
                    int i0 = rowBlocks.Start(i), height = rowBlocks.Start(i + 1) - i0, j0 = columnBlocks.Start(j), columns = columnBlocks.Start(j + 1) - j0;
                    Tiles<L, V, T>.Dot(height, columns)((nint)full, 1, a + i0 * lda + p, (nint)lda, 0, b + j0 * ldb + p, rows, 0,
                        (nint)(length - L.Count), rest == 0 ? null : mask, c + i0 * ldc + j0, (nint)ldc, accumulate || p > 0);
                }
        }
    }

    /// <summary>Both matrices as they lie; a left one that would not stay in L1 is packed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InPlace(long m, long n, long k, T* a, long rowA, long columnA, T* b, long ldb, T* c, long ldc, bool accumulate)
    {
        var blocks = new Blocks(m, Tiles<L, V, T>.Rows);
        int columns = Tiles<L, V, T>.ColumnsFor(Math.Min(m, Tiles<L, V, T>.Rows));
        bool pack = m * k * sizeof(T) > SmallLeft && n > 2 * columns * L.Count;
        for (long p = 0; p < k; p += 2 * DepthBlock)
        {
            long depth = Math.Min(2 * DepthBlock, k - p);
            var left = a + p * columnA;
            if (pack)
            {
                left = Scratch.Get<T>(Scratch.Slot.Left, m * depth);
                PackRows(blocks, depth, a + p * columnA, rowA, columnA, left);
            }
            Block(blocks, n, depth, left, pack ? 0 : rowA, columnA, b + p * ldb, ldb, false, columns, c, ldc, accumulate || p > 0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Packed(long m, long n, long k, T* a, long rowA, long columnA, T* b, long rowB, long columnB, T* c, long ldc, bool accumulate)
    {
        bool packLeft = m * k * sizeof(T) > SmallLeft;
        int columns = Tiles<L, V, T>.Columns, width = columns * L.Count;
        for (long j = 0; j < n; j += ColumnBlock)
        {
            long wide = Math.Min(ColumnBlock, n - j);
            for (long p = 0; p < k; p += DepthBlock)
            {
                long depth = Math.Min(DepthBlock, k - p);
                var right = Scratch.Get<T>(Scratch.Slot.Right, depth * ((wide + width - 1) / width * width));
                for (long q = 0; q < wide; q += width)
                    PackPanel(depth, (int)Math.Min(width, wide - q), width, b + p * rowB + (j + q) * columnB, rowB, columnB, right + q * depth);
                for (long i = 0; i < m; i += RowBlock)
                {
                    long high = Math.Min(RowBlock, m - i);
                    var blocks = new Blocks(high, Tiles<L, V, T>.Rows);
                    var left = a + i * rowA + p * columnA;
                    if (packLeft)
                    {
                        left = Scratch.Get<T>(Scratch.Slot.Left, high * depth);
                        PackRows(blocks, depth, a + i * rowA + p * columnA, rowA, columnA, left);
                    }
                    Block(blocks, wide, depth, left, packLeft ? 0 : rowA, columnA, right, 0, true, columns, c + i * ldc + j, ldc, accumulate || p > 0);
                }
            }
        }
    }

    /// <summary>All tiles of one slab: <paramref name="rowA"/> is 0 for packed rows; a panel is either packed or columns of B as they lie.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block(Blocks blocks, long n, long depth, T* a, long rowA, long columnA, T* b, long ldb, bool packed, int columns, T* c, long ldc, bool accumulate)
    {
        int width = columns * L.Count, highest = blocks.Start(1);
        var tile = stackalloc T[Tiles<L, V, T>.Rows * 4 * L.Count];
        // One of the two strides is 1. Blocks have at most two heights.
        bool columnsA = rowA == 0 || columnA != 1;
        nint strideA = (nint)(columnsA ? columnA : rowA);
        var start = accumulate ? TileStart.Accumulate : TileStart.Zero;
        for (long j = 0; j < n; j += width)
        {
            int wide = (int)Math.Min(width, n - j), used = (wide + L.Count - 1) / L.Count;
            var higher = Tiles<L, V, T>.Strided(highest, used, columnsA);
            var lower = Tiles<L, V, T>.Strided(Math.Max(highest - 1, 1), used, columnsA);
            bool partial = wide % L.Count != 0;
            var panel = packed ? b + j * depth : b + j;
            long ldp = packed ? width : ldb;
            if (partial && !packed)
            {
                var tail = Scratch.Get<T>(Scratch.Slot.Tail, depth * used * L.Count);
                PackPanel(depth, wide, used * L.Count, panel, ldb, 1, tail);
                panel = tail;
                ldp = used * L.Count;
            }
            for (int i = 0; i < blocks.Count; i++)
            {
                int i0 = blocks.Start(i), high = blocks.Start(i + 1) - i0;
                var left = rowA == 0 ? a + i0 * depth : a + i0 * rowA;
                nint step = rowA == 0 ? high : strideA;
                var kernel = high == highest ? higher : lower;
                var target = c + i0 * ldc + j;
                if (!partial)
                {
                    kernel((nint)depth, left, step, panel, (nint)ldp, null, target, (nint)ldc, start, null);
                    continue;
                }
                if (accumulate)
                    for (int r = 0; r < high; r++)
                        Copy(target + r * ldc, tile + r * width, wide);
                kernel((nint)depth, left, step, panel, (nint)ldp, null, tile, width, start, null);
                for (int r = 0; r < high; r++)
                    Copy(tile + r * width, target + r * ldc, wide);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(T* source, T* target, int count)
    {
        for (int i = 0; i < count; i++)
            target[i] = source[i];
    }

    /// <summary>Block by block, the block's rows side by side for each step of the depth: what a tile broadcasts lies in a line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackRows(Blocks blocks, long depth, T* a, long row, long column, T* packed)
    {
        for (int i = 0; i < blocks.Count; i++)
        {
            int i0 = blocks.Start(i), high = blocks.Start(i + 1) - i0;
            T* target = packed + i0 * depth, source = a + i0 * row;
            if (high == 6)
            {
                var upper = source + 3 * row;
                for (long p = 0; p < depth; p++, target += 6, source += column, upper += column)
                {
                    target[0] = source[0];
                    target[1] = source[row];
                    target[2] = source[2 * row];
                    target[3] = upper[0];
                    target[4] = upper[row];
                    target[5] = upper[2 * row];
                }
                continue;
            }
            for (long p = 0; p < depth; p++, target += high, source += column)
                for (int r = 0; r < high; r++)
                    target[r] = source[r * row];
        }
    }

    /// <summary>A panel of B, filled with zeros up to <paramref name="width"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackPanel(long depth, int wide, int width, T* b, long row, long column, T* panel)
    {
        if (column == 1)
        {
            for (long p = 0; p < depth; p++, b += row, panel += width)
            {
                int i = 0;
                for (; i <= wide - L.Count; i += L.Count)
                    L.Store(L.Load(b + i), panel + i);
                for (; i < wide; i++)
                    panel[i] = b[i];
                for (; i < width; i++)
                    panel[i] = T.Zero;
            }
            return;
        }
        int done = 0;
        if (sizeof(T) == 4 && row == 1 && System.Runtime.Intrinsics.X86.Avx.IsSupported)
            for (; done <= wide - 8; done += 8)
            {
                T* source = b + done * column, target = panel + done;
                long p = 0;
                for (; p <= depth - 8; p += 8)
                    Transposition.Square8((float*)(source + p), column, (float*)(target + p * width), width);
                for (; p < depth; p++)
                    for (int j = 0; j < 8; j++)
                        target[p * width + j] = source[j * column + p];
            }
        for (int j = done; j < wide; j++)
        {
            var source = b + j * column;
            for (long p = 0; p < depth; p++)
                panel[p * width + j] = source[p * row];
        }
        for (int j = wide; j < width; j++)
            for (long p = 0; p < depth; p++)
                panel[p * width + j] = T.Zero;
    }
}

/// <summary>Bit masks of an element's size.</summary>
internal static unsafe class Mask<T> where T : unmanaged
{
    public static T Of(bool keep)
    {
        T value;
        new Span<byte>(&value, sizeof(T)).Fill(keep ? (byte)255 : (byte)0);
        return value;
    }

    /// <summary>A register's mask that keeps its last elements.</summary>
    public static void KeepLast(T* mask, int count, long kept)
    {
        new Span<T>(mask, count).Clear();
        new Span<byte>(mask + count - kept, (int)kept * sizeof(T)).Fill(255);
    }
}
