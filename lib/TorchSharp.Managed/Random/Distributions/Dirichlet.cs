using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>Probabilities that sum to 1: density Π xᵢ^(aᵢ−1) / B(a), a the concentration in the last dimension.</summary>
            public static Dirichlet Dirichlet(Tensor concentration, Generator? generator = null) => new(concentration, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    public class Dirichlet : distributions.ExponentialFamily
    {
        private readonly Tensor _concentration;

        public Dirichlet(Tensor concentration, Generator? generator = null) : base(generator)
        {
            if (concentration.dim() < 1)
                throw new ArgumentException("Dirichlet takes concentrations of one dimension or more, got a scalar.", nameof(concentration));
            _concentration = Own(concentration);
            (batch_shape, event_shape) = (concentration.shape[..^1], concentration.shape[^1..]);
        }

        public override Tensor mean => Compose(() => _concentration / _concentration.sum(-1L, true));

        /// <summary>Where all concentrations are below 1 the density is largest in a corner: that of the largest.</summary>
        public override Tensor mode => Compose(() =>
        {
            Tensor above = (_concentration - 1).clamp_min(0), inside = above / above.sum(-1L, true);
            var corner = nn.functional.one_hot(_concentration.argmax(-1), event_shape[0]).to_type(_concentration.dtype);
            return where(_concentration.lt(1).all(-1, true), corner, inside);
        });

        public override Tensor variance => Compose(() =>
        {
            var total = _concentration.sum(-1L, true);
            return _concentration * (total - _concentration) / (total.square() * (total + 1));
        });

        /// <summary>Gamma variates divided by their sum; differentiable. Drawn in double precision, so that small concentrations do not give 0 / 0.</summary>
        public override Tensor rsample(params long[] sample_shape) => Compose(() =>
        {
            var variates = Operations.StandardGamma(_concentration.to_type(ScalarType.Float64).expand(ExtendedShape(sample_shape)), generator);
            return (variates / variates.sum(-1L, true)).to_type(_concentration.dtype).clamp(SmallestNormal(_concentration.dtype), 1 - Operations.Epsilon(_concentration.dtype) / 2);
        });

        public override Tensor log_prob(Tensor value) => Compose(() =>
            (_concentration - 1).xlogy(value).sum(-1L) + _concentration.sum(-1L).lgamma() - _concentration.lgamma().sum(-1L));

        public override Tensor entropy() => Compose(() =>
        {
            var total = _concentration.sum(-1L);
            return _concentration.lgamma().sum(-1L) - total.lgamma() - (event_shape[0] - total) * total.digamma() - ((_concentration - 1) * _concentration.digamma()).sum(-1L);
        });

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new Dirichlet(_concentration.expand([.. batch_shape, .. event_shape]), generator));
    }
}
