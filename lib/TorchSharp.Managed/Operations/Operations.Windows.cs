using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Views of a part of a tensor: slices, diagonals, sliding windows.</summary>
internal static unsafe partial class Operations
{
    /// <summary>y = x[…, start:stop:step, …], as Python slices: out-of-range bounds are cut, negative ones count from the end.</summary>
    internal static Tensor Slice(Tensor x, long dim, long start, long stop, long step)
    {
        if (x.Layout.Rank == 0)
            throw new ExternalException("slice() cannot be applied to a 0-dim tensor.");
        if (step <= 0)
            throw new ExternalException("slice step must be positive");
        int d = x.Layout.Dim(dim);
        long size = x.Layout.Shape[d];
        if (start < 0)
            start += size;
        if (stop < 0)
            stop += size;
        start = Math.Clamp(start, 0, size);
        stop = Math.Clamp(stop, start, size);
        long length = (stop - start + step - 1) / step;
        return Window(x, d, start, static (layout, d, start, length, step) =>
        {
            long[] shape = (long[])layout.Shape.Clone();
            long[] strides = (long[])layout.Strides.Clone();
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
        if (!Records(x))
            return View(x, layout, null);
        var packed = old.IsContiguous ? old : old.Packed;
        var inPacked = old.IsContiguous ? layout : window(packed, dim, start, a, b);
        return View(x, layout, new WindowBackward(packed, inPacked, x.GradientEdge()));
    }

    /// <summary>The general strided view.</summary>
    internal static Tensor AsStrided(Tensor x, long[] size, long[] strides, long offset)
    {
        if (size.Length != strides.Length)
            throw new ExternalException($"mismatch in length of strides and shape: {Layout.Text(size)} and {Layout.Text(strides)}");
        long last = offset;
        for (int d = 0; d < size.Length; d++)
        {
            if (strides[d] < 0)
                throw new ExternalException("as_strided: Negative strides are not supported at the moment, got strides: " + Layout.Text(strides));
            last += Math.Max(size[d] - 1, 0) * strides[d];
        }
        var layout = new Layout((long[])size.Clone(), (long[])strides.Clone(), offset);
        if (layout.Count > 0 && (last + 1) * x.dtype.Size() > x.Storage.Bytes)
            throw new ExternalException($"setStorage: sizes {Layout.Text(size)}, strides {Layout.Text(strides)}, storage offset {offset} are out of bounds for storage of size {x.Storage.Bytes} bytes");
        if (!Records(x))
            return View(x, layout, null);
        if (!x.Layout.IsContiguous)
            throw new NotSupportedException("as_strided of a non-contiguous tensor that requires a gradient; call contiguous() first");
        return View(x, layout, new WindowBackward(x.Layout, layout, x.GradientEdge()));
    }

    /// <summary>All windows of a size along a dimension, as a new last dimension.</summary>
    internal static Tensor Unfold(Tensor x, long dim, long size, long step)
    {
        if (step <= 0)
            throw new ExternalException($"step is {step} but must be > 0");
        int d = x.Layout.Dim(dim);
        if (size > x.Layout.Size(d))
            throw new ExternalException($"maximum size for tensor at dimension {d} is {x.Layout.Size(d)} but size is {size}");
        if (x.Layout.Rank == 0)
            return size == 1 ? Unsqueeze(x, 0) : Slice(Unsqueeze(x, 0), 0, 0, 0, 1);
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
        if (d1 == d2)
            throw new ExternalException($"diagonal dimensions cannot be identical {dim1}, {dim2}");
        return Window(x, d1, offset, static (layout, d1, offset, b, _) =>
        {
            int d2 = (int)b;
            long rows = layout.Shape[d1], columns = layout.Shape[d2];
            long length = Math.Max(offset >= 0 ? Math.Min(rows, columns - offset) : Math.Min(rows + offset, columns), 0);
            long start = length == 0 ? 0 : offset >= 0 ? offset * layout.Strides[d2] : -offset * layout.Strides[d1];
            int[] keep = Enumerable.Range(0, layout.Rank).Where(d => d != d1 && d != d2).ToArray();
            return new Layout([.. keep.Select(d => layout.Shape[d]), length], [.. keep.Select(d => layout.Strides[d]), layout.Strides[d1] + layout.Strides[d2]], layout.Offset + start);
        }, d2, 0);
    }

    /// <summary>Gradients of a view of part of a tensor: dx is zero outside the window and dy inside (summed where windows overlap).</summary>
    internal static Tensor ScatterWindow(Tensor dy, Layout whole, Layout window)
    {
        var dx = dy.NewEmpty(Layout.Of(whole.Shape), dy.dtype);
        FillData(dx, 0);
        using (var target = dx.ShareData(new Layout(window.Shape, window.Strides, window.Offset - whole.Offset)))
            if (target.Layout.MayOverlap)
                AddOverlapping(dy, target);
            else
                Transfers.Copy(dy, target);
        return Records(dy) ? dx.Produced(new ScatterWindowBackward(dy, whole, window)) : dx;
    }

    /// <summary>target += source where several elements of target are one: each by itself, at index 0 of a dimension that has no other.</summary>
    private static void AddOverlapping(Tensor source, Tensor target)
    {
        if (!target.HasData)
            return;
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
}
