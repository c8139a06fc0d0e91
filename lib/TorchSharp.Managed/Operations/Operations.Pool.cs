using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Pooling over windows of two-dimensional planes.</summary>
internal static unsafe partial class Operations
{
    /// <summary>The largest element of each window and its position in its plane; dx is dy at these positions.</summary>
    internal static (Tensor Values, Tensor Indices) MaxPool(Tensor x, in PoolShape s)
    {
        var packed = Packed(x);
        long[] shape = [.. x.Layout.Shape[..^2], s.OutHeight, s.OutWidth];
        Tensor y = x.NewEmpty(shape, x.dtype), indices = x.NewEmpty(y.Layout, ScalarType.Int64);
        if (y.HasData)
            y.Backend.MaxPool(x.dtype, s, packed.On(y), y.On(y), (long*)indices.On(y));
        GC.KeepAlive(packed);
        GC.KeepAlive(y);
        Free(packed, x);
        if (Records(x))
            y.Produced(new MaxPoolBackwardNode(x, indices, s));
        return (y, indices);
    }

    /// <summary>As <see cref="MaxPool"/> where nobody asks for positions and nothing is recorded.</summary>
    internal static Tensor MaxPoolValues(Tensor x, in PoolShape s)
    {
        var packed = Packed(x);
        var y = x.NewEmpty([.. x.Layout.Shape.AsSpan(..^2), s.OutHeight, s.OutWidth], x.dtype);
        if (y.HasData)
            y.Backend.MaxPool(x.dtype, s, packed.On(y), y.On(y), null);
        GC.KeepAlive(packed);
        Free(packed, x);
        GC.KeepAlive(y);
        return y;
    }

    private sealed class MaxPoolBackwardNode(Tensor x, Tensor indices, PoolShape s) : UnaryNode(x)
    {
        private readonly long[] _shape = x.Layout.Shape;
        private Saved _indices = new(indices);

        internal override string Name => "MaxPool2DWithIndicesBackward";

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            var indices = _indices.Unpack(this);
            if (GradMode.Enabled)
            {
                var flat = torch.zeros([s.Planes, s.Height * s.Width], gradient.dtype, gradient.device);
                long[] rows = [s.Planes, s.OutHeight * s.OutWidth];
                dx[0] = ScatterAdd(flat, 1, Reshape(indices, rows), Reshape(gradient, rows)).reshape(_shape);
                return;
            }
            var packed = Packed(gradient);
            var result = gradient.NewEmpty(_shape, gradient.dtype);
            if (result.HasData)
                result.Backend.MaxPoolBackward(gradient.dtype, s.Planes, s.Height * s.Width, s.OutHeight * s.OutWidth, packed.On(result), (long*)indices.On(result), result.On(result));
            GC.KeepAlive(packed);
            GC.KeepAlive(indices);
            Free(packed, gradient);
            dx[0] = result;
        }

