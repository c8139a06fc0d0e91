using System.Numerics;
using System.Runtime.CompilerServices;

namespace TorchSharp.Cpu;

/// <summary>A batch of matrix products, shared among threads by matrix, or by blocks of one large matrix.</summary>
internal static unsafe class BatchedProduct<L, V, T>
    where L : ILanes<V, T> where V : struct where T : unmanaged, INumberBase<T>
{
    private struct Job
    {
        public MatrixRef A, B, C;
        public long M, N, K, Parts, Height, Width;
        public bool Accumulate;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(long batch, long m, long n, long k, in MatrixRef a, in MatrixRef b, in MatrixRef c, bool accumulate)
    {
        double work = 2.0 * batch * m * n * k;
        long parts = batch >= 2 * Workers.Threads ? 1 : Math.Min(Workers.PartsFor(work) * 2, Math.Max(m, n) / 24);
        if (parts <= 1 && batch == 1)
        {
            Gemm<L, V, T>.Run(m, n, k, (T*)a.Data, a.RowStride, a.ColumnStride, (T*)b.Data, b.RowStride, b.ColumnStride, (T*)c.Data, c.RowStride, accumulate);
            return;
        }
        parts = Math.Max(parts, 1);
        var job = new Job { A = a, B = b, C = c, M = m, N = n, K = k, Accumulate = accumulate, Height = m, Width = n };
        // Cut the longer side; widths stay multiples of a register so that only the last part has a tail.
        if (m >= n)
            job.Height = (m + parts - 1) / parts;
        else
            job.Width = ((n + parts - 1) / parts + 63) / 64 * 64;
        job.Parts = m >= n ? (m + job.Height - 1) / job.Height : (n + job.Width - 1) / job.Width;
        Workers.For(batch * job.Parts, work, &Part, &job);
    }

    private static void Part(long unit, void* state)
    {
        ref readonly var job = ref *(Job*)state;
        long matrix = unit / job.Parts, part = unit % job.Parts;
        long row = job.Height < job.M ? part * job.Height : 0, column = job.Width < job.N ? part * job.Width : 0;
        var a = (T*)job.A.Data + matrix * job.A.BatchStride + row * job.A.RowStride;
        var b = (T*)job.B.Data + matrix * job.B.BatchStride + column * job.B.ColumnStride;
        var c = (T*)job.C.Data + matrix * job.C.BatchStride + row * job.C.RowStride + column;
        Gemm<L, V, T>.Run(Math.Min(job.Height, job.M - row), Math.Min(job.Width, job.N - column), job.K,
            a, job.A.RowStride, job.A.ColumnStride, b, job.B.RowStride, job.B.ColumnStride, c, job.C.RowStride, job.Accumulate);
    }
}
