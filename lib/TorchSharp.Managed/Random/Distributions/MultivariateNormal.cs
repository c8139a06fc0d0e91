using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>The normal distribution of vectors, by its covariance, the inverse of it, or the Cholesky factor of it: exactly one of them.</summary>
            public static MultivariateNormal MultivariateNormal(Tensor loc, Tensor? covariance_matrix = null, Tensor? precision_matrix = null, Tensor? scale_tril = null, Generator? generator = null) =>
                new(loc, covariance_matrix, precision_matrix, scale_tril, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    public class MultivariateNormal : distributions.Distribution
    {
        /// <summary>The mean, and L with covariance L·Lᵀ.</summary>
        private readonly Tensor _loc, _factor;

        public MultivariateNormal(Tensor loc, Tensor? covariance_matrix = null, Tensor? precision_matrix = null, Tensor? scale_tril = null, Generator? generator = null) : base(generator)
        {
            Tensor?[] given = [covariance_matrix, precision_matrix, scale_tril];
            if (given.Count(matrix => matrix is not null) != 1)
                throw new ArgumentException("Exactly one of covariance_matrix, precision_matrix and scale_tril must be given.");
            var matrix = given.First(matrix => matrix is not null)!;
            if (loc.dim() < 1 || matrix.dim() < 2 || matrix.shape[^1] != loc.shape[^1] || matrix.shape[^2] != loc.shape[^1])
                throw new ArgumentException($"MultivariateNormal: a mean of shape {loc.Layout} needs matrices of {loc.shape.LastOrDefault()} by {loc.shape.LastOrDefault()}, got shape {matrix.Layout}.");
            long n = loc.shape[^1];
            long[] batch = Layout.Broadcast(Layout.Of(loc.shape[..^1]), Layout.Of(matrix.shape[..^2])).Shape;
            (batch_shape, event_shape) = (batch, new[] { n });
            _loc = Keep(loc.expand([.. batch, n]));
            var whole = matrix.expand([.. batch, n, n]);
            _factor = Keep(scale_tril is not null ? whole : linalg.cholesky(covariance_matrix is not null ? whole : linalg.inv(whole)));
        }

        public override Tensor mean => _loc;

        public override Tensor mode => _loc;

        public override Tensor variance => Compose(() => _factor.square().sum(-1L));

        /// <summary>loc + L·ε with ε from the standard normal distribution.</summary>
        public override Tensor rsample(params long[] sample_shape) =>
            Compose(() => _loc + _factor.matmul(randn(ExtendedShape(sample_shape), _loc.dtype, generator: generator).unsqueeze(-1)).squeeze(-1));

        public override Tensor log_prob(Tensor value) => Compose(() =>
        {
            var difference = (value - _loc).unsqueeze(-1);
            var distance = linalg.solve_triangular(_factor.expand([.. difference.shape[..^2], .. _factor.shape[^2..]]), difference, upper: false).squeeze(-1).square().sum(-1L);
            return -0.5 * (_loc.shape[^1] * Math.Log(2 * Math.PI) + distance) - HalfLogDet();
        });

        private Tensor HalfLogDet() => _factor.diagonal(0, -2, -1).log().sum(-1L);

        public override Tensor entropy() => Compose(() => 0.5 * _loc.shape[^1] * (1 + Math.Log(2 * Math.PI)) + HalfLogDet());

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) => Expanded(instance, () =>
        {
            long n = _loc.shape[^1];
            return new MultivariateNormal(_loc.expand([.. batch_shape, n]), scale_tril: _factor.expand([.. batch_shape, n, n]), generator: generator);
        });
    }
}
