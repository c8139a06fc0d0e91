using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>The number of failures before the first success: probability (1 − p)ᵏ·p.</summary>
            public static Geometric Geometric(Tensor? probs = null, Tensor? logits = null, Generator? generator = null) => new(probs, logits, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    public class Geometric : distributions.Distribution
    {
        private readonly Tensor? _p, _l;

        public Geometric(Tensor? probs = null, Tensor? logits = null, Generator? generator = null) : base(generator) => (_p, _l) = OwnOneOf(probs, logits);

        public Tensor probs => _p ?? LogitsToProbs(_l!, isBinary: true);

        public Tensor logits => _l ?? ProbsToLogits(_p!, isBinary: true);

        public override Tensor mean => Compose(() => 1 / probs - 1);

        public override Tensor mode => zeros_like(probs);

        public override Tensor variance => Compose(() => (1 / probs - 1) / probs);

        /// <summary>⌊ln u / ln(1 − p)⌋ with u uniform in (0, 1). Counts have no gradient: the same as <c>sample</c>.</summary>
        public override Tensor rsample(params long[] sample_shape) => Compose(() =>
        {
            Tensor q = probs.detach(), u = empty(ExtendedShape(sample_shape), q.dtype, q.device).uniform_(SmallestNormal(q.dtype), 1, generator);
            return (u.log() / (-q).log1p()).floor();
        });

        public override Tensor log_prob(Tensor value) => Compose(() =>
        {
            var q = where(probs.eq(1) & value.eq(0), zeros_like(probs), probs);
            return value * (-q).log1p() + probs.log();
        });

        public override Tensor entropy() => Compose(() => nn.functional.binary_cross_entropy_with_logits(logits, probs, reduction: nn.Reduction.None) / probs);

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new Geometric(_p?.expand(batch_shape), _l?.expand(batch_shape), generator));
    }
}
