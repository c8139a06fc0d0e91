using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Linear algebra on batches of matrices: computed in double precision, differentiated by the classical formulas.</summary>
internal static unsafe partial class Operations
{
    private static void RequireMatrix(Tensor x, string name, bool square)
    {
        if (!x.dtype.IsFloating())
            throw new ExternalException($"{name}: Expected a floating point or complex tensor as input. Got {x.dtype}");
        if (x.Layout.Rank < 2)
            throw new ExternalException($"{name}: The input tensor A must have at least 2 dimensions, got shape {x.Layout}");
        if (square && x.Layout.Shape[^1] != x.Layout.Shape[^2])
            throw new ExternalException($"{name}: A must be batches of square matrices, but they are {x.Layout.Shape[^2]} by {x.Layout.Shape[^1]} matrices");
    }

    /// <summary>The matrices of a batch as arrays.</summary>
    private static IEnumerable<double[]> Matrices(Tensor x)
    {
        int size = checked((int)(x.Layout.Shape[^2] * x.Layout.Shape[^1]));
        double[] all = x.Doubles();
        for (int at = 0; size > 0 && at < all.Length; at += size)
            yield return all.AsSpan(at, size).ToArray();
    }

    private static Tensor FromMatrices(IEnumerable<double[]> parts, long[] shape, Tensor like)
    {
        double[] all = parts.SelectMany(part => part).ToArray();
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
            if (!GradMode.Enabled || !Array.Exists(inputs, input => input.requires_grad))
                return results;
            var node = new FormulaBackward(name, keep, results.Length, formula) { Next = Array.ConvertAll(inputs, input => input.GradientEdge()) };
            for (int i = 0; i < results.Length; i++)
                results[i].Produced(node, i);
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
            for (int i = 0; i < dx.Length; i++)
                if (Needs(i))
                    dx[i] = gradients[i];
        }

        internal override void Release()
        {
            for (int i = 0; i < _kept.Length; i++)
                _kept[i].Release();
            for (int i = 0; i < _results.Length; i++)
                _results[i].Release();
        }
    }

    private static Exception Singular(string name) =>
        new ExternalException($"{name}: The diagonal element is zero, the inversion could not be completed because the input matrix is singular.");

    /// <summary>Y = A⁻¹; dA = −Yᵀ·dY·Yᵀ.</summary>
    internal static Tensor Inverse(Tensor a)
    {
        RequireMatrix(a, "linalg.inv", true);
        int n = (int)a.Layout.Shape[^1];
        double[] identity = new double[n * n];
        for (int i = 0; i < n; i++)
            identity[i * n + i] = 1;
        var y = FromMatrices(Matrices(a).Select(lu =>
        {
            int[] rows = new int[n];
            if (Factorisations.Lu(lu, n, rows) == 0)
                throw Singular("linalg.inv");
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
        if (b.Layout.Shape[^2] != n)
            throw new ExternalException($"linalg.solve: Incompatible shapes of A and B for the equation AX = B ({a.Layout} and {b.Layout})");
        long[] batch = Layout.Broadcast(Layout.Of(Batch(a)), Layout.Of(Batch(b))).Shape;
        Tensor wholeA = a.expand([.. batch, n, n]), wholeB = b.expand([.. batch, n, m]);
        var x = FromMatrices(Matrices(wholeA).Zip(Matrices(wholeB), (lu, right) =>
        {
            int[] rows = new int[n];
            if (Factorisations.Lu(lu, n, rows) == 0)
                throw Singular("linalg.solve");
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
        int n = (int)a.Layout.Shape[^1];
        List<double> signs = [], logs = [];
        foreach (double[] lu in n == 0 ? Enumerable.Repeat(Array.Empty<double>(), (int)Layout.CountOf(Batch(a))) : Matrices(a))
        {
            double sign = Factorisations.Lu(lu, n, new int[n]), log = sign == 0 ? double.NegativeInfinity : 0;
            for (int i = 0; i < n && sign != 0; i++)
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
        int n = (int)a.Layout.Shape[^1];
        double[] values = (n == 0 ? Enumerable.Repeat(Array.Empty<double>(), (int)Layout.CountOf(Batch(a))) : Matrices(a)).Select(lu =>
        {
            double det = Factorisations.Lu(lu, n, new int[n]);
            for (int i = 0; i < n; i++)
                det *= lu[i * n + i];
            return det;
        }).ToArray();
        return FormulaBackward.Record("LinalgDetBackward", [a], [a], [FromMatrices([values], Batch(a), a)], static (node, dy) =>
            [(dy[0]! * node.Result(0)).unsqueeze(-1).unsqueeze(-1) * Inverse(node.Kept(0)).mT])[0];
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
        double usual = Math.Max(a.size(-1), a.size(-2)) * Epsilon(a.dtype);
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
