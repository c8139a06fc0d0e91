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
/// <para>Rows and columns beyond <c>R</c>, <c>C</c> vanish when the JIT folds the comparisons of constants. There is no call of any
/// kind inside, because one would make the JIT spill all accumulators.</para>
/// <para>The left matrix has any two strides: two pointers, to rows 0 and 3, with one and two row strides reach six rows. So weights
/// are read where they lie, and only matrices whose rows would fall out of the cache are packed.</para>
/// <para>The old result is asked for at the start and added at the end: loaded first, it would hold up all multiply-adds for as long
/// as the outer cache takes to answer.</para>
/// </remarks>
internal static unsafe class Tile
{
    /// <summary>C[i, j] = start + Σₖ A[i, k] · B[k, j].</summary>
    /// <remarks>Row k of B lies at <c>b + table[k]</c> when I is <see cref="S1"/> (the virtual matrix of a convolution), else at <c>b + k·stepB</c>.</remarks>
    /// <param name="a">Element (i, k) lies at <c>a + i·rowA + k·stepA</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<L, V, T, R, C, I>(nint depth, T* a, nint rowA, nint stepA, T* b, nint stepB, int* table, T* c, nint ldc, TileStart start, T* bias)
        where L : ILanes<V, T> where V : struct where T : unmanaged where R : ISize where C : ISize where I : ISize
    {
        TileRow<V> r0 = default, r1 = default, r2 = default, r3 = default, r4 = default, r5 = default;
        if (start == TileStart.RowBias)
        {
            Set(ref r0, L.Broadcast(bias[0]));
            if (R.N > 1) Set(ref r1, L.Broadcast(bias[1]));
            if (R.N > 2) Set(ref r2, L.Broadcast(bias[2]));
            if (R.N > 3) Set(ref r3, L.Broadcast(bias[3]));
            if (R.N > 4) Set(ref r4, L.Broadcast(bias[4]));
            if (R.N > 5) Set(ref r5, L.Broadcast(bias[5]));
        }
        L.Prefetch(c);
        if (R.N > 1) L.Prefetch(c + ldc);
        if (R.N > 2) L.Prefetch(c + 2 * ldc);
        if (R.N > 3) L.Prefetch(c + 3 * ldc);
        if (R.N > 4) L.Prefetch(c + 4 * ldc);
        if (R.N > 5) L.Prefetch(c + 5 * ldc);
        T* high = a + 3 * rowA;
        nint two = 2 * rowA;
        for (nint k = 0; k < depth; k++)
        {
            T* row = I.N == 1 ? b + table[k] : b;
            V b0 = L.Load(row), b1 = C.N > 1 ? L.Load(row + L.Count) : default, b2 = C.N > 2 ? L.Load(row + 2 * L.Count) : default, b3 = C.N > 3 ? L.Load(row + 3 * L.Count) : default;
            Step<L, V, T, C>(ref r0, L.Broadcast(a[0]), b0, b1, b2, b3);
            if (R.N > 1) Step<L, V, T, C>(ref r1, L.Broadcast(a[rowA]), b0, b1, b2, b3);
            if (R.N > 2) Step<L, V, T, C>(ref r2, L.Broadcast(a[two]), b0, b1, b2, b3);
            if (R.N > 3) Step<L, V, T, C>(ref r3, L.Broadcast(high[0]), b0, b1, b2, b3);
            if (R.N > 4) Step<L, V, T, C>(ref r4, L.Broadcast(high[rowA]), b0, b1, b2, b3);
            if (R.N > 5) Step<L, V, T, C>(ref r5, L.Broadcast(high[two]), b0, b1, b2, b3);
            a += stepA;
            if (R.N > 3) high += stepA;
            if (I.N == 0) b += stepB;
        }
        if (start == TileStart.Accumulate)
        {
            Add<L, V, T, C>(ref r0, c);
            if (R.N > 1) Add<L, V, T, C>(ref r1, c + ldc);
            if (R.N > 2) Add<L, V, T, C>(ref r2, c + 2 * ldc);
            if (R.N > 3) Add<L, V, T, C>(ref r3, c + 3 * ldc);
            if (R.N > 4) Add<L, V, T, C>(ref r4, c + 4 * ldc);
            if (R.N > 5) Add<L, V, T, C>(ref r5, c + 5 * ldc);
        }
        Store<L, V, T, C>(r0, c);
        if (R.N > 1) Store<L, V, T, C>(r1, c + ldc);
        if (R.N > 2) Store<L, V, T, C>(r2, c + 2 * ldc);
        if (R.N > 3) Store<L, V, T, C>(r3, c + 3 * ldc);
        if (R.N > 4) Store<L, V, T, C>(r4, c + 4 * ldc);
        if (R.N > 5) Store<L, V, T, C>(r5, c + 5 * ldc);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<L, V, T, C>(ref TileRow<V> row, T* c) where L : ILanes<V, T> where V : struct where T : unmanaged where C : ISize
    {
        row.C0 = L.Add(row.C0, L.Load(c));
        if (C.N > 1) row.C1 = L.Add(row.C1, L.Load(c + L.Count));
        if (C.N > 2) row.C2 = L.Add(row.C2, L.Load(c + 2 * L.Count));
        if (C.N > 3) row.C3 = L.Add(row.C3, L.Load(c + 3 * L.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Set<V>(ref TileRow<V> row, V value) where V : struct => row.C0 = row.C1 = row.C2 = row.C3 = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Step<L, V, T, C>(ref TileRow<V> row, V left, V b0, V b1, V b2, V b3)
        where L : ILanes<V, T> where V : struct where T : unmanaged where C : ISize
    {
        row.C0 = L.MultiplyAdd(left, b0, row.C0);
        if (C.N > 1) row.C1 = L.MultiplyAdd(left, b1, row.C1);
        if (C.N > 2) row.C2 = L.MultiplyAdd(left, b2, row.C2);
        if (C.N > 3) row.C3 = L.MultiplyAdd(left, b3, row.C3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<L, V, T, C>(in TileRow<V> row, T* c) where L : ILanes<V, T> where V : struct where T : unmanaged where C : ISize
    {
        L.Store(row.C0, c);
        if (C.N > 1) L.Store(row.C1, c + L.Count);
        if (C.N > 2) L.Store(row.C2, c + 2 * L.Count);
        if (C.N > 3) L.Store(row.C3, c + 3 * L.Count);
    }
}
