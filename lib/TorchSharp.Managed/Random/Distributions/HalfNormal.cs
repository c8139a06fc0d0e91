using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>The absolute value of a normal number with mean 0.</summary>
            public static HalfNormal HalfNormal(Tensor scale, Generator? generator = null) => new(scale, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>The absolute value falls on one side and rises on the other, so its densities and shares are its own.</summary>
    public class HalfNormal : TransformedDistribution
    {
        internal HalfNormal(Tensor scale, Generator? generator) : base(new Normal(zeros_like(scale), scale, generator), generator) { }

        public Tensor scale => inner.stddev;

        private protected override Tensor Transform(Tensor x) => x.abs();

        public override Tensor mean => Compose(() => scale * Math.Sqrt(2 / Math.PI));

        public override Tensor mode => zeros_like(scale);

        public override Tensor variance => Compose(() => scale.square() * (1 - 2 / Math.PI));

        public override Tensor log_prob(Tensor value) => Compose(() =>
        {
            var log = inner.log_prob(value) + Math.Log(2);
            return where(value.ge(0), log, full_like(log, double.NegativeInfinity));
        });

        public override Tensor entropy() => Compose(() => inner.entropy() - Math.Log(2));

        public override Tensor cdf(Tensor value) => Compose(() => 2 * inner.cdf(value) - 1);

        public override Tensor icdf(Tensor prob) => Compose(() => inner.icdf((prob + 1) / 2));

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new HalfNormal(scale.expand(batch_shape), generator));
    }
}
