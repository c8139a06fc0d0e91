using System.Runtime.CompilerServices;

namespace TorchSharp.Cpu;

/// <summary>What a tile's products are added to: nothing, what the result held before, or a number for each row.</summary>
internal enum TileStart { Zero, Accumulate, RowBias }

/// <summary>One row of accumulators. The JIT keeps the fields of a local struct in registers, one each; it would not do so with an array.</summary>
internal struct TileRow<V> where V : struct
{
    public V C0, C1, C2, C3;
}

/// <summary>
/// The innermost loop of every matrix product and convolution: a tile of the result that stays in registers.
/// </summary>
/// <remarks>
/// <para><c>R</c> rows × <c>C</c> registers of accumulators: 6 × 2 with 16 registers (12 accumulators, 2 of the right matrix,
/// 1 broadcast of the left), up to 6 × 4 with 32. Each step of the inner dimension loads C registers and broadcasts R scalars for
/// R·C multiply-adds, so that the two multiply-add units, not the loads, are the limit: 12 multiply-adds take 6 cycles, in which
/// 12 loads are possible and 8 are needed.</para>
/// <para>Two steps a turn of the loop, because the number of instructions counts as well: a core takes in six a cycle, but only three
/// while another program runs on its other hardware thread, as is usual on rented machines. 22.5 a step then take 7.5 cycles; with
/// one step a turn and strides that are scaled each time it was 28 and 9.3. (Four steps a turn are more than the JIT inlines.)</para>
/// <para>Rows and columns beyond <c>R</c>, <c>C</c> vanish when the JIT folds the comparisons of constants. There is no call of any
/// kind inside, because one would make the JIT spill all accumulators.</para>
/// <para>Of the left matrix either the rows or the columns are contiguous (<c>A</c>). Along rows two pointers, to rows 0 and 3, with one
/// and two row strides reach six rows. So weights are read where they lie, and only matrices whose rows would fall out of the
/// cache are packed.</para>
/// <para>The old result is asked for at the start and added at the end: loaded first, it would hold up all multiply-adds for as long
/// as the outer cache takes to answer.</para>
/// </remarks>
internal static unsafe class Tile
{
    /// <summary>C[i, j] = start + Σₖ A[i, k] · B[k, j].</summary>
    /// <remarks>
    /// Element (i, k) of A lies at <c>a + i + k·strideA</c> when A is <see cref="S1"/> (columns are contiguous: a packed matrix, or a
    /// transposed one), else at <c>a + i·strideA + k</c>. Row k of B lies at <c>b + table[k]</c> when I is <see cref="S1"/> (the virtual
    /// matrix of a convolution), else at <c>b + k·strideB</c>.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<L, V, T, R, C, A, I>(nint depth, T* a, nint strideA, T* b, nint strideB, int* table, T* c, nint ldc, TileStart start, T* bias)
        where L : ILanes<V, T> where V : struct where T : unmanaged where R : ISize where C : ISize where A : ISize where I : ISize
    {
        TileRow<V> r0 = default, r1 = default, r2 = default, r3 = default, r4 = default, r5 = default;
        if (start == TileStart.RowBias)
        {
            Set(ref r0, L.Broadcast(bias[0]));
            if (R.N > 1)
                Set(ref r1, L.Broadcast(bias[1]));
            if (R.N > 2)
                Set(ref r2, L.Broadcast(bias[2]));
            if (R.N > 3)
                Set(ref r3, L.Broadcast(bias[3]));
            if (R.N > 4)
                Set(ref r4, L.Broadcast(bias[4]));
            if (R.N > 5)
                Set(ref r5, L.Broadcast(bias[5]));
        }
        L.Prefetch(c);
        if (R.N > 1)
            L.Prefetch(c + ldc);
        if (R.N > 2)
            L.Prefetch(c + 2 * ldc);
        if (R.N > 3)
            L.Prefetch(c + 3 * ldc);
        if (R.N > 4)
            L.Prefetch(c + 4 * ldc);
        if (R.N > 5)
            L.Prefetch(c + 5 * ldc);
        // Rows 1 and 2 behind either pointer; strides in bytes, because the JIT would scale them again in every step.
        nint one = A.N == 1 ? 1 : strideA, two = 2 * one, bytesA = strideA * sizeof(T), bytesB = strideB * sizeof(T);
        var high = a + 3 * one;
        for (; depth >= 2; depth -= 2)
        {
            if (I.N == 1)
                Step<L, V, T, R, C, A>(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, a, high, one, two, 0, b + table[0]);
            else
                Step<L, V, T, R, C, A>(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, a, high, one, two, 0, b);
            if (A.N == 1)
                a = (T*)((byte*)a + bytesA);
            if (I.N == 0)
                b = (T*)((byte*)b + bytesB);
            if (I.N == 1)
                Step<L, V, T, R, C, A>(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, a, high, one, two, 1, b + table[1]);
            else
                Step<L, V, T, R, C, A>(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, a, high, one, two, 1, b);
            if (A.N == 1)
                a = (T*)((byte*)a + bytesA);
            else
            {
                a += 2;
                high += 2;
            }
            if (I.N == 0)
                b = (T*)((byte*)b + bytesB);
            else
                table += 2;
        }
        if (depth > 0)
        {
            if (I.N == 1)
                b += *table;
            Step<L, V, T, R, C, A>(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, a, high, one, two, 0, b);
        }
        bool accumulate = start == TileStart.Accumulate;
        Finish<L, V, T, C>(ref r0, c, accumulate);
        if (R.N > 1)
            Finish<L, V, T, C>(ref r1, c + ldc, accumulate);
        if (R.N > 2)
            Finish<L, V, T, C>(ref r2, c + 2 * ldc, accumulate);
        if (R.N > 3)
            Finish<L, V, T, C>(ref r3, c + 3 * ldc, accumulate);
        if (R.N > 4)
            Finish<L, V, T, C>(ref r4, c + 4 * ldc, accumulate);
        if (R.N > 5)
            Finish<L, V, T, C>(ref r5, c + 5 * ldc, accumulate);
    }

