using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>The number of successes of probability <paramref name="probs"/> before <paramref name="total_count"/> failures; the count need not be whole.</summary>
            public static NegativeBinomial NegativeBinomial(Tensor total_count, Tensor? probs = null, Tensor? logits = null, Generator? generator = null) => new(total_count, probs, logits, generator);

            public static NegativeBinomial NegativeBinomial(int total_count, float? probs, float? logits, Generator? generator = null) =>
                new(tensor((float)total_count), probs is { } p ? tensor(p) : null, logits is { } l ? tensor(l) : null, generator);

            public static NegativeBinomial NegativeBinomial(int total_count, double? probs, double? logits, Generator? generator = null) =>
                new(tensor((float)total_count), probs is { } p ? tensor(p) : null, logits is { } l ? tensor(l) : null, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    public class NegativeBinomial : distributions.Distribution
    {
        private readonly Tensor _count;
        private readonly Tensor? _p, _l;

        public NegativeBinomial(Tensor total_count, Tensor? p = null, Tensor? l = null, Generator? generator = null) : base(generator)
        {
            if ((p is null) == (l is null))
                throw new ArgumentException("NegativeBinomial takes either probabilities or logits, and not both.");
            (_count, var given) = Own(total_count, (p ?? l)!);
            (_p, _l) = (p is null ? null : given, l is null ? null : given);
        }

        public Tensor probs => _p ?? LogitsToProbs(_l!, isBinary: true);

        public Tensor logits => _l ?? ProbsToLogits(_p!, isBinary: true);

        public override Tensor mean => Compose(() => _count * logits.exp());

        public override Tensor mode => Compose(() => ((_count - 1) * logits.exp()).floor().clamp_min(0));

        public override Tensor variance => Compose(() => mean / (-logits).sigmoid());

        /// <summary>Counts have no gradient: the same as <c>sample</c>.</summary>
        public override Tensor rsample(params long[] sample_shape) => Compose(() =>
        {
            // A Poisson number whose rate is a gamma variate.
            using var mode = GradMode.Set(false);
            using var rates = new Gamma(_count, (-logits).exp(), generator);
            return rates.sample(sample_shape).poisson(generator);
        });

        public override Tensor log_prob(Tensor value) => Compose(() =>
        {
            Tensor all = _count + value, ways = all.lgamma() - (value + 1).lgamma() - _count.lgamma();
            return _count * (-logits).log_sigmoid() + value * logits.log_sigmoid() + where(all.eq(0), zeros_like(ways), ways);
        });

        /// <exception cref="NotImplementedException">Always, as in TorchSharp.</exception>
        public override Tensor entropy() => throw NoEntropy();

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new NegativeBinomial(_count.expand(batch_shape), _p?.expand(batch_shape), _l?.expand(batch_shape), generator));
    }
}
