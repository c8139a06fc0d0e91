using System.Numerics;
using System.Numerics.Tensors;
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
        /// <summary>Of a softmax: take the logarithm. Of an extreme: the largest.</summary>
        public bool Log;
    }

    public override void Reduce(ReduceKind kind, ScalarType type, void* x, void* y, long outer, long n, long inner)
    {
        if (kind is ReduceKind.Max or ReduceKind.Min && inner == 1 && n is > 0 and <= int.MaxValue && type is (ScalarType.Float32 or ScalarType.Float64 or ScalarType.Int64))
        {
            var extremes = new Rows { X = x, Y = y, N = n, Log = kind == ReduceKind.Max };
            Workers.For(outer, (double)outer * n, type switch { ScalarType.Float32 => &ExtremeRow<float>, ScalarType.Float64 => &ExtremeRow<double>, _ => &ExtremeRow<long> }, &extremes);
            return;
        }
        if (kind != ReduceKind.Sum || type is not (ScalarType.Float32 or ScalarType.Float64) || inner * sizeof(double) > uint.MaxValue)
        {
            base.Reduce(kind, type, x, y, outer, n, inner);
            return;
        }
        var job = new Rows { X = x, Y = y, N = n, Inner = inner };
        Workers.For(outer, (double)outer * n * inner, type == ScalarType.Float32 ? &SumRow<float> : &SumRow<double>, &job);
    }

    private static void SumRow<T>(long row, void* state) where T : unmanaged, INumber<T>
    {
        ref readonly Rows job = ref *(Rows*)state;
        T* x = (T*)job.X + row * job.N * job.Inner, y = (T*)job.Y + row * job.Inner;
        if (job.Inner == 1) *y = T.CreateTruncating(Reduction<T>.Sum(x, job.N));
        else Reduction<T>.SumRows(x, y, job.N, job.Inner);
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
        ref readonly Rows job = ref *(Rows*)state;
        T* x = (T*)job.X + row * job.N;
        double exact = Reduction<T>.Sum(x, job.N) / job.N;
        T mean = T.CreateTruncating(exact);
        // Around the rounded mean the squares are too large by n·(rounding)².
        double off = exact - double.CreateTruncating(mean);
        ((T*)job.Y)[row] = mean;
        ((T*)job.Z)[row] = T.CreateTruncating(Reduction<T>.Squares(x, mean, job.N) - job.N * off * off);
    }

    public override void Softmax(bool log, ScalarType type, void* x, void* y, long outer, long n, long inner)
    {
        if (inner != 1 || n == 0 || type is not (ScalarType.Float32 or ScalarType.Float64))
        {
            base.Softmax(log, type, x, y, outer, n, inner);
            return;
        }
        var job = new Rows { X = x, Y = y, N = n, Log = log };
        Workers.For(outer, 8.0 * outer * n, type == ScalarType.Float32 ? &SoftmaxRow<float> : &SoftmaxRow<double>, &job);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SoftmaxRow<T>(long row, void* state) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref readonly Rows job = ref *(Rows*)state;
        int n = checked((int)job.N);
        T* x = (T*)job.X + row * job.N, y = (T*)job.Y + row * job.N;
        T largest = TensorPrimitives.Max(new ReadOnlySpan<T>(x, n));
        Elementwise.Binary<SubFunction<T>, T>(x, false, &largest, true, y, n);
        T* powers = job.Log ? Scratch.Get<T>(Scratch.Slot.Result, n) : y;
        TensorPrimitives.Exp(new ReadOnlySpan<T>(y, n), new Span<T>(powers, n));
        double sum = Reduction<T>.Sum(powers, n);
        T total = T.CreateTruncating(job.Log ? Math.Log(sum) : sum);
        if (job.Log) Elementwise.Binary<SubFunction<T>, T>(y, false, &total, true, y, n);
        else Elementwise.Binary<DivFunction<T>, T>(y, false, &total, true, y, n);
    }

    public override void SoftmaxBackward(bool log, ScalarType type, void* dy, void* y, void* dx, long outer, long n, long inner)
    {
        if (inner != 1 || n == 0 || type is not (ScalarType.Float32 or ScalarType.Float64))
        {
            base.SoftmaxBackward(log, type, dy, y, dx, outer, n, inner);
            return;
        }
        var job = new Rows { X = dy, Y = y, Z = dx, N = n, Log = log };
        Workers.For(outer, 8.0 * outer * n, type == ScalarType.Float32 ? &SoftmaxBackwardRow<float> : &SoftmaxBackwardRow<double>, &job);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SoftmaxBackwardRow<T>(long row, void* state) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref readonly Rows job = ref *(Rows*)state;
        int n = checked((int)job.N);
        T* dy = (T*)job.X + row * job.N, y = (T*)job.Y + row * job.N, dx = (T*)job.Z + row * job.N;
        if (job.Log)
        {
            T total = T.CreateTruncating(Reduction<T>.Sum(dy, n));
            TensorPrimitives.Exp(new ReadOnlySpan<T>(y, n), new Span<T>(dx, n));
            Elementwise.Binary<MulFunction<T>, T>(dx, false, &total, true, dx, n);
            Elementwise.Binary<SubFunction<T>, T>(dy, false, dx, false, dx, n);
        }
        else
        {
            Elementwise.Binary<MulFunction<T>, T>(dy, false, y, false, dx, n);
            T total = T.CreateTruncating(Reduction<T>.Sum(dx, n));
            Elementwise.Binary<SubFunction<T>, T>(dy, false, &total, true, dx, n);
            Elementwise.Binary<MulFunction<T>, T>(dx, false, y, false, dx, n);
        }
    }
}