    /// <summary>One column of A, the <paramref name="k"/>-th from the pointers on, times one row of B, added to the tile.</summary>
    /// <remarks>No choice stands inside an argument list: the JIT would store the references beside it, and with them the accumulators, in memory.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<L, V, T, R, C, A>(ref TileRow<V> r0, ref TileRow<V> r1, ref TileRow<V> r2, ref TileRow<V> r3, ref TileRow<V> r4, ref TileRow<V> r5,
        T* a, T* high, nint one, nint two, nint k, T* b)
        where L : ILanes<V, T> where V : struct where T : unmanaged where R : ISize where C : ISize where A : ISize
    {
        V b0 = L.Load(b), b1 = C.N > 1 ? L.Load(b + L.Count) : default, b2 = C.N > 2 ? L.Load(b + 2 * L.Count) : default, b3 = C.N > 3 ? L.Load(b + 3 * L.Count) : default;
        if (A.N == 1)
        {
            Row<L, V, T, C>(ref r0, L.Broadcast(a[0]), b0, b1, b2, b3);
            if (R.N > 1)
                Row<L, V, T, C>(ref r1, L.Broadcast(a[1]), b0, b1, b2, b3);
            if (R.N > 2)
                Row<L, V, T, C>(ref r2, L.Broadcast(a[2]), b0, b1, b2, b3);
            if (R.N > 3)
                Row<L, V, T, C>(ref r3, L.Broadcast(a[3]), b0, b1, b2, b3);
            if (R.N > 4)
                Row<L, V, T, C>(ref r4, L.Broadcast(a[4]), b0, b1, b2, b3);
            if (R.N > 5)
                Row<L, V, T, C>(ref r5, L.Broadcast(a[5]), b0, b1, b2, b3);
        }
        else
        {
            Row<L, V, T, C>(ref r0, L.Broadcast(a[k]), b0, b1, b2, b3);
            if (R.N > 1)
                Row<L, V, T, C>(ref r1, L.Broadcast(a[one + k]), b0, b1, b2, b3);
            if (R.N > 2)
                Row<L, V, T, C>(ref r2, L.Broadcast(a[two + k]), b0, b1, b2, b3);
            if (R.N > 3)
                Row<L, V, T, C>(ref r3, L.Broadcast(high[k]), b0, b1, b2, b3);
            if (R.N > 4)
                Row<L, V, T, C>(ref r4, L.Broadcast(high[one + k]), b0, b1, b2, b3);
            if (R.N > 5)
                Row<L, V, T, C>(ref r5, L.Broadcast(high[two + k]), b0, b1, b2, b3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Set<V>(ref TileRow<V> row, V value) where V : struct => row.C0 = row.C1 = row.C2 = row.C3 = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Row<L, V, T, C>(ref TileRow<V> row, V left, V b0, V b1, V b2, V b3)
        where L : ILanes<V, T> where V : struct where T : unmanaged where C : ISize
    {
        row.C0 = L.MultiplyAdd(left, b0, row.C0);
        if (C.N > 1)
            row.C1 = L.MultiplyAdd(left, b1, row.C1);
        if (C.N > 2)
            row.C2 = L.MultiplyAdd(left, b2, row.C2);
        if (C.N > 3)
            row.C3 = L.MultiplyAdd(left, b3, row.C3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<L, V, T, C>(ref TileRow<V> row, T* c, bool accumulate) where L : ILanes<V, T> where V : struct where T : unmanaged where C : ISize
    {
        if (accumulate)
        {
            row.C0 = L.Add(row.C0, L.Load(c));
            if (C.N > 1)
                row.C1 = L.Add(row.C1, L.Load(c + L.Count));
            if (C.N > 2)
                row.C2 = L.Add(row.C2, L.Load(c + 2 * L.Count));
            if (C.N > 3)
                row.C3 = L.Add(row.C3, L.Load(c + 3 * L.Count));
        }
        L.Store(row.C0, c);
        if (C.N > 1)
            L.Store(row.C1, c + L.Count);
        if (C.N > 2)
            L.Store(row.C2, c + 2 * L.Count);
        if (C.N > 3)
            L.Store(row.C3, c + 3 * L.Count);
    }
}
