using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

internal unsafe partial class ReferenceBackend
{
    public virtual void Copy(ScalarType typeX, void* x, ReadOnlySpan<long> stridesX, ScalarType typeY, void* y, ReadOnlySpan<long> stridesY, ReadOnlySpan<long> shape) =>
        Copying.Run(typeX, (byte*)x, stridesX, typeY, (byte*)y, stridesY, shape);

    public virtual void Where(ScalarType type, byte* condition, ReadOnlySpan<long> stridesCondition, void* a, ReadOnlySpan<long> stridesA, void* b, ReadOnlySpan<long> stridesB, void* y, ReadOnlySpan<long> stridesY, ReadOnlySpan<long> shape)
    {
        int size = type.Size();
        var loop = new StridedLoop(shape, stridesCondition, stridesA, stridesB, stridesY);
        do
        {
            ChooseRow(size, condition + loop.Offset(0), loop.InnerStride(0), (byte*)a + loop.Offset(1) * size, loop.InnerStride(1),
                (byte*)b + loop.Offset(2) * size, loop.InnerStride(2), (byte*)y + loop.Offset(3) * size, loop.InnerStride(3), loop.InnerSize);
        }
        while (loop.Next());
    }

    /// <summary>One row of <see cref="Where"/>; the elements have a size of 1, 2, 4 or 8 bytes.</summary>
    protected virtual void ChooseRow(int size, byte* condition, long strideCondition, byte* a, long strideA, byte* b, long strideB, byte* y, long strideY, long count)
    {
        for (long i = 0; i < count; i++)
            Indexed.Move(condition[i * strideCondition] != 0 ? a + i * strideA * size : b + i * strideB * size, y + i * strideY * size, size);
    }

    public virtual void SelectRows(ScalarType type, void* x, long* index, void* y, long outer, long n, long count, long inner) =>
        Indexed.SelectRows((byte*)x, (byte*)y, index, outer, n, count, inner * type.Size());

    public virtual void AddRows(ScalarType type, void* x, long* index, void* y, long outer, long n, long count, long inner) =>
        Indexed.AddRows(this, type, (byte*)x, (byte*)y, index, outer, n, count, inner);

    public virtual void AlongIndex(IndexMode mode, ScalarType type, long* index, ReadOnlySpan<long> stridesIndex, void* plain, ReadOnlySpan<long> stridesPlain, void* addressed, ReadOnlySpan<long> stridesAddressed, long size, long step, ReadOnlySpan<long> shape) =>
        Indexed.Along(mode, type, index, stridesIndex, (byte*)plain, stridesPlain, (byte*)addressed, stridesAddressed, size, step, shape);

    public virtual void AddOffsets(long* index, long count, long size, long stride, int dimension, long* offsets)
    {
        for (long i = 0; i < count; i++)
        {
            if (index[i] < -size || index[i] >= size)
                throw new ExternalException($"index {index[i]} is out of bounds for dimension with size {size} (index for dimension {dimension})");
            offsets[i] += (index[i] < 0 ? index[i] + size : index[i]) * stride;
        }
    }

    public virtual void Blocks(IndexMode mode, ScalarType type, void* data, long* offsets, long count, ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, void* packed) =>
        Indexed.Blocks(mode, type, (byte*)data, offsets, count, shape, strides, (byte*)packed);

    public virtual void NonZero(byte* mask, ReadOnlySpan<long> shape, Func<long, nint> rows) => Indexed.NonZero(mask, shape, rows);

    public virtual void Order(ScalarType type, void* x, long* order, long outer, long n, long count, long inner, bool descending) =>
        Sorting.Order(type, x, order, outer, n, count, inner, descending);

    public virtual void Cumulate(CumulativeKind kind, ScalarType type, void* x, void* y, long outer, long n, long inner) => Cumulative.Run(kind, type, x, y, outer, n, inner);

    public virtual void CumulativeExtreme(bool max, ScalarType type, void* x, long* positions, long outer, long n, long inner) => Cumulative.Extreme(max, type, x, positions, outer, n, inner);
}
