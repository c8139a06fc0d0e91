using System.Runtime.CompilerServices;

namespace TorchSharp.Cpu;

/// <summary>
/// The innermost loops of every matrix product and convolution: a tile of the result that stays in registers.
/// </summary>
/// <remarks>
/// <para><c>R</c> rows × <c>C</c> registers of accumulators: 6 × 2 with 16 registers (12 accumulators, 2 of the right matrix,
/// 1 broadcast of the left), up to 6 × 4 with 32. Each step of the inner dimension loads C registers and broadcasts R scalars for
/// R·C multiply-adds, so that the two multiply-add units, not the loads, are the limit. Two steps a round halve the
/// loop's own instructions.</para>
/// <para>Accumulators are locals, not arrays: the JIT keeps only those in registers. Rows and columns beyond <c>R</c>, <c>C</c> vanish
/// when the JIT folds the comparisons of constants. There is no call of any kind inside, because one would make the JIT
/// spill all accumulators.</para>
/// </remarks>
internal static unsafe class Tile
{
    /// <summary>C[i, j] = start + Σₖ A[k, i] · B[k, j] with row k of A at <c>a + k·lda</c> and row k of B at <c>b + k·ldb</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Strided<L, V, T, R, C>(nint depth, T* a, nint lda, T* b, nint ldb, T* c, nint ldc, TileStart start, T* bias)
        where L : ILanes<V, T> where V : struct where T : unmanaged where R : ISize where C : ISize
    {
        V c00 = default, c01 = default, c02 = default, c03 = default;
        V c10 = default, c11 = default, c12 = default, c13 = default;
        V c20 = default, c21 = default, c22 = default, c23 = default;
        V c30 = default, c31 = default, c32 = default, c33 = default;
        V c40 = default, c41 = default, c42 = default, c43 = default;
        V c50 = default, c51 = default, c52 = default, c53 = default;
        if (start == TileStart.Accumulate)
        {
            if (R.N > 0 && C.N > 0) c00 = L.Load(c + 0 * ldc + 0 * L.Count);
            if (R.N > 0 && C.N > 1) c01 = L.Load(c + 0 * ldc + 1 * L.Count);
            if (R.N > 0 && C.N > 2) c02 = L.Load(c + 0 * ldc + 2 * L.Count);
            if (R.N > 0 && C.N > 3) c03 = L.Load(c + 0 * ldc + 3 * L.Count);
            if (R.N > 1 && C.N > 0) c10 = L.Load(c + 1 * ldc + 0 * L.Count);
            if (R.N > 1 && C.N > 1) c11 = L.Load(c + 1 * ldc + 1 * L.Count);
            if (R.N > 1 && C.N > 2) c12 = L.Load(c + 1 * ldc + 2 * L.Count);
            if (R.N > 1 && C.N > 3) c13 = L.Load(c + 1 * ldc + 3 * L.Count);
            if (R.N > 2 && C.N > 0) c20 = L.Load(c + 2 * ldc + 0 * L.Count);
            if (R.N > 2 && C.N > 1) c21 = L.Load(c + 2 * ldc + 1 * L.Count);
            if (R.N > 2 && C.N > 2) c22 = L.Load(c + 2 * ldc + 2 * L.Count);
            if (R.N > 2 && C.N > 3) c23 = L.Load(c + 2 * ldc + 3 * L.Count);
            if (R.N > 3 && C.N > 0) c30 = L.Load(c + 3 * ldc + 0 * L.Count);
            if (R.N > 3 && C.N > 1) c31 = L.Load(c + 3 * ldc + 1 * L.Count);
            if (R.N > 3 && C.N > 2) c32 = L.Load(c + 3 * ldc + 2 * L.Count);
            if (R.N > 3 && C.N > 3) c33 = L.Load(c + 3 * ldc + 3 * L.Count);
            if (R.N > 4 && C.N > 0) c40 = L.Load(c + 4 * ldc + 0 * L.Count);
            if (R.N > 4 && C.N > 1) c41 = L.Load(c + 4 * ldc + 1 * L.Count);
            if (R.N > 4 && C.N > 2) c42 = L.Load(c + 4 * ldc + 2 * L.Count);
            if (R.N > 4 && C.N > 3) c43 = L.Load(c + 4 * ldc + 3 * L.Count);
            if (R.N > 5 && C.N > 0) c50 = L.Load(c + 5 * ldc + 0 * L.Count);
            if (R.N > 5 && C.N > 1) c51 = L.Load(c + 5 * ldc + 1 * L.Count);
            if (R.N > 5 && C.N > 2) c52 = L.Load(c + 5 * ldc + 2 * L.Count);
            if (R.N > 5 && C.N > 3) c53 = L.Load(c + 5 * ldc + 3 * L.Count);
        }
        else if (start == TileStart.RowBias)
        {
            if (R.N > 0) { c00 = L.Broadcast(bias[0]); if (C.N > 1) c01 = L.Broadcast(bias[0]); if (C.N > 2) c02 = L.Broadcast(bias[0]); if (C.N > 3) c03 = L.Broadcast(bias[0]); }
            if (R.N > 1) { c10 = L.Broadcast(bias[1]); if (C.N > 1) c11 = L.Broadcast(bias[1]); if (C.N > 2) c12 = L.Broadcast(bias[1]); if (C.N > 3) c13 = L.Broadcast(bias[1]); }
            if (R.N > 2) { c20 = L.Broadcast(bias[2]); if (C.N > 1) c21 = L.Broadcast(bias[2]); if (C.N > 2) c22 = L.Broadcast(bias[2]); if (C.N > 3) c23 = L.Broadcast(bias[2]); }
            if (R.N > 3) { c30 = L.Broadcast(bias[3]); if (C.N > 1) c31 = L.Broadcast(bias[3]); if (C.N > 2) c32 = L.Broadcast(bias[3]); if (C.N > 3) c33 = L.Broadcast(bias[3]); }
            if (R.N > 4) { c40 = L.Broadcast(bias[4]); if (C.N > 1) c41 = L.Broadcast(bias[4]); if (C.N > 2) c42 = L.Broadcast(bias[4]); if (C.N > 3) c43 = L.Broadcast(bias[4]); }
            if (R.N > 5) { c50 = L.Broadcast(bias[5]); if (C.N > 1) c51 = L.Broadcast(bias[5]); if (C.N > 2) c52 = L.Broadcast(bias[5]); if (C.N > 3) c53 = L.Broadcast(bias[5]); }
        }
        nint k = 0;
        for (; k < depth - 1; k += 2)
        {
            V b0 = C.N > 0 ? L.Load(b + 0 * L.Count) : default;
            V b1 = C.N > 1 ? L.Load(b + 1 * L.Count) : default;
            V b2 = C.N > 2 ? L.Load(b + 2 * L.Count) : default;
            V b3 = C.N > 3 ? L.Load(b + 3 * L.Count) : default;
            if (R.N > 0)
            {
                V v = L.Broadcast(a[0]);
                c00 = L.MultiplyAdd(v, b0, c00);
                if (C.N > 1) c01 = L.MultiplyAdd(v, b1, c01);
                if (C.N > 2) c02 = L.MultiplyAdd(v, b2, c02);
                if (C.N > 3) c03 = L.MultiplyAdd(v, b3, c03);
            }
            if (R.N > 1)
            {
                V v = L.Broadcast(a[1]);
                c10 = L.MultiplyAdd(v, b0, c10);
                if (C.N > 1) c11 = L.MultiplyAdd(v, b1, c11);
                if (C.N > 2) c12 = L.MultiplyAdd(v, b2, c12);
                if (C.N > 3) c13 = L.MultiplyAdd(v, b3, c13);
            }
            if (R.N > 2)
            {
                V v = L.Broadcast(a[2]);
                c20 = L.MultiplyAdd(v, b0, c20);
                if (C.N > 1) c21 = L.MultiplyAdd(v, b1, c21);
                if (C.N > 2) c22 = L.MultiplyAdd(v, b2, c22);
                if (C.N > 3) c23 = L.MultiplyAdd(v, b3, c23);
            }
            if (R.N > 3)
            {
                V v = L.Broadcast(a[3]);
                c30 = L.MultiplyAdd(v, b0, c30);
                if (C.N > 1) c31 = L.MultiplyAdd(v, b1, c31);
                if (C.N > 2) c32 = L.MultiplyAdd(v, b2, c32);
                if (C.N > 3) c33 = L.MultiplyAdd(v, b3, c33);
            }
            if (R.N > 4)
            {
                V v = L.Broadcast(a[4]);
                c40 = L.MultiplyAdd(v, b0, c40);
                if (C.N > 1) c41 = L.MultiplyAdd(v, b1, c41);
                if (C.N > 2) c42 = L.MultiplyAdd(v, b2, c42);
                if (C.N > 3) c43 = L.MultiplyAdd(v, b3, c43);
            }
            if (R.N > 5)
            {
                V v = L.Broadcast(a[5]);
                c50 = L.MultiplyAdd(v, b0, c50);
                if (C.N > 1) c51 = L.MultiplyAdd(v, b1, c51);
                if (C.N > 2) c52 = L.MultiplyAdd(v, b2, c52);
                if (C.N > 3) c53 = L.MultiplyAdd(v, b3, c53);
            }
            b0 = C.N > 0 ? L.Load(b + ldb + 0 * L.Count) : default;
            b1 = C.N > 1 ? L.Load(b + ldb + 1 * L.Count) : default;
            b2 = C.N > 2 ? L.Load(b + ldb + 2 * L.Count) : default;
            b3 = C.N > 3 ? L.Load(b + ldb + 3 * L.Count) : default;
            if (R.N > 0)
            {
                V v = L.Broadcast(a[lda + 0]);
                c00 = L.MultiplyAdd(v, b0, c00);
                if (C.N > 1) c01 = L.MultiplyAdd(v, b1, c01);
                if (C.N > 2) c02 = L.MultiplyAdd(v, b2, c02);
                if (C.N > 3) c03 = L.MultiplyAdd(v, b3, c03);
            }
            if (R.N > 1)
            {
                V v = L.Broadcast(a[lda + 1]);
                c10 = L.MultiplyAdd(v, b0, c10);
                if (C.N > 1) c11 = L.MultiplyAdd(v, b1, c11);
                if (C.N > 2) c12 = L.MultiplyAdd(v, b2, c12);
                if (C.N > 3) c13 = L.MultiplyAdd(v, b3, c13);
            }
            if (R.N > 2)
            {
                V v = L.Broadcast(a[lda + 2]);
                c20 = L.MultiplyAdd(v, b0, c20);
                if (C.N > 1) c21 = L.MultiplyAdd(v, b1, c21);
                if (C.N > 2) c22 = L.MultiplyAdd(v, b2, c22);
                if (C.N > 3) c23 = L.MultiplyAdd(v, b3, c23);
            }
            if (R.N > 3)
            {
                V v = L.Broadcast(a[lda + 3]);
                c30 = L.MultiplyAdd(v, b0, c30);
                if (C.N > 1) c31 = L.MultiplyAdd(v, b1, c31);
                if (C.N > 2) c32 = L.MultiplyAdd(v, b2, c32);
                if (C.N > 3) c33 = L.MultiplyAdd(v, b3, c33);
            }
            if (R.N > 4)
            {
                V v = L.Broadcast(a[lda + 4]);
                c40 = L.MultiplyAdd(v, b0, c40);
                if (C.N > 1) c41 = L.MultiplyAdd(v, b1, c41);
                if (C.N > 2) c42 = L.MultiplyAdd(v, b2, c42);
                if (C.N > 3) c43 = L.MultiplyAdd(v, b3, c43);
            }
            if (R.N > 5)
            {
                V v = L.Broadcast(a[lda + 5]);
                c50 = L.MultiplyAdd(v, b0, c50);
                if (C.N > 1) c51 = L.MultiplyAdd(v, b1, c51);
                if (C.N > 2) c52 = L.MultiplyAdd(v, b2, c52);
                if (C.N > 3) c53 = L.MultiplyAdd(v, b3, c53);
            }
            a += 2 * lda;
            b += 2 * ldb;
        }
        if (k < depth)
        {
            V b0 = C.N > 0 ? L.Load(b + 0 * L.Count) : default;
            V b1 = C.N > 1 ? L.Load(b + 1 * L.Count) : default;
            V b2 = C.N > 2 ? L.Load(b + 2 * L.Count) : default;
            V b3 = C.N > 3 ? L.Load(b + 3 * L.Count) : default;
            if (R.N > 0)
            {
                V v = L.Broadcast(a[0]);
                c00 = L.MultiplyAdd(v, b0, c00);
                if (C.N > 1) c01 = L.MultiplyAdd(v, b1, c01);
                if (C.N > 2) c02 = L.MultiplyAdd(v, b2, c02);
                if (C.N > 3) c03 = L.MultiplyAdd(v, b3, c03);
            }
            if (R.N > 1)
            {
                V v = L.Broadcast(a[1]);
                c10 = L.MultiplyAdd(v, b0, c10);
                if (C.N > 1) c11 = L.MultiplyAdd(v, b1, c11);
                if (C.N > 2) c12 = L.MultiplyAdd(v, b2, c12);
                if (C.N > 3) c13 = L.MultiplyAdd(v, b3, c13);
            }
            if (R.N > 2)
            {
                V v = L.Broadcast(a[2]);
                c20 = L.MultiplyAdd(v, b0, c20);
                if (C.N > 1) c21 = L.MultiplyAdd(v, b1, c21);
                if (C.N > 2) c22 = L.MultiplyAdd(v, b2, c22);
                if (C.N > 3) c23 = L.MultiplyAdd(v, b3, c23);
            }
            if (R.N > 3)
            {
                V v = L.Broadcast(a[3]);
                c30 = L.MultiplyAdd(v, b0, c30);
                if (C.N > 1) c31 = L.MultiplyAdd(v, b1, c31);
                if (C.N > 2) c32 = L.MultiplyAdd(v, b2, c32);
                if (C.N > 3) c33 = L.MultiplyAdd(v, b3, c33);
            }
            if (R.N > 4)
            {
                V v = L.Broadcast(a[4]);
                c40 = L.MultiplyAdd(v, b0, c40);
                if (C.N > 1) c41 = L.MultiplyAdd(v, b1, c41);
                if (C.N > 2) c42 = L.MultiplyAdd(v, b2, c42);
                if (C.N > 3) c43 = L.MultiplyAdd(v, b3, c43);
            }
            if (R.N > 5)
            {
                V v = L.Broadcast(a[5]);
                c50 = L.MultiplyAdd(v, b0, c50);
                if (C.N > 1) c51 = L.MultiplyAdd(v, b1, c51);
                if (C.N > 2) c52 = L.MultiplyAdd(v, b2, c52);
                if (C.N > 3) c53 = L.MultiplyAdd(v, b3, c53);
            }
        }
        if (R.N > 0 && C.N > 0) L.Store(c00, c + 0 * ldc + 0 * L.Count);
        if (R.N > 0 && C.N > 1) L.Store(c01, c + 0 * ldc + 1 * L.Count);
        if (R.N > 0 && C.N > 2) L.Store(c02, c + 0 * ldc + 2 * L.Count);
        if (R.N > 0 && C.N > 3) L.Store(c03, c + 0 * ldc + 3 * L.Count);
        if (R.N > 1 && C.N > 0) L.Store(c10, c + 1 * ldc + 0 * L.Count);
        if (R.N > 1 && C.N > 1) L.Store(c11, c + 1 * ldc + 1 * L.Count);
        if (R.N > 1 && C.N > 2) L.Store(c12, c + 1 * ldc + 2 * L.Count);
        if (R.N > 1 && C.N > 3) L.Store(c13, c + 1 * ldc + 3 * L.Count);
        if (R.N > 2 && C.N > 0) L.Store(c20, c + 2 * ldc + 0 * L.Count);
        if (R.N > 2 && C.N > 1) L.Store(c21, c + 2 * ldc + 1 * L.Count);
        if (R.N > 2 && C.N > 2) L.Store(c22, c + 2 * ldc + 2 * L.Count);
        if (R.N > 2 && C.N > 3) L.Store(c23, c + 2 * ldc + 3 * L.Count);
        if (R.N > 3 && C.N > 0) L.Store(c30, c + 3 * ldc + 0 * L.Count);
        if (R.N > 3 && C.N > 1) L.Store(c31, c + 3 * ldc + 1 * L.Count);
        if (R.N > 3 && C.N > 2) L.Store(c32, c + 3 * ldc + 2 * L.Count);
        if (R.N > 3 && C.N > 3) L.Store(c33, c + 3 * ldc + 3 * L.Count);
        if (R.N > 4 && C.N > 0) L.Store(c40, c + 4 * ldc + 0 * L.Count);
        if (R.N > 4 && C.N > 1) L.Store(c41, c + 4 * ldc + 1 * L.Count);
        if (R.N > 4 && C.N > 2) L.Store(c42, c + 4 * ldc + 2 * L.Count);
        if (R.N > 4 && C.N > 3) L.Store(c43, c + 4 * ldc + 3 * L.Count);
        if (R.N > 5 && C.N > 0) L.Store(c50, c + 5 * ldc + 0 * L.Count);
        if (R.N > 5 && C.N > 1) L.Store(c51, c + 5 * ldc + 1 * L.Count);
        if (R.N > 5 && C.N > 2) L.Store(c52, c + 5 * ldc + 2 * L.Count);
        if (R.N > 5 && C.N > 3) L.Store(c53, c + 5 * ldc + 3 * L.Count);
    }

