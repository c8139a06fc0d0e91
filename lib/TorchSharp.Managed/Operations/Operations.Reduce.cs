using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Reductions over some dimensions (none given: all).</summary>
internal static unsafe partial class Operations
{
    /// <summary>Which dimensions a list names; an empty list names all.</summary>
    internal static ulong DimMask(Layout layout, ReadOnlySpan<long> dims)
    {
        ulong mask = 0;
        if (dims.Length == 0)
            return (1UL << layout.Rank) - 1;
        foreach (long dim in dims)
        {
            ulong bit = 1UL << layout.Dim(dim);
            if ((mask & bit) != 0)
                throw new ExternalException($"dim {layout.Dim(dim)} appears multiple times in the list of dims");
            mask |= bit;
        }
        return mask;
    }

    private static bool Reduced(ulong mask, int dim) => (mask >> dim & 1) != 0;

    private static Layout ReducedLayout(Layout layout, ulong mask, bool keepdim)
    {
        Span<long> shape = stackalloc long[layout.Rank];
        int rank = 0;
        for (int d = 0; d < layout.Rank; d++)
            if (!Reduced(mask, d))
                shape[rank++] = layout.Shape[d];
            else if (keepdim)
                shape[rank++] = 1;
        return rank == 0 ? Layout.Scalar : Layout.Of(shape[..rank].ToArray());
    }

    private static long ReducedCount(Layout layout, ulong mask)
    {
        long count = 1;
        for (int d = 0; d < layout.Rank; d++)
            if (Reduced(mask, d))
                count *= layout.Shape[d];
        return count;
    }

    /// <summary>Reduces contiguous data, one run of neighbouring dimensions after the other, from the last.</summary>
    private static Tensor ReduceData(ReduceKind kind, Tensor x, ulong mask, Layout result)
    {
        var current = x;
        long inner = 1;
        int d = x.Layout.Rank - 1;
        while (d >= 0)
        {
            if (!Reduced(mask, d))
            {
                inner *= x.Layout.Shape[d--];
                continue;
            }
            long n = 1;
            while (d >= 0 && Reduced(mask, d))
                n *= x.Layout.Shape[d--];
            long outer = 1;
            for (int k = 0; k <= d; k++)
                outer *= x.Layout.Shape[k];
            bool last = true;
            for (int k = 0; k <= d; k++)
                last &= !Reduced(mask, k);
            var y = x.NewEmpty(last ? result : Layout.Of([outer * inner]), x.dtype);
            if (y.HasData)
            {
                if (n == 0 && kind is ReduceKind.Max or ReduceKind.Min)
                    throw new ExternalException($"{kind.ToString().ToLowerInvariant()}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument. (shape {x.Layout})");
                y.Backend.Reduce(kind, x.dtype, current.On(y), y.On(y), outer, n, inner);
            }
            GC.KeepAlive(current);
            Free(current, x);
            current = y;
        }
        if (!ReferenceEquals(current, x))
            return current;
        // Nothing to reduce (a tensor without dimensions, or an empty mask).
        var copy = x.CloneData();
        copy.ReplaceLayout(result);
        return copy;
    }

    /// <summary>y = Σ x; dx = dy along the summed dimensions. Integers and booleans are summed as Int64; a sum as Bool says whether any is not zero.</summary>
    internal static Tensor Sum(Tensor x, ReadOnlySpan<long> dims, bool keepdim, ScalarType? type = null)
    {
        var to = type ?? (x.dtype.IsFloating() ? x.dtype : ScalarType.Int64);
        if (to == ScalarType.Bool)
            return AllAny(false, x, dims, keepdim).As(to);
        ulong mask = DimMask(x.Layout, dims);
        var packed = Packed(x, to);
        var y = ReduceData(ReduceKind.Sum, packed, mask, ReducedLayout(x.Layout, mask, keepdim));
        Free(packed, x);
        return Records(x) ? y.Produced(new SumBackward(x, mask, 1)) : y;
    }

