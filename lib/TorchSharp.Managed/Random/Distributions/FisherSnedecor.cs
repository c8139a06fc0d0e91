using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>The ratio of two chi-squared numbers, each divided by its degrees of freedom.</summary>
            public static FisherSnedecor FisherSnedecor(Tensor df1, Tensor df2, Generator? generator = null) => new(df1, df2, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    public class FisherSnedecor : distributions.Distribution
    {
        private readonly Tensor _df1, _df2;

        public FisherSnedecor(Tensor df1, Tensor df2, Generator? generator = null) : base(generator) => (_df1, _df2) = Own(df1, df2);

        /// <summary>NaN up to df2 = 2.</summary>
        public override Tensor mean => Compose(() => Beyond(_df2 / (_df2 - 2), 2));

        /// <summary>NaN up to df2 = 4.</summary>
        public override Tensor variance => Compose(() => Beyond(2 * _df2.square() * (_df1 + _df2 - 2) / (_df1 * (_df2 - 2).square() * (_df2 - 4)), 4));

        private Tensor Beyond(Tensor moment, double least) => where(_df2.gt(least), moment, full_like(moment, double.NaN));

        /// <summary>Differentiable in both parameters.</summary>
        public override Tensor rsample(params long[] sample_shape) => Compose(() =>
        {
            using Gamma above = new(_df1 * 0.5, _df1, generator), below = new(_df2 * 0.5, _df2, generator);
            double least = SmallestNormal(_df1.dtype);
            Tensor numerator = above.rsample(sample_shape), denominator = below.rsample(sample_shape).clamp_min(least);
            return (numerator / denominator).clamp_min(least);
        });

        public override Tensor log_prob(Tensor value) => Compose(() =>
        {
            Tensor a = _df1 * 0.5, b = _df2 * 0.5, ratio = _df1 / _df2;
            return (a + b).lgamma() - a.lgamma() - b.lgamma() + a * ratio.log() + (a - 1) * value.log() - (a + b) * (ratio * value).log1p();
        });

        /// <exception cref="NotImplementedException">Always, as in TorchSharp.</exception>
        public override Tensor entropy() => throw NoEntropy();

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new FisherSnedecor(_df1.expand(batch_shape), _df2.expand(batch_shape), generator));
    }
}
