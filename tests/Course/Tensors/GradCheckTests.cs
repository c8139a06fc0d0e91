using static TorchSharp.torch;

namespace Course.Tests.Tensors;

public class GradCheckTests
{
    private static Tensor Point() => tensor(new[] { 0.3, -0.7, 1.2 });

    [Fact]
    public void Of_ACorrectGradient_Passes() => Assert.True(GradCheck.Of(x => (x.sin() * x.exp()).pow(2), Point()).Passes(1e-8));

    [Fact]
    public void Of_AWrongGradient_SaysWhere()
    {
        // The detached factor is missing from the gradient.
        var result = GradCheck.Of(x => x * x.detach(), Point());
        Assert.False(result.Passes());
        Assert.Contains("central difference", result.ToString(), StringComparison.Ordinal);
        Assert.Equal(2 * result.Analytic, result.Numeric, 6);
    }

    [Fact]
    public void OfGradients_OfASmoothFunction_Passes() => Assert.True(GradCheck.OfGradients(x => x.pow(3) + x.tanh(), Point()).Passes());

    [Fact]
    public void Of_SeveralInputs_ChecksEach() =>
        Assert.True(GradCheck.Of(x => x[0].matmul(x[1]), [tensor(new[,] { { 1.0, 2.0 }, { 3.0, 4.0 } }), tensor(new[,] { { 0.5 }, { -1.0 } })]).Passes());

    [Fact]
    public void Of_Float32_AsksForFloat64()
    {
        var failure = Assert.Throws<ArgumentException>(() => GradCheck.Of(x => x, ones(2)));
        Assert.Contains("float64", failure.Message, StringComparison.Ordinal);
    }
}
