using ILGPU;
using static TorchSharp.torch;

namespace TorchSharp.Gpu;

internal sealed unsafe partial class GpuBackend
{
    public void Reduce(ReduceKind kind, ScalarType type, void* x, void* y, long outer, long n, long inner)
    {
        Require(nameof(Reduce), type);
        if (type == ScalarType.Float32)
            OverFolds(kind, new FoldReals<float, Element.Float32>(this, x, y, outer, n, inner));
        else if (type == ScalarType.Float64)
            OverFolds(kind, new FoldReals<double, Element.Float64>(this, x, y, outer, n, inner));
        else
            OverIntegers(type, new FoldIntegers(this, kind, x, y, outer, n, inner));
    }

    private interface IFoldAction
    {
        void Run<TFold>() where TFold : struct, IFold<double>, IFold<long>;
    }

    private static void OverFolds<TAction>(ReduceKind kind, in TAction action) where TAction : IFoldAction, allows ref struct
    {
        switch (kind)
        {
            case ReduceKind.Sum: action.Run<Folds.Sum>(); break;
            case ReduceKind.Prod: action.Run<Folds.Prod>(); break;
            case ReduceKind.Max: action.Run<Folds.Max>(); break;
            default: action.Run<Folds.Min>(); break;
        }
    }

    private readonly struct FoldReals<T, TElement>(GpuBackend on, void* x, void* y, long outer, long n, long inner) : IFoldAction where T : unmanaged where TElement : struct, IElement<T, double>
    {
        public void Run<TFold>() where TFold : struct, IFold<double>, IFold<long> => on.Fold<T, TElement, double, Element.Float64, TFold>(x, y, outer, n, inner);
    }

    private readonly struct FoldIntegers(GpuBackend on, ReduceKind kind, void* x, void* y, long outer, long n, long inner) : IIntegerAction
    {
        public void Run<T, TElement>() where T : unmanaged where TElement : struct, IElement<T, long> => OverFolds(kind, new FoldOf<T, TElement>(on, x, y, outer, n, inner));
    }

    private readonly struct FoldOf<T, TElement>(GpuBackend on, void* x, void* y, long outer, long n, long inner) : IFoldAction where T : unmanaged where TElement : struct, IElement<T, long>
    {
        public void Run<TFold>() where TFold : struct, IFold<double>, IFold<long> => on.Fold<T, TElement, long, Element.Int64, TFold>(x, y, outer, n, inner);
    }

    /// <summary>In one pass where that keeps the device busy, else in parts first and their results after.</summary>
    private void Fold<T, TElement, TWide, TWideElement, TFold>(void* x, void* y, long outer, long n, long inner)
        where T : unmanaged where TElement : struct, IElement<T, TWide> where TWide : unmanaged where TWideElement : struct, IElement<TWide, TWide> where TFold : struct, IFold<TWide>
    {
        long results = outer * inner;
        if (results == 0)
            return;
        // Neighbours of a row that lie apart are read by neighbouring threads only when each has a result of its own.
        bool byThread = inner >= 16 || n <= 32;
        int parts = (int)Math.Clamp(_device.BusyThreads / (results * (byThread ? 1 : _device.GroupSize)), 1, Math.Max(1, n / (byThread ? 64 : 8L * _device.GroupSize)));
        if (parts == 1)
        {
            Fold<T, TElement, T, TElement, TWide, TFold>(byThread, View<T>(x), View<T>(y), outer, n, inner, 1);
            return;
        }
        using var room = new Scratch(this, results * parts * sizeof(TWide));
        Fold<T, TElement, TWide, TWideElement, TWide, TFold>(byThread, View<T>(x), View<TWide>(room.Address), outer, n, inner, parts);
        Fold<TWide, TWideElement, T, TElement, TWide, TFold>(true, View<TWide>(room.Address), View<T>(y), outer, parts, inner, 1);
    }

    private void Fold<TIn, TInElement, TOut, TOutElement, TWide, TFold>(bool byThread, ArrayView<TIn> x, ArrayView<TOut> y, long outer, long n, long inner, int parts)
        where TIn : unmanaged where TInElement : struct, IElement<TIn, TWide> where TOut : unmanaged where TOutElement : struct, IElement<TOut, TWide>
        where TWide : unmanaged where TFold : struct, IFold<TWide>
    {
        var shape = new FoldShape(n, inner, parts);
        long results = outer * inner * parts;
        if (byThread)
            _device.Run<ArrayView<TIn>, ArrayView<TOut>, FoldShape>(FoldKernels.ByThread<TIn, TInElement, TOut, TOutElement, TWide, TFold>, results, x, y, shape);
        else
            _device.RunGroups<ArrayView<TIn>, ArrayView<TOut>, FoldShape>(FoldKernels.ByGroup<TIn, TInElement, TOut, TOutElement, TWide, TFold>, new KernelConfig(GpuDevice.Count(results), Threads(n / parts)), x, y, shape);
    }

    /// <summary>Threads of a group that walks rows of n elements.</summary>
    private int Threads(long n) => (int)Math.Min(_device.GroupSize, (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)Math.Max(n, 1)));

    public void ArgReduce(bool max, ScalarType type, void* x, long* y, long outer, long n, long inner)
    {
        Require(nameof(ArgReduce), type);
        if (type == ScalarType.Float32)
            ArgReduce<float, Element.Float32>(max, x, y, outer, n, inner);
        else if (type == ScalarType.Float64)
            ArgReduce<double, Element.Float64>(max, x, y, outer, n, inner);
        else
            OverIntegers(type, new ArgIntegers(this, max, x, y, outer, n, inner));
    }

    private void ArgReduce<T, TElement>(bool max, void* x, long* y, long outer, long n, long inner) where T : unmanaged where TElement : struct, IElement<T, double> =>
        _device.Run<ArrayView<T>, ArrayView<long>, FoldShape, int>(FoldKernels.ArgReal<T, TElement>, outer * inner, View<T>(x), View<long>(y), new FoldShape(n, inner, 1), max ? 1 : 0);

    private readonly struct ArgIntegers(GpuBackend on, bool max, void* x, long* y, long outer, long n, long inner) : IIntegerAction
    {
        public void Run<T, TElement>() where T : unmanaged where TElement : struct, IElement<T, long> =>
            on._device.Run<ArrayView<T>, ArrayView<long>, FoldShape, int>(FoldKernels.ArgInteger<T, TElement>, outer * inner, on.View<T>(x), on.View<long>(y), new FoldShape(n, inner, 1), max ? 1 : 0);
    }
}
