using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Managed.Tests.Engine;

/// <summary>Corners of the numbers that public reports are about; every value is libtorch 2.10's.</summary>
public class NumericsTests
{
    private static Tensor Vector(params float[] values) => tensor(values);

    private static Tensor Indices(params long[] values) => tensor(values);

    private static double[] Numbers(Tensor x) => x.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray();

    private static double[] Gradient(Tensor x, Func<Tensor, Tensor> loss)
    {
        x.requires_grad_();
        loss(x).backward();
        return Numbers(x.grad!);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    public void A_batch_whose_targets_are_all_ignored_has_gradient_zero(double smoothing)
    {
        double[] zeros = [0, 0, 0, 0, 0, 0];
        Tensor Scores() => Vector(1, 2, 3, 4, 5, 6).reshape(2, 3);
        Assert.Equal(zeros, Gradient(Scores(), x => F.cross_entropy(x, Indices(-100, -100), label_smoothing: smoothing)));
        Assert.Equal(zeros, Gradient(Scores(), x => F.nll_loss(F.log_softmax(x, 1), Indices(-100, -100))));
        Assert.True(double.IsNaN(F.cross_entropy(Scores(), Indices(-100, -100), label_smoothing: smoothing).ToDouble()));
    }

    [Fact]
    public void Float16_is_summed_in_single_precision()
    {
        Tensor row = ones(1, 4096, dtype: ScalarType.Float16), column = row.t();
        Assert.Equal(4096, row.mm(column).ToDouble());
        Assert.Equal(4096, row.unsqueeze(0).bmm(column.unsqueeze(0)).ToDouble());
        Assert.Equal(4096, F.linear(row, row).ToDouble());
        Assert.Equal(4096, F.conv1d(row.unsqueeze(0), row.unsqueeze(0)).ToDouble());
        Assert.Equal(2, full([70000L], 2f).to(ScalarType.Float16).mean().ToDouble());
        Assert.Equal(500, Vector(300, 400).to(ScalarType.Float16).norm().ToDouble());
    }

    [Fact]
    public void A_negative_index_is_out_of_bounds()
    {
        Tensor x = Vector(1, 2, 3), last = Indices(-1), one = Vector(1);
        Assert.Throws<ExternalException>(() => nn.Embedding_from_pretrained(ones(3, 2)).call(last));
        Assert.Throws<ExternalException>(() => nn.Embedding_from_pretrained(ones(3, 2)).call(one));
        Assert.Throws<ExternalException>(() => nn.EmbeddingBag(3, 2).call(Indices(0, -1), Indices(0)));
        Assert.Throws<ExternalException>(() => x.gather(0, last));
        Assert.Throws<ExternalException>(() => x.index_select(0, last));
        Assert.Throws<ExternalException>(() => x.scatter(0, last, one));
        Assert.Throws<ExternalException>(() => x.scatter_add(0, last, one));
        Assert.Throws<ExternalException>(() => x.index_add(0, last, one, 1));
        Assert.Throws<ExternalException>(() => x.index_copy(0, last, one));
        Assert.Equal(3, x[TensorIndex.Tensor(last)].ToDouble());
    }

    [Theory]
    [InlineData(1f, 0f, 1e12)]
    [InlineData(0f, 0f, 0.0)]
    [InlineData(1e-38f, 1f, -1e12)]
    public void The_gradient_of_binary_cross_entropy_divides_by_at_least_1e_minus_12(float p, float target, double expected)
    {
        double[] gradient = Gradient(Vector(p), x => F.binary_cross_entropy(x, Vector(target)));
        Assert.Equal(expected, gradient[0], Math.Abs(expected) * 1e-6);
    }

    [Fact]
    public void Variance_keeps_its_digits_beside_large_numbers()
    {
        Assert.Equal(3.999, (arange(1000, dtype: ScalarType.Float32) % 7 + 1e6f).var().ToDouble(), 1e-3);
    }

    [Fact]
    public void Integers_have_no_negative_powers()
    {
        Assert.Throws<ExternalException>(() => Indices(2, 3).pow(-1));
        Assert.Throws<ExternalException>(() => Indices(2, 3).pow_(-1));
    }

    [Fact]
    public void Clipping_gradients_whose_norm_is_no_number_makes_none_of_them_one()
    {
        var p = new Parameter(zeros(2));
        p.grad = Vector(float.NaN, 4);
        nn.utils.clip_grad_norm_([p], 1.0);
        Assert.All(Numbers(p.grad!), value => Assert.True(double.IsNaN(value)));
    }

    [Fact]
    public void Bernoulli_and_geometric_follow_the_stream()
    {
        manual_seed(123);
        Assert.Equal([1.0, 0, 1, 0, 1, 0], Numbers(bernoulli(full([6L], 0.3f))));
        manual_seed(7);
        Assert.Equal([1.0, 1, 0, 0, 0, 0], Numbers(bernoulli(full([6L], 0.3, dtype: ScalarType.Float64))));
        manual_seed(123);
        Assert.Equal([3.0, 13, 2, 7], Numbers(zeros(4).geometric_(0.3)));
    }

    // The variance of ±1e30 is beyond Float32, its root is not; and in Float16 already that of ±300.
    [Fact]
    public void Std_WhoseVarianceDoesNotFitTheType_IsFinite()
    {
        Assert.Equal(1.41421356e30, tensor(new[] { 1e30f, -1e30f }).std().ToDouble(), 1e24);
        Assert.Equal(1.41421356e30, tensor(new[] { 1e30f, -1e30f }).std_mean(0).std.ToDouble(), 1e24);
        Assert.Equal(424.25, tensor(new[] { 300f, -300f }).to(float16).std().to(float64).ToDouble(), 0.3);
    }

    [Fact]
    public void Std_HasTheGradientOfARoot_AndNoneWhereAllAreEqual()
    {
        var x = tensor(new[] { 1.0, 2.0, 4.0 }, requires_grad: true);
        x.std().backward();
        // (x − m) / ((n − 1)·s), with m = 7/3 and s = √(7/3).
        double[] expected = [.. new[] { 1.0, 2.0, 4.0 }.Select(v => (v - 7.0 / 3) / (2 * Math.Sqrt(7.0 / 3)))];
        Assert.All(x.grad!.data<double>().ToArray().Zip(expected), p => Assert.Equal(p.Second, p.First, 1e-12));
        var same = ones(3, dtype: float64, requires_grad: true);
        same.std().backward();
        Assert.Equal([0, 0, 0], same.grad!.data<double>().ToArray());
    }

    [Fact]
    public void ManyHalves_AreAddedInSinglePrecision()
    {
        var index = zeros(4096, dtype: int64);
        Assert.Equal(4096, zeros(1, dtype: float16).scatter_add(0, index, ones(4096, dtype: float16)).to(float64).ToDouble());
        Assert.Equal(90.06, tensor(new[] { 300f, 300f, 0.001f }).to(float16).cumprod(0)[2].to(float64).ToDouble(), 0.2);
        Assert.Equal(1, nn.functional.avg_pool2d(ones([1, 1, 64, 64], dtype: float16), 64).to(float64).ToDouble());
        var x = ones([1, 1], dtype: float16).requires_grad_();
        x.index_select(0, index).sum().backward();
        Assert.Equal(4096, x.grad!.to(float64).ToDouble());
    }

    [Fact]
    public void BatchNorm_OfLargeNumbersCloseTogether_KeepsTheirDistances()
    {
        float[] values = [1e6f, 1e6f + 1, 1e6f + 2, 1e6f + 3];
        double[] y = nn.functional.batch_norm(tensor(values).view(4, 1), zeros(1), ones(1), training: true).to(float64).flatten().data<double>().ToArray();
        // (−1.5, −0.5, 0.5, 1.5) / √1.25, to what TorchSharp itself loses.
        double[] expected = [-1.3416, -0.4472, 0.4472, 1.3416];
        Assert.All(y.Zip(expected), p => Assert.Equal(p.Second, p.First, 0.02));
    }
}
