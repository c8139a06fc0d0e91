using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>Values above <paramref name="scale"/>: density alpha·scale^alpha / x^(alpha + 1).</summary>
            public static Pareto Pareto(Tensor scale, Tensor alpha, Generator? generator = null) => new(scale, alpha, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>scale·exp(e) with e exponential of rate alpha.</summary>
    public class Pareto : TransformedDistribution
    {
        internal Pareto(Tensor scale, Tensor alpha, Generator? generator) : base(Exponent(scale, alpha, generator), generator) => (this.scale, this.alpha) = Own(scale, alpha);

        private static Exponential Exponent(Tensor scale, Tensor alpha, Generator? generator)
        {
            using var rate = alpha.expand(Layout.Broadcast(scale.Layout, alpha.Layout).Shape).AsTemporary();
            return new Exponential(rate, generator);
        }

        public Tensor scale { get; }

        public Tensor alpha { get; }

        private protected override Tensor Transform(Tensor x) => scale * x.exp();

        private protected override Tensor Inverse(Tensor y) => (y / scale).log();

        private protected override Tensor LogSlope(Tensor x) => scale.log() + x;

        /// <summary>Infinite up to alpha = 1.</summary>
        public override Tensor mean => Compose(() =>
        {
            var a = alpha.clamp_min(1);
            return a * scale / (a - 1);
        });

        public override Tensor mode => scale.alias();

        /// <summary>Infinite up to alpha = 2.</summary>
        public override Tensor variance => Compose(() =>
        {
            var a = alpha.clamp_min(2);
            return scale.square() * a / ((a - 1).square() * (a - 2));
        });

        public override Tensor entropy() => Compose(() => (scale / alpha).log() + 1 + alpha.reciprocal());

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new Pareto(scale.expand(batch_shape), alpha.expand(batch_shape), generator));
    }
}
