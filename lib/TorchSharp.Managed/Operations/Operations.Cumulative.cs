using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Running sums, products and extremes along a dimension, and the product over one.</summary>
internal static unsafe partial class Operations
{
    private static Tensor CumulativeData(CumulativeKind kind, Tensor x, int d)
    {
        var packed = Packed(x);
        var y = x.NewEmpty(x.Layout.Packed, x.dtype);
        var (outer, n, inner) = Around(x.Layout, d);
        if (y.HasData)
            y.Backend.Cumulate(kind, x.dtype, packed.On(y), y.On(y), outer, n, inner);
        GC.KeepAlive(packed);
        GC.KeepAlive(y);
        Free(packed, x);
        return y;
    }

    private static Tensor Prepared(Tensor x, ScalarType? type)
    {
        var to = type ?? (x.dtype.IsFloating() ? x.dtype : ScalarType.Int64);
        return x.dtype == to ? x : Convert(x, to);
    }

    /// <summary>yₖ = Σ_{j≤k} xⱼ; dx is the running sum of dy from the other end.</summary>
    internal static Tensor CumSum(Tensor x, long dim, ScalarType? type = null)
    {
        x = Prepared(x, type);
        int d = x.Layout.Dim(dim);
        var y = CumulativeData(CumulativeKind.Sum, x, d);
        return Records(x) ? y.Produced(new CumSumBackward(x, d)) : y;
    }

    private sealed class CumSumBackward(Tensor x, int dim) : UnaryNode(x)
    {
        internal override void Backward(Tensor?[] dy, Tensor?[] dx) => dx[0] = dy[0] is { } gradient ? ReverseCumSum(gradient, dim) : null;
    }

    private static Tensor ReverseCumSum(Tensor x, int dim) => CumSum(x.flip(dim), dim).flip(dim);

    /// <summary>yₖ = Π_{j≤k} xⱼ. dxᵢ = Σ_{k≥i} dyₖ·Π_{j≤k, j≠i} xⱼ, by division where no element is 0.</summary>
    internal static Tensor CumProd(Tensor x, long dim, ScalarType? type = null)
    {
        x = Prepared(x, type);
        int d = x.Layout.Dim(dim);
        var y = CumulativeData(CumulativeKind.Prod, x, d);
        return Records(x) ? y.Produced(new CumProdBackward(x, d)) : y;
    }

    private sealed class CumProdBackward(Tensor x, int dim) : UnaryNode(x)
    {
        private Saved _x = new(x);

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            var x = _x.Unpack(this);
            if (x.Layout.Rank == 0)
            {
                dx[0] = gradient;
                return;
            }
            using var zeros = x.detach().eq(0).AsTemporary();
            if (!zeros.any().ToBoolean())
            {
                dx[0] = ReverseCumSum(CumProd(x, dim) * gradient, dim) / x;
                return;
            }
            // With zeros: for each i the running product with xᵢ replaced by 1.
            long n = x.Layout.Shape[dim];
            var parts = new Tensor[n];
            for (long i = 0; i < n; i++)
            {
                var before = i == 0 ? torch.ones_like(Slice(x, dim, 0, 1, 1)) : Slice(x, dim, 0, i, 1).prod(dim, true);
                var after = Cat([before, Slice(x, dim, i + 1, n, 1)], dim);
                parts[i] = Sum(CumProd(after, dim) * Slice(gradient, dim, i, n, 1), [dim], true);
            }
            dx[0] = Cat(parts, dim);
        }

        internal override void Release() => _x.Release();
    }

    /// <summary>y = Π x along a dimension; dxᵢ = dy·Π_{j≠i} xⱼ, the product of what lies before and what lies after.</summary>
    internal static Tensor Prod(Tensor x, long dim, bool keepdim, ScalarType? type = null)
    {
        x = Prepared(x, type);
        int d = x.Layout.Dim(dim);
        if (x.Layout.Rank == 0)
            return Clone(x);
        var packed = Packed(x);
        var y = ReduceData(ReduceKind.Prod, packed, 1UL << d, ReducedLayout(x.Layout, 1UL << d, keepdim));
        Free(packed, x);
        return Records(x) ? y.Produced(new ProdBackward(x, d, keepdim)) : y;
    }

    private sealed class ProdBackward(Tensor x, int dim, bool keepdim) : UnaryNode(x)
    {
        private Saved _x = new(x);

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            var x = _x.Unpack(this);
            long n = x.Layout.Shape[dim];
            if (n == 0)
            {
                dx[0] = torch.zeros_like(x);
                return;
            }
            var one = torch.ones_like(Slice(x, dim, 0, 1, 1));
            var before = CumProd(Cat([one, Slice(x, dim, 0, n - 1, 1)], dim), dim);
            var after = CumProd(Cat([one, Slice(x, dim, 1, n, 1).flip(dim)], dim), dim).flip(dim);
            dx[0] = (keepdim ? gradient : Unsqueeze(gradient, dim)) * before * after;
        }

        internal override void Release() => _x.Release();
    }

    /// <summary>yₖ = ln Σ_{j≤k} exp xⱼ; dx = exp(x)·Σ_{k≥i} dyₖ·exp(−yₖ), around the maximum.</summary>
    internal static Tensor LogCumSumExp(Tensor x, long dim)
    {
        int d = x.Layout.Dim(dim);
        var y = CumulativeData(CumulativeKind.LogSumExp, x, d);
        if (!Records(x))
            return y;
        var node = new LogCumSumExpBackward(x, d);
        y.Produced(node);
        node.Keep(y);
        return y;
    }

    private sealed class LogCumSumExpBackward(Tensor x, int dim) : UnaryNode(x)
    {
        private Saved _x = new(x);
        private Saved _y;

        internal void Keep(Tensor y) => _y = new Saved(y, isOutput: true);

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            Tensor x = _x.Unpack(this), y = _y.Unpack(this, true);
            var top = Extreme(true, y.detach(), [dim], true);
            dx[0] = (x - top).exp() * ReverseCumSum(gradient * (top - y).exp(), dim);
        }

        internal override void Release()
        {
            _x.Release();
            _y.Release();
        }
    }

    internal static (Tensor Values, Tensor Indices) CumExtreme(bool max, Tensor x, long dim)
    {
        int d = x.Layout.Dim(dim);
        var packed = Packed(x);
        var positions = x.NewEmpty(Layout.Of(x.Layout.Shape), ScalarType.Int64);
        var (outer, n, inner) = Around(x.Layout, d);
        if (positions.HasData)
            positions.Backend.CumulativeExtreme(max, x.dtype, packed.On(positions), (long*)positions.On(positions), outer, n, inner);
        GC.KeepAlive(packed);
        GC.KeepAlive(positions);
        Free(packed, x);
        return (Gather(x, d, positions), positions);
    }
}
