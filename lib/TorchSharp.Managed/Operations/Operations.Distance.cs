using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Norms and distances.</summary>
internal static unsafe partial class Operations
{
    /// <summary>y = (Σ |x|ᵖ)^(1/p); dx = dy·sign(x)·(|x|/y)^(p−1), and 0 where y is 0.</summary>
    internal static Tensor VectorNorm(Tensor x, double p, long[] dims, bool keepdim)
    {
        if (!x.dtype.IsFloating())
            throw new ExternalException($"linalg.vector_norm: Expected a floating point or complex tensor as input. Got {x.dtype}");
        if (x.Layout.Count == 0 && (p < 0 || double.IsPositiveInfinity(p)) && ReducedCount(x.Layout, DimMask(x.Layout, dims)) == 0)
            throw new ExternalException($"linalg.vector_norm cannot compute the {p} norm on an empty tensor because the operation does not have an identity (shape {x.Layout})");
        using var scope = DisposeScope.ForTemporaries();
        // Squares of Float16 numbers exceed their type early.
        if (x.dtype.IsReduced())
            return scope.MoveToOuter(VectorNorm(Convert(x, ScalarType.Float32), p, dims, keepdim).to(x.dtype));
        switch (p)
        {
            case double.PositiveInfinity: return scope.MoveToOuter(Extreme(true, x.abs(), dims, keepdim));
            case double.NegativeInfinity: return scope.MoveToOuter(Extreme(false, x.abs(), dims, keepdim));
            case 0: return scope.MoveToOuter(Sum(x.ne(0).to(x.dtype), dims, keepdim));
            case 1: return scope.MoveToOuter(Sum(x.abs(), dims, keepdim));
        }
        Tensor y;
        using (GradMode.Set(false))
            y = p == 2 ? Sum(x.square(), dims, keepdim).sqrt() : Sum(x.abs().pow(p), dims, keepdim).pow(1 / p);
        if (Records(x))
        {
            var node = new VectorNormBackward(x, p, DimMask(x.Layout, dims));
            y.Produced(node);
            node.Keep(y);
        }
        return scope.MoveToOuter(y);
    }

    private sealed class VectorNormBackward(Tensor x, double p, ulong mask) : UnaryNode(x)
    {
        private Saved _x = new(x);
        private Saved _y;

        internal override string Name => "LinalgVectorNormBackward";

        internal void Keep(Tensor y) => _y = new Saved(y, isOutput: true);

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            var x = _x.Unpack(this);
            var y = KeepDims(_y.Unpack(this, true), x.Layout, mask);
            var atZero = y == 0;
            var safe = Where(atZero, torch.ones_like(y), y);
            var direction = p == 2 ? x / safe : x.sign() * (x.abs() / safe).pow(p - 1);
            using var zero = Number(0, x.dtype);
            dx[0] = KeepDims(gradient, x.Layout, mask) * Where(atZero, zero, direction);
        }

        internal override void Release()
        {
            _x.Release();
            _y.Release();
        }
    }

    /// <summary>Distances between the rows of a [.., m, k] and b [.., n, k] in the p-norm.</summary>
    internal static Tensor CDist(Tensor a, Tensor b, double p)
    {
        if (a.Layout.Rank < 2 || b.Layout.Rank < 2 || a.Layout.Shape[^1] != b.Layout.Shape[^1])
            throw new ExternalException($"X1 and X2 must have the same number of columns. X1: {a.Layout} X2: {b.Layout}");
        using var scope = DisposeScope.ForTemporaries();
        return scope.MoveToOuter(VectorNorm(a.unsqueeze(-2) - b.unsqueeze(-3), p, [-1], false));
    }
}
