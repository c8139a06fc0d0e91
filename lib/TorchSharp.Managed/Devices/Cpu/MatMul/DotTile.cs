using System.Runtime.CompilerServices;

namespace TorchSharp.Cpu;

/// <summary>
/// A tile of dot products: both operands run along memory, as in X·Wᵀ and in the gradient of a convolution's weights.
/// </summary>
/// <remarks>
/// R × C registers of partial sums (4 × 3 with 16 registers); C loads of the right side and R of the left for R·C multiply-adds.
/// Horizontal sums cost much, so they are done once, after all segments (images), and those of a row together.
/// </remarks>
internal static unsafe class DotTile
{
    /// <summary>C[i, j] (+)= Σₛ Σₖ A[i·lda + s·segmentA + k] · B[rows[j] + s·segmentB + k].</summary>
    /// <param name="depth">Elements of a segment that full registers cover.</param>
    /// <param name="tailAt">Where one more register is read when <paramref name="tailMask"/> is not null; it may overlap what was read.</param>
    /// <param name="tailMask">All-ones where an element of that register counts, zero elsewhere.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<L, V, T, R, C>(nint depth, nint segments, T* a, nint lda, nint segmentA, T* b, int* rows, nint segmentB,
        nint tailAt, T* tailMask, T* c, nint ldc, bool accumulate)
        where L : ILanes<V, T> where V : struct where T : unmanaged, System.Numerics.INumberBase<T> where R : ISize where C : ISize
    {
        TileRow<V> r0 = default, r1 = default, r2 = default, r3 = default;
        T* a0 = a, a1 = R.N > 1 ? a + lda : a, a2 = R.N > 2 ? a + 2 * lda : a, a3 = R.N > 3 ? a + 3 * lda : a;
        T* b0 = b + rows[0], b1 = C.N > 1 ? b + rows[1] : b, b2 = C.N > 2 ? b + rows[2] : b, b3 = C.N > 3 ? b + rows[3] : b;
        for (nint s = 0; s < segments; s++)
        {
            for (nint k = 0; k < depth; k += L.Count)
            {
                V v0 = L.Load(b0 + k), v1 = C.N > 1 ? L.Load(b1 + k) : default, v2 = C.N > 2 ? L.Load(b2 + k) : default, v3 = C.N > 3 ? L.Load(b3 + k) : default;
                Tile.Row<L, V, T, C>(ref r0, L.Load(a0 + k), v0, v1, v2, v3);
                if (R.N > 1)
                    Tile.Row<L, V, T, C>(ref r1, L.Load(a1 + k), v0, v1, v2, v3);
                if (R.N > 2)
                    Tile.Row<L, V, T, C>(ref r2, L.Load(a2 + k), v0, v1, v2, v3);
                if (R.N > 3)
                    Tile.Row<L, V, T, C>(ref r3, L.Load(a3 + k), v0, v1, v2, v3);
            }
            if (tailMask != null)
            {
                V v0 = Masked<L, V, T>(tailMask, b0 + tailAt), v1 = C.N > 1 ? Masked<L, V, T>(tailMask, b1 + tailAt) : default;
                V v2 = C.N > 2 ? Masked<L, V, T>(tailMask, b2 + tailAt) : default, v3 = C.N > 3 ? Masked<L, V, T>(tailMask, b3 + tailAt) : default;
                Tile.Row<L, V, T, C>(ref r0, Masked<L, V, T>(tailMask, a0 + tailAt), v0, v1, v2, v3);
                if (R.N > 1)
                    Tile.Row<L, V, T, C>(ref r1, Masked<L, V, T>(tailMask, a1 + tailAt), v0, v1, v2, v3);
                if (R.N > 2)
                    Tile.Row<L, V, T, C>(ref r2, Masked<L, V, T>(tailMask, a2 + tailAt), v0, v1, v2, v3);
                if (R.N > 3)
                    Tile.Row<L, V, T, C>(ref r3, Masked<L, V, T>(tailMask, a3 + tailAt), v0, v1, v2, v3);
            }
            a0 += segmentA;
            if (R.N > 1)
                a1 += segmentA;
            if (R.N > 2)
                a2 += segmentA;
            if (R.N > 3)
                a3 += segmentA;
            b0 += segmentB;
            if (C.N > 1)
                b1 += segmentB;
            if (C.N > 2)
                b2 += segmentB;
            if (C.N > 3)
                b3 += segmentB;
        }
        L.Sums(r0.C0, r0.C1, r0.C2, r0.C3, c, C.N, accumulate);
        if (R.N > 1)
            L.Sums(r1.C0, r1.C1, r1.C2, r1.C3, c + ldc, C.N, accumulate);
        if (R.N > 2)
            L.Sums(r2.C0, r2.C1, r2.C2, r2.C3, c + 2 * ldc, C.N, accumulate);
        if (R.N > 3)
            L.Sums(r3.C0, r3.C1, r3.C2, r3.C3, c + 3 * ldc, C.N, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Masked<L, V, T>(T* mask, T* x) where L : ILanes<V, T> where V : struct where T : unmanaged => L.And(L.Load(mask), L.Load(x));
}
