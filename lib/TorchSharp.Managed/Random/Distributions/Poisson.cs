using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>The number of events at a given rate: probability rateᵏ·exp(−rate) / k!.</summary>
            public static Poisson Poisson(Tensor rate, Generator? generator = null) => new(rate, generator);

            public static Poisson Poisson(float rate, Generator? generator = null) => new(tensor(rate), generator);

            public static Poisson Poisson(double rate, Generator? generator = null) => new(tensor(rate), generator);
        }
    }
}

namespace TorchSharp.Modules
{
    public class Poisson : distributions.ExponentialFamily
    {
        private readonly Tensor _rate;

        public Poisson(Tensor rate, Generator? generator = null) : base(generator) => _rate = Own(rate);

        public override Tensor mean => _rate;

        public override Tensor mode => _rate.floor();

        public override Tensor variance => _rate;

        /// <summary>Counts have no gradient: the same as <c>sample</c>.</summary>
        public override Tensor rsample(params long[] sample_shape) => Compose(() => poisson(_rate.detach().expand(ExtendedShape(sample_shape)), generator));

        public override Tensor log_prob(Tensor value) => Compose(() => value.xlogy(_rate) - _rate - (value + 1).lgamma());

        /// <exception cref="NotSupportedException">There is no closed form.</exception>
        public override Tensor entropy() => throw new NotSupportedException("The entropy of a Poisson distribution has no closed form; average -log_prob over samples.");

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new Poisson(_rate.expand(batch_shape), generator));
    }
}
