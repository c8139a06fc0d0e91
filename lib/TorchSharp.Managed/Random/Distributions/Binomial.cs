using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>The number of successes in <paramref name="total_count"/> independent trials; the probability of one, or its log-odds.</summary>
            public static Binomial Binomial(Tensor total_count, Tensor? probs = null, Tensor? logits = null, Generator? generator = null) => new(total_count, probs, logits, generator);

            public static Binomial Binomial(int total_count, float? probs, float? logits, Generator? generator = null) =>
                new(tensor((float)total_count), probs is { } p ? tensor(p) : null, logits is { } l ? tensor(l) : null, generator);

            public static Binomial Binomial(int total_count, double? probs, double? logits, Generator? generator = null) =>
                new(tensor((double)total_count), probs is { } p ? tensor(p) : null, logits is { } l ? tensor(l) : null, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    public class Binomial : distributions.Distribution
    {
        private readonly Tensor _count;
        private readonly Tensor? _p, _l;

        public Binomial(Tensor total_count, Tensor? p = null, Tensor? l = null, Generator? generator = null) : base(generator)
        {
            (_p, _l) = OwnOneOf(p, l);
            var given = (p ?? l)!;
            (_count, var broadcast) = Own(total_count.to_type(given.dtype), given);
            if (p is not null)
                _p = broadcast;
            else
                _l = broadcast;
        }

        public Tensor probs => _p ?? LogitsToProbs(_l!, isBinary: true);

        public Tensor logits => _l ?? ProbsToLogits(_p!, isBinary: true);

        public override Tensor mean => Compose(() => _count * probs);

        public override Tensor mode => Compose(() => ((_count + 1) * probs).floor().minimum(_count));

        public override Tensor variance => Compose(() => _count * probs * (1 - probs));

        /// <summary>Counts have no gradient: the same as <c>sample</c>.</summary>
        public override Tensor rsample(params long[] sample_shape) => Compose(() =>
        {
            long[] shape = ExtendedShape(sample_shape);
            return binomial(_count.expand(shape), probs.detach().expand(shape), generator);
        });

        /// <summary>ln (n over k) + k·l − n·ln(1 + eˡ) with l the log-odds.</summary>
        public override Tensor log_prob(Tensor value) => Compose(() =>
        {
            Tensor odds = logits, choices = (_count + 1).lgamma() - (value + 1).lgamma() - (_count - value + 1).lgamma();
            return choices + value * odds - _count * (odds.clamp_min(0) + (-odds.abs()).exp().log1p());
        });

        /// <summary>A sum over all counts.</summary>
        public override Tensor entropy() => Compose(() =>
        {
            var log = log_prob(enumerate_support(false));
            return -(log.exp() * log).sum(0L);
        });

        /// <exception cref="NotSupportedException">The batch has several numbers of trials, and so several supports.</exception>
        public override Tensor enumerate_support(bool expand = true) => Compose(() =>
        {
            double trials = _count.max().ToDouble();
            if (_count.min().ToDouble() != trials)
                throw new NotSupportedException("Binomial distributions with different total_count in one batch have no common support.");
            var values = arange(trials + 1, dtype: _count.dtype, device: _count.device).view([-1, .. batch_shape.Select(_ => 1L)]);
            return expand ? values.expand([values.shape[0], .. batch_shape]).clone() : values;
        });

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new Binomial(_count.expand(batch_shape), _p?.expand(batch_shape), _l?.expand(batch_shape), generator));
    }
}
