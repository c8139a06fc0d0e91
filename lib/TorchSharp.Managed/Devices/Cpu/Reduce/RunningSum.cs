using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Cpu;

/// <summary>
/// Running sums of floats, carried in double precision: y[o, k, i] = Σ over j ≤ k of x[o, j, i].
/// </summary>
/// <remarks>
/// Along memory each sum waits for the one before, four cycles an element. So four elements are summed among themselves in a register
/// (neighbours, then the pair before), which waits for nobody, and one addition of what came before remains for all four.
/// </remarks>
internal static unsafe class RunningSum
{
    private struct Job
    {
        public float* X, Y;
        public long Outer, N, Inner, RowsPerUnit, Panels;
        public bool Stream;
    }

    public static void Run(float* x, float* y, long outer, long n, long inner)
    {
        var job = new Job { X = x, Y = y, Outer = outer, N = n, Inner = inner, Stream = Elementwise.Streams(y, outer * n * inner * sizeof(float), x, null) };
        job.RowsPerUnit = Math.Max(1, CpuBackend.Chunk / Math.Max(n, 1));
        job.Panels = (inner + CpuBackend.PanelColumns - 1) / CpuBackend.PanelColumns;
        if (inner == 1)
            Workers.For((outer + job.RowsPerUnit - 1) / job.RowsPerUnit, 2.0 * outer * n, &Rows, &job);
        else
            Workers.For(outer * job.Panels, 2.0 * outer * n * inner, &Columns, &job);
    }

    private static void Rows(long unit, void* state)
    {
        ref readonly var job = ref *(Job*)state;
        long from = unit * job.RowsPerUnit, to = Math.Min(from + job.RowsPerUnit, job.Outer);
        for (long r = from; r < to; r++)
            Row(job.X + r * job.N, job.Y + r * job.N, job.N, job.Stream);
        if (job.Stream)
            Elementwise.EndStream();
    }

    /// <summary>How many elements ahead memory is asked for.</summary>
    private const int Ahead = 256;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row(float* x, float* y, long n, bool stream)
    {
        double sum = 0;
        long i = 0;
        if (Avx2.IsSupported && n >= 8)
        {
            for (; stream && (nint)(y + i) % 16 != 0; i++)
                y[i] = (float)(sum += x[i]);
            var before = Vector256.Create(sum);
            for (; i <= n - 8; i += 8)
            {
                Sse.Prefetch0(x + i + Ahead);
                Four(x + i, y + i, ref before, stream);
                Four(x + i + 4, y + i + 4, ref before, stream);
            }
            if (i <= n - 4)
            {
                Four(x + i, y + i, ref before, stream);
                i += 4;
            }
            sum = before.ToScalar();
        }
        for (; i < n; i++)
            y[i] = (float)(sum += x[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(float* x, float* y, ref Vector256<double> before, bool stream)
    {
        // a, b | c, d becomes a, a + b | c, c + d; then the sum of a pair in both of its elements, and the same with the pairs exchanged.
        var four = Avx.ConvertToVector256Double(Vector128.Load(x));
        four += Avx.UnpackLow(Vector256<double>.Zero, four);
        Vector256<double> pairs = Avx.UnpackHigh(four, four), exchanged = Avx.Permute2x128(pairs, pairs, 0x01);
        var sums = Avx.ConvertToVector128Single(before + (four + Avx.Blend(Vector256<double>.Zero, exchanged, 0b1100)));
        before += pairs + exchanged;
        if (stream)
            sums.StoreAlignedNonTemporal(y);
        else
            sums.Store(y);
    }

    /// <summary>Over another dimension than the last: whole rows are added, so that memory is read in order; the sums of some columns stay in L1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns(long unit, void* state)
    {
        ref readonly var job = ref *(Job*)state;
        long panel = unit % job.Panels, outer = unit / job.Panels, first = panel * CpuBackend.PanelColumns, columns = Math.Min(CpuBackend.PanelColumns, job.Inner - first);
        long start = outer * job.N * job.Inner + first;
        double* sums = Scratch.Get<double>(Scratch.Slot.Result, columns);
        new Span<double>(sums, (int)columns).Clear();
        for (long k = 0; k < job.N; k++)
        {
            float* x = job.X + start + k * job.Inner, y = job.Y + start + k * job.Inner;
            long i = 0;
            for (; i <= columns - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector.Widen(Vector.Load(x + i), out var low, out var high);
                low += Vector.Load(sums + i);
                high += Vector.Load(sums + i + Vector<double>.Count);
                low.Store(sums + i);
                high.Store(sums + i + Vector<double>.Count);
                Vector.Narrow(low, high).Store(y + i);
            }
            for (; i < columns; i++)
                y[i] = (float)(sums[i] += x[i]);
        }
    }
}
