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
        if (GradMode.Enabled || !x.requires_grad) y.ViewBase = x.ViewBase ?? x;
        return node is null ? y : y.Produced(node);
    }

    /// <summary>y = x under a new shape with the same elements in the same order; a view where strides allow it, else a copy.</summary>
    internal static Tensor Reshape(Tensor x, ReadOnlySpan<long> sizes, bool mayCopy = true)
    {
        var shape = InferShape(x, sizes);
        if (ViewLayout(x.Layout, shape) is { } layout) return View(x, layout, Records(x) ? new ReshapeBackward(x) : null);
        if (!mayCopy)
            throw new ExternalException($"view size is not compatible with input tensor's size and stride (at least one dimension spans across two contiguous subspaces). " +
                $"Use .reshape(...) instead. (shape {x.Layout}, strides {Layout.Text(x.Layout.Strides)}, wanted {Layout.Text(shape)})");
        var y = x.CloneData();
        y.ReplaceLayout(Layout.Of(shape));
        return Records(x) ? y.Produced(new ReshapeBackward(x)) : y;
    }

    private static long[] InferShape(Tensor x, ReadOnlySpan<long> sizes)
    {
        var shape = sizes.ToArray();
        var count = x.Layout.Count;
        var unknown = -1;
        long known = 1;
        for (var d = 0; d < shape.Length; d++)
        {
            if (shape[d] == -1)
            {
                if (unknown >= 0) throw new ExternalException("only one dimension can be inferred");
                unknown = d;
            }
            else if (shape[d] < 0) throw new ExternalException($"invalid shape dimension {shape[d]}");
            else known *= shape[d];
        }
        if (unknown >= 0 && known != 0 && count % known == 0) shape[unknown] = count / known;
        else if (unknown >= 0 && known == 0 && count == 0)
            throw new ExternalException($"cannot reshape tensor of 0 elements into shape {Layout.Text(sizes)} because the unspecified dimension size -1 can be any value and is ambiguous");
        else if (unknown >= 0 || known != count) throw new ExternalException($"shape '{Layout.Text(sizes)}' is invalid for input of size {count} (shape {x.Layout})");
        return shape;
    }

    /// <summary>The layout of a reshaped view: each run of old dimensions that lies evenly in memory is cut anew; null when a new dimension would cross runs.</summary>
    private static Layout? ViewLayout(Layout old, long[] shape)
    {
        if (old.IsContiguous) return old.Offset == 0 ? Layout.Of(shape) : new Layout(shape, Layout.ContiguousStrides(shape), old.Offset);
        var strides = new long[shape.Length];
        var next = shape.Length - 1;
        long run = 1, cut = 1, innermost = old.Strides[^1];
        for (var d = old.Rank - 1; d >= 0; d--)
        {
            run *= old.Shape[d];
            if (d > 0 && (old.Shape[d - 1] == 1 || old.Strides[d - 1] == run * innermost)) continue;
            while (next >= 0 && (cut < run || shape[next] == 1))
            {
                strides[next] = cut * innermost;
                cut *= shape[next--];
            }
            if (cut != run) return null;
            if (d == 0) break;
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
        var shape = new long[old.Rank];
        var strides = new long[old.Rank];
        Span<long> inverse = stackalloc long[old.Rank];
        var seen = 0L;
        for (var d = 0; d < order.Length; d++)
        {
            var from = old.Dim(order[d]);
            if ((seen >> from & 1) != 0) throw new ExternalException($"permute(): duplicate dims are not allowed: {Layout.Text(order)} for a tensor of shape {old}.");
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
        if (x.Layout.Rank == 0) return Alias(x);
        Span<long> order = stackalloc long[x.Layout.Rank];
        for (var d = 0; d < order.Length; d++) order[d] = d;
        (order[a], order[b]) = (order[b], order[a]);
        return Permute(x, order);
    }

    internal static Tensor Alias(Tensor x) => View(x, x.Layout, Records(x) ? new CloneBackward(x) : null);

    /// <summary>y reads x along new or stretched dimensions without copying (stride 0); dx sums dy over them. −1 keeps a size.</summary>
    internal static Tensor Expand(Tensor x, ReadOnlySpan<long> sizes)
    {
        var old = x.Layout;
        var missing = sizes.Length - old.Rank;
        if (missing < 0)
            throw new ExternalException($"expand({x.Describe()}, size={Layout.Text(sizes)}): the number of sizes provided ({sizes.Length}) must be greater or equal to the number of dimensions in the tensor ({old.Rank})");
        var shape = sizes.ToArray();
        for (var d = 0; d < shape.Length; d++)
        {
            var size = d < missing ? -1 : old.Shape[d - missing];
            if (shape[d] == -1 && size >= 0) shape[d] = size;
            if (shape[d] < 0 || (size >= 0 && size != 1 && size != shape[d]))
                throw new ExternalException($"The expanded size of the tensor ({shape[d]}) must match the existing size ({size}) at non-singleton dimension {d}. Target sizes: {Layout.Text(sizes)}. Tensor sizes: {old}");
        }
        var strides = new long[shape.Length];
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
        if (x.Layout.Rank == 0) throw new ExternalException("select() cannot be applied to a 0-dim tensor.");
        var d = x.Layout.Dim(dim);
        var size = x.Layout.Shape[d];
        if (index < -size || index >= size)
            throw new ExternalException($"select(): index {index} out of range for tensor of size {x.Layout} at dimension {d}");
        if (index < 0) index += size;
        return Window(x, d, index, static (layout, d, index, _, _) => new Layout(
            Without(layout.Shape, d), Without(layout.Strides, d), layout.Offset + index * layout.Strides[d]), 0, 0);
    }

    private static long[] Without(long[] values, int at)
    {
        var result = new long[values.Length - 1];
        values.AsSpan(0, at).CopyTo(result);
        values.AsSpan(at + 1).CopyTo(result.AsSpan(at));
        return result;
    }

    /// <summary>y = x[…, start:stop:step, …], as Python slices: out-of-range bounds are cut, negative ones count from the end.</summary>
    internal static Tensor Slice(Tensor x, long dim, long start, long stop, long step)
    {
        if (x.Layout.Rank == 0) throw new ExternalException("slice() cannot be applied to a 0-dim tensor.");
        if (step <= 0) throw new ExternalException("slice step must be positive");
        var d = x.Layout.Dim(dim);
        var size = x.Layout.Shape[d];
        if (start < 0) start += size;
        if (stop < 0) stop += size;
        start = Math.Clamp(start, 0, size);
        stop = Math.Clamp(stop, start, size);
        var length = (stop - start + step - 1) / step;
        return Window(x, d, start, static (layout, d, start, length, step) =>
        {
            var shape = (long[])layout.Shape.Clone();
            var strides = (long[])layout.Strides.Clone();
            shape[d] = length;
            strides[d] *= step;
            return new Layout(shape, strides, layout.Offset + start * layout.Strides[d]);
        }, length, step);
    }

    private delegate Layout WindowOf(Layout layout, int dim, long start, long a, long b);

    /// <summary>A view of part of x, its layout computed by <paramref name="window"/>.</summary>
    private static Tensor Window(Tensor x, int dim, long start, WindowOf window, long a, long b)
    {
        var old = x.Layout;
        var layout = window(old, dim, start, a, b);
        if (!Records(x)) return View(x, layout, null);
        var packed = old.IsContiguous ? old : old.Packed;
        var inPacked = old.IsContiguous ? layout : window(packed, dim, start, a, b);
        return View(x, layout, new WindowBackward(packed, inPacked, x.GradientEdge()));
    }

    /// <summary>The general strided view.</summary>
    internal static Tensor AsStrided(Tensor x, long[] size, long[] strides, long offset)
    {
        if (size.Length != strides.Length) throw new ExternalException($"mismatch in length of strides and shape: {Layout.Text(size)} and {Layout.Text(strides)}");
        long last = offset;
        for (var d = 0; d < size.Length; d++)
        {
            if (strides[d] < 0) throw new ExternalException("as_strided: Negative strides are not supported at the moment, got strides: " + Layout.Text(strides));
            last += Math.Max(size[d] - 1, 0) * strides[d];
        }
        var layout = new Layout((long[])size.Clone(), (long[])strides.Clone(), offset);
        if (layout.Count > 0 && (last + 1) * x.dtype.Size() > x.Storage.Bytes)
            throw new ExternalException($"setStorage: sizes {Layout.Text(size)}, strides {Layout.Text(strides)}, storage offset {offset} are out of bounds for storage of size {x.Storage.Bytes} bytes");
        if (!Records(x)) return View(x, layout, null);
        if (!x.Layout.IsContiguous) throw new NotSupportedException("as_strided of a non-contiguous tensor that requires a gradient; call contiguous() first");
        return View(x, layout, new WindowBackward(x.Layout, layout, x.GradientEdge()));
    }

    /// <summary>All windows of a size along a dimension, as a new last dimension.</summary>
    internal static Tensor Unfold(Tensor x, long dim, long size, long step)
    {
        if (step <= 0) throw new ExternalException($"step is {step} but must be > 0");
        var d = x.Layout.Dim(dim);
        if (size > x.Layout.Size(d)) throw new ExternalException($"maximum size for tensor at dimension {d} is {x.Layout.Size(d)} but size is {size}");
        if (x.Layout.Rank == 0) return size == 1 ? Unsqueeze(x, 0) : Slice(Unsqueeze(x, 0), 0, 0, 0, 1);
        return Window(x, d, 0, static (layout, d, _, size, step) =>
        {
            long[] shape = [.. layout.Shape, size], strides = [.. layout.Strides, layout.Strides[d]];
            shape[d] = (layout.Shape[d] - size) / step + 1;
            strides[d] *= step;
            return new Layout(shape, strides, layout.Offset);
        }, size, step);
    }

    /// <summary>The diagonal of two dimensions as a new last one.</summary>
    internal static Tensor Diagonal(Tensor x, long offset, long dim1, long dim2)
    {
        int d1 = x.Layout.Dim(dim1), d2 = x.Layout.Dim(dim2);
        if (d1 == d2) throw new ExternalException($"diagonal dimensions cannot be identical {dim1}, {dim2}");
        return Window(x, d1, offset, static (layout, d1, offset, b, _) =>
        {
            var d2 = (int)b;
            long rows = layout.Shape[d1], columns = layout.Shape[d2];
            var length = Math.Max(offset >= 0 ? Math.Min(rows, columns - offset) : Math.Min(rows + offset, columns), 0);
            var start = length == 0 ? 0 : offset >= 0 ? offset * layout.Strides[d2] : -offset * layout.Strides[d1];
            var keep = Enumerable.Range(0, layout.Rank).Where(d => d != d1 && d != d2).ToArray();
            return new Layout([.. keep.Select(d => layout.Shape[d]), length], [.. keep.Select(d => layout.Strides[d]), layout.Strides[d1] + layout.Strides[d2]], layout.Offset + start);
        }, d2, 0);
    }

    /// <summary>Gradients of a view of part of a tensor: dx is zero outside the window and dy inside (summed where windows overlap).</summary>
    internal static Tensor ScatterWindow(Tensor dy, Layout whole, Layout window)
    {
        var dx = dy.NewEmpty(Layout.Of(whole.Shape), dy.dtype);
        FillData(dx, 0);
        using (var target = dx.ShareData(new Layout(window.Shape, window.Strides, window.Offset - whole.Offset)))
            if (target.Layout.MayOverlap) AddOverlapping(dy, target);
            else Transfers.Copy(dy, target);
        return Records(dy) ? dx.Produced(new ScatterWindowBackward(dy, whole, window)) : dx;
    }

    /// <summary>target += source where several elements of target are one: each by itself, at index 0 of a dimension that has no other.</summary>
    private static void AddOverlapping(Tensor source, Tensor target)
    {
        if (!target.HasData) return;
        using var first = torch.zeros([1], ScalarType.Int64, target.device).AsTemporary();
        target.Backend.AlongIndex(IndexMode.ScatterAdd, target.dtype, (long*)first.On(target), new long[target.Layout.Rank], source.On(target), source.Layout.Strides, target.On(target), target.Layout.Strides, 1, 0, target.Layout.Shape);
        GC.KeepAlive(source);
        GC.KeepAlive(target);
    }

    private sealed class ScatterWindowBackward(Tensor dy, Layout whole, Layout window) : UnaryNode(dy)
    {
        internal override void Backward(Tensor?[] dy, Tensor?[] dx) => dx[0] = dy[0] is { } gradient ? GatherWindow(gradient, whole, window) : null;
    }

    /// <summary>The window of a tensor that has the shape of <paramref name="whole"/>, which is contiguous.</summary>
    internal static Tensor GatherWindow(Tensor x, Layout whole, Layout window)
    {
        var packed = x.Layout.IsContiguous ? x : Clone(x);
        var layout = new Layout(window.Shape, window.Strides, window.Offset - whole.Offset + packed.Layout.Offset);
        return View(packed, layout, Records(packed) ? new WindowBackward(packed.Layout, layout, packed.GradientEdge()) : null);
    }

    /// <summary>dx of x[sorted dimensions] summed to a smaller shape that broadcasts to it.</summary>
    internal static Tensor SumTo(Tensor x, long[] shape)
    {
        if (x.Layout.Shape.AsSpan().SequenceEqual(shape)) return x;
        var missing = x.Layout.Rank - shape.Length;
        Span<long> dims = stackalloc long[x.Layout.Rank];
        var count = 0;
        for (var d = 0; d < x.Layout.Rank; d++)
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
        if (dy[0] is not { } gradient) return;
        var inside = new Tensor?[_change.Next.Length];
        _change.Backward([Operations.GatherWindow(gradient, _whole, _window)], inside);
        for (var i = 1; i < inside.Length; i++) dx[i] = inside[i];
        if (!Needs(0)) return;
        using var mask = torch.ones_like(gradient).AsTemporary();
        using (GradMode.Set(false)) Operations.FillInto(mask.ShareData(new Layout(_window.Shape, _window.Strides, _window.Offset - _whole.Offset)), 0);
        dx[0] = gradient * mask;
        if (inside[0] is { } old) dx[0] = dx[0]!.add(Operations.ScatterWindow(old, _whole, _window));
    }

    internal override void Release() => _change.Release();
}
