using System.Numerics;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp.Cpu;

internal sealed unsafe partial class CpuBackend
{
    /// <summary>A reduction of the middle of three dimensions, one unit for each outer index.</summary>
    private struct Rows
    {
        public void* X, Y, Z;
        public long N, Inner;
        /// <summary>Of a softmax: take the logarithm.</summary>
        public bool Log;
    }

    public override void MeanAndSquares(ScalarType type, void* x, void* mean, void* m2, long outer, long n, long inner)
    {
        if (inner != 1 || type is not (ScalarType.Float32 or ScalarType.Float64))
        {
            base.MeanAndSquares(type, x, mean, m2, outer, n, inner);
            return;
        }
        var job = new Rows { X = x, Y = mean, Z = m2, N = n };
        Workers.For(outer, 2.0 * outer * n, type == ScalarType.Float32 ? &MeanRow<float> : &MeanRow<double>, &job);
    }

    private static void MeanRow<T>(long row, void* state) where T : unmanaged, INumber<T>
    {
        ref readonly var job = ref *(Rows*)state;
        var x = (T*)job.X + row * job.N;
        double exact = Reduction<T>.Sum(x, job.N) / job.N;
        var mean = T.CreateTruncating(exact);
        // Around the rounded mean the squares are too large by n·(rounding)².
        double off = exact - double.CreateTruncating(mean);
        ((T*)job.Y)[row] = mean;
        ((T*)job.Z)[row] = T.CreateTruncating(Reduction<T>.Squares(x, mean, job.N) - job.N * off * off);
    }

    public override void Softmax(bool log, ScalarType type, void* x, void* y, long outer, long n, long inner)
    {
        if (n == 0 || type is not (ScalarType.Float32 or ScalarType.Float64) || inner != 1 && type != ScalarType.Float32)
        {
            base.Softmax(log, type, x, y, outer, n, inner);
            return;
        }
        if (type == ScalarType.Float32 && inner == 1)
        {
            Cpu.Softmax.Rows(log, (float*)x, (float*)y, outer, n);
            return;
        }
        var job = new Rows { X = x, Y = y, N = n, Inner = inner, Log = log };
        Workers.For(outer, 8.0 * outer * n * inner, inner > 1 ? &SoftmaxColumns : &SoftmaxRowOfDoubles, &job);
    }

