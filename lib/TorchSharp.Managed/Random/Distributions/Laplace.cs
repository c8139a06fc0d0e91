using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>Two exponential distributions back to back: density exp(−|x − loc| / scale) / (2·scale).</summary>
            public static Laplace Laplace(Tensor loc, Tensor scale, Generator? generator = null) => new(loc, scale, generator);

            public static Laplace Laplace(float loc, float scale = 1, Generator? generator = null) => new(tensor(loc), tensor(scale), generator);

            public static Laplace Laplace(double loc, double scale = 1, Generator? generator = null) => new(tensor(loc), tensor(scale), generator);
        }
    }
}

namespace TorchSharp.Modules
{
    public class Laplace : distributions.Distribution
    {
        private readonly Tensor _loc, _scale;

        public Laplace(Tensor loc, Tensor scale, Generator? generator = null) : base(generator) => (_loc, _scale) = Own(loc, scale);

        public override Tensor mean => _loc;

        public override Tensor mode => _loc;

        public override Tensor stddev => _scale * Math.Sqrt(2);

        public override Tensor variance => Compose(() => 2 * _scale.square());

        /// <summary>loc − scale·sign(u)·ln(1 − |u|) with u uniform in [ε − 1, 1).</summary>
        public override Tensor rsample(params long[] sample_shape) => Compose(() =>
        {
            var u = empty(ExtendedShape(sample_shape), _loc.dtype, _loc.device).uniform_(Operations.Epsilon(_loc.dtype) - 1, 1, generator);
            // TorchSharp draws as many normal numbers, which it does not use: whatever is drawn next is what it draws.
            empty_like(u).normal_(0, 1, generator);
            return _loc - _scale * u.sign() * (-u.abs()).log1p();
        });

        public override Tensor log_prob(Tensor value) => Compose(() => -(2 * _scale).log() - (value - _loc).abs() / _scale);

        public override Tensor entropy() => Compose(() => 1 + (2 * _scale).log());

        public override Tensor cdf(Tensor value) => Compose(() => 0.5 - 0.5 * (value - _loc).sign() * (-(value - _loc).abs() / _scale).expm1());

        public override Tensor icdf(Tensor value) => Compose(() => _loc - _scale * (value - 0.5).sign() * (-2 * (value - 0.5).abs()).log1p());

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new Laplace(_loc.expand(batch_shape), _scale.expand(batch_shape), generator));
    }
}
