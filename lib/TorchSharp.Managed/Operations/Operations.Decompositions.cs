using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A matrix as a product of simpler ones.</summary>
internal static unsafe partial class Operations
{
    /// <summary>L with A = L·Lᵀ; dA = symmetric part of L⁻ᵀ·Φ(Lᵀ·dL)·L⁻¹, Φ the lower triangle with half the diagonal.</summary>
    internal static Tensor Cholesky(Tensor a, bool upper, List<int>? failures = null)
    {
        RequireMatrix(a, "linalg.cholesky", true);
        int n = (int)a.Layout.Shape[^1];
        var l = FromMatrices(Matrices(a).Select(matrix =>
        {
            int failed = Factorisations.Cholesky(matrix, n);
            failures?.Add(failed);
            if (failed != 0 && failures is null)
                throw new ExternalException($"linalg.cholesky: The factorization could not be completed because the input is not positive-definite (the leading minor of order {failed} is not positive-definite).");
            return matrix;
        }), a.Layout.Shape, a);
        l = FormulaBackward.Record("LinalgCholeskyBackward", [a], [], [l], static (node, dy) =>
        {
            var l = node.Result(0);
            var phi = l.mT.matmul(dy[0]!).tril();
            phi = phi - phi.tril().triu() * 0.5;
            var inverse = Inverse(l);
            var s = inverse.mT.matmul(phi).matmul(inverse);
            return [(s + s.mT) * 0.5];
        })[0];
        if (!upper)
            return l;
        using (l.AsTemporary())
            return l.mT;
    }

    /// <summary>A = Q·R; dA = (dQ + Q·copyltu(R·dRᵀ − dQᵀ·Q))·R⁻ᵀ for the reduced form of a matrix with rows ≥ columns.</summary>
    internal static (Tensor Q, Tensor R) Qr(Tensor a, bool complete)
    {
        RequireMatrix(a, "linalg.qr", false);
        int m = (int)a.Layout.Shape[^2], n = (int)a.Layout.Shape[^1], columns = complete ? m : Math.Min(m, n);
        var parts = Matrices(a).Select(matrix => Factorisations.Qr(matrix, m, n, complete)).ToArray();
        var q = FromMatrices(parts.Select(part => part.Q), [.. Batch(a), m, columns], a);
        var r = FromMatrices(parts.Select(part => part.R), [.. Batch(a), columns, n], a);
        var results = FormulaBackward.Record("LinalgQrBackward", [a], [], [q, r], (node, dy) =>
        {
            if (columns != n)
                throw new NotSupportedException("the gradient of linalg.qr is defined for the reduced form of matrices with at least as many rows as columns");
            Tensor q = node.Result(0), r = node.Result(1);
            var mixed = dy[1] is { } dr ? r.matmul(dr.mT) : torch.zeros_like(r);
            if (dy[0] is { } dq)
                mixed = mixed - dq.mT.matmul(q);
            var lower = mixed.tril();
            var inner = q.matmul(lower + mixed.tril(-1).mT);
            if (dy[0] is { } more)
                inner = more + inner;
            return [inner.matmul(Inverse(r).mT)];
        });
        return (results[0], results[1]);
    }

    /// <summary>A = V·diag(λ)·Vᵀ of a symmetric matrix; dA = V·(diag(dλ) + (Vᵀ·dV)∘F)·Vᵀ with Fᵢⱼ = 1/(λⱼ − λᵢ).</summary>
    internal static (Tensor Values, Tensor Vectors) Eigh(Tensor a, char part)
    {
        RequireMatrix(a, "linalg.eigh", true);
        int n = (int)a.Layout.Shape[^1];
        bool lower = part is 'L' or 'l';
        var parts = Matrices(a).Select(matrix =>
        {
            for (int i = 0; i < n; i++)
                for (int j = 0; j < i; j++)
                    if (lower)
                        matrix[j * n + i] = matrix[i * n + j];
                    else
                        matrix[i * n + j] = matrix[j * n + i];
            return Factorisations.SymmetricEigen(matrix, n);
        }).ToArray();
        var values = FromMatrices(parts.Select(p => p.Values), [.. Batch(a), n], a);
        var vectors = FromMatrices(parts.Select(p => p.Vectors), a.Layout.Shape, a);
        var results = FormulaBackward.Record("LinalgEighBackward", [a], [], [values, vectors], static (node, dy) =>
        {
            Tensor l = node.Result(0), v = node.Result(1);
            var inner = dy[0] is { } dl ? dl.diag_embed() : torch.zeros_like(v);
            if (dy[1] is { } dv)
                inner = inner + v.mT.matmul(dv) * Reciprocals(l.unsqueeze(-2) - l.unsqueeze(-1));
            return [v.matmul(inner).matmul(v.mT)];
        });
        return (results[0], results[1]);
    }

