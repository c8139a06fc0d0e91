using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Rows by their number: index_select, index_add.</summary>
internal static unsafe partial class Operations
{
    private static Tensor Indices(Tensor index)
    {
        if (index.dtype is not (ScalarType.Int64 or ScalarType.Int32))
            throw new ExternalException($"expected scalar type Int64 for index but got {index.dtype}");
        return index.dtype == ScalarType.Int64 ? index : Packed(index, ScalarType.Int64);
    }

    /// <summary>y[…, j, …] = x[…, index[j], …]; dx adds dy back into the chosen rows.</summary>
    internal static Tensor IndexSelect(Tensor x, long dim, Tensor index)
    {
        if (index.Layout.Rank > 1)
            throw new ExternalException($"index_select(): Index is supposed to be a vector, got shape {index.Layout}");
        int d = x.Layout.Dim(dim);
        var (outer, n, inner) = Around(x.Layout, d);
        long count = index.Layout.Count;
        long[] shape = (long[])x.Layout.Shape.Clone();
        if (shape.Length > 0)
            shape[d] = count;
        var y = x.NewEmpty(shape, x.dtype);
        var packed = Packed(x);
        var wide = Indices(index);
        var at = Packed(wide);
        if (y.HasData)
            y.Backend.SelectRows(x.dtype, packed.On(y), (long*)at.On(y), y.On(y), outer, n, count, inner);
        GC.KeepAlive(packed);
        GC.KeepAlive(at);
        GC.KeepAlive(y);
        Free(packed, x);
        if (Records(x))
            y.Produced(new IndexSelectBackward(x, d, at));
        Free(at, wide);
        Free(wide, index);
        return y;
    }

    private sealed class IndexSelectBackward(Tensor x, int dim, Tensor index) : UnaryNode(x)
    {
        private readonly long[] _shape = x.Layout.Shape;
        private Saved _index = new(index);

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            var wide = gradient.dtype.IsReduced() ? ScalarType.Float32 : gradient.dtype;
            dx[0] = IndexAdd(torch.zeros(_shape, wide, gradient.device), dim, _index.Unpack(this), gradient.to(wide), 1).to(gradient.dtype);
        }

        internal override void Release() => _index.Release();
    }

    /// <summary>y = x with alpha·source added into the rows that index names; dx = dy, dsource = alpha·dy[index].</summary>
    internal static Tensor IndexAdd(Tensor x, long dim, Tensor index, Tensor source, Scalar alpha)
    {
        var y = x.CloneData();
        IndexAddData(y, dim, index, source, alpha);
        return Records(x, source) ? y.Produced(new IndexAddBackward(x, dim, index, source, alpha)) : y;
    }

    internal static Tensor IndexAddInto(Tensor x, long dim, Tensor index, Tensor source, Scalar alpha)
    {
        x.CheckInPlace();
        var node = Records(x, source) ? new IndexAddBackward(x, dim, index, source, alpha) : null;
        if (x.Layout.IsContiguous)
            IndexAddData(x, dim, index, source, alpha);
        else
        {
            using var y = x.CloneData().AsTemporary();
            IndexAddData(y, dim, index, source, alpha);
            Transfers.Copy(y, x);
        }
        return x.Changed(node);
    }

    private static void IndexAddData(Tensor y, long dim, Tensor index, Tensor source, Scalar alpha)
    {
        int d = y.Layout.Dim(dim);
        var (outer, n, inner) = Around(y.Layout, d);
        if (source.dtype != y.dtype)
            throw new ExternalException($"index_add_(): self ({y.dtype}) and source ({source.dtype}) must have the same scalar type");
        if (source.Layout.Count != outer * inner * index.Layout.Count)
            throw new ExternalException($"index_add_(): Number of indices ({index.Layout.Count}) should be equal to source.size(dim): source has shape {source.Layout}, self {y.Layout}");
        using var plain = source.detach().AsTemporary();
        // An integer stays one: a factor with a fraction would make the products real numbers.
        var factor = y.dtype.IsFloating() ? alpha : y.dtype == ScalarType.Bool ? !alpha.IsZero : alpha.Integer;
        using var scaled = alpha.IsOne ? null : Binary(BinaryOperations.Mul, plain, factor).AsTemporary();
        var operand = scaled ?? source;
        var packed = Packed(operand);
        var wide = Indices(index);
        var at = Packed(wide);
        if (!y.IsMeta)
            y.Backend.AddRows(y.dtype, packed.On(y), (long*)at.On(y), y.On(y), outer, n, index.Layout.Count, inner);
        GC.KeepAlive(packed);
        GC.KeepAlive(at);
        GC.KeepAlive(y);
        Free(packed, operand);
        Free(at, wide);
        Free(wide, index);
    }

    private sealed class IndexAddBackward : Node
    {
        private readonly long _dim;
        private readonly Scalar _alpha;
        private Saved _index;

        internal IndexAddBackward(Tensor x, long dim, Tensor index, Tensor source, Scalar alpha)
        {
            (_dim, _alpha, _index) = (dim, alpha, new Saved(index));
            Next = [x.GradientEdge(), source.GradientEdge()];
        }

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            dx[0] = dy[0];
            if (dy[0] is not { } gradient || !Needs(1))
                return;
            var rows = IndexSelect(gradient, _dim, _index.Unpack(this));
            dx[1] = _alpha.IsOne ? rows : rows * _alpha;
        }

        internal override void Release() => _index.Release();
    }
}
