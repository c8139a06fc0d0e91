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

            /// <summary>The absolute value of a normal number with mean 0.</summary>
            public static HalfNormal HalfNormal(Tensor scale, Generator? generator = null) => new(scale, generator);

            /// <summary>The largest of many numbers: loc − scale·ln(−ln u) with u uniform.</summary>
            public static Gumbel Gumbel(Tensor loc, Tensor scale, Generator? generator = null) => new(loc, scale, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>
    /// y = f(x) of a value x of another distribution, f increasing: density p(f⁻¹(y)) / f′(f⁻¹(y)). The identity, unless a family says otherwise.
    /// </summary>
    public class TransformedDistribution : distributions.Distribution
    {
        private protected TransformedDistribution(distributions.Distribution inner, Generator? generator) : base(generator) => (this.inner, batch_shape) = (inner, inner.batch_shape);

        private protected readonly distributions.Distribution inner;

        private protected virtual Tensor Transform(Tensor x) => x;

        private protected virtual Tensor Inverse(Tensor y) => y;

        /// <summary>ln f′(x).</summary>
        private protected virtual Tensor LogSlope(Tensor x) => zeros_like(x);

        public override Tensor mean => inner.mean;

        public override Tensor variance => inner.variance;

        public override Tensor rsample(params long[] sample_shape) => Compose(() => Transform(inner.rsample(sample_shape)));

        public override Tensor log_prob(Tensor value) => Compose(() =>
        {
            Tensor x = Inverse(value);
            return inner.log_prob(x) - LogSlope(x);
        });

        public override Tensor entropy() => inner.entropy();

        public override Tensor cdf(Tensor value) => Compose(() => inner.cdf(Inverse(value)));

        public override Tensor icdf(Tensor value) => Compose(() => Transform(inner.icdf(value)));

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new TransformedDistribution(inner.expand(batch_shape), generator));

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing) inner.Dispose();
        }
    }

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
            Tensor log = inner.log_prob(value) + Math.Log(2);
            return where(value.ge(0), log, full_like(log, double.NegativeInfinity));
        });

        public override Tensor entropy() => Compose(() => inner.entropy() - Math.Log(2));

        public override Tensor cdf(Tensor value) => Compose(() => 2 * inner.cdf(value) - 1);

        public override Tensor icdf(Tensor prob) => Compose(() => inner.icdf((prob + 1) / 2));

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new HalfNormal(scale.expand(batch_shape), generator));
    }

    public class Gumbel : TransformedDistribution
    {
        readonly Tensor loc, scale;

        internal Gumbel(Tensor loc, Tensor scale, Generator? generator) : base(OpenInterval(loc, scale, generator), generator) => (this.loc, this.scale) = Own(loc, scale);

        /// <summary>Uniform without 0 and 1, whose logarithms are infinite.</summary>
        static Uniform OpenInterval(Tensor loc, Tensor scale, Generator? generator)
        {
            using Tensor like = loc + scale, low = full_like(like, SmallestNormal(like.dtype)), high = full_like(like, 1 - Operations.Epsilon(like.dtype));
            return new Uniform(low, high, generator);
        }

        private protected override Tensor Transform(Tensor x) => loc - scale * (-x.log()).log();

        private protected override Tensor Inverse(Tensor y) => (-((loc - y) / scale).exp()).exp();

        public override Tensor mean => Compose(() => loc + scale * euler_constant);

        public override Tensor mode => loc;

        public override Tensor stddev => Compose(() => Math.PI / Math.Sqrt(6) * scale);

        public override Tensor variance => Compose(() => stddev.square());

        /// <summary>In closed form: far out the uniform value rounds to 0 or 1.</summary>
        public override Tensor log_prob(Tensor value) => Compose(() =>
        {
            Tensor y = (loc - value) / scale;
            return y - y.exp() - scale.log();
        });

        public override Tensor entropy() => Compose(() => scale.log() + (1 + euler_constant));

        public override Tensor cdf(Tensor value) => Compose(() => Inverse(value));

        public override Tensor icdf(Tensor value) => Compose(() => Transform(value));

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new Gumbel(loc.expand(batch_shape), scale.expand(batch_shape), generator));
    }
}
