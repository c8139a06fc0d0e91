using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>The largest of many numbers: loc − scale·ln(−ln u) with u uniform.</summary>
            public static Gumbel Gumbel(Tensor loc, Tensor scale, Generator? generator = null) => new(loc, scale, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    public class Gumbel : TransformedDistribution
    {
        private readonly Tensor _loc, _scale;

        internal Gumbel(Tensor loc, Tensor scale, Generator? generator) : base(OpenInterval(loc, scale, generator), generator) => (_loc, _scale) = Own(loc, scale);

        /// <summary>Uniform without 0 and 1, whose logarithms are infinite.</summary>
        private static Uniform OpenInterval(Tensor loc, Tensor scale, Generator? generator)
        {
            using Tensor like = (loc + scale).AsTemporary(), low = full_like(like, SmallestNormal(like.dtype)).AsTemporary(), high = full_like(like, 1 - Operations.Epsilon(like.dtype)).AsTemporary();
            return new Uniform(low, high, generator);
        }

        private protected override Tensor Transform(Tensor x) => _loc - _scale * (-x.log()).log();

        private protected override Tensor Inverse(Tensor y) => (-((_loc - y) / _scale).exp()).exp();

        public override Tensor mean => Compose(() => _loc + _scale * euler_constant);

        public override Tensor mode => _loc;

        public override Tensor stddev => Compose(() => Math.PI / Math.Sqrt(6) * _scale);

        public override Tensor variance => Compose(() => stddev.square());

        /// <summary>In closed form: far out the uniform value rounds to 0 or 1.</summary>
        public override Tensor log_prob(Tensor value) => Compose(() =>
        {
            var y = (_loc - value) / _scale;
            return y - y.exp() - _scale.log();
        });

        public override Tensor entropy() => Compose(() => _scale.log() + (1 + euler_constant));

        public override Tensor cdf(Tensor value) => Compose(() => Inverse(value));

        public override Tensor icdf(Tensor value) => Compose(() => Transform(value));

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new Gumbel(_loc.expand(batch_shape), _scale.expand(batch_shape), generator));
    }
}
