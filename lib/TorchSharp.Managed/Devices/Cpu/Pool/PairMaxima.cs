using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Cpu;

/// <summary>
/// y[r, q] = the largest of x[2r, 2q], x[2r, 2q + 1], x[2r + 1, 2q], x[2r + 1, 2q + 1]: pooling by 2 × 2 where nobody asks for positions.
/// </summary>
/// <remarks>
/// Two rows of x make one, then neighbours in it make a window each; the last register of a row overlaps the one before. Of two numbers
/// the processor's maximum gives the second when either is NaN, and would lose one; a plane with a NaN is left to the loops that look at
/// one element after the other. What tells is the sum of two rows: it is a number unless an element is none (or two infinities cancel).
/// </remarks>
internal static unsafe class PairMaxima
{
    /// <returns>False when x may hold a NaN; y is then to be computed otherwise.</returns>
    public static bool TryRun(float* x, long width, float* y, long outWidth, long outHeight)
    {
        if (Avx512F.IsSupported && outWidth >= 8)
            return ByEight(x, width, y, outWidth, outHeight);
        return Avx2.IsSupported && outWidth >= 4 && ByFour(x, width, y, outWidth, outHeight);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool ByEight(float* x, long width, float* y, long outWidth, long outHeight)
    {
        for (long r = 0; r < outHeight; r++, x += 2 * width, y += outWidth)
            for (long q = 0; q < outWidth; q += 8)
            {
                long at = Math.Min(q, outWidth - 8);
                Vector512<float> above = Vector512.Load(x + 2 * at), below = Vector512.Load(x + width + 2 * at), sum = above + below;
                if (!Vector512.EqualsAll(sum, sum))
                    return false;
                var tall = Avx512F.Max(below, above);
                var pairs = Avx512F.Max(Avx512F.Shuffle(tall, tall, 0b11_11_01_01), tall);
                Vector512.Shuffle(pairs, Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 0, 0, 0, 0, 0, 0, 0, 0)).GetLower().Store(y + at);
            }
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool ByFour(float* x, long width, float* y, long outWidth, long outHeight)
    {
        for (long r = 0; r < outHeight; r++, x += 2 * width, y += outWidth)
            for (long q = 0; q < outWidth; q += 4)
            {
                long at = Math.Min(q, outWidth - 4);
                Vector256<float> above = Vector256.Load(x + 2 * at), below = Vector256.Load(x + width + 2 * at), sum = above + below;
                if (!Vector256.EqualsAll(sum, sum))
                    return false;
                var tall = Avx.Max(below, above);
                var pairs = Avx.Max(Avx.Shuffle(tall, tall, 0b11_11_01_01), tall);
                Vector256.Shuffle(pairs, Vector256.Create(0, 2, 4, 6, 0, 0, 0, 0)).GetLower().Store(y + at);
            }
        return true;
    }
}
