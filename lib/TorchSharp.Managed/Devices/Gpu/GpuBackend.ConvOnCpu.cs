using System.Numerics;
using ILGPU;

namespace TorchSharp.Gpu;

/// <summary>
/// Convolution where the processor is a CPU: patches are written out once and multiplied, because computing where each element of a patch
/// lies takes such a processor longer than the product.
/// </summary>
internal sealed unsafe partial class GpuBackend
{
    /// <summary>Patches written out at a time: what stays in a cache beside the rest.</summary>
    private const long PatchBytes = 4 << 20;

    /// <summary>Images are taken together until a row of patches has so many columns.</summary>
    private const long PatchColumns = 64;

    /// <summary>Images whose patches, so many bytes each, are written out at a time.</summary>
    private static long ImagesAtOnce(long bytes, long images) => Math.Clamp(PatchBytes / Math.Max(1, bytes), 1, images);

    private void ConvOnCpu<T>(in ConvShape shape, void* x, void* weight, void* bias, void* y) where T : unmanaged, INumber<T>
    {
        var s = new ConvWindow(shape);
        long taps = (long)s.InGroup * s.Taps, patches = (long)s.Channels * s.Taps * s.OutPixels;
        if (patches == 0)
            return;
        long together = Math.Min(shape.Batch, (PatchColumns + s.OutPixels - 1) / s.OutPixels), atOnce = ImagesAtOnce(patches * together * sizeof(T), shape.Batch);
        for (long first = 0; first < shape.Batch;)
        {
            together = Math.Min(together, shape.Batch - first);
            long blocks = Math.Min(atOnce, (shape.Batch - first) / together), images = blocks * together;
            ArrayView<T> from = View<T>((T*)x + first * s.Channels * s.Pixels), to = View<T>((T*)y + first * s.OutChannels * s.OutPixels);
            using var room = new Scratch(this, images * patches * sizeof(T));
            var written = View<T>(room.Address);
            _device.RunGroups<ArrayView<T>, ArrayView<T>, ConvWindow, int>(PatchKernels.ByTap, Planes(s.Channels, images), from, written, s, (int)together);
            Product(View<T>(weight), written, to, bias == null ? default : View<T>(bias), new PeriodicSource<T>(taps, 1, s.OutGroup * taps, (int)shape.Groups), new RowSource<T>(together * s.OutPixels, taps * together * s.OutPixels),
                new BlockTarget<T>(s, (int)shape.Groups, (int)together, bias != null), blocks * shape.Groups, s.OutGroup, together * s.OutPixels, taps);
            first += images;
        }
    }

    private static KernelConfig Planes(int channels, long images) => new(new Index3D(channels, (int)images, 1), Index3D.One);

    private void ConvBackwardInputOnCpu<T>(in ConvShape shape, void* dy, void* weight, void* dx) where T : unmanaged, INumber<T>
    {
        var s = new ConvWindow(shape);
        long taps = (long)s.InGroup * s.Taps, patches = (long)s.Channels * s.Taps * s.OutPixels, atOnce = ImagesAtOnce(patches * sizeof(T), shape.Batch), images;
        for (long first = 0; first < shape.Batch; first += images)
        {
            images = Math.Min(atOnce, shape.Batch - first);
            using var room = new Scratch(this, images * patches * sizeof(T));
            var written = View<T>(room.Address);
            Product(View<T>(weight), View<T>((T*)dy + first * s.OutChannels * s.OutPixels), written, default, new PeriodicSource<T>(1, taps, s.OutGroup * taps, (int)shape.Groups),
                new RowSource<T>(s.OutPixels, (long)s.OutGroup * s.OutPixels), new StridedTarget<T>(s.OutPixels, 1, taps * s.OutPixels, false), images * shape.Groups, taps, s.OutPixels, s.OutGroup);
            _device.RunGroups<ArrayView<T>, ArrayView<T>, ConvWindow>(PatchKernels.Home, Planes(s.Channels, images), written, View<T>((T*)dx + first * s.Channels * s.Pixels), s);
        }
    }

    /// <summary>A product an image, and the sum over all images.</summary>
    private void ConvBackwardWeightOnCpu<T, TReal>(in ConvShape shape, void* x, void* dy, void* dweight, void* dbias) where T : unmanaged, INumber<T> where TReal : struct, IReal<T>
    {
        var s = new ConvWindow(shape);
        long taps = (long)s.InGroup * s.Taps, patches = (long)s.Channels * s.Taps * s.OutPixels, weights = s.OutChannels * taps;
        long atOnce = ImagesAtOnce((patches + weights) * sizeof(T), shape.Batch), images;
        for (long first = 0; first < shape.Batch; first += images)
        {
            images = Math.Min(atOnce, shape.Batch - first);
            using Scratch room = new(this, images * patches * sizeof(T)), parts = new(this, images * weights * sizeof(T));
            ArrayView<T> written = View<T>(room.Address), sums = View<T>(parts.Address), results = View<T>(dweight);
            _device.RunGroups<ArrayView<T>, ArrayView<T>, ConvWindow>(PatchKernels.ByPosition, Planes(s.Channels, images), View<T>((T*)x + first * s.Channels * s.Pixels), written, s);
            Product(View<T>((T*)dy + first * s.OutChannels * s.OutPixels), written, sums, default, new StridedSource<T>(s.OutPixels, 1, (long)s.OutGroup * s.OutPixels), new RowSource<T>(taps, s.OutPixels * taps),
                new StridedTarget<T>(taps, 1, s.OutGroup * taps, false), images * shape.Groups, s.OutGroup, taps, s.OutPixels);
            _device.Run<ArrayView<T>, ArrayView<T>, ArrayView<T>, StridedTarget<T>, ProductSize>(ProductKernels.AddParts, weights, sums, results, results,
                new StridedTarget<T>(taps, 1, s.OutGroup * taps, first > 0), new ProductSize(shape.Groups, s.OutGroup, taps, s.OutPixels, (int)images));
        }
        if (dbias != null)
            _device.RunGroups<ArrayView<T>, ArrayView<T>, int, int, int>(PatchKernels.ChannelSums<T, TReal>, new KernelConfig(s.OutChannels, 1), View<T>(dy), View<T>(dbias), (int)shape.Batch, s.OutChannels, s.OutPixels);
    }
}
