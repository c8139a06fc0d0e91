using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>The absolute value of a Cauchy number around 0.</summary>
            public static HalfCauchy HalfCauchy(Tensor scale, Generator? generator = null) => new(scale, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    public class HalfCauchy : TransformedDistribution
    {
        internal HalfCauchy(Tensor scale, Generator? generator) : base(Around0(scale, generator), generator) => this.scale = Own(scale);

        private static Cauchy Around0(Tensor scale, Generator? generator)
        {
            using var zero = zeros_like(scale).AsTemporary();
            return new Cauchy(zero, scale, generator);
        }

        public Tensor scale { get; }

        private protected override Tensor Transform(Tensor x) => x.abs();

        /// <summary>Infinite.</summary>
        public override Tensor mean => full_like(scale, double.PositiveInfinity);

        public override Tensor mode => zeros_like(scale);

        /// <summary>Infinite.</summary>
        public override Tensor variance => full_like(scale, double.PositiveInfinity);

        public override Tensor log_prob(Tensor value) => Compose(() =>
        {
            var log = inner.log_prob(value) + Math.Log(2);
            return where(value.ge(0), log, full_like(log, double.NegativeInfinity));
        });

        public override Tensor cdf(Tensor value) => Compose(() => 2 * inner.cdf(value) - 1);

        public override Tensor icdf(Tensor value) => Compose(() => inner.icdf((value + 1) / 2));

        public override Tensor entropy() => Compose(() => inner.entropy() - Math.Log(2));

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new HalfCauchy(scale.expand(batch_shape), generator));
    }
}
