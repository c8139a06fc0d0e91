using ILGPU;

namespace TorchSharp.Gpu;

/// <summary>[outer, n, inner] with the middle cut into parts, so that few long rows keep many threads busy.</summary>
internal readonly struct FoldShape(long n, long inner, int parts)
{
    private readonly int _n = GpuDevice.Count(n), _inner = GpuDevice.Count(inner), _parts = parts;

    /// <summary>The first element of a result's row; results are numbered over [outer, parts, inner].</summary>
    internal long Start(int result) => (long)(result / _inner / _parts) * _n * _inner + result % _inner;

    internal int From(int result) => (int)((long)(result / _inner % _parts) * _n / _parts);

    internal int To(int result) => (int)((long)(result / _inner % _parts + 1) * _n / _parts);

    internal long Step => _inner;
}

/// <summary>Reductions over the middle of three dimensions: a thread a result, or a group a result where rows are long and few.</summary>
internal static class FoldKernels
{
    internal static void ByThread<T, TElement, TOut, TOutElement, TWide, TFold>(Index1D result, ArrayView<T> x, ArrayView<TOut> y, FoldShape shape)
        where T : unmanaged where TElement : struct, IElement<T, TWide> where TOut : unmanaged where TOutElement : struct, IElement<TOut, TWide>
        where TWide : unmanaged where TFold : struct, IFold<TWide>
    {
        var value = TFold.Start;
        long start = shape.Start(result);
        int to = shape.To(result);
        for (int k = shape.From(result); k < to; k++)
            value = TFold.Of(value, TElement.Widen(x[start + k * shape.Step]));
        y[result] = TOutElement.Narrow(value);
    }

    internal static void ByGroup<T, TElement, TOut, TOutElement, TWide, TFold>(ArrayView<T> x, ArrayView<TOut> y, FoldShape shape)
        where T : unmanaged where TElement : struct, IElement<T, TWide> where TOut : unmanaged where TOutElement : struct, IElement<TOut, TWide>
        where TWide : unmanaged where TFold : struct, IFold<TWide>
    {
        int result = Grid.IdxX;
        var value = TFold.Start;
        long start = shape.Start(result);
        int to = shape.To(result);
        for (int k = shape.From(result) + Group.IdxX; k < to; k += Group.DimX)
            value = TFold.Of(value, TElement.Widen(x[start + k * shape.Step]));
        var all = GroupFold.Of<TWide, TFold>(value);
        if (Group.IdxX == 0)
            y[result] = TOutElement.Narrow(all);
    }

    internal static void ArgReal<T, TElement>(Index1D result, ArrayView<T> x, ArrayView<long> y, FoldShape shape, int max)
        where T : unmanaged where TElement : struct, IElement<T, double>
    {
        long start = shape.Start(result);
        double best = TElement.Widen(x[start]);
        long position = 0;
        int to = shape.To(result);
        for (int k = 1; k < to; k++)
        {
            double value = TElement.Widen(x[start + k * shape.Step]);
            // The first NaN is the extreme; nothing comes after it.
            bool better = !double.IsNaN(best) && (double.IsNaN(value) || (max != 0 ? value > best : value < best));
            if (!better)
                continue;
            best = value;
            position = k;
        }
        y[result] = position;
    }

    internal static void ArgInteger<T, TElement>(Index1D result, ArrayView<T> x, ArrayView<long> y, FoldShape shape, int max)
        where T : unmanaged where TElement : struct, IElement<T, long>
    {
        long start = shape.Start(result);
        long best = TElement.Widen(x[start]);
        long position = 0;
        int to = shape.To(result);
        for (int k = 1; k < to; k++)
        {
            long value = TElement.Widen(x[start + k * shape.Step]);
            if (max != 0 ? value <= best : value >= best)
                continue;
            best = value;
            position = k;
        }
        y[result] = position;
    }
}
