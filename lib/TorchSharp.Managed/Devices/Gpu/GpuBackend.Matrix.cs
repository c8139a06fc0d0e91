using System.Numerics;
using ILGPU;
using static TorchSharp.torch;

namespace TorchSharp.Gpu;

internal sealed unsafe partial class GpuBackend
{
    public void MatMul(ScalarType type, long batch, long m, long n, long k, in MatrixRef a, in MatrixRef b, in MatrixRef c, bool accumulate)
    {
        Require(nameof(MatMul), type);
        switch (type)
        {
            case ScalarType.Float32: MatMul<float>(batch, m, n, k, a, b, c, accumulate); break;
            case ScalarType.Float64: MatMul<double>(batch, m, n, k, a, b, c, accumulate); break;
            case ScalarType.Int32: MatMul<int>(batch, m, n, k, a, b, c, accumulate); break;
            default: MatMul<long>(batch, m, n, k, a, b, c, accumulate); break;
        }
    }

    private void MatMul<T>(long batch, long m, long n, long k, in MatrixRef a, in MatrixRef b, in MatrixRef c, bool accumulate) where T : unmanaged, INumber<T> =>
        Product(View<T>((void*)a.Data), View<T>((void*)b.Data), View<T>((void*)c.Data), default, new StridedSource<T>(a.RowStride, a.ColumnStride, a.BatchStride),
            new StridedSource<T>(b.ColumnStride, b.RowStride, b.BatchStride), new StridedTarget<T>(c.RowStride, c.ColumnStride, c.BatchStride, accumulate), batch, m, n, k);

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
        var s = new ConvWindow(shape);
        long taps = (long)s.InGroup * s.Taps;
        Product(View<T>(dy), View<T>(x), View<T>(dweight), default, new OutputSource<T>(s), new PatchSource<T>(s, true), new StridedTarget<T>(taps, 1, s.OutGroup * taps, false),
            shape.Groups, s.OutGroup, taps, shape.Batch * s.OutPixels);
        if (dbias == null)
            return;
        var channels = new ChannelShape(shape.Batch, s.OutChannels, s.OutPixels);
        _device.RunGroups<ArrayView<T>, ArrayView<T>, ChannelShape>(RowKernels.ChannelSums<T, TReal>, new KernelConfig(s.OutChannels, Threads(shape.Batch * s.OutPixels)), View<T>(dy), View<T>(dbias), channels);
    }

    /// <summary>Chooses how a product is cut: tiles where both sides are long enough, else a thread a result; k into parts where there would be too few threads.</summary>
    private void Product<T, TLeft, TRight, TTarget>(ArrayView<T> a, ArrayView<T> b, ArrayView<T> c, ArrayView<T> extra, TLeft left, TRight right, TTarget target, long batch, long m, long n, long k)
        where T : unmanaged, INumber<T> where TLeft : unmanaged, ISource<T> where TRight : unmanaged, ISource<T> where TTarget : unmanaged, ITarget<T>
    {
        if (batch * m * n == 0)
            return;
        bool emulated = _device.Kind == GpuKind.Emulated;
        int least = emulated ? 9 : 24, side = emulated ? 16 : Tiles(m, n, 128) * batch >= _device.Processors ? 128 : 64;
        bool tiled = m >= least && n >= least;
        long work = tiled ? Tiles(m, n, side) * batch : (batch * m * n + 63) / 64, busy = tiled ? 2L * _device.Processors : _device.BusyThreads / 64;
        int parts = (int)Math.Clamp(busy / work, 1, Math.Max(1, k / 64));
        // A kernel's argument is never nothing; what has no use for it does not read it.
        if (!extra.IsValid)
            extra = c;
        var size = new ProductSize((int)batch, (int)m, (int)n, (int)k, parts);
        if (parts == 1)
        {
            Cut(tiled, side, a, b, c, extra, left, right, target, size);
            return;
        }
        using var room = new Scratch(this, parts * size.Results * sizeof(T));
        var sums = View<T>(room.Address);
        Cut(tiled, side, a, b, sums, sums, left, right, new StridedTarget<T>(n, 1, m * n, false), size);
        _device.Run<ArrayView<T>, ArrayView<T>, ArrayView<T>, TTarget, ProductSize>(ProductKernels.AddParts, size.Results, sums, c, extra, target, size);
    }

    private static long Tiles(long m, long n, int side) => (m + side - 1) / side * ((n + side - 1) / side);

    private void Cut<T, TLeft, TRight, TTarget>(bool tiled, int side, ArrayView<T> a, ArrayView<T> b, ArrayView<T> c, ArrayView<T> extra, TLeft left, TRight right, TTarget target, ProductSize size)
        where T : unmanaged, INumber<T> where TLeft : unmanaged, ISource<T> where TRight : unmanaged, ISource<T> where TTarget : unmanaged, ITarget<T>
    {
        if (!tiled)
            _device.Run<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, TLeft, TRight, TTarget, ProductSize>(
                ProductKernels.Direct, size.Results * size.Parts, a, b, c, extra, left, right, target, size);
        else if (side == 16)
            Tiled<T, TLeft, TRight, TTarget, Tile.Emulated>(side, a, b, c, extra, left, right, target, size);
        else if (side == 64)
            Tiled<T, TLeft, TRight, TTarget, Tile.Medium>(side, a, b, c, extra, left, right, target, size);
        else
            Tiled<T, TLeft, TRight, TTarget, Tile.Large>(side, a, b, c, extra, left, right, target, size);
    }

    private void Tiled<T, TLeft, TRight, TTarget, TTile>(int side, ArrayView<T> a, ArrayView<T> b, ArrayView<T> c, ArrayView<T> extra, TLeft left, TRight right, TTarget target, ProductSize size)
        where T : unmanaged, INumber<T> where TLeft : unmanaged, ISource<T> where TRight : unmanaged, ISource<T> where TTarget : unmanaged, ITarget<T> where TTile : struct, ITile =>
        _device.RunGroups<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, TLeft, TRight, TTarget, ProductSize>(
            ProductKernels.Tiled<T, TLeft, TRight, TTarget, TTile>, new KernelConfig(new Index3D((int)Tiles(size.M, size.N, side), size.Batch * size.Parts, 1), new Index3D(TTile.ThreadsX * TTile.ThreadsY, 1, 1)),
            a, b, c, extra, left, right, target, size);
}
