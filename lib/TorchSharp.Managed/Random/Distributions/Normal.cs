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
        private readonly Tensor loc, scale;

        public Normal(Tensor loc, Tensor scale, Generator? generator = null) : base(generator) => (this.loc, this.scale) = Own(loc, scale);

        public override Tensor mean => loc;

        public override Tensor mode => loc;

        public override Tensor stddev => scale;

        public override Tensor variance => scale.square();

        /// <summary>loc + scale·ε with ε from the standard normal distribution.</summary>
        public override Tensor rsample(params long[] sample_shape) => Compose(() => loc + scale * randn(ExtendedShape(sample_shape), loc.dtype, generator: generator));

        public override Tensor log_prob(Tensor value) => Compose(() => -(value - loc).square() / (2 * variance) - scale.log() - 0.5 * Math.Log(2 * Math.PI));

        public override Tensor entropy() => Compose(() => 0.5 + 0.5 * Math.Log(2 * Math.PI) + scale.log());

        public override Tensor cdf(Tensor value) => Compose(() => 0.5 * (1 + ((value - loc) / (scale * Math.Sqrt(2))).erf()));

        public override Tensor icdf(Tensor value) => Compose(() => loc + scale * (2 * value - 1).erfinv() * Math.Sqrt(2));

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new Normal(loc.expand(batch_shape), scale.expand(batch_shape), generator));
    }
}
