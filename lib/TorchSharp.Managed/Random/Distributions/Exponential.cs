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
        private readonly Tensor _rate;

        public Exponential(Tensor rate, Generator? generator = null) : base(generator) => _rate = Own(rate);

        public override Tensor mean => _rate.reciprocal();

        public override Tensor mode => zeros_like(_rate);

        public override Tensor stddev => _rate.reciprocal();

        public override Tensor variance => _rate.pow(-2);

        public override Tensor rsample(params long[] sample_shape) => Compose(() => empty(ExtendedShape(sample_shape), _rate.dtype, _rate.device).exponential_(generator: generator) / _rate);

        public override Tensor log_prob(Tensor value) => Compose(() => _rate.log() - _rate * value);

        public override Tensor entropy() => Compose(() => 1 - _rate.log());

        public override Tensor cdf(Tensor value) => Compose(() => 1 - (-_rate * value).exp());

        public override Tensor icdf(Tensor value) => Compose(() => -(-value).log1p() / _rate);

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new Exponential(_rate.expand(batch_shape), generator));
    }
}