    /// <summary>Over the first of two dimensions: whole rows are worked on, so that memory is read in order.</summary>
    private static void SoftmaxColumns(long outer, void* state)
    {
        ref readonly var job = ref *(Rows*)state;
        long n = job.N, inner = job.Inner;
        float* x = (float*)job.X + outer * n * inner, y = (float*)job.Y + outer * n * inner;
        float* largest = Scratch.Get<float>(Scratch.Slot.Result, 3 * inner), sum = largest + inner, power = sum + inner;
        Unsafe.CopyBlockUnaligned(largest, x, checked((uint)(inner * sizeof(float))));
        for (long k = 1; k < n; k++)
            Elementwise.Binary<MaximumFunction<float>, float>(largest, false, x + k * inner, false, largest, inner);
        Unsafe.InitBlockUnaligned(sum, 0, (uint)(inner * sizeof(float)));
        for (long k = 0; k < n; k++)
        {
            float* row = y + k * inner;
            Elementwise.Binary<SubFunction<float>, float>(x + k * inner, false, largest, false, row, inner);
            float* powers = job.Log ? power : row;
            Transcendental.Row<ExpFunction>(row, powers, inner, stream: false);
            Elementwise.Binary<AddFunction<float>, float>(sum, false, powers, false, sum, inner);
        }
        if (job.Log)
            Transcendental.Row<LogFunction>(sum, sum, inner, stream: false);
        for (long k = 0; k < n; k++)
            if (job.Log)
                Elementwise.Binary<SubFunction<float>, float>(y + k * inner, false, sum, false, y + k * inner, inner);
            else
                Elementwise.Binary<DivFunction<float>, float>(y + k * inner, false, sum, false, y + k * inner, inner);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SoftmaxRowOfDoubles(long row, void* state)
    {
        ref readonly var job = ref *(Rows*)state;
        int n = checked((int)job.N);
        double* x = (double*)job.X + row * job.N, y = (double*)job.Y + row * job.N;
        double largest = Extremes<MaximumFunction<double>, double>.Of(x, n);
        Elementwise.Binary<SubFunction<double>, double>(x, false, &largest, true, y, n);
        double* powers = job.Log ? Scratch.Get<double>(Scratch.Slot.Result, n) : y;
        DoubleMath.Row<DoubleExp>(y, powers, n);
        double sum = Reduction<double>.Sum(powers, n);
        double total = job.Log ? Math.Log(sum) : sum;
        if (job.Log)
            Elementwise.Binary<SubFunction<double>, double>(y, false, &total, true, y, n);
        else
            Elementwise.Binary<DivFunction<double>, double>(y, false, &total, true, y, n);
    }

    public override void SoftmaxBackward(bool log, ScalarType type, void* dy, void* y, void* dx, long outer, long n, long inner)
    {
        if (inner != 1 || n == 0 || type is not (ScalarType.Float32 or ScalarType.Float64))
        {
            base.SoftmaxBackward(log, type, dy, y, dx, outer, n, inner);
            return;
        }
        var job = new Rows { X = dy, Y = y, Z = dx, N = n, Log = log };
        Workers.For(outer, 8.0 * outer * n, type == ScalarType.Float32 ? &SoftmaxBackwardRow : &SoftmaxBackwardRowOfDoubles, &job);
    }

    private static void SoftmaxBackwardRow(long row, void* state)
    {
        ref readonly var job = ref *(Rows*)state;
        Cpu.Softmax.BackwardRow(job.Log, (float*)job.X + row * job.N, (float*)job.Y + row * job.N, (float*)job.Z + row * job.N, job.N);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SoftmaxBackwardRowOfDoubles(long row, void* state)
    {
        ref readonly var job = ref *(Rows*)state;
        int n = checked((int)job.N);
        double* dy = (double*)job.X + row * job.N, y = (double*)job.Y + row * job.N, dx = (double*)job.Z + row * job.N;
        if (job.Log)
        {
            double total = Reduction<double>.Sum(dy, n);
            DoubleMath.Row<DoubleExp>(y, dx, n);
            Elementwise.Binary<MulFunction<double>, double>(dx, false, &total, true, dx, n);
            Elementwise.Binary<SubFunction<double>, double>(dy, false, dx, false, dx, n);
        }
        else
        {
            Elementwise.Binary<MulFunction<double>, double>(dy, false, y, false, dx, n);
            double total = Reduction<double>.Sum(dx, n);
            Elementwise.Binary<SubFunction<double>, double>(dy, false, &total, true, dx, n);
            Elementwise.Binary<MulFunction<double>, double>(dx, false, y, false, dx, n);
        }
    }

    public override void Affine(ScalarType type, void* a, void* b, void* y, void* factorA, void* factorB, void* center, void* offset, long batch, long channels, long positions)
    {
        switch (type)
        {
            case ScalarType.Float32: Normalisation<float>.Affine((float*)a, (float*)b, (float*)y, (float*)factorA, (float*)factorB, (float*)center, (float*)offset, batch, channels, positions); break;
            case ScalarType.Float64: Normalisation<double>.Affine((double*)a, (double*)b, (double*)y, (double*)factorA, (double*)factorB, (double*)center, (double*)offset, batch, channels, positions); break;
            default: base.Affine(type, a, b, y, factorA, factorB, center, offset, batch, channels, positions); break;
        }
    }

    public override void Projections(ScalarType type, void* a, void* b, void* center, void* sums, void* dots, long batch, long channels, long positions)
    {
        switch (type)
        {
            case ScalarType.Float32 when positions > 1: Normalisation<float>.Projections((float*)a, (float*)b, (float*)center, (float*)sums, (float*)dots, batch, channels, positions); break;
            case ScalarType.Float64 when positions > 1: Normalisation<double>.Projections((double*)a, (double*)b, (double*)center, (double*)sums, (double*)dots, batch, channels, positions); break;
            default: base.Projections(type, a, b, center, sums, dots, batch, channels, positions); break;
        }
    }
}
