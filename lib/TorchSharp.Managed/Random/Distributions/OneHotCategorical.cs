using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>One of several categories as a vector with a single 1.</summary>
            public static OneHotCategorical OneHotCategorical(Tensor? probs = null, Tensor? logits = null, Generator? generator = null) => new(probs, logits, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    public class OneHotCategorical : distributions.Distribution
    {
        private readonly Categorical _one;

        public OneHotCategorical(Tensor? p = null, Tensor? l = null, Generator? generator = null) : this(new Categorical(p, l, generator), generator) { }

        private OneHotCategorical(Categorical one, Generator? generator) : base(generator)
        {
            _one = one;
            (batch_shape, event_shape) = (one.batch_shape, one.param_shape[^1..]);
        }

        public Tensor probs => _one.probs;

        public Tensor logits => _one.logits;

        public override Tensor mean => probs;

        public override Tensor mode => Compose(() => OneHot(probs.argmax(-1)));

        public override Tensor variance => Compose(() => probs * (1 - probs));

        /// <summary>Categories have no gradient: the same as <c>sample</c>.</summary>
        public override Tensor rsample(params long[] sample_shape) => Compose(() => OneHot(_one.sample(sample_shape)));

        private Tensor OneHot(Tensor category) => nn.functional.one_hot(category, event_shape[0]).to_type(probs.dtype);

        public override Tensor log_prob(Tensor value) => Compose(() => _one.log_prob(value.argmax(-1)));

        public override Tensor entropy() => _one.entropy();

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new OneHotCategorical((Categorical)_one.expand(batch_shape), generator));

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _one.Dispose();
            base.Dispose(disposing);
        }
    }
}
