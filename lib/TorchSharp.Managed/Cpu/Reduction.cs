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
    /// <summary>Rows added to each other before their sum is added to the result.</summary>
    private const long Rows = 64;

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
            for (; i <= to - width; i += width) s0 += Vector.Load(x + i);
            T part = Vector.Sum(s0 + s1 + (s2 + s3));
            for (; i < to; i++) part += x[i];
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
        Vector<T> center = Vector.Create(mean);
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
            T part = Vector.Sum(s0 + s1);
            for (; i < to; i++)
            {
                T d = x[i] - mean;
                part += d * d;
            }
            total += double.CreateTruncating(part);
        }
        return total;
    }

    /// <summary>y[i] = Σₖ x[k, i]: whole rows are added, so that memory is read in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SumRows(T* x, T* y, long n, long inner)
    {
        Unsafe.InitBlockUnaligned(y, 0, checked((uint)(inner * sizeof(T))));
        T* partial = n <= Rows ? y : Scratch.Get<T>(Scratch.Slot.Result, inner);
        for (long from = 0; from < n; from += Rows)
        {
            if (partial != y) Unsafe.InitBlockUnaligned(partial, 0, (uint)(inner * sizeof(T)));
            for (long k = from; k < Math.Min(from + Rows, n); k++) Elementwise.Binary<AddFunction<T>, T>(partial, false, x + k * inner, false, partial, inner);
            if (partial != y) Elementwise.Binary<AddFunction<T>, T>(y, false, partial, false, y, inner);
        }
    }
}
