using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>A probability with distribution function 1 − (1 − x^a)^b, a = <paramref name="concentration1"/> and b = <paramref name="concentration0"/>.</summary>
            public static Kumaraswamy Kumaraswamy(Tensor concentration1, Tensor concentration0, Generator? generator = null) => new(concentration1, concentration0, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>(1 − u^(1/b))^(1/a) with u uniform.</summary>
    public class Kumaraswamy : TransformedDistribution
    {
        internal Kumaraswamy(Tensor concentration1, Tensor concentration0, Generator? generator) : base(OfOne(concentration1, concentration0, generator), generator) =>
            (this.concentration1, this.concentration0) = Own(concentration1, concentration0);

        private static Uniform OfOne(Tensor a, Tensor b, Generator? generator)
        {
            using Tensor zero = zeros(Layout.Broadcast(a.Layout, b.Layout).Shape, a.dtype).AsTemporary(), one = ones_like(zero).AsTemporary();
            return new Uniform(zero, one, generator);
        }

        public Tensor concentration1 { get; }

        public Tensor concentration0 { get; }

        private protected override Tensor Transform(Tensor x) => (1 - x.pow(concentration0.reciprocal())).pow(concentration1.reciprocal());

        private protected override Tensor Inverse(Tensor y) => (1 - y.pow(concentration1)).pow(concentration0);

        /// <summary>The transformation falls, so its slope is meant without its sign.</summary>
        private protected override Tensor LogSlope(Tensor x)
        {
            var inner = x.pow(concentration0.reciprocal());
            return (concentration0.reciprocal() - 1) * x.log() - concentration0.log() + (concentration1.reciprocal() - 1) * (1 - inner).log() - concentration1.log();
        }

        /// <summary>The moment of order n: b·B(1 + n/a, b).</summary>
        private Tensor Moment(double n)
        {
            var first = n / concentration1 + 1;
            return concentration0 * (first.lgamma() + concentration0.lgamma() - (first + concentration0).lgamma()).exp();
        }

        public override Tensor mean => Compose(() => Moment(1));

        /// <summary>((a − 1) / (a·b − 1))^(1/a); NaN where a or b is below 1.</summary>
        public override Tensor mode => Compose(() =>
        {
            Tensor a = concentration1, b = concentration0, top = ((a - 1) / (a * b - 1)).pow(a.reciprocal());
            return where(a.lt(1).logical_or(b.lt(1)), full_like(top, double.NaN), top);
        });

        public override Tensor variance => Compose(() => Moment(2) - Moment(1).square());

        /// <summary>The probability of at most a value: 1 − (1 − xᵃ)ᵇ.</summary>
        public override Tensor cdf(Tensor value) => Compose(() => 1 - Inverse(value));

        public override Tensor icdf(Tensor value) => Compose(() => Transform(1 - value));

        public override Tensor entropy() => Compose(() =>
            1 - concentration0.reciprocal() + (1 - concentration1.reciprocal()) * ((concentration0 + 1).digamma() + euler_constant) - concentration1.log() - concentration0.log());

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new Kumaraswamy(concentration1.expand(batch_shape), concentration0.expand(batch_shape), generator));
    }
}
