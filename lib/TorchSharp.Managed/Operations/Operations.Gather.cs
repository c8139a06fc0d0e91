using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Elements by an index for each: gather, scatter.</summary>
internal static unsafe partial class Operations
{
    /// <summary>y[p] = x[p with coordinate dim replaced by index[p]]; dx adds dy at the places read.</summary>
    internal static Tensor Gather(Tensor x, long dim, Tensor index)
    {
        int d = x.Layout.Dim(dim);
        CheckAlong("gather", x, d, index, x);
        var y = x.NewEmpty(Layout.Of(index.Layout.Shape), x.dtype);
        var wide = Indices(index);
        Along(IndexMode.Gather, x, y, wide, d);
        if (Records(x))
            y.Produced(new GatherBackward(x, d, wide));
        Free(wide, index);
        return y;
    }

    /// <summary>Gather: y[p] = x[p with dim replaced by index[p]]. Scatter: y[p with dim replaced] = (or +=) x[p]. The shape of the index bounds the walk.</summary>
    private static void Along(IndexMode mode, Tensor x, Tensor y, Tensor index, int dim)
    {
        if (index.Layout.Count == 0 || x.IsMeta || y.IsMeta || index.IsMeta)
            return;
        // The operand that is addressed through the index is read along all dimensions but dim.
        var (addressed, plain) = mode == IndexMode.Gather ? (x, y) : (y, x);
        bool whole = addressed.Layout.Rank == 0;
        long[] strides = (long[])addressed.Layout.Strides.Clone();
        if (!whole)
            strides[dim] = 0;
        y.Backend.AlongIndex(mode, x.dtype, (long*)index.On(y), index.Layout.Strides, plain.On(y), plain.Layout.Strides, addressed.On(y), strides,
            whole ? 1 : addressed.Layout.Shape[dim], whole ? 0 : addressed.Layout.Strides[dim], index.Layout.Shape);
        GC.KeepAlive(x);
        GC.KeepAlive(y);
        GC.KeepAlive(index);
    }

    private static void CheckAlong(string name, Tensor self, int dim, Tensor index, Tensor bound)
    {
        if (index.Layout.Count == 0)
            return;
        if (Math.Max(index.Layout.Rank, 1) != Math.Max(self.Layout.Rank, 1))
            throw new ExternalException($"{name}(): Index tensor must have the same number of dimensions as input tensor: index {index.Layout}, input {self.Layout}");
        for (int d = 0; d < index.Layout.Rank && d < bound.Layout.Rank; d++)
            if (d != dim && index.Layout.Shape[d] > bound.Layout.Shape[d])
                throw new ExternalException($"Size does not match at dimension {d} expected index {index.Layout} to be no larger than self {bound.Layout} apart from dimension {dim} ({name})");
    }

    private sealed class GatherBackward(Tensor x, int dim, Tensor index) : UnaryNode(x)
    {
        private readonly long[] _shape = x.Layout.Shape;
        private Saved _index = new(index);

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is { } gradient)
                dx[0] = ScatterAdd(torch.zeros(_shape, gradient.dtype, gradient.device), dim, _index.Unpack(this), gradient);
        }

        internal override void Release() => _index.Release();
    }

    /// <summary>y = x with source added at the places that index names; dx = dy, dsource = dy gathered.</summary>
    internal static Tensor ScatterAdd(Tensor x, long dim, Tensor index, Tensor source) => Scattered(x.CloneData(), x, dim, index, source, add: true, inPlace: false);

    /// <summary>y = x with source written at the places that index names; dx = dy but 0 there, dsource = dy gathered.</summary>
    internal static Tensor Scatter(Tensor x, long dim, Tensor index, Tensor source) => Scattered(x.CloneData(), x, dim, index, source, add: false, inPlace: false);

    internal static Tensor ScatterInto(Tensor x, long dim, Tensor index, Tensor source, bool add)
    {
        x.CheckInPlace();
        return Scattered(x, x, dim, index, source, add, inPlace: true);
    }

    private static Tensor Scattered(Tensor y, Tensor x, long dim, Tensor index, Tensor source, bool add, bool inPlace)
    {
        int d = x.Layout.Dim(dim);
        string name = add ? "scatter_add" : "scatter";
        if (source.dtype != x.dtype)
            throw new ExternalException($"{name}(): Expected self.dtype to be equal to src.dtype: {x.dtype} and {source.dtype}");
        CheckAlong(name, x, d, index, x);
        for (int k = 0; k < Math.Min(index.Layout.Rank, source.Layout.Rank); k++)
            if (index.Layout.Shape[k] > source.Layout.Shape[k])
                throw new ExternalException($"{name}(): Expected index {index.Layout} to be no larger than src {source.Layout}");
        var wide = Indices(index);
        var node = Records(x, source) ? new ScatterBackward(x, d, wide, source, add) : null;
        if (add && x.dtype.IsReduced())
            AddInSinglePrecision(source, y, wide, d);
        else
            Along(add ? IndexMode.ScatterAdd : IndexMode.Scatter, source, y, wide, d);
        Free(wide, index);
        if (inPlace)
            return y.Changed(node);
        return node is null ? y : y.Produced(node);
    }

    /// <summary>Many small halves added to one half would stop growing at 2048.</summary>
    private static void AddInSinglePrecision(Tensor source, Tensor y, Tensor index, int dim)
    {
        using Tensor sum = Convert(y.detach().AsTemporary(), ScalarType.Float32).AsTemporary(), parts = Convert(source.detach().AsTemporary(), ScalarType.Float32).AsTemporary();
        Along(IndexMode.ScatterAdd, parts, sum, index, dim);
        using var rounded = Convert(sum, y.dtype).AsTemporary();
        Transfers.Copy(rounded, y);
    }

    private sealed class ScatterBackward : Node
    {
        private readonly int _dim;
        private readonly bool _add;
        private readonly long[] _shape;
        private Saved _index;

        internal ScatterBackward(Tensor x, int dim, Tensor index, Tensor source, bool add)
        {
            (_dim, _add, _index, _shape) = (dim, add, new Saved(index), source.Layout.Shape);
            Next = [x.GradientEdge(), source.GradientEdge()];
        }

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            var index = _index.Unpack(this);
            if (Needs(0))
                dx[0] = _add ? gradient : Scatter(gradient, _dim, index, torch.zeros(index.Layout.Shape, gradient.dtype, gradient.device));
            if (!Needs(1))
                return;
            var part = Gather(gradient, _dim, index);
            dx[1] = part.Layout.Shape.AsSpan().SequenceEqual(_shape) ? part : Pad(part, _shape);
        }

        private static Tensor Pad(Tensor part, long[] shape)
        {
            var whole = Layout.Of(shape);
            return ScatterWindow(part, whole, new Layout(part.Layout.Shape, whole.Strides, 0));
        }

        internal override void Release() => _index.Release();
    }
}
