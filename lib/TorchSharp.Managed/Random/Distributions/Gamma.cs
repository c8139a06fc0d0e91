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
        private readonly Tensor _concentration, _rate;

        public Gamma(Tensor concentration, Tensor rate, Generator? generator = null) : base(generator) => (_concentration, _rate) = Own(concentration, rate);

        public override Tensor mean => _concentration / _rate;

        public override Tensor mode => Compose(() => ((_concentration - 1) / _rate).clamp_min(0));

        public override Tensor variance => Compose(() => _concentration / _rate.square());

        /// <summary>Differentiable in both parameters.</summary>
        public override Tensor rsample(params long[] sample_shape) => Compose(() =>
            (Operations.StandardGamma(_concentration.expand(ExtendedShape(sample_shape)), generator) / _rate).clamp_min(SmallestNormal(_rate.dtype)));

        public override Tensor log_prob(Tensor value) => Compose(() => _concentration.xlogy(_rate) + (_concentration - 1).xlogy(value) - _rate * value - _concentration.lgamma());

        public override Tensor cdf(Tensor value) => Compose(() => special.gammainc(_concentration, _rate * value));

        public override Tensor entropy() => Compose(() => _concentration - _rate.log() + _concentration.lgamma() + (1 - _concentration) * _concentration.digamma());

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new Gamma(_concentration.expand(batch_shape), _rate.expand(batch_shape), generator));
    }
}