    /// <summary>1/x off the diagonal, 0 on it.</summary>
    private static Tensor Reciprocals(Tensor x)
    {
        var eye = torch.eye(x.size(-1), dtype: x.dtype, device: x.device);
        return (1 - eye) / (x + eye);
    }

    /// <summary>A = U·diag(S)·Vᵀ, S descending. Gradient: J. Townsend, Differentiating the Singular Value Decomposition (2016).</summary>
    internal static (Tensor U, Tensor S, Tensor Vt) Svd(Tensor a, bool full)
    {
        RequireMatrix(a, "linalg.svd", false);
        int m = (int)a.Layout.Shape[^2], n = (int)a.Layout.Shape[^1], k = Math.Min(m, n);
        List<double[]> us = [], ss = [], vs = [];
        foreach (double[] matrix in Matrices(a))
        {
            // The algorithm wants a tall matrix: a wide one is transposed and its factors exchanged.
            var (u, s, v) = m >= n ? Factorisations.Svd(matrix, m, n) : Factorisations.Svd(Transposed(matrix, m, n), n, m);
            if (m < n)
                (u, v) = (v, u);
            us.Add(full && m > k ? Completed(u, m, k) : u);
            ss.Add(s);
            vs.Add(Transposed(full && n > k ? Completed(v, n, k) : v, n, full ? n : k));
        }
        var results = new[]
        {
            FromMatrices(us, [.. Batch(a), m, full ? m : k], a),
            FromMatrices(ss, [.. Batch(a), k], a),
            FromMatrices(vs, [.. Batch(a), full ? n : k, n], a),
        };
        results = FormulaBackward.Record("LinalgSvdBackward", [a], [], results, (node, dy) => [SvdGradient(node.Result(0).narrow(-1, 0, k), node.Result(1), node.Result(2).narrow(-2, 0, k).mT,
            dy[0]?.narrow(-1, 0, k), dy[1], dy[2]?.narrow(-2, 0, k).mT)]);
        return (results[0], results[1], results[2]);
    }

    private static Tensor SvdGradient(Tensor u, Tensor s, Tensor v, Tensor? du, Tensor? ds, Tensor? dv)
    {
        var inner = ds is null ? torch.zeros_like(s).diag_embed() : ds.diag_embed();
        if (du is not null || dv is not null)
        {
            var f = Reciprocals(s.square().unsqueeze(-2) - s.square().unsqueeze(-1));
            Tensor row = s.unsqueeze(-2), column = s.unsqueeze(-1);
            if (du is not null)
            {
                var c = u.mT.matmul(du);
                inner = inner + (c - c.mT) * f * row;
            }
            if (dv is not null)
            {
                var c = v.mT.matmul(dv);
                inner = inner + column * ((c - c.mT) * f);
            }
        }
        var da = u.matmul(inner).matmul(v.mT);
        // The parts of dU and dV outside the spaces that U and V span.
        if (du is not null && u.size(-2) > u.size(-1))
            da = da + (du - u.matmul(u.mT.matmul(du))).matmul((1 / s).unsqueeze(-1) * v.mT);
        if (dv is not null && v.size(-2) > v.size(-1))
            da = da + (u * (1 / s).unsqueeze(-2)).matmul((dv - v.matmul(v.mT.matmul(dv))).mT);
        return da;
    }

    private static double[] Transposed(double[] a, int m, int n)
    {
        double[] result = new double[a.Length];
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++)
                result[j * m + i] = a[i * n + j];
        return result;
    }

    /// <summary>Orthonormal columns, completed to a basis.</summary>
    private static double[] Completed(double[] u, int m, int k)
    {
        var (q, _) = Factorisations.Qr(u, m, k, complete: true);
        for (int i = 0; i < m; i++)
            for (int j = 0; j < k; j++)
                q[i * m + j] = u[i * k + j];
        return q;
    }
}
