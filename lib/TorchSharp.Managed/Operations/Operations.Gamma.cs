using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.RandomStreams;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Gamma variates and their distribution function.</summary>
internal static partial class Operations
{
    /// <summary>y ~ Gamma(a, 1); da = dy·dy/da at the same place of the distribution (<see cref="IncompleteGamma.VariateByShape"/>).</summary>
    [MethodImpl(Fallbacks.Named)]
    internal static Tensor StandardGamma(Tensor a, Generator? generator)
    {
        double smallest = a.dtype == ScalarType.Float64 ? 2.2250738585072014e-308 : 1.1754943508222875e-38;
        var y = RandomTensors.Counts(a, a, (random, shape, _) => Math.Max(smallest, GammaVariates.Next(random, shape)), generator);
        return Records(a) ? y.Produced(new StandardGammaBackward(a, y)) : y;
    }

    private sealed class StandardGammaBackward(Tensor a, Tensor y) : UnaryNode(a)
    {
        private Saved _a = new(a), _y = new(y, isOutput: true);

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            if (GradMode.Enabled)
                throw new ExternalException("the derivative for '_standard_gamma_grad' is not implemented: gamma variates can be differentiated once");
            dx[0] = gradient * Map(_a.Unpack(this), _y.Unpack(this, isOutput: true), IncompleteGamma.VariateByShape);
        }

        internal override void Release()
        {
            _a.Release();
            _y.Release();
        }
    }

    /// <summary>P(a, x), or 1 − P(a, x); dx = ±dy·xᵃ⁻¹e⁻ˣ / Γ(a), and no derivative by a.</summary>
    [MethodImpl(Fallbacks.Named)]
    internal static Tensor IncompleteGammaOf(Tensor a, Tensor x, bool upper)
    {
        var y = Map(a, x, upper ? IncompleteGamma.Upper : IncompleteGamma.Lower);
        return Records(a) || Records(x) ? y.Produced(new IncompleteGammaBackward(a, x, upper)) : y;
    }

    private sealed class IncompleteGammaBackward : Node
    {
        private readonly bool _upper;
        private readonly long[] _shape;
        private Saved _a, _x;

        internal IncompleteGammaBackward(Tensor a, Tensor x, bool upper)
        {
            (_a, _x, _upper, _shape) = (new(a), new(x), upper, x.Layout.Shape);
            Next = [a.GradientEdge(), x.GradientEdge()];
        }

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            if (Needs(0))
                throw new ExternalException($"the derivative for 'special.gammainc{(_upper ? "c" : "")}' by its first argument is not implemented");
            Tensor a = _a.Unpack(this), x = _x.Unpack(this), density = ((a - 1) * x.log() - x - a.lgamma()).exp();
            dx[1] = SumTo(gradient * (_upper ? -density : density), _shape);
        }

        internal override void Release()
        {
            _a.Release();
            _x.Release();
        }
    }
}
