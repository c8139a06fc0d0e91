using static TorchSharp.torch;

namespace TorchSharp;

internal static unsafe partial class Operations
{
    /// <summary>
    /// A = P·L·U with L below and U on and above the diagonal of one matrix of the shape of A, and the rows that were exchanged, counted
    /// from 1 as LAPACK does. A square A: dA = P·L⁻ᵀ·(strictly lower Lᵀ·dL + upper dU·Uᵀ)·U⁻ᵀ. Of a tall or a wide A the square part
    /// is differentiated like that, and the rest through L₂ = A₂·U⁻¹ or U₂ = L⁻¹·A₂.
    /// </summary>
    internal static (Tensor Factors, Tensor Pivots) Lu(Tensor a, string name)
    {
        RequireMatrix(a, name, false);
        int m = (int)a.Layout.Shape[^2], n = (int)a.Layout.Shape[^1];
        var exchanges = new List<int>();
        var factors = FromMatrices(Matrices(a).Select(matrix =>
        {
            int[] rows = new int[m];
            _ = Factorisations.Lu(matrix, m, n, rows);
            exchanges.AddRange(Exchanges(rows).Take(Math.Min(m, n)));
            return matrix;
        }), a.Layout.Shape, a);
        var pivots = tensor(exchanges.ToArray(), [.. Batch(a), Math.Min(m, n)], ScalarType.Int32, a.device);
        var result = FormulaBackward.Record("LinalgLuFactorBackward", [a], [pivots], [factors], static (node, dy) =>
        {
            var (p, l, u) = LuUnpack(node.Result(0), node.Kept(0));
            long k = l.Layout.Shape[^1], m = l.Layout.Shape[^2], n = u.Layout.Shape[^1];
            Tensor dl = dy[0]!.tril(-1).narrow(-1, 0, k), du = dy[0]!.triu().narrow(-2, 0, k);
            Tensor l1 = l.narrow(-2, 0, k), u1 = u.narrow(-1, 0, k), dl1 = dl.narrow(-2, 0, k), du1 = du.narrow(-1, 0, k);
            Tensor? below = null, beside = null;
            if (m > k)
            {
                below = Solve(u1, dl.narrow(-2, k, m - k).mT).mT;
                du1 = du1 - l.narrow(-2, k, m - k).mT.matmul(below);
            }
            if (n > k)
            {
                beside = Solve(l1.mT, du.narrow(-1, k, n - k));
                dl1 = dl1 - beside.matmul(u.narrow(-1, k, n - k).mT);
            }
            var middle = l1.mT.matmul(dl1).tril(-1) + du1.matmul(u1.mT).triu();
            var square = Solve(u1, Solve(l1.mT, middle).mT).mT;
            return [p.matmul(below is not null ? torch.cat([square, below], -2) : beside is not null ? torch.cat([square, beside], -1) : square)];
        })[0];
        return (result, pivots);
    }

    /// <summary>The exchanges, one after another, that make a permutation.</summary>
    private static IEnumerable<int> Exchanges(int[] rows)
    {
        int[] now = [.. Enumerable.Range(0, rows.Length)];
        for (int k = 0; k < rows.Length; k++)
        {
            int from = Array.IndexOf(now, rows[k]);
            (now[k], now[from]) = (now[from], now[k]);
            yield return from + 1;
        }
    }

    /// <summary>P [m, m], L [m, k] and U [k, n] with k = min(m, n) from the compact form.</summary>
    internal static (Tensor P, Tensor L, Tensor U) LuUnpack(Tensor factors, Tensor pivots)
    {
        using var scope = DisposeScope.ForTemporaries();
        int m = (int)factors.Layout.Shape[^2], n = (int)factors.Layout.Shape[^1], k = Math.Min(m, n), batch = (int)Layout.CountOf(Batch(factors));
        int[] exchanges = Array.ConvertAll(pivots.Integers(), pivot => (int)pivot);
        double[] p = new double[batch * m * m];
        for (int b = 0; b < batch; b++)
        {
            int[] rows = [.. Enumerable.Range(0, m)];
            for (int i = 0; i < k; i++)
            {
                int other = exchanges[b * k + i] - 1;
                (rows[i], rows[other]) = (rows[other], rows[i]);
            }
            for (int i = 0; i < m; i++)
                p[(b * m + rows[i]) * m + i] = 1;
        }
        var lower = factors.tril(-1).narrow(-1, 0, k) + eye(m, k, dtype: factors.dtype, device: factors.device);
        return scope.MoveToOuter(Factories.FromArray(p, [.. Batch(factors), m, m], factors.dtype, factors.device, false), lower, factors.triu().narrow(-2, 0, k));
    }

