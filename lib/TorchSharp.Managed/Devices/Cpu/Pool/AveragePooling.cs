using System.Numerics;
using System.Runtime.CompilerServices;

namespace TorchSharp.Cpu;

/// <summary>
/// The mean of each window. A row of windows is first summed downwards, whole image rows at a time in registers, then across:
/// a k × k window costs about k additions instead of k².
/// </summary>
internal static unsafe class AveragePooling
{
    private struct Job
    {
        public PoolShape Shape;
        public void* X, Y;
        public long Divisor;
        public bool CountPadding;
    }

    public static void Run<T>(in PoolShape shape, bool countPadding, long divisor, T* x, T* y) where T : unmanaged, INumber<T>
    {
        var job = new Job { Shape = shape, X = x, Y = y, CountPadding = countPadding, Divisor = divisor };
        Workers.For(shape.Planes, Work(shape), &Plane<T>, &job);
    }

    public static void Backward<T>(in PoolShape shape, bool countPadding, long divisor, T* dy, T* dx) where T : unmanaged, INumber<T>
    {
        var job = new Job { Shape = shape, X = dx, Y = dy, CountPadding = countPadding, Divisor = divisor };
        Workers.For(shape.Planes, Work(shape), &GradientPlane<T>, &job);
    }

    private static double Work(in PoolShape s) => (double)s.Planes * s.OutHeight * (s.OutWidth + s.Width) * s.KernelHeight;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Plane<T>(long plane, void* state) where T : unmanaged, INumber<T>
    {
        ref readonly var job = ref *(Job*)state;
        ref readonly var s = ref job.Shape;
        T* x = (T*)job.X + plane * s.Height * s.Width, y = (T*)job.Y + plane * s.OutHeight * s.OutWidth;
        var sums = Scratch.Get<T>(Scratch.Slot.Result, s.Width);
        for (long r = 0; r < s.OutHeight; r++, y += s.OutWidth)
        {
            var (top, bottom, high) = Extent(r, s.StrideHeight, s.PadHeight, s.KernelHeight, s.Height, job.CountPadding);
            Unsafe.InitBlockUnaligned(sums, 0, checked((uint)(s.Width * sizeof(T))));
            for (long row = top; row < bottom; row++)
                Elementwise.Binary<AddFunction<T>, T>(sums, false, x + row * s.Width, false, sums, s.Width);
            for (long q = 0; q < s.OutWidth; q++)
            {
                var (left, right, wide) = Extent(q, s.StrideWidth, s.PadWidth, s.KernelWidth, s.Width, job.CountPadding);
                var sum = T.Zero;
                for (long column = left; column < right; column++)
                    sum += sums[column];
                y[q] = sum / T.CreateTruncating(job.Divisor != 0 ? job.Divisor : high * wide);
            }
        }
    }

    /// <summary>The transpose: each row of dy is spread across, then added to all image rows of its windows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GradientPlane<T>(long plane, void* state) where T : unmanaged, INumber<T>
    {
        ref readonly var job = ref *(Job*)state;
        ref readonly var s = ref job.Shape;
        T* dx = (T*)job.X + plane * s.Height * s.Width, dy = (T*)job.Y + plane * s.OutHeight * s.OutWidth;
        var spread = Scratch.Get<T>(Scratch.Slot.Result, s.Width);
        uint bytes = checked((uint)(s.Width * sizeof(T)));
        for (long row = 0; row < s.Height; row++)
            Unsafe.InitBlockUnaligned(dx + row * s.Width, 0, bytes);
        for (long r = 0; r < s.OutHeight; r++, dy += s.OutWidth)
        {
            var (top, bottom, high) = Extent(r, s.StrideHeight, s.PadHeight, s.KernelHeight, s.Height, job.CountPadding);
            Unsafe.InitBlockUnaligned(spread, 0, bytes);
            for (long q = 0; q < s.OutWidth; q++)
            {
                var (left, right, wide) = Extent(q, s.StrideWidth, s.PadWidth, s.KernelWidth, s.Width, job.CountPadding);
                var share = dy[q] / T.CreateTruncating(job.Divisor != 0 ? job.Divisor : high * wide);
                for (long column = left; column < right; column++)
                    spread[column] += share;
            }
            for (long row = top; row < bottom; row++)
                Elementwise.Binary<AddFunction<T>, T>(dx + row * s.Width, false, spread, false, dx + row * s.Width, s.Width);
        }
    }

    /// <summary>Where a window begins and ends inside the image, and its length as the divisor counts it: with padding up to the padded edge, never beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (long From, long To, long Size) Extent(long index, long stride, long pad, long kernel, long length, bool countPadding)
    {
        long start = index * stride - pad, end = Math.Min(start + kernel, length + pad), from = Math.Max(start, 0), to = Math.Min(end, length);
        return (from, to, countPadding ? end - start : to - from);
    }
}