        internal override void Release() => _indices.Release();
    }

    /// <summary>The mean of each window.</summary>
    internal static Tensor AvgPool(Tensor x, in PoolShape s, bool countIncludePad, long divisor)
    {
        var packed = Packed(x);
        var y = x.NewEmpty([.. x.Layout.Shape.AsSpan(0, x.Layout.Rank - 2), s.OutHeight, s.OutWidth], x.dtype);
        if (y.HasData)
            y.Backend.AvgPool(x.dtype, s, countIncludePad, divisor, packed.On(y), y.On(y));
        GC.KeepAlive(packed);
        Free(packed, x);
        return Records(x) ? y.Produced(new AvgPoolBackwardNode(x, s, countIncludePad, divisor, forward: true)) : y;
    }

    /// <summary>dx of <see cref="AvgPool"/>: each dy spread evenly over its window.</summary>
    private static Tensor AvgPoolGradient(Tensor dy, in PoolShape s, bool countIncludePad, long divisor)
    {
        var packed = Packed(dy);
        var dx = dy.NewEmpty([.. dy.Layout.Shape[..^2], s.Height, s.Width], dy.dtype);
        if (dx.HasData)
            dx.Backend.AvgPoolBackward(dy.dtype, s, countIncludePad, divisor, packed.On(dx), dx.On(dx));
        GC.KeepAlive(packed);
        Free(packed, dy);
        return Records(dy) ? dx.Produced(new AvgPoolBackwardNode(dy, s, countIncludePad, divisor, forward: false)) : dx;
    }

    private sealed class AvgPoolBackwardNode(Tensor x, PoolShape s, bool countIncludePad, long divisor, bool forward) : UnaryNode(x)
    {
        internal override string Name => "AvgPool2DBackward";

        internal override void Backward(Tensor?[] dy, Tensor?[] dx) => dx[0] = dy[0] is not { } gradient ? null
            : forward ? AvgPoolGradient(gradient, s, countIncludePad, divisor) : AvgPool(gradient, s, countIncludePad, divisor);
    }

    /// <summary>How many windows fit into n elements: ⌊(n + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1, or ⌈…⌉ + 1 as long as the last one starts inside; it may hang over the edge then.</summary>
    internal static long PooledSize(long n, long kernel, long stride, long padding, long dilation, bool ceilMode)
    {
        long room = n + 2 * padding - dilation * (kernel - 1) - 1 + (ceilMode ? stride - 1 : 0);
        long size = (room >= 0 ? room / stride : (room + 1) / stride - 1) + 1;
        return ceilMode && (size - 1) * stride >= n + padding ? size - 1 : size;
    }

    /// <summary>The window geometry over the last two dimensions, checked.</summary>
    internal static PoolShape PoolShapeOf(Layout x, ReadOnlySpan<long> kernel, ReadOnlySpan<long> stride, ReadOnlySpan<long> padding, ReadOnlySpan<long> dilation, bool ceilMode, string name)
    {
        if (x.Rank is not (3 or 4))
            throw new ExternalException($"{name}: Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but got: {x}");
        CheckWindow(name, stride, padding, dilation, 1);
        Span<long> size = stackalloc long[2];
        for (int d = 0; d < 2; d++)
        {
            if (kernel[d] <= 0)
                throw new ExternalException($"kernel size should be greater than zero, but got {Layout.Text(kernel)} ({name})");
            if (padding[d] > kernel[d] / 2)
                throw new ExternalException($"pad should be at most half of effective kernel size, but got pad={padding[d]}, kernel_size={kernel[d]} and dilation={dilation[d]}");
            size[d] = PooledSize(x.Shape[^(2 - d)], kernel[d], stride[d], padding[d], dilation[d], ceilMode);
        }
        if (size[0] <= 0 || size[1] <= 0)
            throw new ExternalException($"Given input size: ({x.Shape[^3]}x{x.Shape[^2]}x{x.Shape[^1]}). Calculated output size: ({x.Shape[^3]}x{size[0]}x{size[1]}). Output size is too small ({name}, input {x})");
        long planes = x.Shape[^2] * x.Shape[^1] == 0 ? 0 : x.Count / (x.Shape[^2] * x.Shape[^1]);
        return new PoolShape(planes, x.Shape[^2], x.Shape[^1], kernel[0], kernel[1], stride[0], stride[1], padding[0], padding[1], dilation[0], dilation[1], size[0], size[1]);
    }

    /// <summary>Mean over windows that divide each plane into a given number: window i covers ⌊i·n/m⌋ … ⌈(i+1)·n/m⌉.</summary>
    internal static Tensor AdaptiveAvgPool(Tensor x, long height, long width)
    {
        CheckImage(x, "adaptive_avg_pool2d");
        long h = x.Layout.Shape[^2], w = x.Layout.Shape[^1];
        if (height == 1 && width == 1)
            return Mean(x, [-2, -1], true);
        if (height > 0 && width > 0 && h % height == 0 && w % width == 0)
            return AvgPool(x, PoolShapeOf(x.Layout, [h / height, w / width], [h / height, w / width], [0, 0], [1, 1], false, "adaptive_avg_pool2d"), true, 0);
        // Uneven windows: the same as multiplying with a matrix of averages from each side.
        using var scope = DisposeScope.ForTemporaries();
        return scope.MoveToOuter(Along(Along(x, -2, Averages(height, h, x)), -1, Averages(width, w, x)));
    }

    private static void CheckImage(Tensor x, string name)
    {
        if (x.Layout.Rank < 2)
            throw new ExternalException($"{name}(): Expected 3D or 4D tensor, but got {x.Layout}");
    }

    /// <summary>y[…, i, …] = Σₖ w[i, k]·x[…, k, …] along one dimension.</summary>
    internal static Tensor Along(Tensor x, int dim, Tensor weights)
    {
        using var scope = DisposeScope.ForTemporaries();
        int fromEnd = dim < 0 ? -dim : x.Layout.Rank - dim;
        return scope.MoveToOuter(fromEnd switch
        {
            1 => x.matmul(weights.t()),
            2 => weights.matmul(x),
            _ => x.transpose(dim, -1).matmul(weights.t()).transpose(dim, -1),
        });
    }

    internal static Tensor Averages(long outputs, long inputs, Tensor like)
    {
        double[] matrix = new double[outputs * inputs];
        for (long i = 0; i < outputs; i++)
        {
            var (from, to) = AdaptiveWindow(i, outputs, inputs);
            for (long k = from; k < to; k++)
                matrix[i * inputs + k] = 1.0 / (to - from);
        }
        return Factories.FromArray(matrix, [outputs, inputs], like.dtype, like.device, false);
    }

    internal static (long From, long To) AdaptiveWindow(long i, long outputs, long inputs) => (i * inputs / outputs, ((i + 1) * inputs + outputs - 1) / outputs);

    /// <summary>As <see cref="AdaptiveAvgPool"/> with the largest element, and its position.</summary>
    internal static (Tensor Values, Tensor Indices) AdaptiveMaxPool(Tensor x, long height, long width)
    {
        CheckImage(x, "adaptive_max_pool2d");
        long h = x.Layout.Shape[^2], w = x.Layout.Shape[^1];
        long[] lead = x.Layout.Shape[..^2];
        using var scope = DisposeScope.ForTemporaries();
        var rows = new List<Tensor>();
        for (long r = 0; r < height; r++)
        {
            var (top, bottom) = AdaptiveWindow(r, height, h);
            for (long c = 0; c < width; c++)
            {
                var (left, right) = AdaptiveWindow(c, width, w);
                var window = x.detach().narrow(-2, top, bottom - top).narrow(-1, left, right - left).reshape([.. lead, (bottom - top) * (right - left)]);
                var at = window.argmax(-1);
                rows.Add((at.floor_divide(right - left) + top) * w + at.remainder(right - left) + left);
            }
        }
        var indices = torch.stack(rows, -1);
        var values = Gather(x.reshape([.. lead, h * w]), -1, indices);
        return scope.MoveToOuter(values.reshape([.. lead, height, width]), indices.reshape([.. lead, height, width]));
    }
}
