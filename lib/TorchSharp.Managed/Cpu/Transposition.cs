using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Cpu;

/// <summary>
/// Copies a matrix whose rows run along memory to one whose columns do. Element by element one side would touch a new cache line each
/// time; a strip of 16 source rows, walked along, fills whole lines of the target and keeps 16 lines of the source in L1.
/// </summary>
internal static unsafe class Transposition
{
    private const int Strip = 16;

    private struct Job
    {
        public void* X, Y;
        public long Width, Height, RowX, RowY;
    }

    /// <summary>y[i·rowY + j] = x[j·rowX + i] for i below <paramref name="width"/>, j below <paramref name="height"/>.</summary>
    public static void Copy<T>(T* x, long rowX, T* y, long rowY, long width, long height) where T : unmanaged
    {
        var job = new Job { X = x, Y = y, RowX = rowX, RowY = rowY, Width = width, Height = height };
        Workers.For((height + Strip - 1) / Strip, 2.0 * width * height, &CopyStrip<T>, &job);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyStrip<T>(long strip, void* state) where T : unmanaged
    {
        ref readonly Job job = ref *(Job*)state;
        long j0 = strip * Strip, high = Math.Min(Strip, job.Height - j0), rowX = job.RowX, rowY = job.RowY, i = 0;
        T* x = (T*)job.X + j0 * rowX, y = (T*)job.Y + j0;
        if (sizeof(T) == 4 && Avx.IsSupported && high == Strip)
            for (; i <= job.Width - 8; i += 8)
            {
                Square8((float*)(x + i), rowX, (float*)(y + i * rowY), rowY);
                Square8((float*)(x + i + 8 * rowX), rowX, (float*)(y + i * rowY + 8), rowY);
            }
        for (; i < job.Width; i++)
        {
            T* source = x + i, target = y + i * rowY;
            for (long j = 0; j < high; j++, source += rowX) target[j] = *source;
        }
    }

    /// <summary>Eight rows of eight 4-byte elements: neighbours are interleaved, then pairs, then halves of registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Square8(float* x, long rowX, float* y, long rowY)
    {
        Vector256<float> r0 = Vector256.Load(x), r1 = Vector256.Load(x + rowX), r2 = Vector256.Load(x + 2 * rowX), r3 = Vector256.Load(x + 3 * rowX);
        x += 4 * rowX;
        Vector256<float> r4 = Vector256.Load(x), r5 = Vector256.Load(x + rowX), r6 = Vector256.Load(x + 2 * rowX), r7 = Vector256.Load(x + 3 * rowX);
        Vector256<float> a0 = Avx.UnpackLow(r0, r1), a1 = Avx.UnpackHigh(r0, r1), a2 = Avx.UnpackLow(r2, r3), a3 = Avx.UnpackHigh(r2, r3);
        Vector256<float> a4 = Avx.UnpackLow(r4, r5), a5 = Avx.UnpackHigh(r4, r5), a6 = Avx.UnpackLow(r6, r7), a7 = Avx.UnpackHigh(r6, r7);
        Vector256<float> b0 = Avx.Shuffle(a0, a2, 0x44), b1 = Avx.Shuffle(a0, a2, 0xEE), b2 = Avx.Shuffle(a1, a3, 0x44), b3 = Avx.Shuffle(a1, a3, 0xEE);
        Vector256<float> b4 = Avx.Shuffle(a4, a6, 0x44), b5 = Avx.Shuffle(a4, a6, 0xEE), b6 = Avx.Shuffle(a5, a7, 0x44), b7 = Avx.Shuffle(a5, a7, 0xEE);
        Avx.Permute2x128(b0, b4, 0x20).Store(y);
        Avx.Permute2x128(b1, b5, 0x20).Store(y + rowY);
        Avx.Permute2x128(b2, b6, 0x20).Store(y + 2 * rowY);
        Avx.Permute2x128(b3, b7, 0x20).Store(y + 3 * rowY);
        y += 4 * rowY;
        Avx.Permute2x128(b0, b4, 0x31).Store(y);
        Avx.Permute2x128(b1, b5, 0x31).Store(y + rowY);
        Avx.Permute2x128(b2, b6, 0x31).Store(y + 2 * rowY);
        Avx.Permute2x128(b3, b7, 0x31).Store(y + 3 * rowY);
    }
}
