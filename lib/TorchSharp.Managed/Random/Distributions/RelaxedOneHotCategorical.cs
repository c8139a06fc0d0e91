using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>A vector of shares that sum to 1, nearer to a single 1 the lower the temperature, differentiable in the probabilities.</summary>
            public static RelaxedOneHotCategorical RelaxedOneHotCategorical(Tensor temperature, Tensor? probs = null, Tensor? logits = null, Generator? generator = null) => new(temperature, probs, logits, generator);

            public static RelaxedOneHotCategorical RelaxedOneHotCategorical(Tensor temperature, float? probs, float? logits, Generator? generator = null) =>
                new(temperature, probs is { } p ? tensor(p) : null, logits is { } l ? tensor(l) : null, generator);

            public static RelaxedOneHotCategorical RelaxedOneHotCategorical(Tensor temperature, double? probs, double? logits, Generator? generator = null) =>
                new(temperature, probs is { } p ? tensor(p) : null, logits is { } l ? tensor(l) : null, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    public class RelaxedOneHotCategorical : TransformedDistribution
    {
        public RelaxedOneHotCategorical(Tensor temperature, Tensor? probs = null, Tensor? logits = null, Generator? generator = null)
            : base(new ExpRelaxedCategorical(temperature, probs, logits, generator), generator) => event_shape = inner.event_shape;

        private ExpRelaxedCategorical Relaxed => (ExpRelaxedCategorical)inner;

        public Tensor probs => Relaxed.probs;

        public Tensor logits => Relaxed.logits;

        public Tensor temperature => Relaxed.temperature;

        private protected override Tensor Transform(Tensor x) => x.exp();

        /// <exception cref="NotImplementedException">Always, as in TorchSharp.</exception>
        public override Tensor entropy() => throw NoEntropy();

        public override Tensor log_prob(Tensor value) => Compose(() =>
        {
            var x = value.log();
            return inner.log_prob(x) - x.sum(-1L);
        });

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) => Expanded(instance, () =>
        {
            using var given = logits.expand([.. batch_shape, event_shape[0]]).AsTemporary();
            return new RelaxedOneHotCategorical(temperature, null, given, generator);
        });
    }
}
