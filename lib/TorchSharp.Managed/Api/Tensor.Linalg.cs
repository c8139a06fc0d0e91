using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    // Linear algebra as methods.
    public partial class Tensor
    {
        public Tensor norm(float p = 2) => Operations.VectorNorm(this, p, [], false);

        public Tensor norm(int dim, bool keepdim = false, float p = 2) => Operations.VectorNorm(this, p, [dim], keepdim);

        public Tensor dist(Tensor other, float p = 2)
        {
            using var difference = (this - other).AsTemporary();
            return difference.norm(p);
        }

        public Tensor det() => linalg.det(this);

        public Tensor logdet() => Compose(() =>
        {
            if (Layout.Rank < 2 || Layout.Shape[^1] != Layout.Shape[^2])
                throw new ArgumentException($"logdet: expected square matrices, got {Layout}");
            var (sign, log) = linalg.slogdet(this);
            return where(sign.gt(0), log, where(sign.eq(0), torch.full_like(sign, double.NegativeInfinity), torch.full_like(sign, double.NaN)));
        });

        public Tensor inverse() => linalg.inv(this);

        public Tensor pinverse(double rcond = 1e-15, bool hermitian = false) => linalg.pinv(this, rtol: rcond);

        public Tensor cholesky(bool upper = false) => Operations.Cholesky(this, upper);

        /// <summary>A⁻¹ from its Cholesky factor.</summary>
        public Tensor cholesky_inverse(bool upper = false) => Compose(() => linalg.inv(upper ? triu().mT.matmul(triu()) : tril().matmul(tril().mT)));

        /// <summary>X with A·X = this, from A's Cholesky factor input2.</summary>
        public Tensor cholesky_solve(Tensor input2, bool upper = false) => Compose(() => linalg.solve(upper ? input2.mT.matmul(input2) : input2.matmul(input2.mT), this));

        /// <summary>Aⁿ by repeated squaring; negative n powers the inverse.</summary>
        public Tensor matrix_power(int n)
        {
            if (Layout.Rank < 2 || Layout.Shape[^1] != Layout.Shape[^2])
                throw new ExternalException($"linalg.matrix_power: A must be batches of square matrices, got {Layout}");
            return Compose(() =>
            {
                var square = n < 0 ? inverse() : this;
                Tensor? result = null;
                for (long k = Math.Abs((long)n); k > 0; k >>= 1)
                {
                    if ((k & 1) != 0)
                        result = result is null ? square : result.matmul(square);
                    if (k > 1)
                        square = square.matmul(square);
                }
                return result is null ? torch.eye(Layout.Shape[^1], dtype: dtype, device: device).expand(Layout.Shape).clone() : ReferenceEquals(result, this) ? clone() : result;
            });
        }

        /// <summary>eᴬ = (e^(A/2ˢ))^(2ˢ), the inner one by its power series.</summary>
        public Tensor matrix_exp() => Compose(() =>
        {
            double largest = numel() == 0 ? 0 : detach().abs().sum(-1L).max().ToDouble();
            int halvings = largest > 0.5 ? (int)Math.Ceiling(Math.Log2(largest / 0.5)) : 0;
            var x = this / Math.Pow(2, halvings);
            var identity = torch.eye(Layout.Shape[^1], dtype: dtype, device: device);
            var sum = identity + x;
            var term = x;
            for (int k = 2; k <= 18; k++)
            {
                term = term.matmul(x) / k;
                sum = sum + term;
            }
            for (int k = 0; k < halvings; k++)
                sum = sum.matmul(sum);
            return sum;
        });

        /// <summary>Kronecker product: every element of this times all of other.</summary>
        public Tensor kron(Tensor other) => Compose(() =>
        {
            int rank = Math.Max(Layout.Rank, other.Layout.Rank);
            long[] a = [.. Enumerable.Repeat(1L, rank - Layout.Rank), .. Layout.Shape], b = [.. Enumerable.Repeat(1L, rank - other.Layout.Rank), .. other.Layout.Shape];
            long[] left = new long[2 * rank];
            long[] right = new long[2 * rank];
            long[] result = new long[rank];
            for (int d = 0; d < rank; d++)
            {
                (left[2 * d], left[2 * d + 1]) = (a[d], 1);
                (right[2 * d], right[2 * d + 1]) = (1, b[d]);
                result[d] = a[d] * b[d];
            }
            return (reshape(left) * other.reshape(right)).reshape(result);
        });

        public Tensor vander(long N = -1, bool increasing = false) => Compose(() =>
        {
            long n = N < 0 ? numel() : N;
            var x = dtype.IsFloating() ? this : As(ScalarType.Int64);
            if (n == 0)
                return torch.zeros([numel(), 0], x.dtype, x.device);
            return torch.stack(Enumerable.Range(0, (int)n).Select(k => x.pow(increasing ? k : n - 1 - k)), -1);
        });

        /// <summary>Slices along a dimension scaled down to a norm of at most maxnorm.</summary>
        public Tensor renorm(float p, long dim, float maxnorm) => Compose(() =>
        {
            int d = Layout.Dim(dim);
            long[] others = Enumerable.Range(0, Layout.Rank).Where(k => k != d).Select(k => (long)k).ToArray();
            var norms = Operations.VectorNorm(this, p, others, true);
            return this * where(norms.gt(maxnorm), maxnorm / (norms + 1e-7), torch.ones_like(norms));
        });

        /// <summary>Covariances between the rows (variables) over the columns (observations).</summary>
        public Tensor cov(long correction = 1, Tensor? fweights = null, Tensor? aweights = null) => Compose(() =>
        {
            var x = Layout.Rank < 2 ? reshape(1, -1) : this;
            var weights = fweights is null ? aweights : aweights is null ? fweights : fweights * aweights;
            weights = weights?.to(x.dtype);
            var total = weights is null ? torch.tensor((double)x.size(-1), x.dtype, x.device) : weights.sum();
            var mean = (weights is null ? x.sum(-1, true) : (x * weights).sum(-1, true)) / total;
            var centred = x - mean;
            var factor = weights is null ? total - correction
                : correction == 0 ? total : aweights is null ? total - correction : total - correction * (weights * aweights).sum() / total;
            factor = factor.clamp_min(0);
            var result = (weights is null ? centred : centred * weights).matmul(centred.mT) / factor;
            return result.squeeze();
        });

        public Tensor corrcoef() => Compose(() =>
        {
            var c = cov();
            if (c.Layout.Rank == 0)
                return c / c;
            var deviation = c.diagonal().sqrt();
            return (c / deviation.unsqueeze(1) / deviation.unsqueeze(0)).clamp(-1, 1);
        });
    }

    public static Tensor cdist(Tensor x1, Tensor x2, double p = 2, compute_mode compute_mode = compute_mode.use_mm_for_euclid_dist_if_necessary) => Operations.CDist(x1, x2, p);

    public static Tensor kron(Tensor input, Tensor other) => input.kron(other);

    public static Tensor matrix_exp(Tensor input) => input.matrix_exp();

    public static Tensor matrix_power(Tensor input, int n) => input.matrix_power(n);

    public static Tensor norm(Tensor input, int dimension, bool keepdim = false, float p = 2f) => input.norm(dimension, keepdim, p);

    public static Tensor norm(Tensor input, float p = 2f) => input.norm(p);

    public static Tensor pinverse(Tensor input, double rcond = 1E-15, bool hermitian = false) => input.pinverse(rcond, hermitian);

    public static Tensor renorm(Tensor input, float p, long dim, float maxnorm) => input.renorm(p, dim, maxnorm);

    public static Tensor dist(Tensor input, Tensor other, float p = 2f) => input.dist(other, p);

    public static Tensor cholesky(Tensor input, bool upper) => input.cholesky(upper);

    public static Tensor cholesky_inverse(Tensor input, bool upper = false) => input.cholesky_inverse(upper);

    public static Tensor cholesky_solve(Tensor input, Tensor input2, bool upper = false) => input.cholesky_solve(input2, upper);

    public static Tensor corrcoef(Tensor input) => input.corrcoef();

    public static Tensor cov(Tensor input, long correction = 1, Tensor? fweights = null, Tensor? aweights = null) => input.cov(correction, fweights, aweights);

    public static Tensor norm(Tensor input) => input.norm();
}

public enum compute_mode
{
    use_mm_for_euclid_dist_if_necessary = 0,
    use_mm_for_euclid_dist = 1,
    donot_use_mm_for_euclid_dist = 2,
}
