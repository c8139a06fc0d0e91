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
        private readonly Tensor count;
        private readonly Tensor? p, l;

        public NegativeBinomial(Tensor total_count, Tensor? p = null, Tensor? l = null, Generator? generator = null) : base(generator)
        {
            if ((p is null) == (l is null)) throw new ArgumentException("NegativeBinomial takes either probabilities or logits, and not both.");
            (count, Tensor given) = Own(total_count, (p ?? l)!);
            (this.p, this.l) = (p is null ? null : given, l is null ? null : given);
        }

        public Tensor probs => p ?? LogitsToProbs(l!, isBinary: true);

        public Tensor logits => l ?? ProbsToLogits(p!, isBinary: true);

        public override Tensor mean => Compose(() => count * logits.exp());

        public override Tensor mode => Compose(() => ((count - 1) * logits.exp()).floor().clamp_min(0));

        public override Tensor variance => Compose(() => mean / (-logits).sigmoid());

        /// <summary>Counts have no gradient: the same as <c>sample</c>.</summary>
        public override Tensor rsample(params long[] sample_shape) => Compose(() =>
        {
            // A Poisson number whose rate is a gamma variate.
            using var mode = GradMode.Set(false);
            using var rates = new Gamma(count, (-logits).exp(), generator);
            return rates.sample(sample_shape).poisson(generator);
        });

        public override Tensor log_prob(Tensor value) => Compose(() =>
        {
            Tensor all = count + value, ways = all.lgamma() - (value + 1).lgamma() - count.lgamma();
            return count * (-logits).log_sigmoid() + value * logits.log_sigmoid() + where(all.eq(0), zeros_like(ways), ways);
        });

        /// <exception cref="NotImplementedException">Always, as in TorchSharp.</exception>
        public override Tensor entropy() => throw NoEntropy();

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new NegativeBinomial(count.expand(batch_shape), p?.expand(batch_shape), l?.expand(batch_shape), generator));
    }
}
