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
        private readonly Tensor _a, _b;
        private readonly Dirichlet _pair;

        public Beta(Tensor concentration1, Tensor concentration0, Generator? generator = null) : base(generator)
        {
            (_a, _b) = Own(concentration1, concentration0);
            using var both = stack([_a, _b], -1).AsTemporary();
            _pair = new Dirichlet(both, generator);
        }

        public override Tensor mean => Compose(() => _a / (_a + _b));

        public override Tensor mode => Compose(() => _pair.mode.select(-1, 0));

        public override Tensor variance => Compose(() => _a * _b / ((_a + _b).square() * (_a + _b + 1)));

        public override Tensor rsample(params long[] sample_shape) => Compose(() => _pair.rsample(sample_shape).select(-1, 0));

        public override Tensor log_prob(Tensor value) => Compose(() => _pair.log_prob(stack([value, 1 - value], -1)));

        public override Tensor entropy() => _pair.entropy();

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new Beta(_a.expand(batch_shape), _b.expand(batch_shape), generator));

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing)
                _pair.Dispose();
        }
    }
}
