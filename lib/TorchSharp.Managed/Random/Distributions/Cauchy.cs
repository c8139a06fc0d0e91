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
        private readonly Tensor loc, scale;

        public Cauchy(Tensor loc, Tensor scale, Generator? generator = null) : base(generator) => (this.loc, this.scale) = Own(loc, scale);

        /// <summary>The integral does not exist: NaN.</summary>
        public override Tensor mean => full(batch_shape.Shape, double.NaN, loc.dtype, loc.device);

        public override Tensor mode => loc;

        /// <summary>Infinite.</summary>
        public override Tensor variance => full(batch_shape.Shape, double.PositiveInfinity, loc.dtype, loc.device);

        public override Tensor rsample(params long[] sample_shape) => Compose(() => loc + empty(ExtendedShape(sample_shape), loc.dtype, loc.device).cauchy_(generator: generator) * scale);

        public override Tensor log_prob(Tensor value) => Compose(() => -Math.Log(Math.PI) - scale.log() - ((value - loc) / scale).square().log1p());

        public override Tensor entropy() => Compose(() => Math.Log(4 * Math.PI) + scale.log());

        public override Tensor cdf(Tensor value) => Compose(() => ((value - loc) / scale).atan() / Math.PI + 0.5);

        public override Tensor icdf(Tensor value) => Compose(() => (Math.PI * (value - 0.5)).tan() * scale + loc);

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new Cauchy(loc.expand(batch_shape), scale.expand(batch_shape), generator));
    }
}
