using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>The sum of waiting times: density rateᵃ·xᵃ⁻¹·exp(−rate·x) / Γ(a), a the concentration.</summary>
            public static Gamma Gamma(Tensor concentration, Tensor rate, Generator? generator = null) => new(concentration, rate, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    public class Gamma : distributions.ExponentialFamily
    {
        private readonly Tensor concentration, rate;

        public Gamma(Tensor concentration, Tensor rate, Generator? generator = null) : base(generator) => (this.concentration, this.rate) = Own(concentration, rate);

        public override Tensor mean => concentration / rate;

        public override Tensor mode => Compose(() => ((concentration - 1) / rate).clamp_min(0));

        public override Tensor variance => Compose(() => concentration / rate.square());

        /// <summary>Differentiable in both parameters.</summary>
        public override Tensor rsample(params long[] sample_shape) => Compose(() =>
            (Operations.StandardGamma(concentration.expand(ExtendedShape(sample_shape)), generator) / rate).clamp_min(SmallestNormal(rate.dtype)));

        public override Tensor log_prob(Tensor value) => Compose(() => concentration.xlogy(rate) + (concentration - 1).xlogy(value) - rate * value - concentration.lgamma());

        public override Tensor cdf(Tensor value) => Compose(() => special.gammainc(concentration, rate * value));

        public override Tensor entropy() => Compose(() => concentration - rate.log() + concentration.lgamma() + (1 - concentration) * concentration.digamma());

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new Gamma(concentration.expand(batch_shape), rate.expand(batch_shape), generator));
    }
}
