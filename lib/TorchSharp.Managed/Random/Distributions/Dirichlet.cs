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
        private readonly Tensor concentration;

        public Dirichlet(Tensor concentration, Generator? generator = null) : base(generator)
        {
            if (concentration.dim() < 1) throw new ArgumentException("Dirichlet takes concentrations of one dimension or more, got a scalar.", nameof(concentration));
            this.concentration = Own(concentration);
            (batch_shape, event_shape) = (concentration.shape[..^1], concentration.shape[^1..]);
        }

        public override Tensor mean => Compose(() => concentration / concentration.sum(-1L, true));

        /// <summary>Where all concentrations are below 1 the density is largest in a corner: that of the largest.</summary>
        public override Tensor mode => Compose(() =>
        {
            Tensor above = (concentration - 1).clamp_min(0), inside = above / above.sum(-1L, true);
            Tensor corner = nn.functional.one_hot(concentration.argmax(-1), event_shape[0]).to_type(concentration.dtype);
            return where(concentration.lt(1).all(-1, true), corner, inside);
        });

        public override Tensor variance => Compose(() =>
        {
            Tensor total = concentration.sum(-1L, true);
            return concentration * (total - concentration) / (total.square() * (total + 1));
        });

        /// <summary>Gamma variates divided by their sum; differentiable. Drawn in double precision, so that small concentrations do not give 0 / 0.</summary>
        public override Tensor rsample(params long[] sample_shape) => Compose(() =>
        {
            Tensor variates = Operations.StandardGamma(concentration.to_type(ScalarType.Float64).expand(ExtendedShape(sample_shape)), generator);
            return (variates / variates.sum(-1L, true)).to_type(concentration.dtype).clamp(SmallestNormal(concentration.dtype), 1 - Operations.Epsilon(concentration.dtype) / 2);
        });

        public override Tensor log_prob(Tensor value) => Compose(() =>
            (concentration - 1).xlogy(value).sum(-1L) + concentration.sum(-1L).lgamma() - concentration.lgamma().sum(-1L));

        public override Tensor entropy() => Compose(() =>
        {
            Tensor total = concentration.sum(-1L);
            return concentration.lgamma().sum(-1L) - total.lgamma() - (event_shape[0] - total) * total.digamma() - ((concentration - 1) * concentration.digamma()).sum(-1L);
        });

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new Dirichlet(concentration.expand([.. batch_shape, .. event_shape]), generator));
    }
}
