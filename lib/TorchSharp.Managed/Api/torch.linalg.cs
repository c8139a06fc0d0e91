using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Linear algebra on (batches of) matrices.</summary>
    public static partial class linalg
    {
        public enum QRMode
        {
            Reduced = 0,
            Complete = 1,
            R = 2,
        }

        public static Tensor inv(Tensor input) => Operations.Inverse(input);

        public static Tensor det(Tensor input) => Operations.Det(input);

        /// <summary>Sign and logarithm of the absolute value of the determinant.</summary>
        public static (Tensor, Tensor) slogdet(Tensor input) => Operations.SLogDet(input);

        /// <summary>X with A·X = B, or X·A = B.</summary>
        public static Tensor solve(Tensor A, Tensor B, bool left = true) => left ? Operations.Solve(A, B) : Compose(() => Operations.Solve(A.mT, B.mT).mT);

        /// <summary>X with A·X = B for a triangular A; the other triangle is not read.</summary>
        public static Tensor solve_triangular(Tensor A, Tensor B, bool upper, bool left = true, bool unitriangular = false, Tensor? @out = null)
        {
            return Operations.Out(@out, Compose(() =>
            {
                var triangle = upper ? A.triu() : A.tril();
                if (unitriangular)
                    triangle = triangle - triangle.diagonal(0, -2, -1).diag_embed() + eye(A.size(-1), dtype: A.dtype, device: A.device);
                return solve(triangle, B, left);
            }));
        }

        /// <summary>Lower triangular L with A = L·Lᵀ.</summary>
        public static Tensor cholesky(Tensor input) => Operations.Cholesky(input, false);

        /// <summary>As cholesky; instead of an error the order of the leading minor that is not positive (0 when all are).</summary>
        public static (Tensor L, Tensor info) cholesky_ex(Tensor input, bool check_errors = false)
        {
            var failures = new List<int>();
            var l = Operations.Cholesky(input, false, check_errors ? null : failures);
            return (l, check_errors ? zeros(input.shape[..^2], ScalarType.Int32) : tensor(failures.ToArray(), input.shape[..^2]));
        }

        public static (Tensor Q, Tensor R) qr(Tensor input, QRMode mode = QRMode.Reduced)
        {
            var (q, r) = Operations.Qr(input, mode == QRMode.Complete);
            return mode == QRMode.R ? (empty(0, dtype: input.dtype, device: input.device), r) : (q, r);
        }

        public static (Tensor, Tensor) eigh(Tensor input, char UPLO = 'L') => Operations.Eigh(input, UPLO);

        public static Tensor eigvalsh(Tensor input, char UPLO = 'L')
        {
            using var scope = DisposeScope.ForTemporaries();
            return scope.MoveToOuter(Operations.Eigh(input, UPLO).Values);
        }

        public static (Tensor U, Tensor S, Tensor Vh) svd(Tensor input, bool fullMatrices = true) => Operations.Svd(input, fullMatrices);

        public static Tensor svdvals(Tensor input) => Compose(() => Operations.Svd(input, false).S);

        public static Tensor pinv(Tensor input, double? atol = null, double? rtol = null, bool hermitian = false) => Compose(() => Operations.PseudoInverse(input, Level(atol, input), Level(rtol, input)));

        /// <summary>The pseudo-inverse with one limit a matrix.</summary>
        public static Tensor pinv(Tensor input, Tensor atol, Tensor? rtol = null, bool hermitian = false) => Operations.PseudoInverse(input, atol, rtol);

        private static Tensor? Level(double? value, Tensor input) => value is { } number ? full(Array.Empty<long>(), number, input.dtype, input.device) : null;

        /// <summary>The number of singular values above a limit.</summary>
        public static Tensor matrix_rank(Tensor input, double? atol = null, double? rtol = null, bool hermitian = false) => Compose(() => MatrixRank(input, Level(atol, input), Level(rtol, input)));

        /// <summary>The number of singular values above a limit, one a matrix.</summary>
        public static Tensor matrix_rank(Tensor input, Tensor atol, Tensor? rtol = null, bool hermitian = false) => Compose(() => MatrixRank(input, atol, rtol));

        private static Tensor MatrixRank(Tensor input, Tensor? atol, Tensor? rtol)
        {
            using var mode = GradMode.Set(false);
            if (input.numel() == 0)
                return zeros(input.shape[..^2], ScalarType.Int64);
            var s = svdvals(input);
            return (s > Operations.SmallestSingular(input, s, atol, rtol)).sum(-1L);
        }

        /// <summary>X that minimises ‖A·X − B‖, the squared residuals (full rank, more rows than columns), rank and singular values.</summary>
        public static (Tensor Solution, Tensor Residuals, Tensor Rank, Tensor SingularValues) lstsq(Tensor input, Tensor other) => LeastSquares(input, other, null);

        /// <param name="rcond">Singular values below this share of the largest count as 0.</param>
        public static (Tensor Solution, Tensor Residuals, Tensor Rank, Tensor SingularValues) lstsq(Tensor input, Tensor other, double rcond) => LeastSquares(input, other, rcond);

        private static (Tensor Solution, Tensor Residuals, Tensor Rank, Tensor SingularValues) LeastSquares(Tensor input, Tensor other, double? rcond)
        {
            using var scope = DisposeScope.ForTemporaries();
            var right = other.dim() == 1 ? other.unsqueeze(-1) : other;
            var solution = pinv(input, null, rcond).matmul(right);
            var rank = matrix_rank(input, null, rcond);
            scope.MoveToOuter(solution = other.dim() == 1 ? solution.squeeze(-1) : solution, rank);
            // libtorch's default driver (gelsy) computes neither residuals nor singular values.
            return (solution, scope.MoveToOuter(empty(0, dtype: input.dtype, device: input.device)), rank, scope.MoveToOuter(empty(0, dtype: input.dtype, device: input.device)));
        }

        public static Tensor matrix_exp(Tensor input) => input.matrix_exp();

        public static Tensor multi_dot(IList<Tensor> tensors) => Compose(() => tensors.Skip(1).Aggregate(tensors[0], (product, next) => product.matmul(next)));

        public static Tensor diagonal(Tensor input, int offset = 0, int dim1 = -2, int dim2 = -1) => input.diagonal(offset, dim1, dim2);

        public static Tensor vecdot(Tensor x, Tensor y, long dim = -1, Tensor? @out = null) => Operations.Out(@out, Compose(() => (x * y).sum(dim)));

        /// <summary>The vector product in three dimensions.</summary>
        public static Tensor cross(Tensor input, Tensor other, long dim = -1)
        {
            if (input.size((int)dim) != 3 || other.size((int)dim) != 3)
                throw new ExternalException($"linalg.cross: inputs dimension {dim} must have length 3. Got {input.size((int)dim)} and {other.size((int)dim)} (shapes {input.Layout} and {other.Layout})");
            return Compose(() => input.roll(-1, dim) * other.roll(-2, dim) - input.roll(-2, dim) * other.roll(-1, dim));
        }

        public static Tensor vander(Tensor input, long? N = null)
        {
            if (input.dtype == ScalarType.Bool || input.dtype.IsReduced())
                throw new ExternalException($"linalg.vander supports floating point, complex, and integer tensors, but got {(input.dtype == ScalarType.Float16 ? "Half" : input.dtype.ToString())}; torch.vander takes it");
            long n = N ?? input.size(-1);
            return Compose(() =>
            {
                var x = input.dtype.IsFloating() ? input : input.to_type(ScalarType.Int64);
                return stack(Enumerable.Range(0, (int)n).Select(k => x.pow(k)), -1);
            });
        }

        /// <summary>(Σ |x|ᵖ)^(1/p); p may be ±∞ and 0 (the number of elements that are not zero).</summary>
        public static Tensor vector_norm(Tensor input, double ord = 2, long[]? dims = null, bool keepdim = false) => Operations.VectorNorm(input, ord, dims ?? [], keepdim);

        public static Tensor matrix_norm(Tensor input, string ord = "fro", long[]? dims = null, bool keepdim = false) => ord switch
        {
            "fro" => vector_norm(input, 2, dims ?? [-2, -1], keepdim),
            "nuc" => MatrixNorm(input, dims, keepdim, x => svdvals(x).sum(-1L)),
            _ => throw new ExternalException($"linalg.matrix_norm: Order {ord} not supported."),
        };

        /// <summary>By singular values (2, −2), column sums (1, −1) or row sums (±∞).</summary>
        public static Tensor matrix_norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false) => MatrixNorm(input, dims, keepdim, x => ord switch
        {
            2 => svdvals(x).amax(-1),
            -2 => svdvals(x).amin(-1),
            1 => x.abs().sum(-2L).amax(-1),
            -1 => x.abs().sum(-2L).amin(-1),
            double.PositiveInfinity => x.abs().sum(-1L).amax(-1),
            double.NegativeInfinity => x.abs().sum(-1L).amin(-1),
            _ => throw new ExternalException($"linalg.matrix_norm: Order {ord} not supported."),
        });

        private static Tensor MatrixNorm(Tensor input, long[]? dims, bool keepdim, Func<Tensor, Tensor> norm) => Compose(() =>
        {
            long[] pair = dims ?? [-2, -1];
            if (pair.Length != 2)
                throw new ExternalException($"linalg.matrix_norm: dim must be a 2-tuple. Got {Layout.Text(pair)}");
            var result = norm(input.movedim(pair, [-2, -1]));
            if (!keepdim)
                return result;
            foreach (long d in pair.Select(d => (long)input.Layout.Dim(d)).Order())
                result = result.unsqueeze(d);
            return result;
        });

        public static Tensor norm(Tensor input, long[]? dims = null, bool keepdim = false) => vector_norm(input, 2, dims, keepdim);

        public static Tensor norm(Tensor input, string ord, long[]? dims = null, bool keepdim = false) => matrix_norm(input, ord, dims, keepdim);

        public static Tensor norm(Tensor input, int ord, long[]? dims = null, bool keepdim = false) => norm(input, (double)ord, dims, keepdim);

        public static Tensor norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false) =>
            dims is { Length: 2 } || (dims is null && input.dim() == 2) ? matrix_norm(input, ord, dims, keepdim) : vector_norm(input, ord, dims, keepdim);

        /// <summary>Condition number in the 2-norm: largest over smallest singular value.</summary>
        public static Tensor cond(Tensor input) => Compose(() =>
        {
            var s = svdvals(input);
            return s.amax(-1) / s.amin(-1);
        });

        public static Tensor cond(Tensor input, double p) => p == 2 ? cond(input) : p == -2 ? Compose(() => 1 / cond(input)) : Compose(() => matrix_norm(input, p) * matrix_norm(inv(input), p));

        public static Tensor cond(Tensor input, int p) => cond(input, (double)p);

        public static Tensor cond(Tensor input, string p) => Compose(() => matrix_norm(input, p) * matrix_norm(inv(input), p));

        public static Tensor tensorinv(Tensor input, long ind) => Compose(() =>
        {
            long[] front = input.shape[..(int)ind], back = input.shape[(int)ind..];
            return inv(input.reshape(front.TotalSize(), -1)).reshape([.. back, .. front]);
        });
    }

    public static Tensor det(Tensor input) => linalg.det(input);

    public static Tensor logdet(Tensor input) => input.logdet();

    public static Tensor inverse(Tensor input) => linalg.inv(input);

    public static Tensor cholesky(Tensor input) => linalg.cholesky(input);
}
