using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>A positive value whose logarithm is normal.</summary>
            public static LogNormal LogNormal(Tensor loc, Tensor scale, Generator? generator = null) => new(loc, scale, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    public class LogNormal : TransformedDistribution
    {
        internal LogNormal(Tensor loc, Tensor scale, Generator? generator) : base(new Normal(loc, scale, generator), generator) { }

        public Tensor loc => inner.mean;

        public Tensor scale => inner.stddev;

        private protected override Tensor Transform(Tensor x) => x.exp();

        private protected override Tensor Inverse(Tensor y) => y.log();

        private protected override Tensor LogSlope(Tensor x) => x;

        public override Tensor mean => Compose(() => (loc + scale.square() / 2).exp());

        public override Tensor mode => Compose(() => (loc - scale.square()).exp());

        public override Tensor variance => Compose(() => scale.square().expm1() * (2 * loc + scale.square()).exp());

        public override Tensor entropy() => Compose(() => inner.entropy() + loc);

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new LogNormal(loc.expand(batch_shape), scale.expand(batch_shape), generator));
    }
}
