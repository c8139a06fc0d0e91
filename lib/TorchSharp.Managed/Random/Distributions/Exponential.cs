using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>Waiting times for events of a given rate.</summary>
            public static Exponential Exponential(Tensor rate, Generator? generator = null) => new(rate, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    public class Exponential : distributions.ExponentialFamily
    {
        private readonly Tensor rate;

        public Exponential(Tensor rate, Generator? generator = null) : base(generator) => this.rate = Own(rate);

        public override Tensor mean => rate.reciprocal();

        public override Tensor mode => zeros_like(rate);

        public override Tensor stddev => rate.reciprocal();

        public override Tensor variance => rate.pow(-2);

        public override Tensor rsample(params long[] sample_shape) => Compose(() => empty(ExtendedShape(sample_shape), rate.dtype, rate.device).exponential_(generator: generator) / rate);

        public override Tensor log_prob(Tensor value) => Compose(() => rate.log() - rate * value);

        public override Tensor entropy() => Compose(() => 1 - rate.log());

        public override Tensor cdf(Tensor value) => Compose(() => 1 - (-rate * value).exp());

        public override Tensor icdf(Tensor value) => Compose(() => -(-value).log1p() / rate);

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new Exponential(rate.expand(batch_shape), generator));
    }
}
