using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>1 with a given probability, else 0; the probability, or its log-odds.</summary>
            public static Bernoulli Bernoulli(Tensor? probs = null, Tensor? logits = null, Generator? generator = null) => new(probs, logits, generator);

            public static Bernoulli Bernoulli(float? probs, float? logits, Generator? generator = null) =>
                new(probs is { } p ? tensor(p) : null, logits is { } l ? tensor(l) : null, generator);

            public static Bernoulli Bernoulli(double? probs, double? logits, Generator? generator = null) =>
                new(probs is { } p ? tensor(p) : null, logits is { } l ? tensor(l) : null, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    public class Bernoulli : distributions.Distribution
    {
        private readonly Tensor? _p, _l;

        public Bernoulli(Tensor? p = null, Tensor? l = null, Generator? generator = null) : base(generator) => (_p, _l) = OwnOneOf(p, l);

        public Tensor probs => _p ?? LogitsToProbs(_l!, isBinary: true);

        public Tensor logits => _l ?? ProbsToLogits(_p!, isBinary: true);

        public override Tensor mean => probs;

        public override Tensor variance => Compose(() => probs * (1 - probs));

        /// <summary>Zeros and ones have no gradient: the same as <c>sample</c>.</summary>
        public override Tensor rsample(params long[] sample_shape) => Compose(() => probs.detach().expand(ExtendedShape(sample_shape)).bernoulli(generator: generator));

        public override Tensor log_prob(Tensor value) => Compose(() => -nn.functional.binary_cross_entropy_with_logits(logits.expand(Shape(value)), value.expand(Shape(value)), reduction: nn.Reduction.None));

        private long[] Shape(Tensor value) => Layout.Broadcast(value.Layout, Layout.Of(batch_shape.Shape)).Shape;

        public override Tensor entropy() => Compose(() => nn.functional.binary_cross_entropy_with_logits(logits, probs, reduction: nn.Reduction.None));

        public override Tensor enumerate_support(bool expand = true) => Compose(() =>
        {
            var values = tensor(new[] { 0.0, 1.0 }, probs.dtype).view([2, .. batch_shape.Select(_ => 1L)]);
            return expand ? values.expand([2, .. batch_shape]).clone() : values;
        });

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new Bernoulli(_p?.expand(batch_shape), _l?.expand(batch_shape), generator));
    }
}
