using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Index expressions.</summary>
internal static unsafe partial class Operations
{
    /// <summary>
    /// x[indices]: numbers, ranges, new axes and "…" make a view; where masks or index tensors remain, their broadcast shape takes the
    /// place of the dimensions that they index (or comes first, when these are not neighbours).
    /// </summary>
    internal static Tensor Index(Tensor x, TensorIndex[] indices)
    {
        var view = Basic(x, indices, out var advanced);
        if (advanced is null) return view;
        var y = AdvancedGet(view, advanced);
        foreach (var index in advanced) index?.Discard();
        Free(view, x);
        return y;
    }

    /// <summary>x[indices] = value (or +=).</summary>
    internal static Tensor IndexPut(Tensor x, Tensor value, TensorIndex[] indices, bool accumulate)
    {
        var view = Basic(x, indices, out var advanced);
        if (advanced is null)
        {
            if (accumulate) view.add_(value);
            else AssignInto(view, value);
        }
        else
        {
            using var converted = value.dtype != x.dtype && value.Layout.Count == 1 && IsMaskedFill(indices) ? Convert(value, x.dtype) : null;
            AdvancedPut(view, advanced, converted ?? value, accumulate);
            foreach (var index in advanced) index?.Discard();
        }
        Free(view, x);
        return x;
    }

    /// <summary>Writes a value into a view: as <c>copy_</c>, but leading dimensions of size 1 in the value may exceed the view's.</summary>
    internal static void AssignInto(Tensor view, Tensor value)
    {
        var source = value;
        while (source.Layout.Rank > view.Layout.Rank && source.Layout.Shape[0] == 1) source = Reshape(source, source.Layout.Shape[1..]);
        CopyInto(view, source);
        Free(source, value);
    }

    /// <summary>Applies the entries that make views; collects masks and index tensors by the dimension of the view that they index.</summary>
    private static Tensor Basic(Tensor x, TensorIndex[] indices, out Tensor?[]? advanced)
    {
        var spare = x.Layout.Rank - Consumed(x, indices);
        List<(int Dim, Tensor Index)>? found = null;
        var current = x;
        var dim = 0;
        foreach (var index in indices)
        {
            var next = index.Type switch
            {
                TensorIndex.Kind.Colon => Pass(current, ref dim, 1),
                TensorIndex.Kind.Ellipsis => Pass(current, ref dim, spare),
                TensorIndex.Kind.None => Unsqueeze(current, dim++),
                TensorIndex.Kind.Single => Select(current, dim, index.Start ?? 0),
                TensorIndex.Kind.Slice => Slice(current, dim++, index.Start ?? 0, index.Stop ?? long.MaxValue, index.Step ?? 1),
                TensorIndex.Kind.Bool => ByBool(current, index.Start!.Value != 0, ref dim, ref found),
                _ => ByTensor(x, current, index.Index!, ref dim, ref found),
            };
            if (ReferenceEquals(next, current)) continue;
            Free(current, x);
            current = next;
        }
        advanced = null;
        if (found is not null)
        {
            advanced = new Tensor?[current.Layout.Rank];
            foreach (var (at, index) in found) advanced[at] = index;
        }
        return ReferenceEquals(current, x) && advanced is null ? Alias(x) : current;
    }

    /// <summary>How many of x's dimensions the entries index.</summary>
    private static int Consumed(Tensor x, TensorIndex[] indices)
    {
        var consumed = 0;
        foreach (var index in indices)
            consumed += index.Type switch
            {
                TensorIndex.Kind.None or TensorIndex.Kind.Ellipsis or TensorIndex.Kind.Bool => 0,
                TensorIndex.Kind.Tensor when IsMask(index.Index!) => index.Index!.Layout.Rank,
                _ => 1,
            };
        return consumed <= x.Layout.Rank ? consumed : throw new ExternalException($"too many indices for tensor of dimension {x.Layout.Rank} (shape {x.Layout})");
    }

    private static Tensor Pass(Tensor current, ref int dim, int count)
    {
        dim += count;
        return current;
    }

    /// <summary>A new dimension, of which all or nothing is taken.</summary>
    private static Tensor ByBool(Tensor current, bool all, ref int dim, ref List<(int Dim, Tensor Index)>? found)
    {
        var view = Unsqueeze(current, dim);
        (found ??= []).Add((dim++, torch.zeros([all ? 1 : 0], ScalarType.Int64, CPU)));
        return view;
    }

