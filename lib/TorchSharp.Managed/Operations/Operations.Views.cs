using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Views: the same memory under another layout. Their gradients are views, too, where the shape allows it.</summary>
internal static unsafe partial class Operations
{
    private static Tensor View(Tensor x, Layout layout, Node? node)
    {
        var y = x.ShareData(layout);
        // A view made while gradients are off of a tensor that has some is plain data: changing it is the caller's business.
        if (GradMode.Enabled || !x.requires_grad)
            y.ViewBase = x.ViewBase ?? x;
        return node is null ? y : y.Produced(node);
    }

    /// <summary>y = x under a new shape with the same elements in the same order; a view where strides allow it, else a copy.</summary>
    internal static Tensor Reshape(Tensor x, ReadOnlySpan<long> sizes, bool mayCopy = true)
    {
        long[] shape = InferShape(x, sizes);
        if (ViewLayout(x.Layout, shape) is { } layout)
            return View(x, layout, Records(x) ? new ReshapeBackward(x) : null);
        if (!mayCopy)
            throw new ExternalException($"view size is not compatible with input tensor's size and stride (at least one dimension spans across two contiguous subspaces). " +
                $"Use .reshape(...) instead. (shape {x.Layout}, strides {Layout.Text(x.Layout.Strides)}, wanted {Layout.Text(shape)})");
        var y = x.CloneData();
        y.ReplaceLayout(Layout.Of(shape));
        return Records(x) ? y.Produced(new ReshapeBackward(x)) : y;
    }

    private static long[] InferShape(Tensor x, ReadOnlySpan<long> sizes)
    {
        long[] shape = sizes.ToArray();
        long count = x.Layout.Count;
        int unknown = -1;
        long known = 1;
        for (int d = 0; d < shape.Length; d++)
        {
            if (shape[d] == -1)
            {
                if (unknown >= 0)
                    throw new ExternalException("only one dimension can be inferred");
                unknown = d;
            }
            else if (shape[d] < 0)
                throw new ExternalException($"invalid shape dimension {shape[d]}");
            else
                known *= shape[d];
        }
        if (unknown >= 0 && known != 0 && count % known == 0)
            shape[unknown] = count / known;
        else if (unknown >= 0 && known == 0 && count == 0)
            throw new ExternalException($"cannot reshape tensor of 0 elements into shape {Layout.Text(sizes)} because the unspecified dimension size -1 can be any value and is ambiguous");
        else if (unknown >= 0 || known != count)
            throw new ExternalException($"shape '{Layout.Text(sizes)}' is invalid for input of size {count} (shape {x.Layout})");
        return shape;
    }

    /// <summary>The layout of a reshaped view: each run of old dimensions that lies evenly in memory is cut anew; null when a new dimension would cross runs.</summary>
    private static Layout? ViewLayout(Layout old, long[] shape)
    {
        if (old.IsContiguous)
            return old.Offset == 0 ? Layout.Of(shape) : new Layout(shape, Layout.ContiguousStrides(shape), old.Offset);
        long[] strides = new long[shape.Length];
        int next = shape.Length - 1;
        long run = 1, cut = 1, innermost = old.Strides[^1];
        for (int d = old.Rank - 1; d >= 0; d--)
        {
            run *= old.Shape[d];
            if (d > 0 && (old.Shape[d - 1] == 1 || old.Strides[d - 1] == run * innermost))
                continue;
            while (next >= 0 && (cut < run || shape[next] == 1))
            {
                strides[next] = cut * innermost;
                cut *= shape[next--];
            }
            if (cut != run)
                return null;
            if (d == 0)
                break;
            innermost = old.Strides[d - 1];
            run = cut = 1;
        }
        return next == -1 ? new Layout(shape, strides, old.Offset) : null;
    }

    private sealed class ReshapeBackward(Tensor x) : UnaryNode(x)
    {
        private readonly long[] _shape = x.Layout.Shape;

        internal override void Backward(Tensor?[] dy, Tensor?[] dx) => dx[0] = dy[0] is { } gradient ? Reshape(gradient, _shape) : null;
    }

    /// <summary>y[i_{p0}, i_{p1}, …] = x[i0, i1, …]: dimensions in another order.</summary>
    internal static Tensor Permute(Tensor x, ReadOnlySpan<long> order)
    {
        var old = x.Layout;
        if (order.Length != old.Rank)
            throw new ExternalException($"permute(): the tensor has {old.Rank} dimensions (shape {old}), but {order.Length} were given: {Layout.Text(order)}");
        long[] shape = new long[old.Rank];
        long[] strides = new long[old.Rank];
        Span<long> inverse = stackalloc long[old.Rank];
        long seen = 0L;
        for (int d = 0; d < order.Length; d++)
        {
            int from = old.Dim(order[d]);
            if ((seen >> from & 1) != 0)
                throw new ExternalException($"permute(): duplicate dims are not allowed: {Layout.Text(order)} for a tensor of shape {old}.");
            seen |= 1L << from;
            shape[d] = old.Shape[from];
            strides[d] = old.Strides[from];
            inverse[from] = d;
        }
        return View(x, new Layout(shape, strides, old.Offset), Records(x) ? new PermuteBackward(x, inverse.ToArray()) : null);
    }

    private sealed class PermuteBackward(Tensor x, long[] inverse) : UnaryNode(x)
    {
        internal override void Backward(Tensor?[] dy, Tensor?[] dx) => dx[0] = dy[0] is { } gradient ? Permute(gradient, inverse) : null;
    }

