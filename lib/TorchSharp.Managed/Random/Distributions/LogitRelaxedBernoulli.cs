using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>The log-odds of a relaxed 0 or 1: (logits + the logit of a uniform number) / temperature. Maddison et al., 2017; Jang et al., 2017.</summary>
            public static LogitRelaxedBernoulli LogitRelaxedBernoulli(Tensor temperature, Tensor? probs = null, Tensor? logits = null, Generator? generator = null) => new(temperature, probs, logits, generator);

            public static LogitRelaxedBernoulli LogitRelaxedBernoulli(Tensor temperature, float? probs, float? logits, Generator? generator = null) =>
                new(temperature, probs is { } p ? tensor(p) : null, logits is { } l ? tensor(l) : null, generator);

            public static LogitRelaxedBernoulli LogitRelaxedBernoulli(Tensor temperature, double? probs, double? logits, Generator? generator = null) =>
                new(temperature, probs is { } p ? tensor(p) : null, logits is { } l ? tensor(l) : null, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    public class LogitRelaxedBernoulli : distributions.Distribution
    {
        private readonly Tensor _temperature;
        private readonly Tensor? _p, _l;

        public LogitRelaxedBernoulli(Tensor temperature, Tensor? probs = null, Tensor? logits = null, Generator? generator = null) : base(generator)
        {
            _temperature = Keep(temperature.alias());
            (_p, _l) = OwnOneOf(probs, logits);
        }

        public Tensor probs => _p ?? LogitsToProbs(_l!, isBinary: true);

        public Tensor logits => _l ?? ProbsToLogits(_p!, isBinary: true);

        /// <summary>Of the Bernoulli variable at temperature 0.</summary>
        public override Tensor mean => probs;

        /// <summary>Of the Bernoulli variable at temperature 0.</summary>
        public override Tensor variance => Compose(() => probs * (1 - probs));

        public override Tensor rsample(params long[] sample_shape) => Compose(() =>
        {
            long[] shape = ExtendedShape(sample_shape);
            Tensor p = ClampProbs(probs.expand(shape)), u = ClampProbs(rand(shape, p.dtype, generator: generator));
            return (u.log() - (-u).log1p() + p.log() - (-p).log1p()) / _temperature;
        });

        public override Tensor log_prob(Tensor value) => Compose(() =>
        {
            var difference = logits - value * _temperature;
            return _temperature.log() + difference - 2 * difference.exp().log1p();
        });

        /// <summary>Of the Bernoulli variable at temperature 0.</summary>
        public override Tensor entropy() => Compose(() => nn.functional.binary_cross_entropy_with_logits(logits, probs, reduction: nn.Reduction.None));

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new LogitRelaxedBernoulli(_temperature, _p?.expand(batch_shape), _l?.expand(batch_shape), generator));
    }
}