    /// <summary>A number selects, a mask stands for the coordinates of its true elements.</summary>
    private static Tensor ByTensor(Tensor x, Tensor current, Tensor index, ref int dim, ref List<(int Dim, Tensor Index)>? found)
    {
        if (index.dtype is not (ScalarType.Int64 or ScalarType.Int32 or ScalarType.Byte or ScalarType.Bool))
            throw new ExternalException($"tensors used as indices must be long, int, byte or bool tensors, got {index.dtype}");
        if (index.Layout.Rank == 0) return IsMask(index) ? ByBool(current, index.ToBoolean(), ref dim, ref found) : Select(current, dim, index.ToInt64());
        if (!IsMask(index))
        {
            var packed = Packed(index, ScalarType.Int64);
            (found ??= []).Add((dim++, packed.alias()));
            Free(packed, index);
            return current;
        }
        for (var d = 0; d < index.Layout.Rank; d++)
            if (index.Layout.Shape[d] != current.Layout.Shape[dim + d])
                throw new ExternalException($"The shape of the mask {index.Layout} at index {d} does not match the shape of the indexed tensor {x.Layout} at index {dim + d}");
        using var coordinates = NonZero(index).AsTemporary();
        found ??= [];
        for (var d = 0; d < index.Layout.Rank; d++) found.Add((dim++, coordinates.select(1, d)));
        return current;
    }

    /// <summary>A mask and no other tensor: with a single value that is <c>masked_fill_</c>, which converts it to the tensor's type.</summary>
    private static bool IsMaskedFill(TensorIndex[] indices) => indices.Where(index => index.Type == TensorIndex.Kind.Tensor).ToArray() is [var only] && IsMask(only.Index!);

    private static bool IsMask(Tensor index) => index.dtype is ScalarType.Bool or ScalarType.Byte;

    /// <summary>Where the indexed blocks start (where the indexed tensor lies), what is inside a block, and the shape of the result.</summary>
    private readonly record struct IndexPlan(Tensor Offsets, long[] BlockShape, long[] BlockStrides, long[] IndexShape, int Place);

    private static IndexPlan Plan(Tensor x, Tensor?[] indices)
    {
        var layout = x.Layout;
        var shape = Layout.Scalar;
        foreach (var index in indices)
            if (index is not null)
                try { shape = Layout.Broadcast(shape, index.Layout); }
                catch (ExternalException)
                {
                    throw new ExternalException("shape mismatch: indexing tensors could not be broadcast together with shapes " + string.Join(", ", indices.Where(i => i is not null).Select(i => i!.Layout.ToString())));
                }
        var offsets = torch.zeros([shape.Count], ScalarType.Int64, x.device).AsTemporary();
        List<long> blockShape = [], blockStrides = [];
        int first = -1, last = -1;
        for (var d = 0; d < indices.Length; d++)
        {
            if (indices[d] is not { } index)
            {
                blockShape.Add(layout.Shape[d]);
                blockStrides.Add(layout.Strides[d]);
                continue;
            }
            if (first < 0) first = d;
            last = d;
            using var expanded = Expand(index, shape.Shape).AsTemporary();
            using var there = index.Place == x.Place || index.IsMeta || x.IsMeta ? null : Move(expanded, ScalarType.Int64, x.Place).AsTemporary();
            var positions = Packed(there ?? expanded);
            if (offsets.HasData && !index.IsMeta) x.Backend.AddOffsets((long*)positions.On(offsets), shape.Count, layout.Shape[d], layout.Strides[d], d, (long*)offsets.On(offsets));
            GC.KeepAlive(positions);
            Free(positions, there ?? expanded);
        }
        GC.KeepAlive(offsets);
        var neighbours = Enumerable.Range(first, last - first + 1).All(d => indices[d] is not null);
        return new IndexPlan(offsets, [.. blockShape], [.. blockStrides], shape.Shape, neighbours ? first : 0);
    }

    /// <summary>The blocks [index…, block…] in the order of the result: the index dimensions move to their place among the others.</summary>
    private static Tensor Arrange(Tensor blocks, in IndexPlan plan)
    {
        if (plan.Place == 0) return blocks;
        int k = plan.IndexShape.Length, rank = blocks.Layout.Rank;
        var order = new List<long>(rank);
        for (var d = 0; d < plan.Place; d++) order.Add(k + d);
        for (var d = 0; d < k; d++) order.Add(d);
        for (var d = plan.Place + k; d < rank; d++) order.Add(d);
        return Permute(blocks, [.. order]);
    }

    /// <summary>The inverse of <see cref="Arrange"/>.</summary>
    private static Tensor Unarrange(Tensor value, in IndexPlan plan)
    {
        if (plan.Place == 0) return value;
        int k = plan.IndexShape.Length, rank = value.Layout.Rank;
        var order = new List<long>(rank);
        for (var d = 0; d < k; d++) order.Add(plan.Place + d);
        for (var d = 0; d < plan.Place; d++) order.Add(d);
        for (var d = plan.Place + k; d < rank; d++) order.Add(d);
        return Permute(value, [.. order]);
    }

    private static Tensor AdvancedGet(Tensor x, Tensor?[] indices)
    {
        var plan = Plan(x, indices);
        using var offsets = plan.Offsets;
        var blocks = x.NewEmpty([.. plan.IndexShape, .. plan.BlockShape], x.dtype);
        if (blocks.HasData) x.Backend.Blocks(IndexMode.Gather, x.dtype, x.On(blocks), (long*)offsets.On(blocks), offsets.Layout.Count, plan.BlockShape, plan.BlockStrides, blocks.On(blocks));
        GC.KeepAlive(x);
        GC.KeepAlive(blocks);
        var arranged = Arrange(blocks, plan);
        arranged.ViewBase = null;
        Free(blocks, arranged);
        return Records(x) ? arranged.Produced(new AdvancedGetBackward(x, indices)) : arranged;
    }

