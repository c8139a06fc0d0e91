using TorchSharp.RandomStreams;
using static TorchSharp.torch;

namespace TorchSharp;

internal sealed unsafe partial class SinglePrecision
{
    // Each number is moved or converted by itself, whatever the types.
    public void Copy(ScalarType typeX, void* x, ReadOnlySpan<long> stridesX, ScalarType typeY, void* y, ReadOnlySpan<long> stridesY, ReadOnlySpan<long> shape) =>
        inner.Copy(typeX, x, stridesX, typeY, y, stridesY, shape);

    public void Where(ScalarType type, byte* condition, ReadOnlySpan<long> stridesCondition, void* a, ReadOnlySpan<long> stridesA, void* b, ReadOnlySpan<long> stridesB, void* y, ReadOnlySpan<long> stridesY, ReadOnlySpan<long> shape) =>
        inner.Where(type, condition, stridesCondition, a, stridesA, b, stridesB, y, stridesY, shape);

    public void SelectRows(ScalarType type, void* x, long* index, void* y, long outer, long n, long count, long width) => inner.SelectRows(type, x, index, y, outer, n, count, width);

    public void AddRows(ScalarType type, void* x, long* index, void* y, long outer, long n, long count, long width)
    {
        if (!type.IsReduced())
        {
            inner.AddRows(type, x, index, y, outer, n, count, width);
            return;
        }
        RequireHost(nameof(AddRows), type);
        Indexed.AddRows(this, type, (byte*)x, (byte*)y, index, outer, n, count, width);
    }

    public void AlongIndex(IndexMode mode, ScalarType type, long* index, ReadOnlySpan<long> stridesIndex, void* plain, ReadOnlySpan<long> stridesPlain, void* addressed, ReadOnlySpan<long> stridesAddressed, long size, long step, ReadOnlySpan<long> shape) =>
        inner.AlongIndex(mode, type, index, stridesIndex, plain, stridesPlain, addressed, stridesAddressed, size, step, shape);

    public void AddOffsets(long* index, long count, long size, long stride, int dimension, long* offsets) => inner.AddOffsets(index, count, size, stride, dimension, offsets);

    public void Blocks(IndexMode mode, ScalarType type, void* data, long* offsets, long count, ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, void* packed) =>
        inner.Blocks(mode, type, data, offsets, count, shape, strides, packed);

    public void NonZero(byte* mask, ReadOnlySpan<long> shape, Func<long, nint> rows) => inner.NonZero(mask, shape, rows);

    public void Order(ScalarType type, void* x, long* order, long outer, long n, long count, long width, bool descending)
    {
        if (!type.IsReduced())
        {
            inner.Order(type, x, order, outer, n, count, width, descending);
            return;
        }
        using var from = new Widened(room, type, x, outer * n * width);
        inner.Order(Wide, from.Data, order, outer, n, count, width, descending);
    }

    public void Cumulate(CumulativeKind kind, ScalarType type, void* x, void* y, long outer, long n, long width)
    {
        if (!type.IsReduced())
        {
            inner.Cumulate(kind, type, x, y, outer, n, width);
            return;
        }
        using Widened from = new(room, type, x, outer * n * width), to = new(room, type, outer * n * width);
        inner.Cumulate(kind, Wide, from.Data, to.Data, outer, n, width);
        to.Narrow(y);
    }

    public void CumulativeExtreme(bool max, ScalarType type, void* x, long* positions, long outer, long n, long width)
    {
        if (!type.IsReduced())
        {
            inner.CumulativeExtreme(max, type, x, positions, outer, n, width);
            return;
        }
        using var from = new Widened(room, type, x, outer * n * width);
        inner.CumulativeExtreme(max, Wide, from.Data, positions, outer, n, width);
    }

    public void Draw(DrawKind kind, ScalarType type, void* y, long count, double a, double b, in PhiloxCall call) => inner.Draw(kind, type, y, count, a, b, call);
}
