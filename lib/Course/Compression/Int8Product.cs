using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Course;

/// <summary>
/// Sums of products of bytes: activations from 0 to 255 times weights from −127 to 127, into 32-bit sums. Four neighbouring products are
/// added at once. VPMADDUBSW adds two of them in 16 bits and saturates, so callers keep 2·activation·weight ≤ 32767.
/// </summary>
internal static unsafe class Int8Product
{
    /// <summary>Output channels that are computed together; weights are padded to a multiple.</summary>
    public const int Lanes = 16;

    private const int BlockBytes = 4 * Lanes;

    /// <summary>The sums of one place of the output: for every row of the kernel a run of activations, four at a time.</summary>
    /// <param name="input">The activations, channels innermost.</param>
    /// <param name="places">Where the first activation of each place lies in <paramref name="input"/>.</param>
    /// <param name="rowStride">From one row of activations to the next.</param>
    /// <param name="rows">Rows of the kernel.</param>
    /// <param name="groups">Groups of four activations in a row of the kernel; the last may reach beyond it, where the weights are 0.</param>
    /// <param name="weights">[blocks of lanes][rows][groups][lanes][4].</param>
    /// <param name="sums">[places][blocks · lanes].</param>
    public static void Compute(Int8Path path, byte* input, ReadOnlySpan<int> places, int rowStride, int rows, int groups, sbyte* weights, int blocks, int* sums)
    {
        switch (path)
        {
            case Int8Path.Avx512:
                Wide(input, places, rowStride, rows, groups, weights, blocks, sums);
                break;
            case Int8Path.AvxVnni:
                Half<Vnni>(input, places, rowStride, rows, groups, weights, blocks, sums);
                break;
            case Int8Path.Avx2:
                Half<Madd>(input, places, rowStride, rows, groups, weights, blocks, sums);
                break;
            default:
                Plain(input, places, rowStride, rows, groups, weights, blocks, sums);
                break;
        }
    }

    private static void Plain(byte* input, ReadOnlySpan<int> places, int rowStride, int rows, int groups, sbyte* weights, int blocks, int* sums)
    {
        for (int p = 0; p < places.Length; p++)
        {
            for (int channel = 0; channel < blocks * Lanes; channel++)
            {
                sbyte* w = weights + (long)(channel / Lanes) * rows * groups * BlockBytes + channel % Lanes * 4;
                int sum = 0;
                for (int row = 0; row < rows; row++)
                {
                    byte* x = input + places[p] + row * rowStride;
                    for (int group = 0; group < groups; group++, w += BlockBytes)
                    {
                        for (int i = 0; i < 4; i++)
                            sum += x[4 * group + i] * w[i];
                    }
                }
                sums[p * blocks * Lanes + channel] = sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Wide(byte* input, ReadOnlySpan<int> places, int rowStride, int rows, int groups, sbyte* weights, int blocks, int* sums)
    {
        var ones = Vector512.Create((short)1);
        int channels = blocks * Lanes;
        for (int block = 0; block < blocks; block++)
        {
            sbyte* start = weights + (long)block * rows * groups * BlockBytes;
            int p = 0;
            for (; p + 4 <= places.Length; p += 4)
            {
                Vector512<int> a = default, b = default, c = default, d = default;
                sbyte* w = start;
                for (int row = 0; row < rows; row++)
                {
                    byte* x = input + row * rowStride;
                    byte* xa = x + places[p], xb = x + places[p + 1], xc = x + places[p + 2], xd = x + places[p + 3];
                    for (int group = 0; group < groups; group++, w += BlockBytes)
                    {
                        var weight = Vector512.Load(w);
                        a += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(Vector512.Create(((int*)xa)[group]).AsByte(), weight), ones);
                        b += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(Vector512.Create(((int*)xb)[group]).AsByte(), weight), ones);
                        c += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(Vector512.Create(((int*)xc)[group]).AsByte(), weight), ones);
                        d += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(Vector512.Create(((int*)xd)[group]).AsByte(), weight), ones);
                    }
                }
                int* to = sums + p * channels + block * Lanes;
                a.Store(to);
                b.Store(to + channels);
                c.Store(to + 2 * channels);
                d.Store(to + 3 * channels);
            }
            for (; p < places.Length; p++)
            {
                Vector512<int> a = default;
                sbyte* w = start;
                for (int row = 0; row < rows; row++)
                {
                    byte* x = input + places[p] + row * rowStride;
                    for (int group = 0; group < groups; group++, w += BlockBytes)
                        a += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(Vector512.Create(((int*)x)[group]).AsByte(), Vector512.Load(w)), ones);
                }
                a.Store(sums + p * channels + block * Lanes);
            }
        }
    }

    private interface IDot
    {
        static abstract Vector256<int> Add(Vector256<int> sum, Vector256<byte> x, Vector256<sbyte> w);
    }

    private readonly struct Madd : IDot
    {
        public static Vector256<int> Add(Vector256<int> sum, Vector256<byte> x, Vector256<sbyte> w) =>
            sum + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(x, w), Vector256.Create((short)1));
    }

    private readonly struct Vnni : IDot
    {
        public static Vector256<int> Add(Vector256<int> sum, Vector256<byte> x, Vector256<sbyte> w) => AvxVnni.MultiplyWideningAndAdd(sum, x, w);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Half<T>(byte* input, ReadOnlySpan<int> places, int rowStride, int rows, int groups, sbyte* weights, int blocks, int* sums) where T : struct, IDot
    {
        int channels = blocks * Lanes;
        for (int half = 0; half < 2 * blocks; half++)
        {
            sbyte* start = weights + (long)(half / 2) * rows * groups * BlockBytes + half % 2 * (BlockBytes / 2);
            int p = 0;
            for (; p + 4 <= places.Length; p += 4)
            {
                Vector256<int> a = default, b = default, c = default, d = default;
                sbyte* w = start;
                for (int row = 0; row < rows; row++)
                {
                    byte* x = input + row * rowStride;
                    byte* xa = x + places[p], xb = x + places[p + 1], xc = x + places[p + 2], xd = x + places[p + 3];
                    for (int group = 0; group < groups; group++, w += BlockBytes)
                    {
                        var weight = Vector256.Load(w);
                        a = T.Add(a, Vector256.Create(((int*)xa)[group]).AsByte(), weight);
                        b = T.Add(b, Vector256.Create(((int*)xb)[group]).AsByte(), weight);
                        c = T.Add(c, Vector256.Create(((int*)xc)[group]).AsByte(), weight);
                        d = T.Add(d, Vector256.Create(((int*)xd)[group]).AsByte(), weight);
                    }
                }
                int* to = sums + p * channels + half * (Lanes / 2);
                a.Store(to);
                b.Store(to + channels);
                c.Store(to + 2 * channels);
                d.Store(to + 3 * channels);
            }
            for (; p < places.Length; p++)
            {
                Vector256<int> a = default;
                sbyte* w = start;
                for (int row = 0; row < rows; row++)
                {
                    byte* x = input + places[p] + row * rowStride;
                    for (int group = 0; group < groups; group++, w += BlockBytes)
                        a = T.Add(a, Vector256.Create(((int*)x)[group]).AsByte(), Vector256.Load(w));
                }
                a.Store(sums + p * channels + half * (Lanes / 2));
            }
        }
    }
}
