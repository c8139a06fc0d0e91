using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Linear algebra on batches of matrices: computed in double precision, differentiated by the classical formulas.</summary>
internal static unsafe partial class Operations
{
    private static void RequireMatrix(Tensor x, string name, bool square)
    {
        if (!x.dtype.IsFloating()) throw new ExternalException($"{name}: Expected a floating point or complex tensor as input. Got {x.dtype}");
        if (x.Layout.Rank < 2) throw new ExternalException($"{name}: The input tensor A must have at least 2 dimensions, got shape {x.Layout}");
        if (square && x.Layout.Shape[^1] != x.Layout.Shape[^2]) throw new ExternalException($"{name}: A must be batches of square matrices, but they are {x.Layout.Shape[^2]} by {x.Layout.Shape[^1]} matrices");
    }

    /// <summary>The matrices of a batch as arrays.</summary>
    private static IEnumerable<double[]> Matrices(Tensor x)
    {
        var size = checked((int)(x.Layout.Shape[^2] * x.Layout.Shape[^1]));
        var all = x.Doubles();
        for (var at = 0; size > 0 && at < all.Length; at += size) yield return all.AsSpan(at, size).ToArray();
    }

    private static Tensor FromMatrices(IEnumerable<double[]> parts, long[] shape, Tensor like)
    {
        var all = parts.SelectMany(part => part).ToArray();
        return Factories.FromArray(all, shape, like.dtype, like.device, false);
    }

    private static long[] Batch(Tensor x) => x.Layout.Shape[..^2];

    /// <summary>A node whose backward is a formula over kept inputs and the results themselves.</summary>
    private sealed class FormulaBackward(string name, Tensor[] keep, int outputs, Func<FormulaBackward, Tensor?[], Tensor?[]> formula) : Node
    {
        private readonly Saved[] _kept = Array.ConvertAll(keep, tensor => new Saved(tensor));
        private Saved[] _results = [];

        internal override int Outputs => outputs;

        internal override string Name => name;

        internal static Tensor[] Record(string name, Tensor[] inputs, Tensor[] keep, Tensor[] results, Func<FormulaBackward, Tensor?[], Tensor?[]> formula)
        {
            if (!GradMode.Enabled || !Array.Exists(inputs, input => input.requires_grad)) return results;
            var node = new FormulaBackward(name, keep, results.Length, formula) { Next = Array.ConvertAll(inputs, input => input.GradientEdge()) };
            for (var i = 0; i < results.Length; i++) results[i].Produced(node, i);
            node._results = Array.ConvertAll(results, result => new Saved(result, isOutput: true));
            return results;
        }

        internal Tensor Kept(int i) => _kept[i].Unpack(this);

        internal Tensor Result(int i)
        {
            var result = _results[i].Unpack(this, isOutput: true);
            result.Meta!.OutputNumber = i;
            return result;
        }

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            var gradients = formula(this, dy);
            for (var i = 0; i < dx.Length; i++)
                if (Needs(i)) dx[i] = gradients[i];
        }

