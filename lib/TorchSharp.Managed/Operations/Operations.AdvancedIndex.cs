using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Indexing by tensors: reading and writing blocks that lie anywhere.</summary>
internal static unsafe partial class Operations
{
    /// <summary>Where the indexed blocks start (where the indexed tensor lies), what is inside a block, and the shape of the result.</summary>
    private readonly record struct IndexPlan(Tensor Offsets, long[] BlockShape, long[] BlockStrides, long[] IndexShape, int Place);

    private static IndexPlan Plan(Tensor x, Tensor?[] indices)
    {
        var layout = x.Layout;
        var shape = Layout.Scalar;
        foreach (var index in indices)
            if (index is not null)
                try
                {
                    shape = Layout.Broadcast(shape, index.Layout);
                }
                catch (ExternalException)
                {
                    throw new ExternalException("shape mismatch: indexing tensors could not be broadcast together with shapes " + string.Join(", ", indices.Where(i => i is not null).Select(i => i!.Layout.ToString())));
                }
        var offsets = torch.zeros([shape.Count], ScalarType.Int64, x.device).AsTemporary();
        List<long> blockShape = [], blockStrides = [];
        int first = -1, last = -1;
        for (int d = 0; d < indices.Length; d++)
        {
            if (indices[d] is not { } index)
            {
                blockShape.Add(layout.Shape[d]);
                blockStrides.Add(layout.Strides[d]);
                continue;
            }
            if (first < 0)
                first = d;
            last = d;
            using var expanded = Expand(index, shape.Shape).AsTemporary();
            using var there = index.Place == x.Place || index.IsMeta || x.IsMeta ? null : Move(expanded, ScalarType.Int64, x.Place).AsTemporary();
            var positions = Packed(there ?? expanded);
            if (offsets.HasData && !index.IsMeta)
                x.Backend.AddOffsets((long*)positions.On(offsets), shape.Count, layout.Shape[d], layout.Strides[d], d, (long*)offsets.On(offsets));
            GC.KeepAlive(positions);
            Free(positions, there ?? expanded);
        }
        GC.KeepAlive(offsets);
        bool neighbours = Enumerable.Range(first, last - first + 1).All(d => indices[d] is not null);
        return new IndexPlan(offsets, [.. blockShape], [.. blockStrides], shape.Shape, neighbours ? first : 0);
    }

    /// <summary>The blocks [index…, block…] in the order of the result: the index dimensions move to their place among the others.</summary>
    private static Tensor Arrange(Tensor blocks, in IndexPlan plan)
    {
        if (plan.Place == 0)
            return blocks;
        int k = plan.IndexShape.Length, rank = blocks.Layout.Rank;
        var order = new List<long>(rank);
        for (int d = 0; d < plan.Place; d++)
            order.Add(k + d);
        for (int d = 0; d < k; d++)
            order.Add(d);
        for (int d = plan.Place + k; d < rank; d++)
            order.Add(d);
        return Permute(blocks, [.. order]);
    }

    /// <summary>The inverse of <see cref="Arrange"/>.</summary>
    private static Tensor Unarrange(Tensor value, in IndexPlan plan)
    {
        if (plan.Place == 0)
            return value;
        int k = plan.IndexShape.Length, rank = value.Layout.Rank;
        var order = new List<long>(rank);
        for (int d = 0; d < k; d++)
            order.Add(plan.Place + d);
        for (int d = 0; d < plan.Place; d++)
            order.Add(d);
        for (int d = plan.Place + k; d < rank; d++)
            order.Add(d);
        return Permute(value, [.. order]);
    }

    private static Tensor AdvancedGet(Tensor x, Tensor?[] indices)
    {
        var plan = Plan(x, indices);
        using var offsets = plan.Offsets;
        var blocks = x.NewEmpty([.. plan.IndexShape, .. plan.BlockShape], x.dtype);
        if (blocks.HasData)
            x.Backend.Blocks(IndexMode.Gather, x.dtype, x.On(blocks), (long*)offsets.On(blocks), offsets.Layout.Count, plan.BlockShape, plan.BlockStrides, blocks.On(blocks));
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
            if (dy[0] is not { } gradient)
                return;
            var indices = Array.ConvertAll(_indices, saved => saved.IsEmpty ? null : saved.Unpack(this));
            dx[0] = AdvancedPut(torch.zeros(_shape, gradient.dtype, gradient.device), indices, gradient, accumulate: true);
        }

        internal override void Release()
        {
            for (int i = 0; i < _indices.Length; i++)
                _indices[i].Release();
        }
    }

    /// <summary>x[indices] = value or += value, in place; dx = dy but 0 at the indices when overwritten, dvalue = dy[indices].</summary>
    private static Tensor AdvancedPut(Tensor x, Tensor?[] indices, Tensor value, bool accumulate)
    {
        x.CheckGraph();
        if (value.dtype != x.dtype)
            throw new ExternalException($"Index put requires the source and destination dtypes match, got {x.dtype} for the destination and {value.dtype} for the source.");
        var plan = Plan(x, indices);
        using var offsets = plan.Offsets;
        var node = Records(x, value) ? new AdvancedPutBackward(x, indices, value, accumulate) : null;
        long[] shape = [.. plan.BlockShape[..plan.Place], .. plan.IndexShape, .. plan.BlockShape[plan.Place..]];
        using (GradMode.Set(false))
        {
            var source = value;
            while (source.Layout.Rank > shape.Length && source.Layout.Shape[0] == 1)
                source = Reshape(source, source.Layout.Shape[1..]);
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
            if (dy[0] is not { } gradient)
                return;
            var indices = Array.ConvertAll(_indices, saved => saved.IsEmpty ? null : saved.Unpack(this));
            if (Needs(0))
            {
                using var zero = Number(0, gradient.dtype);
                dx[0] = _accumulate ? gradient : AdvancedPut(Clone(gradient), indices, zero, false);
            }
            if (!Needs(1))
                return;
            var part = AdvancedGet(gradient, indices);
            while (part.Layout.Rank < _valueShape.Length)
                part = Unsqueeze(part, 0);
            dx[1] = SumTo(part, _valueShape);
        }

        internal override void Release()
        {
            for (int i = 0; i < _indices.Length; i++)
                _indices[i].Release();
        }
    }
}
