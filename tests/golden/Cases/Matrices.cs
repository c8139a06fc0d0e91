using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>Products, factorisations and what they solve.</summary>
internal static class Matrices
{
    internal static void Add(CaseWriter g)
    {
        foreach (var type in Elementwise.Both)
            Products(g, type);

        Tensor X(params long[] shape) => g.Draws.Real(shape);
        Tensor Positive(long n)
        {
            var m = X(n, n);
            return m.mm(m.t()) + n * eye(n, dtype: ScalarType.Float64);
        }
        Tensor Square(long n) => X(n, n) + 2 * eye(n, dtype: ScalarType.Float64);
        foreach (int n in new[] { 1, 3, 5 })
        {
            g.Add("inv", [Square(n)]);
            g.Add("det", [Square(n)]);
            g.Add("slogdet", [Square(n)]);
            g.Add("solve", [Square(n), X(n, 2)]);
            g.Add("cholesky", [Positive(n)], new { symmetric = true });
            g.Add("svdvals", [X(n, n + 1)]);
            g.Add("eigvalsh", [Positive(n)], new { symmetric = true });
        }
        foreach (long[] shape in new long[][] { [3, 3], [5, 3] })
        {
            g.Add("qr", [X(shape)]);
            g.Add("svd", [X(shape)]);
            g.Add("lstsq", [X(5, 3), X(5, 2)]);
            g.Add("pinv", [X(shape)]);
        }
        g.Add("eigh", [Positive(4)], new { symmetric = true });
        g.Add("cond", [Square(3)]);
        g.Add("matrix_norm", [X(3, 4)]);
        g.Add("trace", [X(3, 3)]);
    }

    private static void Products(CaseWriter g, ScalarType type)
    {
        Tensor X(params long[] shape) => g.Draws.Real(shape, type);
        foreach (var (a, b) in new (long[], long[])[] { ([3], [3]), ([2, 3], [3]), ([3], [3, 4]), ([2, 3], [3, 4]), ([5, 2, 3], [3, 4]), ([5, 2, 3], [5, 3, 4]), ([2, 1, 2, 3], [5, 3, 4]), ([3], [5, 3, 4]), ([17, 33], [33, 9]) })
            g.Add("matmul", [X(a), X(b)]);
        g.Add("mm", [X(4, 5), X(5, 3)]);
        g.Add("mm", [X(5, 4), X(5, 3)], new { transposed = true });
        g.Add("bmm", [X(3, 2, 4), X(3, 4, 5)]);
        g.Add("mv", [X(4, 5), X(5)]);
        g.Add("dot", [X(5), X(5)]);
        g.Add("outer", [X(3), X(4)]);
        g.Add("addmm", [X(2, 4), X(2, 3), X(3, 4)], new { beta = 0.5, alpha = 2.0 });
        foreach (var (equation, shapes) in new (string, long[][])[] { ("ij,jk->ik", [[2, 3], [3, 4]]), ("bij,bjk->bik", [[2, 2, 3], [2, 3, 2]]), ("ii->i", [[3, 3]]), ("ij->ji", [[2, 3]]), ("i,j->ij", [[2], [3]]), ("bij->b", [[2, 2, 3]]), ("bi,ij,bj->b", [[2, 3], [3, 3], [2, 3]]) })
            g.Add("einsum", [.. shapes.Select(X)], new { equation });
    }
}