    /// <summary>X with A·X = B from the factors of A.</summary>
    internal static Tensor LuSolve(Tensor factors, Tensor pivots, Tensor b)
    {
        using var scope = DisposeScope.ForTemporaries();
        var (p, l, u) = LuUnpack(factors, pivots);
        return scope.MoveToOuter(Solve(u, Solve(l, p.mT.matmul(b))));
    }

    /// <summary>X with A·X = B (the identity when none is given) and, for each matrix, 0 or the place (from 1) of the first pivot that is 0; X is then not a solution.</summary>
    internal static (Tensor X, Tensor Info) SolveEx(Tensor a, Tensor? b, bool left, bool checkErrors, string name)
    {
        RequireMatrix(a, name, true);
        using var scope = DisposeScope.ForTemporaries();
        int n = (int)a.Layout.Shape[^1];
        b ??= eye(n, dtype: a.dtype, device: a.device).expand(a.Layout.Shape);
        int[] info = Matrices(a).Select(lu =>
        {
            _ = Factorisations.Lu(lu, n, new int[n]);
            return Enumerable.Range(0, n).FirstOrDefault(i => lu[i * n + i] == 0, -1) + 1;
        }).ToArray();
        if (n == 0)
            info = new int[Layout.CountOf(Batch(a))];
        if (checkErrors && info.Any(place => place != 0))
            throw Singular(name);
        var infos = tensor(info, Batch(a), ScalarType.Int32, a.device);
        // Of a singular matrix nothing is solved: the identity takes its place, and the result is NaN.
        var singular = infos.ne(0).unsqueeze(-1).unsqueeze(-1);
        var x = linalg.solve(info.All(place => place == 0) ? a : Where(singular, eye(n, dtype: a.dtype, device: a.device), a), b, left);
        if (!info.All(place => place == 0))
            x = x.masked_fill(x.Layout.Rank == a.Layout.Rank ? singular : singular.squeeze(-1), double.NaN);
        return (scope.MoveToOuter(x), scope.MoveToOuter(infos));
    }

    /// <summary>The first columns of H₁·H₂·…, with Hᵢ = I − τᵢ·v·vᵀ, where v is 1 at place i, what A has below it there, and 0 above.</summary>
    internal static Tensor HouseholderProduct(Tensor a, Tensor tau)
    {
        RequireMatrix(a, "linalg.householder_product", false);
        long m = a.Layout.Shape[^2], n = a.Layout.Shape[^1], k = tau.Layout.Rank == 0 ? 0 : tau.Layout.Shape[^1];
        if (m < n)
            throw new System.Runtime.InteropServices.ExternalException($"linalg.householder_product: input.shape[-2] must be greater than or equal to input.shape[-1], got shape {a.Layout}");
        if (n < k)
            throw new System.Runtime.InteropServices.ExternalException($"linalg.householder_product: input.shape[-1] must be greater than or equal to tau.shape[-1], got shapes {a.Layout} and {tau.Layout}");
        using var scope = DisposeScope.ForTemporaries();
        var columns = a.tril(-1) + eye(m, n, dtype: a.dtype, device: a.device);
        var q = eye(m, n, dtype: a.dtype, device: a.device).expand(a.Layout.Shape);
        for (long i = k - 1; i >= 0; i--)
        {
            var v = columns.narrow(-1, i, 1);
            q = q - tau.narrow(-1, i, 1).unsqueeze(-1) * v * v.mT.matmul(q);
        }
        return scope.MoveToOuter(q.contiguous());
    }
}
