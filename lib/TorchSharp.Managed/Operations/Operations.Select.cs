using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Choosing and joining: where, gather, scatter, index_select, cat.</summary>
internal static unsafe partial class Operations
{
    /// <summary>y = condition ? a : b, broadcast; da = dy where true, db = dy where false.</summary>
    internal static Tensor Where(Tensor condition, Tensor a, Tensor b)
    {
        if (condition.dtype is not (ScalarType.Bool or ScalarType.Byte)) throw new ExternalException($"where expected condition to be a boolean tensor, but got a tensor with dtype {condition.dtype}");
        var type = CommonType(a, b);
        var y = Together(condition, Together(a, b)).NewEmpty(Layout.Broadcast(Layout.Broadcast(a.Layout, b.Layout), condition.Layout), type);
        if (y.HasData)
        {
            var ca = a.dtype == type ? a : Packed(a, type);
            var cb = b.dtype == type ? b : Packed(b, type);
            var shape = y.Layout.Shape;
            Span<long> sc = stackalloc long[shape.Length], sa = stackalloc long[shape.Length], sb = stackalloc long[shape.Length];
            condition.Layout.BroadcastStrides(shape, sc);
            ca.Layout.BroadcastStrides(shape, sa);
            cb.Layout.BroadcastStrides(shape, sb);
            var loop = new StridedLoop(shape, sc, sa, sb, y.Layout.Strides);
            do
            {
                switch (type.Size())
                {
                    case 1: WhereRow<byte>(condition, ca, cb, y, loop); break;
                    case 2: WhereRow<short>(condition, ca, cb, y, loop); break;
                    case 4: WhereRow<int>(condition, ca, cb, y, loop); break;
                    default: WhereRow<long>(condition, ca, cb, y, loop); break;
                }
            }
            while (loop.Next());
            Free(ca, a);
            Free(cb, b);
        }
        return Records(a, b) ? y.Produced(new WhereBackward(condition, a, b)) : y;
    }

    private static void WhereRow<T>(Tensor condition, Tensor a, Tensor b, Tensor y, in StridedLoop loop) where T : unmanaged
    {
        var c = condition.Data + loop.Offset(0);
        T* pa = (T*)a.Data + loop.Offset(1), pb = (T*)b.Data + loop.Offset(2), py = (T*)y.Data + loop.Offset(3);
        long sc = loop.InnerStride(0), sa = loop.InnerStride(1), sb = loop.InnerStride(2);
        long i = 0, n = loop.InnerSize;
        if (sizeof(T) == 4 && sc == 1 && sa is 0 or 1 && sb is 0 or 1 && Avx2.IsSupported)
        {
            // Eight conditions become eight masks; both sides are loaded and blended.
            Vector256<int> first = Vector256.Create(*(int*)pa), second = Vector256.Create(*(int*)pb);
            for (; i <= n - 8; i += 8)
            {
                Vector256<int> no = Vector256.Equals(Avx2.ConvertToVector256Int32(c + i), Vector256<int>.Zero);
                Vector256.ConditionalSelect(no, sb == 0 ? second : Vector256.Load((int*)pb + i), sa == 0 ? first : Vector256.Load((int*)pa + i)).Store((int*)py + i);
            }
        }
        for (; i < n; i++) py[i] = c[i * sc] != 0 ? pa[i * sa] : pb[i * sb];
        GC.KeepAlive(condition);
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(y);
    }

    private sealed class WhereBackward : Node
    {
        private readonly long[] _shapeA, _shapeB;
        private readonly ScalarType _typeA, _typeB;
        private Saved _condition;

