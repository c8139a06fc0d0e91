using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>A lifetime: the probability of more than x is exp(−(x/scale)^concentration).</summary>
            public static Weibull Weibull(Tensor scale, Tensor concentration, Generator? generator = null) => new(scale, concentration, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>scale·e^(1/concentration) with e exponential of rate 1.</summary>
    public class Weibull : TransformedDistribution
    {
        private readonly Tensor _scale, _concentration;

        internal Weibull(Tensor scale, Tensor concentration, Generator? generator) : base(Exponent(scale, concentration, generator), generator) =>
            (_scale, _concentration) = Own(scale, concentration);

        private static Exponential Exponent(Tensor scale, Tensor concentration, Generator? generator)
        {
            using var one = ones(Layout.Broadcast(scale.Layout, concentration.Layout).Shape, scale.dtype).AsTemporary();
            return new Exponential(one, generator);
        }

        private protected override Tensor Transform(Tensor x) => _scale * x.pow(_concentration.reciprocal());

        private protected override Tensor Inverse(Tensor y) => (y / _scale).pow(_concentration);

        private protected override Tensor LogSlope(Tensor x) => (_scale / _concentration).log() + (_concentration.reciprocal() - 1) * x.log();

        /// <summary>The moment of order n of scale 1: Γ(1 + n/concentration).</summary>
        private Tensor Moment(double n) => (n / _concentration + 1).lgamma().exp();

        public override Tensor mean => Compose(() => _scale * Moment(1));

        public override Tensor mode => Compose(() => _scale * ((_concentration - 1) / _concentration).clamp_min(0).pow(_concentration.reciprocal()));

        public override Tensor variance => Compose(() => _scale.square() * (Moment(2) - Moment(1).square()));

        public override Tensor entropy() => Compose(() => euler_constant * (1 - _concentration.reciprocal()) + (_scale / _concentration).log() + 1);

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new Weibull(_scale.expand(batch_shape), _concentration.expand(batch_shape), generator));
    }
}
