using System.Numerics;
using ILGPU;
using static TorchSharp.torch;

namespace TorchSharp.Gpu;

internal sealed unsafe partial class GpuBackend
{
    /// <summary>Lines up to this length are sorted by counting: n² comparisons and one launch.</summary>
    private int ShortLine => _device.Kind == GpuKind.Emulated ? 20 : 1024;

    public void Order(ScalarType type, void* x, long* order, long outer, long n, long count, long inner, bool descending)
    {
        Require(nameof(Order), type);
        if (outer * n * inner * count == 0)
            return;
        long padded = n <= ShortLine ? 0 : (long)BitOperations.RoundUpToPowerOf2((ulong)n);
        var shape = new SortShape(n, count, inner, padded, descending);
        if (type == ScalarType.Float32)
            Order<float, RealKey<float, Element.Float32>>(x, order, outer * inner, shape);
        else if (type == ScalarType.Float64)
            Order<double, RealKey<double, Element.Float64>>(x, order, outer * inner, shape);
        else
            OverIntegers(type, new OrderIntegers(this, x, order, outer * inner, shape));
    }

    private readonly struct OrderIntegers(GpuBackend on, void* x, long* order, long lines, SortShape shape) : IIntegerAction
    {
        public void Run<T, TElement>() where T : unmanaged where TElement : struct, IElement<T, long> => on.Order<T, IntegerKey<T, TElement>>(x, order, lines, shape);
    }

    private void Order<T, TKey>(void* x, long* order, long lines, SortShape shape) where T : unmanaged where TKey : struct, IKey<T>
    {
        if (shape.Padded == 0)
        {
            _device.Run<ArrayView<T>, ArrayView<long>, SortShape>(SortKernels.ByRank<T, TKey>, lines * shape.N, View<T>(x), View<long>(order), shape);
            return;
        }
        long all = lines * shape.Padded;
        using Scratch keys = new(this, all * sizeof(long)), positions = new(this, all * sizeof(int));
        _device.Run<ArrayView<T>, ArrayView<long>, ArrayView<int>, SortShape>(SortKernels.Keys<T, TKey>, all, View<T>(x), View<long>(keys.Address), View<int>(positions.Address), shape);
        for (int size = 2; size <= shape.Padded; size *= 2)
            for (int step = size / 2; step > 0; step /= 2)
                _device.Run<ArrayView<long>, ArrayView<int>, int, int, int>(SortKernels.Exchange, all / 2, View<long>(keys.Address), View<int>(positions.Address), step, size, shape.Padded);
        _device.Run<ArrayView<int>, ArrayView<long>, SortShape>(SortKernels.Write, lines * shape.Count, View<int>(positions.Address), View<long>(order), shape);
    }

    public void Cumulate(CumulativeKind kind, ScalarType type, void* x, void* y, long outer, long n, long inner)
    {
        Require(nameof(Cumulate), type);
        if (type == ScalarType.Float32)
            CumulateReals<float, Element.Float32>(kind, x, y, outer, n, inner);
        else if (type == ScalarType.Float64)
            CumulateReals<double, Element.Float64>(kind, x, y, outer, n, inner);
        else
            OverIntegers(type, new CumulateIntegers(this, kind, x, y, outer, n, inner));
    }

    private void CumulateReals<T, TElement>(CumulativeKind kind, void* x, void* y, long outer, long n, long inner) where T : unmanaged where TElement : struct, IElement<T, double>
    {
        if (kind == CumulativeKind.Sum)
            Scan<T, TElement, T, TElement, double, Folds.Sum>(x, y, outer, n, inner);
        else if (kind == CumulativeKind.Prod)
            Scan<T, TElement, T, TElement, double, Folds.Prod>(x, y, outer, n, inner);
        else
            Scan<T, TElement, T, TElement, double, Folds.LogSumExp>(x, y, outer, n, inner);
    }

