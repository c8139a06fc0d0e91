using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>A number between 0 and 1, nearer to one of them the lower the temperature, differentiable in the probability.</summary>
            public static RelaxedBernoulli RelaxedBernoulli(Tensor temperature, Tensor? probs = null, Tensor? logits = null, Generator? generator = null) => new(temperature, probs, logits, generator);

            public static RelaxedBernoulli RelaxedBernoulli(Tensor temperature, float? probs, float? logits, Generator? generator = null) =>
                new(temperature, probs is { } p ? tensor(p) : null, logits is { } l ? tensor(l) : null, generator);

            public static RelaxedBernoulli RelaxedBernoulli(Tensor temperature, double? probs, double? logits, Generator? generator = null) =>
                new(temperature, probs is { } p ? tensor(p) : null, logits is { } l ? tensor(l) : null, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>The sigmoid of relaxed log-odds.</summary>
    public class RelaxedBernoulli : TransformedDistribution
    {
        public RelaxedBernoulli(Tensor temperature, Tensor? probs = null, Tensor? logits = null, Generator? generator = null)
            : base(new LogitRelaxedBernoulli(temperature, probs, logits, generator), generator) => this.temperature = Keep(temperature.alias());

        private LogitRelaxedBernoulli Relaxed => (LogitRelaxedBernoulli)inner;

        public Tensor probs => Relaxed.probs;

        public Tensor logits => Relaxed.logits;

        public Tensor temperature { get; }

        public override Tensor mean => throw new InvalidOperationException("RelaxedBernoulli has no mean in closed form");

        public override Tensor variance => throw new InvalidOperationException("RelaxedBernoulli has no variance in closed form");

        /// <exception cref="NotImplementedException">Always, as in TorchSharp.</exception>
        public override Tensor entropy() => throw NoEntropy();

        private protected override Tensor Transform(Tensor x)
        {
            var y = x.sigmoid();
            return y.clamp(SmallestNormal(y.dtype), 1 - Operations.Epsilon(y.dtype));
        }

        private protected override Tensor Inverse(Tensor y)
        {
            var inside = y.clamp(SmallestNormal(y.dtype), 1 - Operations.Epsilon(y.dtype));
            return inside.log() - (-inside).log1p();
        }

        private protected override Tensor LogSlope(Tensor x) => x.log_sigmoid() + (-x).log_sigmoid();

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) => Expanded(instance, () =>
        {
            using var given = logits.expand(batch_shape).AsTemporary();
            return new RelaxedBernoulli(temperature, null, given, generator);
        });
    }
}