        internal WhereBackward(Tensor condition, Tensor a, Tensor b)
        {
            (_shapeA, _shapeB, _typeA, _typeB) = (a.Layout.Shape, b.Layout.Shape, a.dtype, b.dtype);
            _condition = new Saved(condition);
            Next = [a.GradientEdge(), b.GradientEdge()];
        }

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient) return;
            var condition = _condition.Unpack(this);
            using var zero = Number(0, gradient.dtype);
            if (Needs(0)) dx[0] = SumTo(Where(condition, gradient, zero), _shapeA).As(_typeA);
            if (Needs(1)) dx[1] = SumTo(Where(condition, zero, gradient), _shapeB).As(_typeB);
        }

        internal override void Release() => _condition.Release();
    }

    private static Tensor Indices(Tensor index)
    {
        if (index.dtype is not (ScalarType.Int64 or ScalarType.Int32)) throw new ExternalException($"expected scalar type Int64 for index but got {index.dtype}");
        return index.dtype == ScalarType.Int64 ? index : Packed(index, ScalarType.Int64);
    }

    /// <summary>y[…, j, …] = x[…, index[j], …]; dx adds dy back into the chosen rows.</summary>
    internal static Tensor IndexSelect(Tensor x, long dim, Tensor index)
    {
        if (index.Layout.Rank > 1) throw new ExternalException($"index_select(): Index is supposed to be a vector, got shape {index.Layout}");
        var d = x.Layout.Dim(dim);
        var (outer, n, inner) = Around(x.Layout, d);
        var count = index.Layout.Count;
        var shape = (long[])x.Layout.Shape.Clone();
        if (shape.Length > 0) shape[d] = count;
        var y = x.NewEmpty(shape, x.dtype);
        var packed = Packed(x);
        var wide = Indices(index);
        var at = Packed(wide);
        if (y.HasData) Indexed.SelectRows(packed.Data, y.Data, (long*)at.Data, outer, n, count, inner * x.dtype.Size());
        GC.KeepAlive(packed);
        GC.KeepAlive(at);
        GC.KeepAlive(y);
        Free(packed, x);
        if (Records(x)) y.Produced(new IndexSelectBackward(x, d, at));
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
            if (dy[0] is not { } gradient) return;
            var wide = gradient.dtype.IsReduced() ? ScalarType.Float32 : gradient.dtype;
            dx[0] = IndexAdd(torch.zeros(_shape, wide), dim, _index.Unpack(this), gradient.to(wide), 1).to(gradient.dtype);
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
        if (x.Layout.IsContiguous) IndexAddData(x, dim, index, source, alpha);
        else
        {
            using var y = x.CloneData().AsTemporary();
            IndexAddData(y, dim, index, source, alpha);
            Copying.Copy(y, x);
        }
        return x.Changed(node);
    }

    private static void IndexAddData(Tensor y, long dim, Tensor index, Tensor source, Scalar alpha)
    {
        var d = y.Layout.Dim(dim);
        var (outer, n, inner) = Around(y.Layout, d);
        if (source.dtype != y.dtype) throw new ExternalException($"index_add_(): self ({y.dtype}) and source ({source.dtype}) must have the same scalar type");
        if (source.Layout.Count != outer * inner * index.Layout.Count)
            throw new ExternalException($"index_add_(): Number of indices ({index.Layout.Count}) should be equal to source.size(dim): source has shape {source.Layout}, self {y.Layout}");
        using var plain = source.detach().AsTemporary();
        // An integer stays one: a factor with a fraction would make the products real numbers.
        Scalar factor = y.dtype.IsFloating() ? alpha : y.dtype == ScalarType.Bool ? !alpha.IsZero : alpha.Integer;
        using var scaled = alpha.IsOne ? null : Binary(BinaryOperations.Mul, plain, factor).AsTemporary();
        var operand = scaled ?? source;
        var packed = Packed(operand);
        var wide = Indices(index);
        var at = Packed(wide);
        if (!y.IsMeta) Indexed.AddRows(y.dtype, packed.Data, y.Data, (long*)at.Data, outer, n, index.Layout.Count, inner);
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
            if (dy[0] is not { } gradient || !Needs(1)) return;
            var rows = IndexSelect(gradient, _dim, _index.Unpack(this));
            dx[1] = _alpha.IsOne ? rows : rows * _alpha;
        }

        internal override void Release() => _index.Release();
    }

    /// <summary>y[p] = x[p with coordinate dim replaced by index[p]]; dx adds dy at the places read.</summary>
    internal static Tensor Gather(Tensor x, long dim, Tensor index)
    {
        var d = x.Layout.Dim(dim);
        CheckAlong("gather", x, d, index, x);
        var y = x.NewEmpty(Layout.Of(index.Layout.Shape), x.dtype);
        var wide = Indices(index);
        Indexed.Along(Indexed.Mode.Gather, x, y, wide, d);
        if (Records(x)) y.Produced(new GatherBackward(x, d, wide));
        Free(wide, index);
        return y;
    }

    private static void CheckAlong(string name, Tensor self, int dim, Tensor index, Tensor bound)
    {
        if (index.Layout.Count == 0) return;
        if (Math.Max(index.Layout.Rank, 1) != Math.Max(self.Layout.Rank, 1))
            throw new ExternalException($"{name}(): Index tensor must have the same number of dimensions as input tensor: index {index.Layout}, input {self.Layout}");
        for (var d = 0; d < index.Layout.Rank && d < bound.Layout.Rank; d++)
            if (d != dim && index.Layout.Shape[d] > bound.Layout.Shape[d])
                throw new ExternalException($"Size does not match at dimension {d} expected index {index.Layout} to be no larger than self {bound.Layout} apart from dimension {dim} ({name})");
    }

    private sealed class GatherBackward(Tensor x, int dim, Tensor index) : UnaryNode(x)
    {
        private readonly long[] _shape = x.Layout.Shape;
        private Saved _index = new(index);

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is { } gradient) dx[0] = ScatterAdd(torch.zeros(_shape, gradient.dtype, gradient.device), dim, _index.Unpack(this), gradient);
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
        var d = x.Layout.Dim(dim);
        var name = add ? "scatter_add" : "scatter";
        if (source.dtype != x.dtype) throw new ExternalException($"{name}(): Expected self.dtype to be equal to src.dtype: {x.dtype} and {source.dtype}");
        CheckAlong(name, x, d, index, x);
        for (var k = 0; k < Math.Min(index.Layout.Rank, source.Layout.Rank); k++)
            if (index.Layout.Shape[k] > source.Layout.Shape[k]) throw new ExternalException($"{name}(): Expected index {index.Layout} to be no larger than src {source.Layout}");
        var wide = Indices(index);
        var node = Records(x, source) ? new ScatterBackward(x, d, wide, source, add) : null;
        if (add && x.dtype.IsReduced()) AddInSinglePrecision(source, y, wide, d);
        else Indexed.Along(add ? Indexed.Mode.ScatterAdd : Indexed.Mode.Scatter, source, y, wide, d);
        Free(wide, index);
        if (inPlace) return y.Changed(node);
        return node is null ? y : y.Produced(node);
    }

    /// <summary>Many small halves added to one half would stop growing at 2048.</summary>
    private static void AddInSinglePrecision(Tensor source, Tensor y, Tensor index, int dim)
    {
        using Tensor sum = Convert(y.detach().AsTemporary(), ScalarType.Float32).AsTemporary(), parts = Convert(source.detach().AsTemporary(), ScalarType.Float32).AsTemporary();
        Indexed.Along(Indexed.Mode.ScatterAdd, parts, sum, index, dim);
        using var rounded = Convert(sum, y.dtype).AsTemporary();
        Copying.Copy(rounded, y);
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
            if (dy[0] is not { } gradient) return;
            var index = _index.Unpack(this);
            if (Needs(0)) dx[0] = _add ? gradient : Scatter(gradient, _dim, index, torch.zeros(index.Layout.Shape, gradient.dtype, gradient.device));
            if (!Needs(1)) return;
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

    /// <summary>Tensors behind one another along a dimension; each gets its part of dy.</summary>
    internal static Tensor Cat(ReadOnlySpan<Tensor> tensors, long dim)
    {
        if (tensors.Length == 0) throw new ExternalException("torch.cat(): expected a non-empty list of Tensors");
        // An empty vector joins anything, as it always could.
        var first = tensors[0];
        foreach (var tensor in tensors)
            if (!(tensor.Layout.Rank == 1 && tensor.Layout.Count == 0))
            {
                first = tensor;
                break;
            }
        if (first.Layout.Rank == 0) throw new ExternalException("zero-dimensional tensor (at position 0) cannot be concatenated");
        var d = first.Layout.Dim(dim);
        var shape = (long[])first.Layout.Shape.Clone();
        shape[d] = 0;
        var type = first.dtype;
        var records = false;
        for (var i = 0; i < tensors.Length; i++)
        {
            var tensor = tensors[i];
            type = tensor.dtype == type ? type : ScalarTypes.Promote(type, tensor.dtype);
            records |= Records(tensor);
            if (tensor.Layout.Rank == 1 && tensor.Layout.Count == 0) continue;
            if (tensor.Layout.Rank != shape.Length)
                throw new ExternalException($"Tensors must have same number of dimensions: got {first.Layout.Rank} and {tensor.Layout.Rank} (shapes {first.Layout} and {tensor.Layout})");
            for (var k = 0; k < shape.Length; k++)
                if (k != d && tensor.Layout.Shape[k] != shape[k])
                    throw new ExternalException($"Sizes of tensors must match except in dimension {d}. Expected size {shape[k]} but got size {tensor.Layout.Shape[k]} for tensor number {i} in the list. (shapes {first.Layout} and {tensor.Layout})");
            shape[d] += tensor.Layout.Shape[d];
        }
        var y = first.NewEmpty(shape, type);
        long start = 0;
        var sizes = new long[tensors.Length];
        for (var i = 0; i < tensors.Length; i++)
        {
            var tensor = tensors[i];
            if (tensor.Layout.Rank == 1 && tensor.Layout.Count == 0 && shape.Length != 1) continue;
            sizes[i] = tensor.Layout.Shape[d];
            using (var part = y.ShareData(new Layout(tensor.Layout.Shape, y.Layout.Strides, start * y.Layout.Strides[d])).AsTemporary())
                Copying.Copy(tensor, part);
            start += sizes[i];
        }
        return records ? y.Produced(new CatBackward(tensors, d, sizes)) : y;
    }

    private sealed class CatBackward : Node
    {
        private readonly int _dim;
        private readonly long[] _sizes;
        private readonly ScalarType[] _types;

        internal CatBackward(ReadOnlySpan<Tensor> tensors, int dim, long[] sizes)
        {
            (_dim, _sizes) = (dim, sizes);
            _types = new ScalarType[tensors.Length];
            Next = new Edge[tensors.Length];
            for (var i = 0; i < tensors.Length; i++)
            {
                Next[i] = tensors[i].GradientEdge();
                _types[i] = tensors[i].dtype;
            }
        }

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient) return;
            long start = 0;
            for (var i = 0; i < _sizes.Length; i++)
            {
                if (Needs(i)) dx[i] = Slice(gradient, _dim, start, start + _sizes[i], 1).As(_types[i]);
                start += _sizes[i];
            }
        }
    }
}