    private readonly struct CumulateIntegers(GpuBackend on, CumulativeKind kind, void* x, void* y, long outer, long n, long inner) : IIntegerAction
    {
        public void Run<T, TElement>() where T : unmanaged where TElement : struct, IElement<T, long>
        {
            if (kind == CumulativeKind.Sum)
                on.Scan<T, TElement, T, TElement, long, Folds.Sum>(x, y, outer, n, inner);
            else if (kind == CumulativeKind.Prod)
                on.Scan<T, TElement, T, TElement, long, Folds.Prod>(x, y, outer, n, inner);
            else
                throw new System.Runtime.InteropServices.ExternalException($"{kind} is not implemented for integers");
        }
    }

    /// <summary>As many parts as a part has elements, where lines are long: two walks of √n instead of one of n.</summary>
    private void Scan<T, TElement, TOut, TOutElement, TWide, TFold>(void* x, void* y, long outer, long n, long inner)
        where T : unmanaged where TElement : struct, IElement<T, TWide> where TOut : unmanaged where TOutElement : struct, IElement<TOut, TWide>
        where TWide : unmanaged where TFold : struct, IFold<TWide>
    {
        long lines = outer * inner;
        if (lines * n == 0)
            return;
        int parts = lines >= _device.BusyThreads || n <= 32 ? 1 : (int)Math.Sqrt(n);
        var shape = new FoldShape(n, inner, parts);
        using Scratch results = new(this, lines * parts * sizeof(TWide)), before = new(this, lines * parts * sizeof(TWide));
        var carried = View<TWide>(before.Address);
        if (parts > 1)
        {
            _device.Run<ArrayView<T>, ArrayView<TWide>, FoldShape>(FoldKernels.ByThread<T, TElement, TWide, Same<TWide>, TWide, TFold>, lines * parts, View<T>(x), View<TWide>(results.Address), shape);
            _device.Run<ArrayView<TWide>, ArrayView<TWide>, int, int>(ScanKernels.Carry<TWide, TFold>, lines, View<TWide>(results.Address), carried, parts, GpuDevice.Count(inner));
        }
        _device.Run<ArrayView<T>, ArrayView<TWide>, ArrayView<TOut>, FoldShape, int>(
            ScanKernels.Run<T, TElement, TOut, TOutElement, TWide, TFold>, lines * parts, View<T>(x), carried, View<TOut>(y), shape, parts > 1 ? 1 : 0);
    }

    public void CumulativeExtreme(bool max, ScalarType type, void* x, long* positions, long outer, long n, long inner)
    {
        Require(nameof(CumulativeExtreme), type);
        if (n == 0)
            return;
        if (type == ScalarType.Float32)
            ExtremeReals<float, Element.Float32>(max, x, positions, outer, n, inner);
        else if (type == ScalarType.Float64)
            ExtremeReals<double, Element.Float64>(max, x, positions, outer, n, inner);
        else
            OverIntegers(type, new ExtremeIntegers(this, max, x, positions, outer, n, inner));
    }

    private void ExtremeReals<T, TElement>(bool max, void* x, long* positions, long outer, long n, long inner) where T : unmanaged where TElement : struct, IElement<T, double> =>
        _device.Run<ArrayView<T>, ArrayView<long>, FoldShape, int>(ScanKernels.ExtremeReal<T, TElement>, outer * inner, View<T>(x), View<long>(positions), new FoldShape(n, inner, 1), max ? 1 : 0);

    private readonly struct ExtremeIntegers(GpuBackend on, bool max, void* x, long* positions, long outer, long n, long inner) : IIntegerAction
    {
        public void Run<T, TElement>() where T : unmanaged where TElement : struct, IElement<T, long> =>
            on._device.Run<ArrayView<T>, ArrayView<long>, FoldShape, int>(ScanKernels.ExtremeInteger<T, TElement>, outer * inner, on.View<T>(x), on.View<long>(positions), new FoldShape(n, inner, 1), max ? 1 : 0);
    }
}
