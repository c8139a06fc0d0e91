using ILGPU;
using static TorchSharp.torch;

namespace TorchSharp.Gpu;

internal sealed unsafe partial class GpuBackend
{
    public void AddOffsets(long* index, long count, long size, long stride, int dimension, long* offsets) =>
        _device.Run<ArrayView<long>, ArrayView<long>, IndexLimit, ArrayView<int>>(IndexKernels.AddOffsets, count, View<long>(index), View<long>(offsets), new IndexLimit(size, stride), FaultFlag());

    /// <summary>Blocks are elements along an index that names offsets: one more dimension before those of a block.</summary>
    public void Blocks(IndexMode mode, ScalarType type, void* data, long* offsets, long count, ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, void* packed)
    {
        int rank = shape.Length + 1;
        Span<long> all = stackalloc long[rank], alongIndex = stackalloc long[rank], alongData = stackalloc long[rank];
        alongIndex.Clear();
        (all[0], alongIndex[0], alongData[0]) = (count, 1, 0);
        shape.CopyTo(all[1..]);
        strides.CopyTo(alongData[1..]);
        AlongIndex(mode, type, offsets, alongIndex, packed, Layout.ContiguousStrides(all), data, alongData, long.MaxValue, 1, all);
    }

    public void NonZero(byte* mask, ReadOnlySpan<long> shape, Func<long, nint> rows)
    {
        long n = Layout.CountOf(shape);
        if (n == 0)
        {
            rows(0);
            return;
        }
        using var running = new Scratch(this, n * sizeof(long));
        Scan<byte, Element.Bool, long, Element.Int64, long, Folds.Sum>(mask, running.Address, 1, n, 1);
        long count;
        _device.Memory.CopyToHost((long*)running.Address + (n - 1), &count, sizeof(long));
        long* y = (long*)rows(count);
        long stride = n;
        for (int d = 0; d < shape.Length; d++)
        {
            stride /= shape[d];
            _device.Run<ArrayView<byte>, ArrayView<long>, ArrayView<long>, CoordinateShape>(
                IndexKernels.Coordinates, n, View<byte>(mask), View<long>(running.Address), View<long>(y), new CoordinateShape(stride, shape[d], shape.Length, d));
        }
    }
}
