using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>Every value of [low, high) alike.</summary>
            public static Uniform Uniform(Tensor low, Tensor high, Generator? generator = null) => new(low, high, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    public class Uniform : distributions.Distribution
    {
        private readonly Tensor low, high;

        public Uniform(Tensor low, Tensor high, Generator? generator = null) : base(generator) => (this.low, this.high) = Own(low, high);

        public override Tensor mean => Compose(() => (low + high) / 2);

        public override Tensor variance => Compose(() => (high - low).square() / 12);

        public override Tensor rsample(params long[] sample_shape) => Compose(() => low + rand(ExtendedShape(sample_shape), low.dtype, generator: generator) * (high - low));

        public override Tensor log_prob(Tensor value) => Compose(() => (value.ge(low) & value.lt(high)).to_type(low.dtype).log() - (high - low).log());

        public override Tensor entropy() => Compose(() => (high - low).log());

        public override Tensor cdf(Tensor value) => Compose(() => ((value - low) / (high - low)).clamp(0, 1));

        public override Tensor icdf(Tensor value) => Compose(() => value * (high - low) + low);

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new Uniform(low.expand(batch_shape), high.expand(batch_shape), generator));
    }
}
