using System.Numerics;
using System.Runtime.CompilerServices;

namespace TorchSharp.Cpu;

/// <summary>
/// The passes of normalisation layers over x [batch, channels, positions], each over the data once. Where a channel has one position
/// only (features of a matrix), a row holds a value of every channel and the factors are read beside it.
/// </summary>
internal static unsafe class Normalisation<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private struct Job
    {
        public T* A, B, Y, FactorA, FactorB, Center, Offset;
        public long Batch, Channels, Positions;
    }

    /// <summary>y = a·factorA[c] + (b − center[c])·factorB[c] + offset[c]; without b, y = a·factorA[c] + offset[c].</summary>
    public static void Affine(T* a, T* b, T* y, T* factorA, T* factorB, T* center, T* offset, long batch, long channels, long positions)
    {
        var job = new Job { A = a, B = b, Y = y, FactorA = factorA, FactorB = factorB, Center = center, Offset = offset, Batch = batch, Channels = channels, Positions = positions };
        double work = 2.0 * batch * channels * positions;
        if (positions == 1)
            Workers.For(batch, work, &AffineFeatures, &job);
        else
            Workers.For(batch * channels, work, &AffineRow, &job);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AffineRow(long row, void* state)
    {
        ref readonly var job = ref *(Job*)state;
        long c = row % job.Channels, n = job.Positions, i = 0;
        T* a = job.A + row * n, b = job.B == null ? null : job.B + row * n, y = job.Y + row * n;
        int width = Vector<T>.Count;
        Vector<T> fa = Vector.Create(job.FactorA[c]), offset = Vector.Create(job.Offset[c]);
        if (b == null)
        {
            for (; i <= n - width; i += width)
                PortableLanes<T>.MultiplyAdd(Vector.Load(a + i), fa, offset).Store(y + i);
            for (; i < n; i++)
                y[i] = a[i] * job.FactorA[c] + job.Offset[c];
            return;
        }
        Vector<T> fb = Vector.Create(job.FactorB[c]), center = Vector.Create(job.Center == null ? T.Zero : job.Center[c]);
        for (; i <= n - width; i += width)
            PortableLanes<T>.MultiplyAdd(Vector.Load(a + i), fa, PortableLanes<T>.MultiplyAdd(Vector.Load(b + i) - center, fb, offset)).Store(y + i);
        for (; i < n; i++)
            y[i] = a[i] * job.FactorA[c] + (b[i] - center[0]) * job.FactorB[c] + job.Offset[c];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AffineFeatures(long row, void* state)
    {
        ref readonly var job = ref *(Job*)state;
        long n = job.Channels;
        T* a = job.A + row * n, b = job.B == null ? null : job.B + row * n, y = job.Y + row * n;
        for (long c = 0; c < n; c++)
        {
            var value = a[c] * job.FactorA[c] + job.Offset[c];
            y[c] = b == null ? value : value + (b[c] - (job.Center == null ? T.Zero : job.Center[c])) * job.FactorB[c];
        }
    }

    /// <summary>sums[c] = Σ a and dots[c] = Σ a·(b − center[c]), over batch and positions.</summary>
    public static void Projections(T* a, T* b, T* center, T* sums, T* dots, long batch, long channels, long positions)
    {
        var job = new Job { A = a, B = b, Y = sums, FactorA = dots, Center = center, Batch = batch, Channels = channels, Positions = positions };
        Workers.For(channels, 3.0 * batch * channels * positions, &Project, &job);
    }

    /// <summary>Runs of 1024 elements are summed in registers, the runs in double precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Project(long c, void* state)
    {
        const long run = 1024;
        ref readonly var job = ref *(Job*)state;
        int width = Vector<T>.Count;
        var middle = job.Center == null ? T.Zero : job.Center[c];
        var center = Vector.Create(middle);
        double sum = 0, dot = 0;
        for (long s = 0; s < job.Batch; s++)
        {
            long row = (s * job.Channels + c) * job.Positions;
            T* a = job.A + row, b = job.B + row;
            for (long from = 0; from < job.Positions; from += run)
            {
                long to = Math.Min(from + run, job.Positions), i = from;
                Vector<T> s0 = default, s1 = default, d0 = default, d1 = default;
                for (; i <= to - 2 * width; i += 2 * width)
                {
                    Vector<T> a0 = Vector.Load(a + i), a1 = Vector.Load(a + i + width);
                    s0 += a0;
                    s1 += a1;
                    d0 = PortableLanes<T>.MultiplyAdd(a0, Vector.Load(b + i) - center, d0);
                    d1 = PortableLanes<T>.MultiplyAdd(a1, Vector.Load(b + i + width) - center, d1);
                }
                T part = Vector.Sum(s0 + s1), product = Vector.Sum(d0 + d1);
                for (; i < to; i++)
                {
                    part += a[i];
                    product += a[i] * (b[i] - middle);
                }
                sum += double.CreateTruncating(part);
                dot += double.CreateTruncating(product);
            }
        }
        job.Y[c] = T.CreateTruncating(sum);
        job.FactorA[c] = T.CreateTruncating(dot);
    }
}
