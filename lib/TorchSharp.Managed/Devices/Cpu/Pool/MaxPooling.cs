using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Cpu;

/// <summary>Maximum of each window and where it was; the first of equals, NaN wins, as PyTorch defines it.</summary>
internal static unsafe class MaxPooling
{
    private struct Forward
    {
        public PoolShape Shape;
        public void* X, Y;
        public long* Indices;
    }

    private struct Gradient
    {
        public void* Dy, Dx;
        public long* Indices;
        public long InputSize, OutputSize;
    }

    public static void Run<T>(in PoolShape shape, T* x, T* y, long* indices) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = new Forward { Shape = shape, X = x, Y = y, Indices = indices };
        double work = 4.0 * shape.Planes * shape.OutHeight * shape.OutWidth * shape.KernelHeight * shape.KernelWidth;
        Workers.For(shape.Planes, work, &Plane<T>, &job);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Plane<T>(long plane, void* state) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref readonly var job = ref *(Forward*)state;
        ref readonly var s = ref job.Shape;
        T* image = (T*)job.X + plane * s.Height * s.Width, y = (T*)job.Y + plane * s.OutHeight * s.OutWidth;
        long* indices = job.Indices == null ? null : job.Indices + plane * s.OutHeight * s.OutWidth;
        bool pairs = typeof(T) == typeof(float) && s is { KernelHeight: 2, KernelWidth: 2, StrideHeight: 2, StrideWidth: 2, PadHeight: 0, PadWidth: 0, DilationHeight: 1, DilationWidth: 1 };
        if (pairs && indices == null && PairMaxima.TryRun((float*)image, s.Width, (float*)y, s.OutWidth, s.OutHeight))
            return;
        for (long r = 0; r < s.OutHeight; r++, y += s.OutWidth)
        {
            long q = 0;
            float* row = (float*)(image + 2 * r * s.Width);
            if (pairs && indices != null && Avx2.IsSupported)
                q = PairsOf8(row, s.Width, s.OutWidth, 2 * r * s.Width, (float*)y, indices);
            if (pairs && indices != null && Sse41.IsSupported)
                for (; q <= s.OutWidth - 4; q += 4)
                    PairsOf4(row + 2 * q, s.Width, (int)(2 * r * s.Width + 2 * q), (float*)y + q, indices + q);
            for (; q < s.OutWidth; q++)
                Window(s, image, r, q, y + q, indices == null ? null : indices + q);
            if (indices != null)
                indices += s.OutWidth;
        }
    }

    /// <summary>2 × 2 windows, eight at a time: even and odd columns are pulled apart within 128-bit halves, and put in order at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long PairsOf8(float* row, long width, long outWidth, long position, float* y, long* indices)
    {
        long q = 0;
        Vector256<int> below = Vector256.Create((int)width), step = Vector256.Create(0, 2, 8, 10, 4, 6, 12, 14);
        for (; q <= outWidth - 8; q += 8, row += 16)
        {
            Vector256<float> a = Vector256.Load(row), b = Vector256.Load(row + 8), c = Vector256.Load(row + width), d = Vector256.Load(row + width + 8);
            var best = Avx.Shuffle(a, b, 0x88);
            Vector256<int> at = step + Vector256.Create((int)(position + 2 * q)), origin = at;
            Take(Avx.Shuffle(a, b, 0xDD), origin + Vector256<int>.One, ref best, ref at);
            Take(Avx.Shuffle(c, d, 0x88), origin + below, ref best, ref at);
            Take(Avx.Shuffle(c, d, 0xDD), origin + below + Vector256<int>.One, ref best, ref at);
            Avx2.Permute4x64(best.AsDouble(), 0xD8).AsSingle().Store(y + q);
            at = Avx2.Permute4x64(at.AsInt64(), 0xD8).AsInt32();
            var (low, high) = Vector256.Widen(at);
            low.Store(indices + q);
            high.Store(indices + q + 4);
        }
        return q;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(Vector256<float> value, Vector256<int> position, ref Vector256<float> best, ref Vector256<int> at)
    {
        var better = Vector256.GreaterThan(value, best) | ~Vector256.Equals(value, value);
        best = Vector256.ConditionalSelect(better, value, best);
        at = Vector256.ConditionalSelect(better.AsInt32(), position, at);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PairsOf4(float* row, long width, int position, float* y, long* indices)
    {
        Vector128<float> a = Vector128.Load(row), b = Vector128.Load(row + 4), c = Vector128.Load(row + width), d = Vector128.Load(row + width + 4);
        var best = Sse.Shuffle(a, b, 0x88);
        Vector128<int> at = Vector128.Create(0, 2, 4, 6) + Vector128.Create(position), origin = at, below = Vector128.Create((int)width);
        Take(Sse.Shuffle(a, b, 0xDD), origin + Vector128<int>.One, ref best, ref at);
        Take(Sse.Shuffle(c, d, 0x88), origin + below, ref best, ref at);
        Take(Sse.Shuffle(c, d, 0xDD), origin + below + Vector128<int>.One, ref best, ref at);
        best.Store(y);
        var (low, high) = Vector128.Widen(at);
        low.Store(indices);
        high.Store(indices + 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(Vector128<float> value, Vector128<int> position, ref Vector128<float> best, ref Vector128<int> at)
    {
        var better = Vector128.GreaterThan(value, best) | ~Vector128.Equals(value, value);
        best = Vector128.ConditionalSelect(better, value, best);
        at = Vector128.ConditionalSelect(better.AsInt32(), position, at);
    }

    private static void Window<T>(in PoolShape s, T* image, long r, long q, T* y, long* index) where T : unmanaged, IFloatingPointIeee754<T>
    {
        long top = r * s.StrideHeight - s.PadHeight, left = q * s.StrideWidth - s.PadWidth;
        long firstRow = top < 0 ? (-top + s.DilationHeight - 1) / s.DilationHeight : 0, firstColumn = left < 0 ? (-left + s.DilationWidth - 1) / s.DilationWidth : 0;
        var best = T.NegativeInfinity;
        long position = -1;
        for (long i = firstRow, row = top + i * s.DilationHeight; i < s.KernelHeight && row < s.Height; i++, row += s.DilationHeight)
            for (long j = firstColumn, column = left + j * s.DilationWidth; j < s.KernelWidth && column < s.Width; j++, column += s.DilationWidth)
            {
                var value = image[row * s.Width + column];
                if (position >= 0 && !(value > best) && !T.IsNaN(value))
                    continue;
                best = value;
                position = row * s.Width + column;
            }
        *y = best;
        if (index != null)
            *index = position;
    }

    public static void Backward<T>(long planes, long inputSize, long outputSize, T* dy, long* indices, T* dx) where T : unmanaged, INumberBase<T>
    {
        var job = new Gradient { Dy = dy, Dx = dx, Indices = indices, InputSize = inputSize, OutputSize = outputSize };
        Workers.For(planes, 2.0 * planes * (inputSize + outputSize), &GradientPlane<T>, &job);
    }

    /// <summary>Plane by plane: the zeros that were just written are still in the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GradientPlane<T>(long plane, void* state) where T : unmanaged, INumberBase<T>
    {
        ref readonly var job = ref *(Gradient*)state;
        T* dx = (T*)job.Dx + plane * job.InputSize, dy = (T*)job.Dy + plane * job.OutputSize;
        long* indices = job.Indices + plane * job.OutputSize;
        Unsafe.InitBlockUnaligned(dx, 0, checked((uint)(job.InputSize * sizeof(T))));
        for (long o = 0; o < job.OutputSize; o++)
            dx[indices[o]] += dy[o];
    }
}