    internal static Tensor Transpose(Tensor x, long dim0, long dim1)
    {
        int a = x.Layout.Dim(dim0), b = x.Layout.Dim(dim1);
        if (x.Layout.Rank == 0)
            return Alias(x);
        Span<long> order = stackalloc long[x.Layout.Rank];
        for (int d = 0; d < order.Length; d++)
            order[d] = d;
        (order[a], order[b]) = (order[b], order[a]);
        return Permute(x, order);
    }

    internal static Tensor Alias(Tensor x) => View(x, x.Layout, Records(x) ? new CloneBackward(x) : null);

    /// <summary>y reads x along new or stretched dimensions without copying (stride 0); dx sums dy over them. −1 keeps a size.</summary>
    internal static Tensor Expand(Tensor x, ReadOnlySpan<long> sizes)
    {
        var old = x.Layout;
        int missing = sizes.Length - old.Rank;
        if (missing < 0)
            throw new ExternalException($"expand({x.Describe()}, size={Layout.Text(sizes)}): the number of sizes provided ({sizes.Length}) must be greater or equal to the number of dimensions in the tensor ({old.Rank})");
        long[] shape = sizes.ToArray();
        for (int d = 0; d < shape.Length; d++)
        {
            long size = d < missing ? -1 : old.Shape[d - missing];
            if (shape[d] == -1 && size >= 0)
                shape[d] = size;
            if (shape[d] < 0 || (size >= 0 && size != 1 && size != shape[d]))
                throw new ExternalException($"The expanded size of the tensor ({shape[d]}) must match the existing size ({size}) at non-singleton dimension {d}. Target sizes: {Layout.Text(sizes)}. Tensor sizes: {old}");
        }
        long[] strides = new long[shape.Length];
        old.BroadcastStrides(shape, strides);
        return View(x, new Layout(shape, strides, old.Offset), Records(x) ? new ExpandBackward(x) : null);
    }

    private sealed class ExpandBackward(Tensor x) : UnaryNode(x)
    {
        private readonly long[] _shape = x.Layout.Shape;

        internal override void Backward(Tensor?[] dy, Tensor?[] dx) => dx[0] = dy[0] is { } gradient ? SumTo(gradient, _shape) : null;
    }

    /// <summary>y[…] = x[…, index, …]: one slice, the dimension gone.</summary>
    internal static Tensor Select(Tensor x, long dim, long index)
    {
        if (x.Layout.Rank == 0)
            throw new ExternalException("select() cannot be applied to a 0-dim tensor.");
        int d = x.Layout.Dim(dim);
        long size = x.Layout.Shape[d];
        if (index < -size || index >= size)
            throw new ExternalException($"select(): index {index} out of range for tensor of size {x.Layout} at dimension {d}");
        if (index < 0)
            index += size;
        return Window(x, d, index, static (layout, d, index, _, _) => new Layout(
            Without(layout.Shape, d), Without(layout.Strides, d), layout.Offset + index * layout.Strides[d]), 0, 0);
    }

    private static long[] Without(long[] values, int at)
    {
        long[] result = new long[values.Length - 1];
        values.AsSpan(0, at).CopyTo(result);
        values.AsSpan(at + 1).CopyTo(result.AsSpan(at));
        return result;
    }

    /// <summary>dx of x[sorted dimensions] summed to a smaller shape that broadcasts to it.</summary>
    internal static Tensor SumTo(Tensor x, long[] shape)
    {
        if (x.Layout.Shape.AsSpan().SequenceEqual(shape))
            return x;
        int missing = x.Layout.Rank - shape.Length;
        Span<long> dims = stackalloc long[x.Layout.Rank];
        int count = 0;
        for (int d = 0; d < x.Layout.Rank; d++)
            if (d < missing || (shape[d - missing] == 1 && x.Layout.Shape[d] != 1))
                dims[count++] = d;
        var sum = count == 0 ? x : Sum(x, dims[..count], true);
        return missing > 0 ? Reshape(sum, shape) : sum;
    }
}

/// <summary>Gradient of a window of a tensor (select, slice, diagonal, unfold, …).</summary>
internal sealed class WindowBackward : Node
{
    private readonly Layout _whole, _window;

    internal WindowBackward(Layout whole, Layout window, Edge edge)
    {
        (_whole, _window) = (whole, window);
        Next = [edge];
    }

    internal override void Backward(Tensor?[] dy, Tensor?[] dx) => dx[0] = dy[0] is { } gradient ? Operations.ScatterWindow(gradient, _whole, _window) : null;
}

/// <summary>
/// Gradient of a tensor of which a window was changed in place: outside the window dy passes; inside it goes through the operation
/// that wrote there.
/// </summary>
internal sealed class WindowChangedBackward : Node
{
    private readonly Layout _whole, _window;
    private readonly Node _change;

    internal WindowChangedBackward(Layout whole, Layout window, Edge wholeEdge, Node change)
    {
        (_whole, _window, _change) = (whole, window, change);
        Next = [wholeEdge, .. change.Next.Skip(1)];
    }

    internal override string Name => _change.Name;

    internal override void Backward(Tensor?[] dy, Tensor?[] dx)
    {
        if (dy[0] is not { } gradient)
            return;
        var inside = new Tensor?[_change.Next.Length];
        _change.Backward([Operations.GatherWindow(gradient, _whole, _window)], inside);
        for (int i = 1; i < inside.Length; i++)
            dx[i] = inside[i];
        if (!Needs(0))
            return;
        using var mask = torch.ones_like(gradient).AsTemporary();
        using (GradMode.Set(false))
            Operations.FillInto(mask.ShareData(new Layout(_window.Shape, _window.Strides, _window.Offset - _whole.Offset)), 0);
        dx[0] = gradient * mask;
        if (inside[0] is { } old)
            dx[0] = dx[0]!.add(Operations.ScatterWindow(old, _whole, _window));
    }

    internal override void Release() => _change.Release();
}
