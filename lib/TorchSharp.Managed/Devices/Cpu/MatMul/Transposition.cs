using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Cpu;

/// <summary>
/// Copies a matrix whose rows run along memory to one whose columns do. Element by element one side would touch a new cache line each
/// time; a strip of 16 source rows, walked along, fills whole lines of the target and keeps 16 lines of the source in L1.
/// </summary>
/// <remarks>
/// A target that is too large for the caches is streamed past them, as <see cref="Elementwise"/> does: 16 columns of a strip of 64 rows
/// are turned in a tile in L1, from which each target row gets four whole lines at once.
/// </remarks>
internal static unsafe class Transposition
{
    private const int Strip = 16, StreamedStrip = 64;

    private struct Job
    {
        public void* X, Y;
        public long Width, Height, RowX, RowY, Strip;
        public bool Stream;
    }

    /// <summary>y[i·rowY + j] = x[j·rowX + i] for i below <paramref name="width"/>, j below <paramref name="height"/>.</summary>
    public static void Copy<T>(T* x, long rowX, T* y, long rowY, long width, long height) where T : unmanaged
    {
        var job = new Job { X = x, Y = y, RowX = rowX, RowY = rowY, Width = width, Height = height };
        job.Stream = sizeof(T) == 4 && Avx.IsSupported && rowY % Strip == 0 && Elementwise.Streams(y, width * height * sizeof(T), x, null);
        job.Strip = job.Stream ? StreamedStrip : Strip;
        Workers.For((height + job.Strip - 1) / job.Strip, 2.0 * width * height, &CopyStrip<T>, &job);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyStrip<T>(long strip, void* state) where T : unmanaged
    {
        ref readonly var job = ref *(Job*)state;
        long j0 = strip * job.Strip, high = Math.Min(job.Strip, job.Height - j0), rowX = job.RowX, rowY = job.RowY, i = 0;
        T* x = (T*)job.X + j0 * rowX, y = (T*)job.Y + j0;
        if (job.Stream && high == StreamedStrip)
            i = StreamStrip((float*)x, rowX, (float*)y, rowY, job.Width);
        else if (sizeof(T) == 4 && Avx.IsSupported && high % Strip == 0)
            for (; i <= job.Width - 8; i += 8)
                for (long j = 0; j < high; j += 8)
                    Square8((float*)(x + i + j * rowX), rowX, (float*)(y + i * rowY + j), rowY);
        for (; i < job.Width; i++)
        {
            T* source = x + i, target = y + i * rowY;
            for (long j = 0; j < high; j++, source += rowX)
                target[j] = *source;
        }
    }

    /// <summary>Copies columns in sixteens, and returns how many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long StreamStrip(float* x, long rowX, float* y, long rowY, long width)
    {
        float* tile = Scratch.Get<float>(Scratch.Slot.Tail, Strip * StreamedStrip);
        long i = 0, whole = width / Strip * Strip;
        for (; i < whole; i += Strip)
        {
            for (long j = 0; j < StreamedStrip; j += 8)
            {
                Square8(x + i + j * rowX, rowX, tile + j, StreamedStrip);
                Square8(x + i + 8 + j * rowX, rowX, tile + 8 * StreamedStrip + j, StreamedStrip);
            }
            // With each line that leaves, one of the tile after the next is asked for, so that memory is read while it is written.
            float* next = i + 2 * Strip < whole ? x + i + 2 * Strip : x + StreamedStrip * rowX + (i + 2 * Strip - whole), line = tile;
            for (long c = i; c < i + Strip; c++)
                for (long j = 0; j < StreamedStrip; j += 16, line += 16, next += rowX)
                {
                    Sse.Prefetch0(next);
                    Vector256.Load(line).StoreAlignedNonTemporal(y + c * rowY + j);
                    Vector256.Load(line + 8).StoreAlignedNonTemporal(y + c * rowY + j + 8);
                }
        }
        Elementwise.EndStream();
        return i;
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
