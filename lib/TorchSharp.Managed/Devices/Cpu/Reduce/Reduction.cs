using System.Numerics;
using System.Runtime.CompilerServices;

namespace TorchSharp.Cpu;

/// <summary>
/// Sums that neither lose digits nor time: short runs are added in registers of the element type, the runs in double precision.
/// </summary>
internal static unsafe class Reduction<T> where T : unmanaged, INumber<T>
{
    /// <summary>Elements summed in registers before the total is carried on in double precision.</summary>
    private const long Run = 1024;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Sum(T* x, long count)
    {
        double total = 0;
        int width = Vector<T>.Count;
        for (long from = 0; from < count; from += Run)
        {
            long to = Math.Min(from + Run, count), i = from;
            Vector<T> s0 = default, s1 = default, s2 = default, s3 = default;
            for (; i <= to - 4 * width; i += 4 * width)
            {
                s0 += Vector.Load(x + i);
                s1 += Vector.Load(x + i + width);
                s2 += Vector.Load(x + i + 2 * width);
                s3 += Vector.Load(x + i + 3 * width);
            }
            for (; i <= to - width; i += width)
                s0 += Vector.Load(x + i);
            var part = Vector.Sum(s0 + s1 + (s2 + s3));
            for (; i < to; i++)
                part += x[i];
            total += double.CreateTruncating(part);
        }
        return total;
    }

    /// <summary>Σ(x − mean)².</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Squares(T* x, T mean, long count)
    {
        double total = 0;
        int width = Vector<T>.Count;
        var center = Vector.Create(mean);
        for (long from = 0; from < count; from += Run)
        {
            long to = Math.Min(from + Run, count), i = from;
            Vector<T> s0 = default, s1 = default;
            for (; i <= to - 2 * width; i += 2 * width)
            {
                Vector<T> d0 = Vector.Load(x + i) - center, d1 = Vector.Load(x + i + width) - center;
                s0 = PortableLanes<T>.MultiplyAdd(d0, d0, s0);
                s1 = PortableLanes<T>.MultiplyAdd(d1, d1, s1);
            }
            var part = Vector.Sum(s0 + s1);
            for (; i < to; i++)
            {
                var d = x[i] - mean;
                part += d * d;
            }
            total += double.CreateTruncating(part);
        }
        return total;
    }

    /// <summary>
    /// Sums rows of at least a register and at most <see cref="Run"/> elements, four rows a turn: four chains of additions, and one
    /// horizontal sum for all. A row that ends amid a register is read once more from its end, without what was counted before.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SumEach(T* x, T* y, long rows, long n)
    {
        int width = Vector<T>.Count;
        long full = n / width * width;
        var kept = stackalloc T[width];
        Mask<T>.KeepLast(kept, width, n - full);
        var mask = Vector.Load(kept);
        for (long r = 0; r < rows; r += 4, x += 4 * n)
        {
            int count = (int)Math.Min(4, rows - r);
            T* x1 = count > 1 ? x + n : x, x2 = count > 2 ? x1 + n : x, x3 = count > 3 ? x2 + n : x;
            Vector<T> s0 = default, s1 = default, s2 = default, s3 = default;
            for (long i = 0; i < full; i += width)
            {
                s0 += Vector.Load(x + i);
                s1 += Vector.Load(x1 + i);
                s2 += Vector.Load(x2 + i);
                s3 += Vector.Load(x3 + i);
            }
            if (full < n)
            {
                long last = n - width;
                s0 += Vector.Load(x + last) & mask;
                s1 += Vector.Load(x1 + last) & mask;
                s2 += Vector.Load(x2 + last) & mask;
                s3 += Vector.Load(x3 + last) & mask;
            }
            PortableLanes<T>.Sums(s0, s1, s2, s3, y + r, count, accumulate: false);
        }
    }

    /// <summary>Whether <see cref="SumEach"/> is made for rows of this length.</summary>
    public static bool SumsEach(long n) => n >= Vector<T>.Count && n <= Run;
}
