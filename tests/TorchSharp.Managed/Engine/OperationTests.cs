using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests;

public class OperationTests
{
    private static double[] D(Tensor x) => x.to(float64).contiguous().data<double>().ToArray();

    private static void Close(Tensor actual, params double[] expected) => Assert.Equal(expected, D(actual), (a, b) => Math.Abs(a - b) <= 1e-9 * Math.Max(1, Math.Abs(a)));

    private static Tensor Matrix(int rows, int columns) => tensor(Enumerable.Range(0, rows * columns).Select(i => Math.Sin(i * i + 1.0)).ToArray(), [rows, columns]);

    [Theory]
    [InlineData(4, 4)]
    [InlineData(6, 3)]
    [InlineData(3, 6)]
    public void Svd_OfAnyShape_Reconstructs(int rows, int columns)
    {
        var a = Matrix(rows, columns);
        foreach (bool full in new[] { false, true })
        {
            var (u, s, vt) = linalg.svd(a, full);
            int k = Math.Min(rows, columns);
            Assert.True(u[TensorIndex.Colon, ..k].matmul(s.diag()).matmul(vt[..k]).allclose(a, 1e-10, 1e-12));
            Assert.True(u.mT.matmul(u).allclose(eye(u.size(1), dtype: float64), 1e-10, 1e-12));
            Assert.True(vt.matmul(vt.mT).allclose(eye(vt.size(0), dtype: float64), 1e-10, 1e-12));
        }
    }

    [Theory]
    [InlineData(5, 3, linalg.QRMode.Reduced)]
    [InlineData(5, 3, linalg.QRMode.Complete)]
    [InlineData(3, 5, linalg.QRMode.Reduced)]
    public void Qr_OfAnyShape_Reconstructs(int rows, int columns, linalg.QRMode mode)
    {
        var a = Matrix(rows, columns);
        var (q, r) = linalg.qr(a, mode);
        Assert.True(q.matmul(r).allclose(a, 1e-10, 1e-12));
        Assert.True(r.tril(-1).abs().max().ToDouble() == 0);
    }

    [Fact]
    public void Eigh_OfASymmetricMatrix_Reconstructs()
    {
        var a = Matrix(6, 6);
        a = a + a.mT;
        var (values, vectors) = linalg.eigh(a);
        Assert.True(vectors.matmul(values.diag()).matmul(vectors.mT).allclose(a, 1e-10, 1e-12));
        Assert.True((values.diff() >= 0).all().ToBoolean());
    }

    [Fact]
    public void Linalg_OfSingularOrIndefiniteMatrices_Throws()
    {
        Assert.Contains("singular", Assert.Throws<ExternalException>(() => linalg.inv(ones(2, 2))).Message);
        Assert.Contains("positive-definite", Assert.Throws<ExternalException>(() => linalg.cholesky(-eye(2))).Message);
        Assert.Equal(1, linalg.matrix_rank(ones(3, 3)).ToInt64());
        Assert.True(double.IsPositiveInfinity(linalg.cond(tensor(new[,] { { 1.0, 0 }, { 0, 0 } })).ToDouble()));
    }

    [Fact]
    public void Lstsq_OfAnOverdeterminedSystem_FitsTheLine()
    {
        var x = tensor(new[,] { { 1.0, 0 }, { 1, 1 }, { 1, 2 }, { 1, 3 } });
        var (solution, residuals, rank, _) = linalg.lstsq(x, tensor(new[,] { { 1.0 }, { 3 }, { 5 }, { 7.4 } }));
        Close(solution, 0.92, 2.12);
        Assert.Equal(2, rank.ToInt64());
        Assert.Equal(0, residuals.numel());
    }

    [Fact]
    public void Counting_CountsWhatFallsIn()
    {
        Close(tensor(new long[] { 1, 1, 3 }).bincount(null, 5), 0, 2, 0, 1, 0);
        Close(tensor(new[] { 0.0, 0.5, 1, 2, 3 }).histc(3, 0, 3), 2, 1, 2);
        var (hist, edges) = histogram(tensor(new[] { 1.0, 2, 1 }), 4, (0, 3));
        Close(hist, 0, 2, 1, 0);
        Assert.Equal(5, edges.numel());
        var (values, inverse, counts) = tensor(new long[] { 3, 1, 3 }).unique(return_inverse: true, return_counts: true);
        Close(values, 1, 3);
        Close(inverse!, 1, 0, 1);
        Close(counts!, 1, 2);
        Close(searchsorted(tensor(new[] { 1.0, 3, 5 }), tensor(new[] { 3.0, 4 })), 1, 2);
    }

    [Fact]
    public void Einsum_EqualsTheSumsItNames()
    {
        Tensor a = Matrix(3, 4), b = Matrix(4, 2);
        Assert.True(einsum("ij,jk->ik", a, b).allclose(a.matmul(b)));
        Assert.True(einsum("ij->j", a).allclose(a.sum(0L)));
        Assert.True(einsum("ij,ij", a, a).allclose((a * a).sum()));
        Assert.Contains("einsum()", Assert.Throws<ExternalException>(() => einsum("ij,jk->ik", a, a)).Message);
    }

    [Fact]
    public void SpecialFunctions_AtKnownPoints()
    {
        Close(tensor(new[] { 0.5, 1, 3, 5 }).erf(), 0.5204998778130465, 0.8427007929497149, 0.9999779095030014, 0.9999999999984626);
        Assert.Equal(1, tensor(10.0).erfc().ToDouble() / 2.0884875837625446e-45, 10);
        Close(tensor(new[] { 0.5, 4.5 }).lgamma(), 0.5723649429247001, 2.4537365708424422);
        Close(tensor(new[] { 1.0, 0.25 }).digamma(), -0.5772156649015329, -4.2274535333762654);
        Close(tensor(new[] { 1.0 }).polygamma(1), 1.6449340668482264);
        Close(tensor(new[] { 0.0, 2 }).i0(), 1, 2.2795853023360673);
        Close(tensor(new[] { 0.5 }).erfinv(), 0.4769362762044699);
    }

    private sealed class Cube : autograd.SingleTensorFunction<Cube>
    {
        public override string Name => nameof(Cube);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var x = (Tensor)vars[0];
            ctx.save_for_backward([x]);
            return x * x * x;
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            var x = ctx.get_saved_variables()[0];
            return [grad_output * x * x * 3];
        }
    }

    [Fact]
    public void CustomFunction_UsesItsOwnBackward_AlsoTwice()
    {
        var x = tensor(2.0, requires_grad: true);
        var first = autograd.grad([Cube.apply(x)], [x], create_graph: true, retain_graph: true)[0];
        Assert.Equal(12, first.ToDouble());
        Assert.Equal(12, autograd.grad([first], [x])[0].ToDouble());
    }

    [Fact]
    public void Jacobian_OfAVectorFunction_HasARowForEachOutput() =>
        Close(autograd.functional.jacobian(x => x * x, tensor(new[] { 1.0, 3 })), 2, 0, 0, 6);

    [Fact]
    public void Interpolate_Bilinear_IsPyTorchs() =>
        Close(nn.functional.interpolate(tensor(new[] { 0.0, 1, 2, 3 }, [1, 1, 2, 2]), [4, 2], mode: InterpolationMode.Bilinear)[0, 0], 0, 1, 0.5, 1.5, 1.5, 2.5, 2, 3);
}
