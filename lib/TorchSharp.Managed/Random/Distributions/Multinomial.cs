using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>How often each category comes up in <paramref name="total_count"/> draws.</summary>
            public static Multinomial Multinomial(int total_count, Tensor? probs = null, Tensor? logits = null, Generator? generator = null) => new(total_count, probs, logits, generator);

            /// <summary>All categories alike.</summary>
            public static Multinomial Multinomial(int total_count, int categories, Generator? generator = null) => new(total_count, ones(categories) / categories, null, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    public class Multinomial : distributions.Distribution
    {
        private readonly int _count;
        private readonly Categorical _one;

        public Multinomial(int total_count, Tensor? probs = null, Tensor? logits = null, Generator? generator = null) : this(total_count, new Categorical(probs, logits, generator), generator) { }

        private Multinomial(int count, Categorical one, Generator? generator) : base(generator)
        {
            if (count < 0)
                throw new ArgumentException($"Multinomial: total_count is {count}, expected 0 or more.", "total_count");
            (_count, _one) = (count, one);
            (batch_shape, event_shape) = (one.batch_shape, one.param_shape[^1..]);
        }

        public long[] param_shape => _one.param_shape;

        public Tensor probs => _one.probs;

        public Tensor logits => _one.logits;

        public override Tensor mean => Compose(() => probs * _count);

        public override Tensor variance => Compose(() => _count * probs * (1 - probs));

        /// <summary>Counts have no gradient: the same as <c>sample</c>.</summary>
        public override Tensor rsample(params long[] sample_shape) => Compose(() =>
        {
            var draws = _one.sample([_count, .. sample_shape]).movedim([0L], [-1L]);
            return zeros(ExtendedShape(sample_shape), probs.dtype, probs.device).scatter_add_(-1, draws, ones(draws.shape, probs.dtype, probs.device));
        });

        /// <summary>ln n! − Σ ln kᵢ! + Σ kᵢ·ln pᵢ.</summary>
        public override Tensor log_prob(Tensor value) => Compose(() =>
        {
            var log = where(value.eq(0) & logits.eq(double.NegativeInfinity), zeros_like(logits), logits);
            return (value.sum(-1L) + 1).lgamma() - (value + 1).lgamma().sum(-1L) + (log * value).sum(-1L);
        });

        /// <summary>n·H(one draw) − ln n! + Σᵢ E ln kᵢ!, where each kᵢ alone is binomial.</summary>
        public override Tensor entropy() => Compose(() =>
        {
            using var each = new Binomial(tensor((double)_count), _one.probs);
            var support = each.enumerate_support(false).narrow(0, 1, _count);
            var factorials = (each.log_prob(support).exp() * (support + 1).lgamma()).sum(0L).sum(-1L);
            return _count * _one.entropy() - SpecialFunctions.Lgamma(_count + 1) + factorials;
        });

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new Multinomial(_count, (Categorical)_one.expand(batch_shape), generator));

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _one.Dispose();
            base.Dispose(disposing);
        }
    }
}
