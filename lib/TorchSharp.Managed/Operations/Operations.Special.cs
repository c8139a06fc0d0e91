using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Functions without a fast kernel: computed element by element in double precision.</summary>
internal static unsafe partial class Operations
{
    /// <summary>y = f(x) by a C# function.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static Tensor Map(Tensor x, Func<double, double> f)
    {
        var type = x.dtype.IsFloating() ? x.dtype : get_default_dtype();
        using var buffer = x.NewEmpty(Layout.Of(x.Layout.Shape), ScalarType.Float64).AsTemporary();
        Transfers.Copy(x, buffer);
        if (buffer.HasData)
        {
            double* p = (double*)buffer.Data;
            for (long i = 0, n = buffer.Layout.Count; i < n; i++)
                p[i] = f(p[i]);
        }
        var y = x.NewEmpty(buffer.Layout, type);
        Transfers.Copy(buffer, y);
        return y;
    }

    /// <summary>y = ln(x / (1 − x)), x first cut to [eps, 1 − eps] if given; dx = dy / (x·(1 − x)), which is 0 beyond the cut, and without one NaN outside [0, 1].</summary>
    internal static Tensor Logit(Tensor x, double? eps)
    {
        using var scope = DisposeScope.ForTemporaries();
        Tensor p = x.As(x.dtype.IsFloating() ? x.dtype : get_default_dtype()), y;
        using (GradMode.Set(false))
        {
            var inside = eps is { } e ? p.clamp(e, 1 - e) : p;
            y = (inside / (1 - inside)).log();
        }
        return scope.MoveToOuter(FormulaBackward.Record("LogitBackward", [p], [p], [y], (node, dy) =>
        {
            var kept = node.Kept(0);
            var (low, beyond) = eps is { } e ? (e, 0.0) : (0.0, double.NaN);
            return [Where((kept >= low).logical_and(kept <= 1 - low), dy[0]! / (kept * (1 - kept)), torch.full_like(kept, beyond))];
        })[0]);
    }

    /// <summary>y = f(a, b) by a C# function, broadcast.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static Tensor Map(Tensor a, Tensor b, Func<double, double, double> f)
    {
        var common = CommonType(a, b);
        var type = common.IsFloating() ? common : get_default_dtype();
        var layout = Layout.Broadcast(a.Layout, b.Layout);
        using var left = Together(a, b).NewEmpty(layout, ScalarType.Float64).AsTemporary();
        using var right = left.NewEmpty(layout, ScalarType.Float64).AsTemporary();
        Span<long> strides = stackalloc long[layout.Rank];
        a.Layout.BroadcastStrides(layout.Shape, strides);
        Transfers.Copy(a, strides, left, left.Layout.Strides, layout.Shape);
        b.Layout.BroadcastStrides(layout.Shape, strides);
        Transfers.Copy(b, strides, right, right.Layout.Strides, layout.Shape);
        if (left.HasData)
        {
            double* p = (double*)left.Data, q = (double*)right.Data;
            for (long i = 0; i < layout.Count; i++)
                p[i] = f(p[i], q[i]);
        }
        var y = left.NewEmpty(layout, type);
        Transfers.Copy(left, y);
        return y;
    }

    /// <summary>ψ⁽ⁿ⁾(x); dx = dy·ψ⁽ⁿ⁺¹⁾(x).</summary>
    [MethodImpl(Fallbacks.Named)]
    internal static Tensor Polygamma(Tensor x, long n)
    {
        if (n < 0)
            throw new System.Runtime.InteropServices.ExternalException("polygamma(n, x) does not support negative n.");
        if (n == 0)
            return Unary(UnaryOperations.Digamma, x);
        var y = Map(x, value => SpecialFunctions.Polygamma((int)n, value));
        return Records(x) ? y.Produced(new PolygammaBackward(x, n)) : y;
    }

    private sealed class PolygammaBackward(Tensor x, long n) : UnaryNode(x)
    {
        private Saved _x = new(x);

        internal override void Backward(Tensor?[] dy, Tensor?[] dx) => dx[0] = dy[0] is { } gradient ? gradient * Polygamma(_x.Unpack(this), n + 1) : null;

        internal override void Release() => _x.Release();
    }

    /// <summary>I₁(x), the derivative of I₀; dx = dy·(I₀(x) − I₁(x)/x).</summary>
    [MethodImpl(Fallbacks.Named)]
    internal static Tensor BesselI1(Tensor x)
    {
        var y = Map(x, SpecialFunctions.I1);
        return Records(x) ? y.Produced(new BesselI1Backward(x)) : y;
    }

    /// <summary>Iₙ(x)·e^−|x| of order 0 or 1; the derivatives are I₁ − sign·I₀ and I₀ − I₁/x − sign·I₁, all of them scaled.</summary>
    [MethodImpl(Fallbacks.Named)]
    internal static Tensor ScaledBessel(Tensor x, int order)
    {
        var y = Map(x, order == 0 ? SpecialFunctions.ScaledI0 : SpecialFunctions.ScaledI1);
        return Records(x) ? y.Produced(new ScaledBesselBackward(x, order)) : y;
    }

    private sealed class ScaledBesselBackward(Tensor x, int order) : UnaryNode(x)
    {
        private Saved _x = new(x);

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            var x = _x.Unpack(this);
            Tensor zero = ScaledBessel(x, 0), one = ScaledBessel(x, 1), sign = x.detach().sign();
            var ratio = Where(x == 0, torch.full_like(x, 0.5), one / Where(x == 0, torch.ones_like(x), x));
            dx[0] = gradient * (order == 0 ? one - sign * zero : zero - ratio - sign * one);
        }

        internal override void Release() => _x.Release();
    }

    private sealed class BesselI1Backward(Tensor x) : UnaryNode(x)
    {
        private Saved _x = new(x);

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            var x = _x.Unpack(this);
            var ratio = Where(x == 0, torch.full_like(x, 0.5), BesselI1(x) / Where(x == 0, torch.ones_like(x), x));
            dx[0] = gradient * (x.i0() - ratio);
        }

        internal override void Release() => _x.Release();
    }
}