    private sealed class AdvancedGetBackward : UnaryNode
    {
        private readonly long[] _shape;
        private readonly Saved[] _indices;

        internal AdvancedGetBackward(Tensor x, Tensor?[] indices) : base(x)
        {
            _shape = x.Layout.Shape;
            _indices = Array.ConvertAll(indices, index => index is null ? default : new Saved(index));
        }

        internal override string Name => "IndexBackward";

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient) return;
            var indices = Array.ConvertAll(_indices, saved => saved.IsEmpty ? null : saved.Unpack(this));
            dx[0] = AdvancedPut(torch.zeros(_shape, gradient.dtype, gradient.device), indices, gradient, accumulate: true);
        }

        internal override void Release()
        {
            for (var i = 0; i < _indices.Length; i++) _indices[i].Release();
        }
    }

    /// <summary>x[indices] = value or += value, in place; dx = dy but 0 at the indices when overwritten, dvalue = dy[indices].</summary>
    private static Tensor AdvancedPut(Tensor x, Tensor?[] indices, Tensor value, bool accumulate)
    {
        x.CheckGraph();
        if (value.dtype != x.dtype) throw new ExternalException($"Index put requires the source and destination dtypes match, got {x.dtype} for the destination and {value.dtype} for the source.");
        var plan = Plan(x, indices);
        using var offsets = plan.Offsets;
        var node = Records(x, value) ? new AdvancedPutBackward(x, indices, value, accumulate) : null;
        long[] shape = [.. plan.BlockShape[..plan.Place], .. plan.IndexShape, .. plan.BlockShape[plan.Place..]];
        using (GradMode.Set(false))
        {
            var source = value;
            while (source.Layout.Rank > shape.Length && source.Layout.Shape[0] == 1) source = Reshape(source, source.Layout.Shape[1..]);
            if (!Layout.Broadcast(Layout.Of(shape), source.Layout).Shape.AsSpan().SequenceEqual(shape))
                throw new ExternalException($"shape mismatch: value tensor of shape {value.Layout} cannot be broadcast to indexing result of shape {Layout.Text(shape)}");
            using var expanded = Expand(source, shape).AsTemporary();
            using var ordered = Unarrange(expanded, plan).AsTemporary();
            using var packed = ordered.CloneData().AsTemporary();
            using var there = packed.Place == x.Place ? null : Move(packed, x.dtype, x.Place).AsTemporary();
            var blocks = there ?? packed;
            if (x.HasData && blocks.HasData)
                x.Backend.Blocks(accumulate ? IndexMode.ScatterAdd : IndexMode.Scatter, x.dtype, x.On(x), (long*)offsets.On(x), offsets.Layout.Count, plan.BlockShape, plan.BlockStrides, blocks.On(x));
            GC.KeepAlive(blocks);
        }
        GC.KeepAlive(x);
        return x.Changed(node);
    }

    private sealed class AdvancedPutBackward : Node
    {
        private readonly bool _accumulate;
        private readonly long[] _valueShape;
        private readonly Saved[] _indices;

        internal AdvancedPutBackward(Tensor x, Tensor?[] indices, Tensor value, bool accumulate)
        {
            (_accumulate, _valueShape) = (accumulate, value.Layout.Shape);
            _indices = Array.ConvertAll(indices, index => index is null ? default : new Saved(index));
            Next = [x.GradientEdge(), value.GradientEdge()];
        }

        internal override string Name => "IndexPutBackward";

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient) return;
            var indices = Array.ConvertAll(_indices, saved => saved.IsEmpty ? null : saved.Unpack(this));
            if (Needs(0))
            {
                using var zero = Number(0, gradient.dtype);
                dx[0] = _accumulate ? gradient : AdvancedPut(Clone(gradient), indices, zero, false);
            }
            if (!Needs(1)) return;
            var part = AdvancedGet(gradient, indices);
            while (part.Layout.Rank < _valueShape.Length) part = Unsqueeze(part, 0);
            dx[1] = SumTo(part, _valueShape);
        }

        internal override void Release()
        {
            for (var i = 0; i < _indices.Length; i++) _indices[i].Release();
        }
    }

    /// <summary>Coordinates [count, rank] of the elements that are not zero, in row-major order.</summary>
    internal static Tensor NonZero(Tensor x)
    {
        if (x.IsMeta) x.ThrowNoData();
        var packed = Packed(x, ScalarType.Bool);
        var y = packed;
        packed.Backend.NonZero(packed.On(packed), x.Layout.Shape, count =>
        {
            y = packed.NewEmpty([count, x.Layout.Rank], ScalarType.Int64);
            return (nint)y.On(y);
        });
        GC.KeepAlive(packed);
        GC.KeepAlive(y);
        Free(packed, x);
        return y;
    }
}