        internal override void Release()
        {
            for (var i = 0; i < _kept.Length; i++) _kept[i].Release();
            for (var i = 0; i < _results.Length; i++) _results[i].Release();
        }
    }

    private static Exception Singular(string name) =>
        new ExternalException($"{name}: The diagonal element is zero, the inversion could not be completed because the input matrix is singular.");

    /// <summary>Y = A⁻¹; dA = −Yᵀ·dY·Yᵀ.</summary>
    internal static Tensor Inverse(Tensor a)
    {
        RequireMatrix(a, "linalg.inv", true);
        var n = (int)a.Layout.Shape[^1];
        var identity = new double[n * n];
        for (var i = 0; i < n; i++) identity[i * n + i] = 1;
        var y = FromMatrices(Matrices(a).Select(lu =>
        {
            var rows = new int[n];
            if (Factorisations.Lu(lu, n, rows) == 0) throw Singular("linalg.inv");
            return Factorisations.LuSolve(lu, n, rows, identity, n);
        }), a.Layout.Shape, a);
        return FormulaBackward.Record("LinalgInvBackward", [a], [], [y], static (node, dy) =>
        {
            var yt = node.Result(0).mT;
            return [-yt.matmul(dy[0]!).matmul(yt)];
        })[0];
    }

    /// <summary>X with A·X = B (a vector B is one column); dB = A⁻ᵀ·dX, dA = −dB·Xᵀ.</summary>
    internal static Tensor Solve(Tensor a, Tensor b)
    {
        RequireMatrix(a, "linalg.solve", true);
        RequireSameType(a, b, "linalg.solve");
        using var scope = DisposeScope.ForTemporaries();
        if (b.Layout.Rank == 1 || (b.Layout.Rank == a.Layout.Rank - 1 && b.Layout.Shape.AsSpan().SequenceEqual(a.Layout.Shape.AsSpan(0, a.Layout.Rank - 1))))
            return scope.MoveToOuter(Solve(a, b.unsqueeze(-1)).squeeze(-1));
        int n = (int)a.Layout.Shape[^1], m = (int)b.Layout.Shape[^1];
        if (b.Layout.Shape[^2] != n) throw new ExternalException($"linalg.solve: Incompatible shapes of A and B for the equation AX = B ({a.Layout} and {b.Layout})");
        var batch = Layout.Broadcast(Layout.Of(Batch(a)), Layout.Of(Batch(b))).Shape;
        Tensor wholeA = a.expand([.. batch, n, n]), wholeB = b.expand([.. batch, n, m]);
        var x = FromMatrices(Matrices(wholeA).Zip(Matrices(wholeB), (lu, right) =>
        {
            var rows = new int[n];
            if (Factorisations.Lu(lu, n, rows) == 0) throw Singular("linalg.solve");
            return Factorisations.LuSolve(lu, n, rows, right, m);
        }), [.. batch, n, m], a);
        return scope.MoveToOuter(FormulaBackward.Record("LinalgSolveBackward", [wholeA, wholeB], [wholeA], [x], static (node, dy) =>
        {
            var db = Solve(node.Kept(0).mT, dy[0]!);
            return [-db.matmul(node.Result(0).mT), db];
        })[0]);
    }

    /// <summary>sign and ln |det A|; dA = d(ln|det|)·A⁻ᵀ.</summary>
    internal static (Tensor Sign, Tensor Log) SLogDet(Tensor a)
    {
        RequireMatrix(a, "linalg.slogdet", true);
        var n = (int)a.Layout.Shape[^1];
        List<double> signs = [], logs = [];
        foreach (var lu in n == 0 ? Enumerable.Repeat(Array.Empty<double>(), (int)Layout.CountOf(Batch(a))) : Matrices(a))
        {
            double sign = Factorisations.Lu(lu, n, new int[n]), log = sign == 0 ? double.NegativeInfinity : 0;
            for (var i = 0; i < n && sign != 0; i++)
            {
                sign *= Math.Sign(lu[i * n + i]);
                log += Math.Log(Math.Abs(lu[i * n + i]));
            }
            signs.Add(sign);
            logs.Add(log);
        }
        var signTensor = FromMatrices([[.. signs]], Batch(a), a);
        var result = FormulaBackward.Record("LinalgSlogdetBackward", [a], [a], [FromMatrices([[.. logs]], Batch(a), a)], static (node, dy) =>
            [dy[0]!.unsqueeze(-1).unsqueeze(-1) * Inverse(node.Kept(0)).mT]);
        return (signTensor, result[0]);
    }

    /// <summary>det A; dA = dy·det·A⁻ᵀ.</summary>
    internal static Tensor Det(Tensor a)
    {
        RequireMatrix(a, "linalg.det", true);
        var n = (int)a.Layout.Shape[^1];
        var values = (n == 0 ? Enumerable.Repeat(Array.Empty<double>(), (int)Layout.CountOf(Batch(a))) : Matrices(a)).Select(lu =>
        {
            double det = Factorisations.Lu(lu, n, new int[n]);
            for (var i = 0; i < n; i++) det *= lu[i * n + i];
            return det;
        }).ToArray();
        return FormulaBackward.Record("LinalgDetBackward", [a], [a], [FromMatrices([values], Batch(a), a)], static (node, dy) =>
            [(dy[0]! * node.Result(0)).unsqueeze(-1).unsqueeze(-1) * Inverse(node.Kept(0)).mT])[0];
    }

    /// <summary>L with A = L·Lᵀ; dA = symmetric part of L⁻ᵀ·Φ(Lᵀ·dL)·L⁻¹, Φ the lower triangle with half the diagonal.</summary>
    internal static Tensor Cholesky(Tensor a, bool upper, List<int>? failures = null)
    {
        RequireMatrix(a, "linalg.cholesky", true);
        var n = (int)a.Layout.Shape[^1];
        var l = FromMatrices(Matrices(a).Select(matrix =>
        {
            var failed = Factorisations.Cholesky(matrix, n);
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
        if (!upper) return l;
        using (l.AsTemporary()) return l.mT;
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
            if (columns != n) throw new NotSupportedException("the gradient of linalg.qr is defined for the reduced form of matrices with at least as many rows as columns");
            Tensor q = node.Result(0), r = node.Result(1);
            var mixed = dy[1] is { } dr ? r.matmul(dr.mT) : torch.zeros_like(r);
            if (dy[0] is { } dq) mixed = mixed - dq.mT.matmul(q);
            var lower = mixed.tril();
            var inner = q.matmul(lower + mixed.tril(-1).mT);
            if (dy[0] is { } more) inner = more + inner;
            return [inner.matmul(Inverse(r).mT)];
        });
        return (results[0], results[1]);
    }

    /// <summary>A = V·diag(λ)·Vᵀ of a symmetric matrix; dA = V·(diag(dλ) + (Vᵀ·dV)∘F)·Vᵀ with Fᵢⱼ = 1/(λⱼ − λᵢ).</summary>
    internal static (Tensor Values, Tensor Vectors) Eigh(Tensor a, char part)
    {
        RequireMatrix(a, "linalg.eigh", true);
        var n = (int)a.Layout.Shape[^1];
        var lower = part is 'L' or 'l';
        var parts = Matrices(a).Select(matrix =>
        {
            for (var i = 0; i < n; i++)
                for (var j = 0; j < i; j++)
                    if (lower) matrix[j * n + i] = matrix[i * n + j];
                    else matrix[i * n + j] = matrix[j * n + i];
            return Factorisations.SymmetricEigen(matrix, n);
        }).ToArray();
        var values = FromMatrices(parts.Select(p => p.Values), [.. Batch(a), n], a);
        var vectors = FromMatrices(parts.Select(p => p.Vectors), a.Layout.Shape, a);
        var results = FormulaBackward.Record("LinalgEighBackward", [a], [], [values, vectors], static (node, dy) =>
        {
            Tensor l = node.Result(0), v = node.Result(1);
            var inner = dy[0] is { } dl ? dl.diag_embed() : torch.zeros_like(v);
            if (dy[1] is { } dv) inner = inner + v.mT.matmul(dv) * Reciprocals(l.unsqueeze(-2) - l.unsqueeze(-1));
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
        foreach (var matrix in Matrices(a))
        {
            // The algorithm wants a tall matrix: a wide one is transposed and its factors exchanged.
            var (u, s, v) = m >= n ? Factorisations.Svd(matrix, m, n) : Factorisations.Svd(Transposed(matrix, m, n), n, m);
            if (m < n) (u, v) = (v, u);
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
        if (du is not null && u.size(-2) > u.size(-1)) da = da + (du - u.matmul(u.mT.matmul(du))).matmul((1 / s).unsqueeze(-1) * v.mT);
        if (dv is not null && v.size(-2) > v.size(-1)) da = da + (u * (1 / s).unsqueeze(-2)).matmul((dv - v.matmul(v.mT.matmul(dv))).mT);
        return da;
    }

    private static double[] Transposed(double[] a, int m, int n)
    {
        var result = new double[a.Length];
        for (var i = 0; i < m; i++)
            for (var j = 0; j < n; j++)
                result[j * m + i] = a[i * n + j];
        return result;
    }

    /// <summary>Orthonormal columns, completed to a basis.</summary>
    private static double[] Completed(double[] u, int m, int k)
    {
        var (q, _) = Factorisations.Qr(u, m, k, complete: true);
        for (var i = 0; i < m; i++)
            for (var j = 0; j < k; j++)
                q[i * m + j] = u[i * k + j];
        return q;
    }

    /// <summary>Pseudo-inverse, by the singular values above a limit. Gradient: Golub and Pereyra, 1973.</summary>
    internal static Tensor PseudoInverse(Tensor a, Tensor? atol, Tensor? rtol)
    {
        RequireMatrix(a, "linalg.pinv", false);
        using var scope = DisposeScope.ForTemporaries();
        Tensor p;
        using (GradMode.Set(false))
        {
            var (u, s, vt) = Svd(a, false);
            var inverse = Where(s > SmallestSingular(a, s, atol, rtol), 1 / s, torch.zeros_like(s));
            p = vt.mT.matmul(inverse.unsqueeze(-1) * u.mT);
        }
        return scope.MoveToOuter(FormulaBackward.Record("LinalgPinvBackward", [a], [a], [Packed(p)], static (node, dy) =>
        {
            Tensor a = node.Kept(0), p = node.Result(0), g = dy[0]!, pt = p.mT, gt = g.mT;
            var k = gt.matmul(p);
            var kpt = k.matmul(pt);
            return [-p.matmul(k).mT + kpt - a.matmul(p).matmul(kpt) + pt.matmul(p).matmul(gt - k.matmul(a))];
        })[0]);
    }

    /// <summary>max(atol, rtol·σ₁): singular values up to it count as 0. Without either, rtol is max(m, n)·ε; with atol alone, 0.</summary>
    internal static Tensor SmallestSingular(Tensor a, Tensor s, Tensor? atol, Tensor? rtol)
    {
        var usual = Math.Max(a.size(-1), a.size(-2)) * Epsilon(a.dtype);
        var relative = rtol?.unsqueeze(-1) ?? (atol is null ? torch.full_like(s, usual) : Where(atol.unsqueeze(-1) > 0, torch.zeros_like(s), torch.full_like(s, usual)));
        var limit = Extreme(true, s, [-1], true) * relative;
        return atol is null ? limit : limit.maximum(atol.unsqueeze(-1));
    }

    internal static double Epsilon(ScalarType type) => type switch
    {
        ScalarType.Float64 => Math.BitIncrement(1.0) - 1,
        ScalarType.Float32 => MathF.BitIncrement(1f) - 1,
        ScalarType.BFloat16 => 0.0078125,
        _ => 0.0009765625,
    };
}
