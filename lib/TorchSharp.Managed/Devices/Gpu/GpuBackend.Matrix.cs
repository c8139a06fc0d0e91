using System.Numerics;
using ILGPU;
using static TorchSharp.torch;

namespace TorchSharp.Gpu;

internal sealed unsafe partial class GpuBackend
{
    private readonly Lazy<CuBlas?> _library = new(() => CuBlas.Wanted(device));

    public void MatMul(ScalarType type, long batch, long m, long n, long k, in MatrixRef a, in MatrixRef b, in MatrixRef c, bool accumulate)
    {
        Require(nameof(MatMul), type);
        // The one place where it is decided who multiplies.
        if (_library.Value is { } library && library.Multiply(_device, type, batch, m, n, k, a, b, c, accumulate))
            return;
        switch (type)
        {
            case ScalarType.Float32: MatMul<float>(batch, m, n, k, a, b, c, accumulate); break;
            case ScalarType.Float64: MatMul<double>(batch, m, n, k, a, b, c, accumulate); break;
            case ScalarType.Int32: MatMul<int>(batch, m, n, k, a, b, c, accumulate); break;
            default: MatMul<long>(batch, m, n, k, a, b, c, accumulate); break;
        }
    }

    private void MatMul<T>(long batch, long m, long n, long k, in MatrixRef a, in MatrixRef b, in MatrixRef c, bool accumulate) where T : unmanaged, INumber<T>
    {
        ArrayView<T> left = View<T>((void*)a.Data), right = View<T>((void*)b.Data), results = View<T>((void*)c.Data);
        var rows = new StridedSource<T>(a.RowStride, a.ColumnStride, a.BatchStride);
        var target = new StridedTarget<T>(c.RowStride, c.ColumnStride, c.BatchStride, accumulate);
        if (_onCpu && b.ColumnStride == 1)
            Product(left, right, results, default, rows, new RowSource<T>(b.RowStride, b.BatchStride), target, batch, m, n, k);
        else
            Product(left, right, results, default, rows, new StridedSource<T>(b.ColumnStride, b.RowStride, b.BatchStride), target, batch, m, n, k);
    }

    public void Conv(ScalarType type, in ConvShape shape, void* x, void* weight, void* bias, void* y)
    {
        Require(nameof(Conv), type);
        if (type == ScalarType.Float32)
            Conv<float>(shape, x, weight, bias, y);
        else
            Conv<double>(shape, x, weight, bias, y);
    }

    /// <summary>As a product, weights × patches; the patches are made where they are used.</summary>
    private void Conv<T>(in ConvShape shape, void* x, void* weight, void* bias, void* y) where T : unmanaged, INumber<T>
    {
        if (_onCpu)
        {
            ConvOnCpu<T>(shape, x, weight, bias, y);
            return;
        }
        var s = new ConvWindow(shape);
        Product(View<T>(weight), View<T>(x), View<T>(y), bias == null ? default : View<T>(bias), new WeightSource<T>(s), new PatchSource<T>(s, false), new ImageTarget<T>(s.OutChannels, s.OutGroup, s.OutPixels, bias != null),
            shape.Groups, s.OutGroup, shape.Batch * s.OutPixels, (long)s.InGroup * s.Taps);
    }

    public void ConvBackwardInput(ScalarType type, in ConvShape shape, void* dy, void* weight, void* dx)
    {
        Require(nameof(ConvBackwardInput), type);
        if (type == ScalarType.Float32)
            ConvBackwardInput<float>(shape, dy, weight, dx);
        else
            ConvBackwardInput<double>(shape, dy, weight, dx);
    }

    private void ConvBackwardInput<T>(in ConvShape shape, void* dy, void* weight, void* dx) where T : unmanaged, INumber<T>
    {
        if (_onCpu)
        {
            ConvBackwardInputOnCpu<T>(shape, dy, weight, dx);
            return;
        }
        var s = new ConvWindow(shape);
        Product(View<T>(weight), View<T>(dy), View<T>(dx), default, new TransposedWeightSource<T>(s), new GatherSource<T>(s), new ImageTarget<T>(s.Channels, s.InGroup, s.Pixels, false),
            shape.Groups, s.InGroup, shape.Batch * s.Pixels, (long)s.OutGroup * s.Taps);
    }

    public void ConvBackwardWeight(ScalarType type, in ConvShape shape, void* x, void* dy, void* dweight, void* dbias)
    {
        Require(nameof(ConvBackwardWeight), type);
        if (type == ScalarType.Float32)
            ConvBackwardWeight<float, Element.Float32>(shape, x, dy, dweight, dbias);
        else
            ConvBackwardWeight<double, Element.Float64>(shape, x, dy, dweight, dbias);
    }

    private void ConvBackwardWeight<T, TReal>(in ConvShape shape, void* x, void* dy, void* dweight, void* dbias) where T : unmanaged, INumber<T> where TReal : struct, IReal<T>
    {
        if (_onCpu)
        {
            ConvBackwardWeightOnCpu<T, TReal>(shape, x, dy, dweight, dbias);
            return;
        }
        var s = new ConvWindow(shape);
        long taps = (long)s.InGroup * s.Taps;
        Product(View<T>(dy), View<T>(x), View<T>(dweight), default, new OutputSource<T>(s), new PatchSource<T>(s, true), new StridedTarget<T>(taps, 1, s.OutGroup * taps, false),
            shape.Groups, s.OutGroup, taps, shape.Batch * s.OutPixels);
        if (dbias == null)
            return;
        var channels = new ChannelShape(shape.Batch, s.OutChannels, s.OutPixels);
        _device.RunGroups<ArrayView<T>, ArrayView<T>, ChannelShape>(RowKernels.ChannelSums<T, TReal>, new KernelConfig(s.OutChannels, Threads(shape.Batch * s.OutPixels)), View<T>(dy), View<T>(dbias), channels);
    }

