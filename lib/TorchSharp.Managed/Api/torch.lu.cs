using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class linalg
    {
        /// <summary>A [m, n] = P [m, m]·L [m, k]·U [k, n]: a permutation, a lower triangle with ones on its diagonal, an upper triangle; k = min(m, n).</summary>
        public static (Tensor P, Tensor L, Tensor U) lu(Tensor input, bool pivot = true)
        {
            using var scope = DisposeScope.ForTemporaries();
            var (factors, pivots) = lu_factor(input, pivot);
            var (p, l, u) = Operations.LuUnpack(factors, pivots);
            return scope.MoveToOuter(p, l, u);
        }

        /// <summary>Both triangles in one matrix, and the exchanged rows, counted from 1.</summary>
        public static (Tensor LU, Tensor Pivots) lu_factor(Tensor input, bool pivot = true)
        {
            if (!pivot)
                throw new NotSupportedException("linalg.lu_factor without pivoting is not in the managed engine; no engine has it on the CPU");
            return Operations.Lu(input, "linalg.lu_factor");
        }

        /// <summary>X with A·X = B, or X·A = B, from the factors of A.</summary>
        public static Tensor lu_solve(Tensor LU, Tensor pivots, Tensor B, bool left = true, bool adjoint = false, Tensor? @out = null) => Operations.Out(@out, Compose(() =>
        {
            if (left && !adjoint)
                return Operations.LuSolve(LU, pivots, B);
            var (p, l, u) = Operations.LuUnpack(LU, pivots);
            var a = p.matmul(l).matmul(u);
            return solve(adjoint ? a.mT : a, B, left);
        }));

        /// <summary>A⁻¹, and for each matrix 0 or the place (from 1) of the first pivot that is 0: its inverse is NaN then.</summary>
        public static (Tensor L, Tensor info) inv_ex(Tensor input, bool check_errors = false) =>
            Operations.SolveEx(input, null, true, check_errors, "linalg.inv_ex");

        /// <summary>X with A·X = B or X·A = B, and for each matrix 0 or the place (from 1) of the first pivot that is 0: its X is NaN then.</summary>
        public static (Tensor result, Tensor info) solve_ex(Tensor A, Tensor B, bool left = true, bool check_errors = false) => Operations.SolveEx(A, B, left, check_errors, "linalg.solve_ex");

        /// <summary>The matrix Q [m, n] with orthonormal columns that reflections make, given as LAPACK's geqrf gives them.</summary>
        /// <param name="A">[m, n]; below its diagonal the vectors of the reflections.</param>
        /// <param name="tau">Their factors, at most n.</param>
        public static Tensor householder_product(Tensor A, Tensor tau) => Operations.HouseholderProduct(A, tau);

        /// <summary>X with tensordot(A, X, X.dim()) = B.</summary>
        public static Tensor tensorsolve(Tensor A, Tensor B, long[] dims) => Compose(() =>
        {
            var whole = dims is null or [] ? A : A.movedim(dims, [.. Enumerable.Range((int)A.dim() - dims.Length, dims.Length).Select(d => (long)d)]);
            long[] shape = whole.shape[(int)B.dim()..];
            if (shape.TotalSize() != B.numel())
                throw new ExternalException($"linalg.tensorsolve: A of shape {A.Layout} and B of shape {B.Layout} give no square system");
            return solve(whole.reshape(B.numel(), B.numel()), B.reshape(-1)).reshape(shape);
        });
    }

    public static (Tensor A_LU, Tensor? pivots, Tensor? infos) lu(Tensor A, bool pivot = true, bool get_infos = false)
    {
        var (factors, pivots) = linalg.lu_factor(A, pivot);
        return (factors, pivots, get_infos ? zeros(A.shape[..^2], ScalarType.Int32) : null);
    }

    public static Tensor lu_solve(Tensor b, Tensor LU_data, Tensor LU_pivots) => linalg.lu_solve(LU_data, LU_pivots, b);

    public static Tensor orgqr(Tensor input, Tensor tau) => linalg.householder_product(input, tau);

    /// <summary>P, L and U from their compact form.</summary>
    public static (Tensor P, Tensor? L, Tensor? U) lu_unpack(Tensor LU_data, Tensor LU_pivots, bool unpack_data = true, bool unpack_pivots = true)
    {
        var (p, l, u) = Operations.LuUnpack(LU_data, LU_pivots);
        return unpack_data ? (p, l, u) : (p, null, null);
    }
}
