using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>The normal distribution with mean <paramref name="loc"/> and standard deviation <paramref name="scale"/>.</summary>
            public static Normal Normal(Tensor loc, Tensor scale, Generator? generator = null) => new(loc, scale, generator);

            public static Normal Normal(float loc, float scale = 1, Generator? generator = null) => new(tensor(loc), tensor(scale), generator);

            public static Normal Normal(double loc, double scale = 1, Generator? generator = null) => new(tensor(loc), tensor(scale), generator);
        }
    }
}

namespace TorchSharp.Modules
{
    public class Normal : distributions.Distribution
    {
        private readonly Tensor _loc, _scale;

        public Normal(Tensor loc, Tensor scale, Generator? generator = null) : base(generator) => (_loc, _scale) = Own(loc, scale);

        public override Tensor mean => _loc;

        public override Tensor mode => _loc;

        public override Tensor stddev => _scale;

        public override Tensor variance => _scale.square();

        /// <summary>loc + scale·ε with ε from the standard normal distribution.</summary>
        public override Tensor rsample(params long[] sample_shape) => Compose(() => _loc + _scale * randn(ExtendedShape(sample_shape), _loc.dtype, generator: generator));

        public override Tensor log_prob(Tensor value) => Compose(() => -(value - _loc).square() / (2 * variance) - _scale.log() - 0.5 * Math.Log(2 * Math.PI));

        public override Tensor entropy() => Compose(() => 0.5 + 0.5 * Math.Log(2 * Math.PI) + _scale.log());

        public override Tensor cdf(Tensor value) => Compose(() => 0.5 * (1 + ((value - _loc) / (_scale * Math.Sqrt(2))).erf()));

        public override Tensor icdf(Tensor value) => Compose(() => _loc + _scale * (2 * value - 1).erfinv() * Math.Sqrt(2));

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new Normal(_loc.expand(batch_shape), _scale.expand(batch_shape), generator));
    }
}
