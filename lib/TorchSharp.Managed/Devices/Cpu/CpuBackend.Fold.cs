using System.Numerics;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp.Cpu;

/// <summary>Sums, extremes and their positions.</summary>
internal sealed unsafe partial class CpuBackend
{
    /// <summary>Columns that are worked on at a time: their results stay in L1.</summary>
    public const long PanelColumns = 1024;

    /// <summary>
    /// What one thread takes at a time of [outer, n, inner]: several rows where the middle dimension is the last one (inner is 1), else some
    /// columns of one outer index.
    /// </summary>
    private struct Folding
    {
        public void* X, Y;
        public long Outer, N, Inner, RowsPerUnit, Panels;

        /// <summary>The outer index of a unit and its columns; panels are as equal as can be, so that none is narrower than a register unless all are.</summary>
        public readonly (long Outer, long First, long Columns) PanelOf(long unit)
        {
            long panel = unit % Panels, first = Inner * panel / Panels;
            return (unit / Panels, first, Inner * (panel + 1) / Panels - first);
        }
    }

    private static void Fold(void* x, void* y, long outer, long n, long inner, delegate*<long, void*, void> unit)
    {
        var job = new Folding { X = x, Y = y, Outer = outer, N = n, Inner = inner };
        // A multiple of four rows, which are summed together; a thread's columns are a few panels, of which each row is read along memory.
        job.RowsPerUnit = Math.Max(4, Chunk / Math.Max(n, 1) / 4 * 4);
        job.Panels = (inner + PanelColumns - 1) / PanelColumns;
        Workers.For(inner == 1 ? (outer + job.RowsPerUnit - 1) / job.RowsPerUnit : outer * job.Panels, (double)outer * n * inner, unit, &job);
    }

    public override void Reduce(ReduceKind kind, ScalarType type, void* x, void* y, long outer, long n, long inner)
    {
        if (kind == ReduceKind.Prod || n == 0 || type is not (ScalarType.Float32 or ScalarType.Float64 or ScalarType.Int64) || kind == ReduceKind.Sum && type == ScalarType.Int64)
            base.Reduce(kind, type, x, y, outer, n, inner);
        else if (kind == ReduceKind.Sum && AreLong(outer, n, inner))
        {
            if (type == ScalarType.Float32)
                SumLongRows<float>(x, y, outer, n);
            else
                SumLongRows<double>(x, y, outer, n);
        }
        else if (kind == ReduceKind.Sum && inner == 1)
            Fold(x, y, outer, n, inner, type == ScalarType.Float32 ? &SumRows<float> : &SumRows<double>);
        else if (kind == ReduceKind.Sum)
            Fold(x, y, outer, n, inner, type == ScalarType.Float32 ? &FoldColumns<AddFunction<float>, float> : &FoldColumns<AddFunction<double>, double>);
        else if (kind == ReduceKind.Max)
            Extreme<MaximumFunction<float>, MaximumFunction<double>, MaximumFunction<long>>(type, x, y, outer, n, inner);
        else
            Extreme<MinimumFunction<float>, MinimumFunction<double>, MinimumFunction<long>>(type, x, y, outer, n, inner);
    }

    private static void Extreme<FFloat, FDouble, FLong>(ScalarType type, void* x, void* y, long outer, long n, long inner)
        where FFloat : IExtremeFunction<float> where FDouble : IExtremeFunction<double> where FLong : IExtremeFunction<long>
    {
        switch (type)
        {
            case ScalarType.Float32: Extreme<FFloat, float>(x, y, outer, n, inner); break;
            case ScalarType.Float64: Extreme<FDouble, double>(x, y, outer, n, inner); break;
            default: Extreme<FLong, long>(x, y, outer, n, inner); break;
        }
    }

    private static void Extreme<F, T>(void* x, void* y, long outer, long n, long inner) where F : IExtremeFunction<T> where T : unmanaged, INumber<T>
    {
        if (AreLong(outer, n, inner))
            ExtremeOfLongRows<F, T>(x, y, outer, n);
        else
            Fold(x, y, outer, n, inner, inner == 1 ? &ExtremeRows<F, T> : &FoldColumns<F, T>);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumRows<T>(long unit, void* state) where T : unmanaged, INumber<T>
    {
        ref readonly var job = ref *(Folding*)state;
        long from = unit * job.RowsPerUnit, to = Math.Min(from + job.RowsPerUnit, job.Outer);
        T* x = (T*)job.X, y = (T*)job.Y;
        if (job.Outer >= 4 && Reduction<T>.SumsEach(job.N))
            Reduction<T>.SumEach(x + from * job.N, y + from, to - from, job.N);
        else
            for (long r = from; r < to; r++)
                y[r] = T.CreateTruncating(Reduction<T>.Sum(x + r * job.N, job.N));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ExtremeRows<F, T>(long unit, void* state) where F : IExtremeFunction<T> where T : unmanaged, INumber<T>
    {
        ref readonly var job = ref *(Folding*)state;
        long from = unit * job.RowsPerUnit, to = Math.Min(from + job.RowsPerUnit, job.Outer);
        for (long r = from; r < to; r++)
            ((T*)job.Y)[r] = Extremes<F, T>.Of((T*)job.X + r * job.N, job.N);
    }

    private static void FoldColumns<F, T>(long unit, void* state) where F : IBinaryFunction<T> where T : unmanaged, INumber<T>
    {
        ref readonly var job = ref *(Folding*)state;
        var (outer, first, columns) = job.PanelOf(unit);
        ColumnReduction<F, T>.Run((T*)job.X + outer * job.N * job.Inner + first, (T*)job.Y + outer * job.Inner + first, job.N, columns, job.Inner);
    }

    public override void ArgReduce(bool max, ScalarType type, void* x, long* y, long outer, long n, long inner)
    {
        if (type != ScalarType.Float32 || n is < 1 or > int.MaxValue || (inner == 1 ? n : inner) < Vector<float>.Count)
            base.ArgReduce(max, type, x, y, outer, n, inner);
        else if (max)
            Fold(x, y, outer, n, inner, inner == 1 ? &PositionRows<MaximumFunction<float>> : &PositionColumns<MaximumFunction<float>>);
        else
            Fold(x, y, outer, n, inner, inner == 1 ? &PositionRows<MinimumFunction<float>> : &PositionColumns<MinimumFunction<float>>);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PositionRows<F>(long unit, void* state) where F : IExtremeFunction<float>
    {
        ref readonly var job = ref *(Folding*)state;
        long from = unit * job.RowsPerUnit, to = Math.Min(from + job.RowsPerUnit, job.Outer);
        for (long r = from; r < to; r++)
            ((long*)job.Y)[r] = ExtremePositions<F>.InRow((float*)job.X + r * job.N, (int)job.N);
    }

    private static void PositionColumns<F>(long unit, void* state) where F : IExtremeFunction<float>
    {
        ref readonly var job = ref *(Folding*)state;
        var (outer, first, columns) = job.PanelOf(unit);
        ExtremePositions<F>.InColumns((float*)job.X + outer * job.N * job.Inner + first, (long*)job.Y + outer * job.Inner + first, (int)job.N, columns, job.Inner);
    }
}
