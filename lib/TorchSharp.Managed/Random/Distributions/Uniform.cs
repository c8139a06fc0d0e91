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
        private readonly Tensor _low, _high;

        public Uniform(Tensor low, Tensor high, Generator? generator = null) : base(generator) => (_low, _high) = Own(low, high);

        public override Tensor mean => Compose(() => (_low + _high) / 2);

        public override Tensor variance => Compose(() => (_high - _low).square() / 12);

        public override Tensor rsample(params long[] sample_shape) => Compose(() => _low + rand(ExtendedShape(sample_shape), _low.dtype, generator: generator) * (_high - _low));

        public override Tensor log_prob(Tensor value) => Compose(() => (value.ge(_low) & value.lt(_high)).to_type(_low.dtype).log() - (_high - _low).log());

        public override Tensor entropy() => Compose(() => (_high - _low).log());

        public override Tensor cdf(Tensor value) => Compose(() => ((value - _low) / (_high - _low)).clamp(0, 1));

        public override Tensor icdf(Tensor value) => Compose(() => value * (_high - _low) + _low);

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new Uniform(_low.expand(batch_shape), _high.expand(batch_shape), generator));
    }
}
