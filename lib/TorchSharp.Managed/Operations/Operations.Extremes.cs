using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Largest and smallest elements.</summary>
internal static unsafe partial class Operations
{
    /// <summary>y = max x (or min); dx is dy shared evenly among the elements that attain it.</summary>
    internal static Tensor Extreme(bool max, Tensor x, ReadOnlySpan<long> dims, bool keepdim)
    {
        ulong mask = DimMask(x.Layout, dims);
        if (x.Layout.Count == 0 && ReducedCount(x.Layout, mask) == 0)
            throw new ExternalException($"{(max ? "max" : "min")}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument. (shape {x.Layout})");
        var packed = Packed(x);
        var y = ReduceData(max ? ReduceKind.Max : ReduceKind.Min, packed, mask, ReducedLayout(x.Layout, mask, keepdim));
        Free(packed, x);
        if (!Records(x))
            return y;
        var node = new ExtremeBackward(x, mask);
        y.Produced(node);
        node.Keep(y);
        return y;
    }

    private sealed class ExtremeBackward(Tensor x, ulong mask) : UnaryNode(x)
    {
        private Saved _x = new(x);
        private Saved _y;

        internal void Keep(Tensor y) => _y = new Saved(y, isOutput: true);

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            var x = _x.Unpack(this);
            var ties = (x == KeepDims(_y.Unpack(this, true), x.Layout, mask)).to(x.dtype);
            long[] dims = MaskDims(x.Layout, mask);
            dx[0] = KeepDims(gradient, x.Layout, mask) * (ties / Sum(ties, dims, true));
        }

        internal override void Release()
        {
            _x.Release();
            _y.Release();
        }
    }

    private static long[] MaskDims(Layout layout, ulong mask) => [.. Enumerable.Range(0, layout.Rank).Where(d => Reduced(mask, d)).Select(d => (long)d)];

    /// <summary>Outer, middle and inner sizes around one dimension.</summary>
    internal static (long Outer, long N, long Inner) Around(Layout layout, int dim)
    {
        if (layout.Rank == 0)
            return (1, 1, 1);
        long outer = 1, inner = 1;
        for (int d = 0; d < dim; d++)
            outer *= layout.Shape[d];
        for (int d = dim + 1; d < layout.Rank; d++)
            inner *= layout.Shape[d];
        return (outer, layout.Shape[dim], inner);
    }

    /// <summary>Position of the largest or smallest element along a dimension (Int64).</summary>
    internal static Tensor ArgExtreme(bool max, Tensor x, long dim, bool keepdim)
    {
        int d = x.Layout.Dim(dim);
        var (outer, n, inner) = Around(x.Layout, d);
        if (n == 0)
            throw new ExternalException($"arg{(max ? "max" : "min")}(): Expected reduction dim {d} to have non-zero size. (shape {x.Layout})");
        var packed = Packed(x);
        var y = x.NewEmpty(x.Layout.Rank == 0 ? Layout.Scalar : ReducedLayout(x.Layout, 1UL << d, keepdim), ScalarType.Int64);
        if (y.HasData)
            y.Backend.ArgReduce(max, x.dtype, packed.On(y), (long*)y.On(y), outer, n, inner);
        GC.KeepAlive(packed);
        GC.KeepAlive(y);
        Free(packed, x);
        return y;
    }

    /// <summary>Largest (smallest) element along a dimension and its position; dx is dy at that position.</summary>
    internal static (Tensor Values, Tensor Indices) ExtremeAlong(bool max, Tensor x, long dim, bool keepdim)
    {
        if (x.Layout.Rank == 0)
            return (Clone(x), torch.zeros(Array.Empty<long>(), ScalarType.Int64, x.device));
        int d = x.Layout.Dim(dim);
        using var positions = ArgExtreme(max, x, d, true).AsTemporary();
        var values = Gather(x, d, positions);
        long[] shape = keepdim ? values.Layout.Shape : Without(values.Layout.Shape, d);
        var indices = Reshape(positions, shape);
        indices.ViewBase = null;
        if (keepdim)
            return (values, indices);
        var squeezed = Reshape(values, shape);
        squeezed.ViewBase = null;
        values.Discard();
        return (squeezed, indices);
    }
}