    /// <summary>How a product is cut.</summary>
    private enum Cut
    {
        /// <summary>A thread a result.</summary>
        Direct,

        /// <summary>A thread 4×16 results.</summary>
        Strips,

        /// <summary>A group of threads 16×16, 64×64 or 128×128 results.</summary>
        Small, Medium, Large,
    }

    private Cut Way(long batch, long m, long n)
    {
        if (_onCpu)
            return n >= ProductKernels.StripColumns ? Cut.Strips : Cut.Direct;
        bool emulated = _device.Kind == GpuKind.Emulated;
        int least = emulated ? 9 : 24;
        return m < least || n < least ? Cut.Direct : emulated ? Cut.Small : Tiles(m, n, 128, 128) * batch >= _device.Processors ? Cut.Large : Cut.Medium;
    }

    private static long Pieces(Cut way, long m, long n) => way switch
    {
        Cut.Direct => (m * n + 63) / 64,
        Cut.Strips => Tiles(m, n, ProductKernels.StripRows, ProductKernels.StripColumns),
        Cut.Small => Tiles(m, n, 16, 16),
        Cut.Medium => Tiles(m, n, 64, 64),
        _ => Tiles(m, n, 128, 128),
    };

    private static long Tiles(long m, long n, int rows, int columns) => (m + rows - 1) / rows * ((n + columns - 1) / columns);

    /// <summary>k is cut into parts as well where there would be too little to do at the same time.</summary>
    private void Product<T, TLeft, TRight, TTarget>(ArrayView<T> a, ArrayView<T> b, ArrayView<T> c, ArrayView<T> extra, TLeft left, TRight right, TTarget target, long batch, long m, long n, long k)
        where T : unmanaged, INumber<T> where TLeft : unmanaged, ISource<T> where TRight : unmanaged, ISource<T> where TTarget : unmanaged, ITarget<T>
    {
        if (batch * m * n == 0)
            return;
        var way = Way(batch, m, n);
        long busy = way == Cut.Direct ? _device.BusyThreads / 64 : 2L * _device.Processors;
        int parts = (int)Math.Clamp(busy / (Pieces(way, m, n) * batch), 1, Math.Max(1, k / 64));
        // A kernel's argument is never nothing; what has no use for it does not read it.
        if (!extra.IsValid)
            extra = c;
        var size = new ProductSize(batch, m, n, k, parts);
        if (parts == 1)
        {
            Run(way, a, b, c, extra, left, right, target, size);
            return;
        }
        using var room = new Scratch(this, parts * size.Results * sizeof(T));
        var sums = View<T>(room.Address);
        Run(way, a, b, sums, sums, left, right, new StridedTarget<T>(n, 1, m * n, false), size);
        _device.Run<ArrayView<T>, ArrayView<T>, ArrayView<T>, TTarget, ProductSize>(ProductKernels.AddParts, size.Results, sums, c, extra, target, size);
    }

    private void Run<T, TLeft, TRight, TTarget>(Cut way, ArrayView<T> a, ArrayView<T> b, ArrayView<T> c, ArrayView<T> extra, TLeft left, TRight right, TTarget target, ProductSize size)
        where T : unmanaged, INumber<T> where TLeft : unmanaged, ISource<T> where TRight : unmanaged, ISource<T> where TTarget : unmanaged, ITarget<T>
    {
        // Direct has threads, no groups.
        int groups = way == Cut.Direct ? 0 : GpuDevice.Count(Pieces(way, size.M, size.N) * size.Batch * size.Parts);
        switch (way)
        {
            case Cut.Direct:
                _device.Run<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, TLeft, TRight, TTarget, ProductSize>(
                    ProductKernels.Direct, size.Results * size.Parts, a, b, c, extra, left, right, target, size);
                break;
            case Cut.Strips:
                _device.RunGroups<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, TLeft, TRight, TTarget, ProductSize>(
                    ProductKernels.Strip, new KernelConfig(groups, 1), a, b, c, extra, left, right, target, size);
                break;
            case Cut.Small: Tiled<T, TLeft, TRight, TTarget, Tile.Emulated>(groups, a, b, c, extra, left, right, target, size); break;
            case Cut.Medium: Tiled<T, TLeft, TRight, TTarget, Tile.Medium>(groups, a, b, c, extra, left, right, target, size); break;
            default: Tiled<T, TLeft, TRight, TTarget, Tile.Large>(groups, a, b, c, extra, left, right, target, size); break;
        }
    }

    private void Tiled<T, TLeft, TRight, TTarget, TTile>(int groups, ArrayView<T> a, ArrayView<T> b, ArrayView<T> c, ArrayView<T> extra, TLeft left, TRight right, TTarget target, ProductSize size)
        where T : unmanaged, INumber<T> where TLeft : unmanaged, ISource<T> where TRight : unmanaged, ISource<T> where TTarget : unmanaged, ITarget<T> where TTile : struct, ITile =>
        _device.RunGroups<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, TLeft, TRight, TTarget, ProductSize>(
            ProductKernels.Tiled<T, TLeft, TRight, TTarget, TTile>, new KernelConfig(groups, TTile.ThreadsX * TTile.ThreadsY), a, b, c, extra, left, right, target, size);
}
