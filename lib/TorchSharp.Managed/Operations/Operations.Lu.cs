using static TorchSharp.torch;

namespace TorchSharp;

internal static unsafe partial class Operations
{
    /// <summary>
    /// A = P·L·U with L below and U on and above the diagonal of one matrix, and the rows that were exchanged, counted from 1 as
    /// LAPACK does. dA = P·L⁻ᵀ·(strictly lower Lᵀ·dL + upper dU·Uᵀ)·U⁻ᵀ.
    /// </summary>
    internal static (Tensor Factors, Tensor Pivots) Lu(Tensor a, string name)
    {
        RequireMatrix(a, name, true);
        var n = (int)a.Layout.Shape[^1];
        var exchanges = new List<int>();
        var factors = FromMatrices(Matrices(a).Select(matrix =>
        {
            var rows = new int[n];
            _ = Factorisations.Lu(matrix, n, rows);
            exchanges.AddRange(Exchanges(rows));
            return matrix;
        }), a.Layout.Shape, a.dtype);
        var pivots = tensor(exchanges.ToArray(), [.. Batch(a), n]);
        var result = FormulaBackward.Record("LinalgLuFactorBackward", [a], [pivots], [factors], static (node, dy) =>
        {
            var (p, l, u) = LuUnpack(node.Result(0), node.Kept(0));
            var middle = l.mT.matmul(dy[0]!.tril(-1)).tril(-1) + dy[0]!.triu().matmul(u.mT).triu();
            return [p.matmul(Solve(l.mT, middle)).matmul(Inverse(u).mT)];
        })[0];
        return (result, pivots);
    }

    /// <summary>The exchanges, one after another, that make a permutation.</summary>
    private static IEnumerable<int> Exchanges(int[] rows)
    {
        int[] now = [.. Enumerable.Range(0, rows.Length)];
        for (var k = 0; k < rows.Length; k++)
        {
            var from = Array.IndexOf(now, rows[k]);
            (now[k], now[from]) = (now[from], now[k]);
            yield return from + 1;
        }
    }

    internal static (Tensor P, Tensor L, Tensor U) LuUnpack(Tensor factors, Tensor pivots)
    {
        using var scope = NewDisposeScope();
        int n = (int)factors.Layout.Shape[^1], batch = (int)Layout.CountOf(Batch(factors));
        int[] exchanges = [.. Packed(pivots).data<int>()];
        var p = new double[batch * n * n];
        for (var b = 0; b < batch; b++)
        {
            int[] rows = [.. Enumerable.Range(0, n)];
            for (var k = 0; k < n; k++)
            {
                var other = exchanges[b * n + k] - 1;
                (rows[k], rows[other]) = (rows[other], rows[k]);
            }
            for (var i = 0; i < n; i++) p[(b * n + rows[i]) * n + i] = 1;
        }
        var lower = factors.tril(-1) + eye(n, dtype: factors.dtype);
        return scope.MoveToOuter(Factories.FromArray(p, factors.Layout.Shape, factors.dtype, null, false), lower, factors.triu());
    }

    /// <summary>X with A·X = B from the factors of A.</summary>
    internal static Tensor LuSolve(Tensor factors, Tensor pivots, Tensor b)
    {
        using var scope = NewDisposeScope();
        var (p, l, u) = LuUnpack(factors, pivots);
        return scope.MoveToOuter(Solve(u, Solve(l, p.mT.matmul(b))));
    }
}