    /// <summary>As <see cref="Strided"/>, but row k of B lies at <c>b + rows[k]</c>, in elements: the virtual matrix of a convolution.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Indexed<L, V, T, R, C>(nint depth, T* a, nint lda, T* b, int* rows, T* c, nint ldc, TileStart start, T* bias)
        where L : ILanes<V, T> where V : struct where T : unmanaged where R : ISize where C : ISize
    {
        V c00 = default, c01 = default, c02 = default, c03 = default;
        V c10 = default, c11 = default, c12 = default, c13 = default;
        V c20 = default, c21 = default, c22 = default, c23 = default;
        V c30 = default, c31 = default, c32 = default, c33 = default;
        V c40 = default, c41 = default, c42 = default, c43 = default;
        V c50 = default, c51 = default, c52 = default, c53 = default;
        if (start == TileStart.Accumulate)
        {
            if (R.N > 0 && C.N > 0) c00 = L.Load(c + 0 * ldc + 0 * L.Count);
            if (R.N > 0 && C.N > 1) c01 = L.Load(c + 0 * ldc + 1 * L.Count);
            if (R.N > 0 && C.N > 2) c02 = L.Load(c + 0 * ldc + 2 * L.Count);
            if (R.N > 0 && C.N > 3) c03 = L.Load(c + 0 * ldc + 3 * L.Count);
            if (R.N > 1 && C.N > 0) c10 = L.Load(c + 1 * ldc + 0 * L.Count);
            if (R.N > 1 && C.N > 1) c11 = L.Load(c + 1 * ldc + 1 * L.Count);
            if (R.N > 1 && C.N > 2) c12 = L.Load(c + 1 * ldc + 2 * L.Count);
            if (R.N > 1 && C.N > 3) c13 = L.Load(c + 1 * ldc + 3 * L.Count);
            if (R.N > 2 && C.N > 0) c20 = L.Load(c + 2 * ldc + 0 * L.Count);
            if (R.N > 2 && C.N > 1) c21 = L.Load(c + 2 * ldc + 1 * L.Count);
            if (R.N > 2 && C.N > 2) c22 = L.Load(c + 2 * ldc + 2 * L.Count);
            if (R.N > 2 && C.N > 3) c23 = L.Load(c + 2 * ldc + 3 * L.Count);
            if (R.N > 3 && C.N > 0) c30 = L.Load(c + 3 * ldc + 0 * L.Count);
            if (R.N > 3 && C.N > 1) c31 = L.Load(c + 3 * ldc + 1 * L.Count);
            if (R.N > 3 && C.N > 2) c32 = L.Load(c + 3 * ldc + 2 * L.Count);
            if (R.N > 3 && C.N > 3) c33 = L.Load(c + 3 * ldc + 3 * L.Count);
            if (R.N > 4 && C.N > 0) c40 = L.Load(c + 4 * ldc + 0 * L.Count);
            if (R.N > 4 && C.N > 1) c41 = L.Load(c + 4 * ldc + 1 * L.Count);
            if (R.N > 4 && C.N > 2) c42 = L.Load(c + 4 * ldc + 2 * L.Count);
            if (R.N > 4 && C.N > 3) c43 = L.Load(c + 4 * ldc + 3 * L.Count);
            if (R.N > 5 && C.N > 0) c50 = L.Load(c + 5 * ldc + 0 * L.Count);
            if (R.N > 5 && C.N > 1) c51 = L.Load(c + 5 * ldc + 1 * L.Count);
            if (R.N > 5 && C.N > 2) c52 = L.Load(c + 5 * ldc + 2 * L.Count);
            if (R.N > 5 && C.N > 3) c53 = L.Load(c + 5 * ldc + 3 * L.Count);
        }
        else if (start == TileStart.RowBias)
        {
            if (R.N > 0) { c00 = L.Broadcast(bias[0]); if (C.N > 1) c01 = L.Broadcast(bias[0]); if (C.N > 2) c02 = L.Broadcast(bias[0]); if (C.N > 3) c03 = L.Broadcast(bias[0]); }
            if (R.N > 1) { c10 = L.Broadcast(bias[1]); if (C.N > 1) c11 = L.Broadcast(bias[1]); if (C.N > 2) c12 = L.Broadcast(bias[1]); if (C.N > 3) c13 = L.Broadcast(bias[1]); }
            if (R.N > 2) { c20 = L.Broadcast(bias[2]); if (C.N > 1) c21 = L.Broadcast(bias[2]); if (C.N > 2) c22 = L.Broadcast(bias[2]); if (C.N > 3) c23 = L.Broadcast(bias[2]); }
            if (R.N > 3) { c30 = L.Broadcast(bias[3]); if (C.N > 1) c31 = L.Broadcast(bias[3]); if (C.N > 2) c32 = L.Broadcast(bias[3]); if (C.N > 3) c33 = L.Broadcast(bias[3]); }
            if (R.N > 4) { c40 = L.Broadcast(bias[4]); if (C.N > 1) c41 = L.Broadcast(bias[4]); if (C.N > 2) c42 = L.Broadcast(bias[4]); if (C.N > 3) c43 = L.Broadcast(bias[4]); }
            if (R.N > 5) { c50 = L.Broadcast(bias[5]); if (C.N > 1) c51 = L.Broadcast(bias[5]); if (C.N > 2) c52 = L.Broadcast(bias[5]); if (C.N > 3) c53 = L.Broadcast(bias[5]); }
        }
        nint k = 0;
        for (; k < depth - 1; k += 2)
        {
            T* row = b + rows[k], next = b + rows[k + 1];
            V b0 = C.N > 0 ? L.Load(row + 0 * L.Count) : default;
            V b1 = C.N > 1 ? L.Load(row + 1 * L.Count) : default;
            V b2 = C.N > 2 ? L.Load(row + 2 * L.Count) : default;
            V b3 = C.N > 3 ? L.Load(row + 3 * L.Count) : default;
            if (R.N > 0)
            {
                V v = L.Broadcast(a[0]);
                c00 = L.MultiplyAdd(v, b0, c00);
                if (C.N > 1) c01 = L.MultiplyAdd(v, b1, c01);
                if (C.N > 2) c02 = L.MultiplyAdd(v, b2, c02);
                if (C.N > 3) c03 = L.MultiplyAdd(v, b3, c03);
            }
            if (R.N > 1)
            {
                V v = L.Broadcast(a[1]);
                c10 = L.MultiplyAdd(v, b0, c10);
                if (C.N > 1) c11 = L.MultiplyAdd(v, b1, c11);
                if (C.N > 2) c12 = L.MultiplyAdd(v, b2, c12);
                if (C.N > 3) c13 = L.MultiplyAdd(v, b3, c13);
            }
            if (R.N > 2)
            {
                V v = L.Broadcast(a[2]);
                c20 = L.MultiplyAdd(v, b0, c20);
                if (C.N > 1) c21 = L.MultiplyAdd(v, b1, c21);
                if (C.N > 2) c22 = L.MultiplyAdd(v, b2, c22);
                if (C.N > 3) c23 = L.MultiplyAdd(v, b3, c23);
            }
            if (R.N > 3)
            {
                V v = L.Broadcast(a[3]);
                c30 = L.MultiplyAdd(v, b0, c30);
                if (C.N > 1) c31 = L.MultiplyAdd(v, b1, c31);
                if (C.N > 2) c32 = L.MultiplyAdd(v, b2, c32);
                if (C.N > 3) c33 = L.MultiplyAdd(v, b3, c33);
            }
            if (R.N > 4)
            {
                V v = L.Broadcast(a[4]);
                c40 = L.MultiplyAdd(v, b0, c40);
                if (C.N > 1) c41 = L.MultiplyAdd(v, b1, c41);
                if (C.N > 2) c42 = L.MultiplyAdd(v, b2, c42);
                if (C.N > 3) c43 = L.MultiplyAdd(v, b3, c43);
            }
            if (R.N > 5)
            {
                V v = L.Broadcast(a[5]);
                c50 = L.MultiplyAdd(v, b0, c50);
                if (C.N > 1) c51 = L.MultiplyAdd(v, b1, c51);
                if (C.N > 2) c52 = L.MultiplyAdd(v, b2, c52);
                if (C.N > 3) c53 = L.MultiplyAdd(v, b3, c53);
            }
            b0 = C.N > 0 ? L.Load(next + 0 * L.Count) : default;
            b1 = C.N > 1 ? L.Load(next + 1 * L.Count) : default;
            b2 = C.N > 2 ? L.Load(next + 2 * L.Count) : default;
            b3 = C.N > 3 ? L.Load(next + 3 * L.Count) : default;
            if (R.N > 0)
            {
                V v = L.Broadcast(a[lda + 0]);
                c00 = L.MultiplyAdd(v, b0, c00);
                if (C.N > 1) c01 = L.MultiplyAdd(v, b1, c01);
                if (C.N > 2) c02 = L.MultiplyAdd(v, b2, c02);
                if (C.N > 3) c03 = L.MultiplyAdd(v, b3, c03);
            }
            if (R.N > 1)
            {
                V v = L.Broadcast(a[lda + 1]);
                c10 = L.MultiplyAdd(v, b0, c10);
                if (C.N > 1) c11 = L.MultiplyAdd(v, b1, c11);
                if (C.N > 2) c12 = L.MultiplyAdd(v, b2, c12);
                if (C.N > 3) c13 = L.MultiplyAdd(v, b3, c13);
            }
            if (R.N > 2)
            {
                V v = L.Broadcast(a[lda + 2]);
                c20 = L.MultiplyAdd(v, b0, c20);
                if (C.N > 1) c21 = L.MultiplyAdd(v, b1, c21);
                if (C.N > 2) c22 = L.MultiplyAdd(v, b2, c22);
                if (C.N > 3) c23 = L.MultiplyAdd(v, b3, c23);
            }
            if (R.N > 3)
            {
                V v = L.Broadcast(a[lda + 3]);
                c30 = L.MultiplyAdd(v, b0, c30);
                if (C.N > 1) c31 = L.MultiplyAdd(v, b1, c31);
                if (C.N > 2) c32 = L.MultiplyAdd(v, b2, c32);
                if (C.N > 3) c33 = L.MultiplyAdd(v, b3, c33);
            }
            if (R.N > 4)
            {
                V v = L.Broadcast(a[lda + 4]);
                c40 = L.MultiplyAdd(v, b0, c40);
                if (C.N > 1) c41 = L.MultiplyAdd(v, b1, c41);
                if (C.N > 2) c42 = L.MultiplyAdd(v, b2, c42);
                if (C.N > 3) c43 = L.MultiplyAdd(v, b3, c43);
            }
            if (R.N > 5)
            {
                V v = L.Broadcast(a[lda + 5]);
                c50 = L.MultiplyAdd(v, b0, c50);
                if (C.N > 1) c51 = L.MultiplyAdd(v, b1, c51);
                if (C.N > 2) c52 = L.MultiplyAdd(v, b2, c52);
                if (C.N > 3) c53 = L.MultiplyAdd(v, b3, c53);
            }
            a += 2 * lda;
        }
        if (k < depth)
        {
            T* row = b + rows[k];
            V b0 = C.N > 0 ? L.Load(row + 0 * L.Count) : default;
            V b1 = C.N > 1 ? L.Load(row + 1 * L.Count) : default;
            V b2 = C.N > 2 ? L.Load(row + 2 * L.Count) : default;
            V b3 = C.N > 3 ? L.Load(row + 3 * L.Count) : default;
            if (R.N > 0)
            {
                V v = L.Broadcast(a[0]);
                c00 = L.MultiplyAdd(v, b0, c00);
                if (C.N > 1) c01 = L.MultiplyAdd(v, b1, c01);
                if (C.N > 2) c02 = L.MultiplyAdd(v, b2, c02);
                if (C.N > 3) c03 = L.MultiplyAdd(v, b3, c03);
            }
            if (R.N > 1)
            {
                V v = L.Broadcast(a[1]);
                c10 = L.MultiplyAdd(v, b0, c10);
                if (C.N > 1) c11 = L.MultiplyAdd(v, b1, c11);
                if (C.N > 2) c12 = L.MultiplyAdd(v, b2, c12);
                if (C.N > 3) c13 = L.MultiplyAdd(v, b3, c13);
            }
            if (R.N > 2)
            {
                V v = L.Broadcast(a[2]);
                c20 = L.MultiplyAdd(v, b0, c20);
                if (C.N > 1) c21 = L.MultiplyAdd(v, b1, c21);
                if (C.N > 2) c22 = L.MultiplyAdd(v, b2, c22);
                if (C.N > 3) c23 = L.MultiplyAdd(v, b3, c23);
            }
            if (R.N > 3)
            {
                V v = L.Broadcast(a[3]);
                c30 = L.MultiplyAdd(v, b0, c30);
                if (C.N > 1) c31 = L.MultiplyAdd(v, b1, c31);
                if (C.N > 2) c32 = L.MultiplyAdd(v, b2, c32);
                if (C.N > 3) c33 = L.MultiplyAdd(v, b3, c33);
            }
            if (R.N > 4)
            {
                V v = L.Broadcast(a[4]);
                c40 = L.MultiplyAdd(v, b0, c40);
                if (C.N > 1) c41 = L.MultiplyAdd(v, b1, c41);
                if (C.N > 2) c42 = L.MultiplyAdd(v, b2, c42);
                if (C.N > 3) c43 = L.MultiplyAdd(v, b3, c43);
            }
            if (R.N > 5)
            {
                V v = L.Broadcast(a[5]);
                c50 = L.MultiplyAdd(v, b0, c50);
                if (C.N > 1) c51 = L.MultiplyAdd(v, b1, c51);
                if (C.N > 2) c52 = L.MultiplyAdd(v, b2, c52);
                if (C.N > 3) c53 = L.MultiplyAdd(v, b3, c53);
            }
        }
        if (R.N > 0 && C.N > 0) L.Store(c00, c + 0 * ldc + 0 * L.Count);
        if (R.N > 0 && C.N > 1) L.Store(c01, c + 0 * ldc + 1 * L.Count);
        if (R.N > 0 && C.N > 2) L.Store(c02, c + 0 * ldc + 2 * L.Count);
        if (R.N > 0 && C.N > 3) L.Store(c03, c + 0 * ldc + 3 * L.Count);
        if (R.N > 1 && C.N > 0) L.Store(c10, c + 1 * ldc + 0 * L.Count);
        if (R.N > 1 && C.N > 1) L.Store(c11, c + 1 * ldc + 1 * L.Count);
        if (R.N > 1 && C.N > 2) L.Store(c12, c + 1 * ldc + 2 * L.Count);
        if (R.N > 1 && C.N > 3) L.Store(c13, c + 1 * ldc + 3 * L.Count);
        if (R.N > 2 && C.N > 0) L.Store(c20, c + 2 * ldc + 0 * L.Count);
        if (R.N > 2 && C.N > 1) L.Store(c21, c + 2 * ldc + 1 * L.Count);
        if (R.N > 2 && C.N > 2) L.Store(c22, c + 2 * ldc + 2 * L.Count);
        if (R.N > 2 && C.N > 3) L.Store(c23, c + 2 * ldc + 3 * L.Count);
        if (R.N > 3 && C.N > 0) L.Store(c30, c + 3 * ldc + 0 * L.Count);
        if (R.N > 3 && C.N > 1) L.Store(c31, c + 3 * ldc + 1 * L.Count);
        if (R.N > 3 && C.N > 2) L.Store(c32, c + 3 * ldc + 2 * L.Count);
        if (R.N > 3 && C.N > 3) L.Store(c33, c + 3 * ldc + 3 * L.Count);
        if (R.N > 4 && C.N > 0) L.Store(c40, c + 4 * ldc + 0 * L.Count);
        if (R.N > 4 && C.N > 1) L.Store(c41, c + 4 * ldc + 1 * L.Count);
        if (R.N > 4 && C.N > 2) L.Store(c42, c + 4 * ldc + 2 * L.Count);
        if (R.N > 4 && C.N > 3) L.Store(c43, c + 4 * ldc + 3 * L.Count);
        if (R.N > 5 && C.N > 0) L.Store(c50, c + 5 * ldc + 0 * L.Count);
        if (R.N > 5 && C.N > 1) L.Store(c51, c + 5 * ldc + 1 * L.Count);
        if (R.N > 5 && C.N > 2) L.Store(c52, c + 5 * ldc + 2 * L.Count);
        if (R.N > 5 && C.N > 3) L.Store(c53, c + 5 * ldc + 3 * L.Count);
    }
}

/// <summary>What a tile's accumulators hold before the first multiply-add.</summary>
internal enum TileStart { Zero, Accumulate, RowBias }