    /// <summary>y = Σ x / n; dx = dy / n.</summary>
    internal static Tensor Mean(Tensor x, ReadOnlySpan<long> dims, bool keepdim, ScalarType? type = null)
    {
        var to = type ?? x.dtype;
        if (!to.IsFloating())
            throw new ExternalException($"mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: {to}");
        if (to.IsReduced())
        {
            // The sum may exceed what the mean's type holds.
            using var wide = Mean(x, dims, keepdim, ScalarType.Float32).AsTemporary();
            return Convert(wide, to);
        }
        ulong mask = DimMask(x.Layout, dims);
        var packed = Packed(x, to);
        var y = ReduceData(ReduceKind.Sum, packed, mask, ReducedLayout(x.Layout, mask, keepdim));
        Free(packed, x);
        long n = ReducedCount(x.Layout, mask);
        BesideNumber(BinaryKind.Div, y, (double)n, y);
        return Records(x) ? y.Produced(new SumBackward(x, mask, n)) : y;
    }

    private sealed class SumBackward(Tensor x, ulong mask, long divisor) : UnaryNode(x)
    {
        private readonly Layout _layout = x.Layout;
        private readonly ScalarType _type = x.dtype;

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            if (gradient.dtype != _type)
                gradient = gradient.to(_type);
            if (divisor != 1)
                gradient = gradient / divisor;
            dx[0] = Expand(KeepDims(gradient, _layout, mask), _layout.Shape);
        }
    }

    /// <summary>A reduced tensor with the reduced dimensions back as size 1.</summary>
    private static Tensor KeepDims(Tensor y, Layout layout, ulong mask)
    {
        if (y.Layout.Rank == layout.Rank)
            return y;
        long[] shape = (long[])layout.Shape.Clone();
        for (int d = 0; d < shape.Length; d++)
            if (Reduced(mask, d))
                shape[d] = 1;
        return Reshape(y, shape);
    }

    /// <summary>y = softmax(x) along a dimension, or its logarithm; for dx see <see cref="IBackend.SoftmaxBackward"/>.</summary>
    internal static Tensor Softmax(bool log, Tensor x, long dim, ScalarType? type)
    {
        if (type is { } wanted && wanted != x.dtype)
        {
            using var converted = Convert(x, wanted);
            return Softmax(log, converted, dim, null);
        }
        if (!x.dtype.IsFloating())
            throw new ExternalException($"\"{(log ? "log_softmax" : "softmax")}_lastdim_kernel_impl\" not implemented for '{x.dtype}'");
        int d = x.Layout.Dim(dim);
        var (outer, n, inner) = Around(x.Layout, d);
        var packed = Packed(x);
        var y = x.NewEmpty(x.Layout.Packed, x.dtype);
        if (y.HasData)
            y.Backend.Softmax(log, x.dtype, packed.On(y), y.On(y), outer, n, inner);
        GC.KeepAlive(packed);
        Free(packed, x);
        if (!Records(x))
            return y;
        var node = new SoftmaxBackwardNode(x, log, d);
        y.Produced(node);
        node.Keep(y);
        return y;
    }

    private sealed class SoftmaxBackwardNode(Tensor x, bool log, int dim) : UnaryNode(x)
    {
        private Saved _y;

        internal override string Name => log ? "LogSoftmaxBackward" : "SoftmaxBackward";

        internal void Keep(Tensor y) => _y = new Saved(y, isOutput: true);

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            var y = _y.Unpack(this, true);
            if (GradMode.Enabled)
            {
                dx[0] = log ? gradient - y.exp() * Sum(gradient, [dim], true) : y * (gradient - Sum(gradient * y, [dim], true));
                return;
            }
            var packed = Packed(gradient);
            var result = y.NewEmpty(y.Layout.Packed, y.dtype);
            var (outer, n, inner) = Around(y.Layout, dim);
            if (result.HasData)
                result.Backend.SoftmaxBackward(log, y.dtype, packed.On(result), y.On(result), result.On(result), outer, n, inner);
            GC.KeepAlive(packed);
            GC.KeepAlive(y);
            Free(packed, gradient);
            dx[0] = result;
        }

        internal override void Release() => _y.Release();
    }

    /// <summary>
    /// Variance and mean over dimensions: v = Σ(x − m)² / (n − correction); dx = dv·2·(x − m)/(n − correction) + dm/n. Or the deviation s = √v instead of v,
    /// with dv = ds/2s, taken as 0 where s is 0.
    /// </summary>
    /// <param name="root">The root is taken before the result is rounded to the type of x, in which the variance may not fit.</param>
    internal static (Tensor Variance, Tensor Mean) VarMean(Tensor x, ReadOnlySpan<long> dims, long correction, bool keepdim, bool root = false)
    {
        if (!x.dtype.IsFloating())
            throw new ExternalException($"var and mean only support floating point and complex dtypes, got {x.dtype}");
        ulong mask = DimMask(x.Layout, dims);
        long n = ReducedCount(x.Layout, mask);
        // Bring the reduced dimensions to the end, so that they are one.
        long[] order = new long[x.Layout.Rank];
        int next = 0;
        for (int pass = 0; pass < 2; pass++)
            for (int d = 0; d < order.Length; d++)
                if (Reduced(mask, d) == (pass == 1))
                    order[next++] = d;
        using var detached = x.detach().AsTemporary();
        using var permuted = Permute(detached, order).AsTemporary();
        // In double precision: squares of single precision overflow early, and sums of large numbers hide what lies between them.
        var packed = Packed(permuted, ScalarType.Float64);
        var layout = ReducedLayout(x.Layout, mask, keepdim);
        Tensor mean = x.NewEmpty(layout, ScalarType.Float64), variance = x.NewEmpty(layout, ScalarType.Float64);
        if (mean.HasData)
            mean.Backend.MeanAndSquares(ScalarType.Float64, packed.On(mean), mean.On(mean), variance.On(mean), layout.Count, n, 1);
        GC.KeepAlive(packed);
        Free(packed, permuted);
        using (var divisor = Number((double)Math.Max(n - correction, 0), ScalarType.Float64))
            BinaryData(BinaryKind.Div, ScalarType.Float64, variance, divisor, variance);
        if (root && variance.HasData)
            variance.Backend.Unary(UnaryKind.Sqrt, ScalarType.Float64, variance.On(variance), variance.On(variance), layout.Count);
        if (x.dtype != ScalarType.Float64)
        {
            using Tensor wideVariance = variance.AsTemporary(), wideMean = mean.AsTemporary();
            (variance, mean) = (Convert(wideVariance, x.dtype), Convert(wideMean, x.dtype));
        }
        if (!Records(x))
            return (variance, mean);
        var node = new VarMeanBackward(x, mask, n, correction);
        variance.Produced(node);
        if (root)
            node.Keep(variance);
        return (variance, mean.Produced(node, 1));
    }

    private sealed class VarMeanBackward(Tensor x, ulong mask, long n, long correction) : UnaryNode(x)
    {
        private Saved _x = new(x), _root;

        internal void Keep(Tensor root) => _root = new(root, isOutput: true);

        internal override int Outputs => 2;

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            var x = _x.Unpack(this);
            if (dy[0] is { } ds && !_root.IsEmpty)
            {
                var deviation = _root.Unpack(this, isOutput: true);
                dy[0] = torch.where(deviation == 0, torch.zeros_like(deviation), ds / (deviation * 2));
            }
            if (dy[0] is { } dv)
                dx[0] = KeepDims(dv, x.Layout, mask) * (x - Mean(x, MaskDims(x.Layout, mask), true)) * (2.0 / Math.Max(n - correction, 0));
            if (dy[1] is { } dm)
            {
                var part = Expand(KeepDims(dm, x.Layout, mask) / n, x.Layout.Shape);
                dx[0] = dx[0] is { } first ? first + part : part;
            }
        }

        internal override void Release()
        {
            _x.Release();
            _root.Release();
        }
    }
}
