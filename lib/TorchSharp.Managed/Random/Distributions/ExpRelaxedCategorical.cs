using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>The logarithm of a relaxed one-hot vector: log_softmax of (logits + Gumbel noise) / temperature. Maddison et al., 2017; Jang et al., 2017.</summary>
            public static ExpRelaxedCategorical ExpRelaxedCategorical(Tensor temperature, Tensor? probs = null, Tensor? logits = null, Generator? generator = null) => new(temperature, probs, logits, generator);

            public static ExpRelaxedCategorical ExpRelaxedCategorical(Tensor temperature, float? probs, float? logits, Generator? generator = null) =>
                new(temperature, probs is { } p ? tensor(p) : null, logits is { } l ? tensor(l) : null, generator);

            public static ExpRelaxedCategorical ExpRelaxedCategorical(Tensor temperature, double? probs, double? logits, Generator? generator = null) =>
                new(temperature, probs is { } p ? tensor(p) : null, logits is { } l ? tensor(l) : null, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    public class ExpRelaxedCategorical : distributions.Distribution
    {
        private readonly Categorical _one;

        internal ExpRelaxedCategorical(Tensor temperature, Tensor? probs, Tensor? logits, Generator? generator) : base(generator)
        {
            this.temperature = Keep(temperature.alias());
            _one = new Categorical(probs, logits, generator);
            (batch_shape, event_shape) = (_one.batch_shape, _one.param_shape[^1..]);
        }

        public Tensor probs => _one.probs;

        public Tensor logits => _one.logits;

        public Tensor temperature { get; }

        public long[] param_shape => _one.param_shape;

        public override Tensor mean => throw new InvalidOperationException("ExpRelaxedCategorical has no mean in closed form");

        public override Tensor mode => throw new InvalidOperationException("ExpRelaxedCategorical has no mode in closed form");

        public override Tensor variance => throw new InvalidOperationException("ExpRelaxedCategorical has no variance in closed form");

        public override Tensor stddev => throw new InvalidOperationException("ExpRelaxedCategorical has no standard deviation in closed form");

        public override Tensor rsample(params long[] sample_shape) => Compose(() =>
        {
            var u = ClampProbs(rand(ExtendedShape(sample_shape), logits.dtype, generator: generator));
            return ((logits - (-u.log()).log()) / temperature).log_softmax(-1);
        });

        public override Tensor log_prob(Tensor value) => Compose(() =>
        {
            long categories = event_shape[0];
            var score = (logits - value * temperature).log_softmax(-1).sum(-1L);
            return score + LogFactorial(categories - 1) + (categories - 1) * temperature.log();
        });

        private static double LogFactorial(long n) => Enumerable.Range(1, (int)n).Sum(i => Math.Log(i));

        /// <exception cref="NotImplementedException">Always, as in TorchSharp.</exception>
        public override Tensor entropy() => throw NoEntropy();

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) => Expanded(instance, () =>
        {
            using var given = logits.expand([.. batch_shape, event_shape[0]]).AsTemporary();
            return new ExpRelaxedCategorical(temperature, null, given, generator);
        });

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing)
                _one.Dispose();
        }
    }
}
