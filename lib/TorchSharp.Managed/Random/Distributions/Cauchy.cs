using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>The ratio of two normal numbers: density 1 / (π·scale·(1 + ((x − loc)/scale)²)). It has neither mean nor variance.</summary>
            public static Cauchy Cauchy(Tensor loc, Tensor scale, Generator? generator = null) => new(loc, scale, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    public class Cauchy : distributions.Distribution
    {
        private readonly Tensor _loc, _scale;

        public Cauchy(Tensor loc, Tensor scale, Generator? generator = null) : base(generator) => (_loc, _scale) = Own(loc, scale);

        /// <summary>The integral does not exist: NaN.</summary>
        public override Tensor mean => full(batch_shape.Shape, double.NaN, _loc.dtype, _loc.device);

        public override Tensor mode => _loc;

        /// <summary>Infinite.</summary>
        public override Tensor variance => full(batch_shape.Shape, double.PositiveInfinity, _loc.dtype, _loc.device);

        public override Tensor rsample(params long[] sample_shape) => Compose(() => _loc + empty(ExtendedShape(sample_shape), _loc.dtype, _loc.device).cauchy_(generator: generator) * _scale);

        public override Tensor log_prob(Tensor value) => Compose(() => -Math.Log(Math.PI) - _scale.log() - ((value - _loc) / _scale).square().log1p());

        public override Tensor entropy() => Compose(() => Math.Log(4 * Math.PI) + _scale.log());

        public override Tensor cdf(Tensor value) => Compose(() => ((value - _loc) / _scale).atan() / Math.PI + 0.5);

        public override Tensor icdf(Tensor value) => Compose(() => (Math.PI * (value - 0.5)).tan() * _scale + _loc);

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new Cauchy(_loc.expand(batch_shape), _scale.expand(batch_shape), generator));
    }
}
