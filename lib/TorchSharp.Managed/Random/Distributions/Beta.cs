using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>A probability: density x^(a−1)·(1 − x)^(b−1) / B(a, b), with a = <paramref name="concentration1"/> and b = <paramref name="concentration0"/>.</summary>
            public static Beta Beta(Tensor concentration1, Tensor concentration0, Generator? generator = null) => new(concentration1, concentration0, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>The first of two Dirichlet probabilities.</summary>
    public class Beta : distributions.ExponentialFamily
    {
        private readonly Tensor a, b;
        private readonly Dirichlet pair;

        public Beta(Tensor concentration1, Tensor concentration0, Generator? generator = null) : base(generator)
        {
            (a, b) = Own(concentration1, concentration0);
            using Tensor both = stack([a, b], -1).AsTemporary();
            pair = new Dirichlet(both, generator);
        }

        public override Tensor mean => Compose(() => a / (a + b));

        public override Tensor mode => Compose(() => pair.mode.select(-1, 0));

        public override Tensor variance => Compose(() => a * b / ((a + b).square() * (a + b + 1)));

        public override Tensor rsample(params long[] sample_shape) => Compose(() => pair.rsample(sample_shape).select(-1, 0));

        public override Tensor log_prob(Tensor value) => Compose(() => pair.log_prob(stack([value, 1 - value], -1)));

        public override Tensor entropy() => pair.entropy();

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new Beta(a.expand(batch_shape), b.expand(batch_shape), generator));

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing) pair.Dispose();
        }
    }
}
