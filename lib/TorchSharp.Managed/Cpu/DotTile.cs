using System.Runtime.CompilerServices;

namespace TorchSharp.Cpu;

/// <summary>
/// A tile of dot products: both operands run along memory, as in X·Wᵀ and in the gradient of a convolution's weights.
/// </summary>
/// <remarks>
/// R × C registers of partial sums (4 × 3 with 16 registers); C loads of the right side and R of the left for R·C multiply-adds.
/// A horizontal sum costs as much as five steps, so it is done once, after all segments (images).
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
        V c00 = default, c01 = default, c02 = default, c03 = default;
        V c10 = default, c11 = default, c12 = default, c13 = default;
        V c20 = default, c21 = default, c22 = default, c23 = default;
        V c30 = default, c31 = default, c32 = default, c33 = default;
        T* a0 = R.N > 0 ? a + 0 * lda : a, a1 = R.N > 1 ? a + 1 * lda : a, a2 = R.N > 2 ? a + 2 * lda : a, a3 = R.N > 3 ? a + 3 * lda : a;
        T* b0 = C.N > 0 ? b + rows[0] : b, b1 = C.N > 1 ? b + rows[1] : b, b2 = C.N > 2 ? b + rows[2] : b, b3 = C.N > 3 ? b + rows[3] : b;
        for (nint s = 0; s < segments; s++)
        {
            for (nint k = 0; k < depth; k += L.Count)
            {
                V v0 = C.N > 0 ? L.Load(b0 + k) : default;
                V v1 = C.N > 1 ? L.Load(b1 + k) : default;
                V v2 = C.N > 2 ? L.Load(b2 + k) : default;
                V v3 = C.N > 3 ? L.Load(b3 + k) : default;
                if (R.N > 0)
                {
                    V u = L.Load(a0 + k);
                    c00 = L.MultiplyAdd(u, v0, c00);
                    if (C.N > 1) c01 = L.MultiplyAdd(u, v1, c01);
                    if (C.N > 2) c02 = L.MultiplyAdd(u, v2, c02);
                    if (C.N > 3) c03 = L.MultiplyAdd(u, v3, c03);
                }
                if (R.N > 1)
                {
                    V u = L.Load(a1 + k);
                    c10 = L.MultiplyAdd(u, v0, c10);
                    if (C.N > 1) c11 = L.MultiplyAdd(u, v1, c11);
                    if (C.N > 2) c12 = L.MultiplyAdd(u, v2, c12);
                    if (C.N > 3) c13 = L.MultiplyAdd(u, v3, c13);
                }
                if (R.N > 2)
                {
                    V u = L.Load(a2 + k);
                    c20 = L.MultiplyAdd(u, v0, c20);
                    if (C.N > 1) c21 = L.MultiplyAdd(u, v1, c21);
                    if (C.N > 2) c22 = L.MultiplyAdd(u, v2, c22);
                    if (C.N > 3) c23 = L.MultiplyAdd(u, v3, c23);
                }
                if (R.N > 3)
                {
                    V u = L.Load(a3 + k);
                    c30 = L.MultiplyAdd(u, v0, c30);
                    if (C.N > 1) c31 = L.MultiplyAdd(u, v1, c31);
                    if (C.N > 2) c32 = L.MultiplyAdd(u, v2, c32);
                    if (C.N > 3) c33 = L.MultiplyAdd(u, v3, c33);
                }
            }
            if (tailMask != null)
            {
                V v0 = C.N > 0 ? L.And(L.Load(tailMask), L.Load(b0 + tailAt)) : default;
                V v1 = C.N > 1 ? L.And(L.Load(tailMask), L.Load(b1 + tailAt)) : default;
                V v2 = C.N > 2 ? L.And(L.Load(tailMask), L.Load(b2 + tailAt)) : default;
                V v3 = C.N > 3 ? L.And(L.Load(tailMask), L.Load(b3 + tailAt)) : default;
                if (R.N > 0)
                {
                    V u = L.And(L.Load(tailMask), L.Load(a0 + tailAt));
                    c00 = L.MultiplyAdd(u, v0, c00);
                    if (C.N > 1) c01 = L.MultiplyAdd(u, v1, c01);
                    if (C.N > 2) c02 = L.MultiplyAdd(u, v2, c02);
                    if (C.N > 3) c03 = L.MultiplyAdd(u, v3, c03);
                }
                if (R.N > 1)
                {
                    V u = L.And(L.Load(tailMask), L.Load(a1 + tailAt));
                    c10 = L.MultiplyAdd(u, v0, c10);
                    if (C.N > 1) c11 = L.MultiplyAdd(u, v1, c11);
                    if (C.N > 2) c12 = L.MultiplyAdd(u, v2, c12);
                    if (C.N > 3) c13 = L.MultiplyAdd(u, v3, c13);
                }
                if (R.N > 2)
                {
                    V u = L.And(L.Load(tailMask), L.Load(a2 + tailAt));
                    c20 = L.MultiplyAdd(u, v0, c20);
                    if (C.N > 1) c21 = L.MultiplyAdd(u, v1, c21);
                    if (C.N > 2) c22 = L.MultiplyAdd(u, v2, c22);
                    if (C.N > 3) c23 = L.MultiplyAdd(u, v3, c23);
                }
                if (R.N > 3)
                {
                    V u = L.And(L.Load(tailMask), L.Load(a3 + tailAt));
                    c30 = L.MultiplyAdd(u, v0, c30);
                    if (C.N > 1) c31 = L.MultiplyAdd(u, v1, c31);
                    if (C.N > 2) c32 = L.MultiplyAdd(u, v2, c32);
                    if (C.N > 3) c33 = L.MultiplyAdd(u, v3, c33);
                }
            }
            a0 += segmentA;
            if (R.N > 1) a1 += segmentA;
            if (R.N > 2) a2 += segmentA;
            if (R.N > 3) a3 += segmentA;
            b0 += segmentB;
            if (C.N > 1) b1 += segmentB;
            if (C.N > 2) b2 += segmentB;
            if (C.N > 3) b3 += segmentB;
        }
        if (R.N > 0 && C.N > 0) c[0 * ldc + 0] = accumulate ? c[0 * ldc + 0] + L.Sum(c00) : L.Sum(c00);
        if (R.N > 0 && C.N > 1) c[0 * ldc + 1] = accumulate ? c[0 * ldc + 1] + L.Sum(c01) : L.Sum(c01);
        if (R.N > 0 && C.N > 2) c[0 * ldc + 2] = accumulate ? c[0 * ldc + 2] + L.Sum(c02) : L.Sum(c02);
        if (R.N > 0 && C.N > 3) c[0 * ldc + 3] = accumulate ? c[0 * ldc + 3] + L.Sum(c03) : L.Sum(c03);
        if (R.N > 1 && C.N > 0) c[1 * ldc + 0] = accumulate ? c[1 * ldc + 0] + L.Sum(c10) : L.Sum(c10);
        if (R.N > 1 && C.N > 1) c[1 * ldc + 1] = accumulate ? c[1 * ldc + 1] + L.Sum(c11) : L.Sum(c11);
        if (R.N > 1 && C.N > 2) c[1 * ldc + 2] = accumulate ? c[1 * ldc + 2] + L.Sum(c12) : L.Sum(c12);
        if (R.N > 1 && C.N > 3) c[1 * ldc + 3] = accumulate ? c[1 * ldc + 3] + L.Sum(c13) : L.Sum(c13);
        if (R.N > 2 && C.N > 0) c[2 * ldc + 0] = accumulate ? c[2 * ldc + 0] + L.Sum(c20) : L.Sum(c20);
        if (R.N > 2 && C.N > 1) c[2 * ldc + 1] = accumulate ? c[2 * ldc + 1] + L.Sum(c21) : L.Sum(c21);
        if (R.N > 2 && C.N > 2) c[2 * ldc + 2] = accumulate ? c[2 * ldc + 2] + L.Sum(c22) : L.Sum(c22);
        if (R.N > 2 && C.N > 3) c[2 * ldc + 3] = accumulate ? c[2 * ldc + 3] + L.Sum(c23) : L.Sum(c23);
        if (R.N > 3 && C.N > 0) c[3 * ldc + 0] = accumulate ? c[3 * ldc + 0] + L.Sum(c30) : L.Sum(c30);
        if (R.N > 3 && C.N > 1) c[3 * ldc + 1] = accumulate ? c[3 * ldc + 1] + L.Sum(c31) : L.Sum(c31);
        if (R.N > 3 && C.N > 2) c[3 * ldc + 2] = accumulate ? c[3 * ldc + 2] + L.Sum(c32) : L.Sum(c32);
        if (R.N > 3 && C.N > 3) c[3 * ldc + 3] = accumulate ? c[3 * ldc + 3] + L.Sum(c33) : L.Sum(c33);
    }
}
