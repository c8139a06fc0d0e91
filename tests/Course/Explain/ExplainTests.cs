using TorchSharp;
using static TorchSharp.torch;

namespace Course.Tests.Explain;

public class ExplainTests
{
    // A "network" whose logit 1 is a weighted sum of the pixels: every map is known in closed form.
    private static Tensor Weights => arange(16, dtype: ScalarType.Float32).reshape(1, 1, 4, 4) - 7;
    private static Tensor Image => ones(1, 1, 4, 4);

    private static Tensor Linear(Tensor x) => stack([zeros(x.shape[0]), (x * Weights).sum([1, 2, 3])], 1);

    [Fact]
    public void Saliency_LinearModel_IsTheAbsoluteWeight()
    {
        double[,] map = Course.Explain.Saliency(Linear, Image, target: 1);

        Assert.Equal(7, map[0, 0], 5);
        Assert.Equal(8, map[3, 3], 5);
        Assert.Equal(0, map[1, 3], 5);
    }

    [Fact]
    public void Occlusion_PixelWithoutWeight_ChangesNothing()
    {
        double[,] map = Course.Explain.Occlusion(Linear, Image, target: 1, window: 1);

        Assert.Equal(0, map[1, 3], 5);
        Assert.True(map[3, 3] > 0); // covering a supporting pixel lowers the probability
        Assert.True(map[0, 0] <= 0);
    }

    [Fact]
    public void GradCam_OneSupportingMap_IsThatMapScaled()
    {
        // Two maps; the head adds up the first and subtracts the second.
        Tensor Features(Tensor x) => cat([x, 2 * x], 1);
        Tensor Head(Tensor maps) => stack([zeros(maps.shape[0]), maps[.., 0].sum([1, 2]) - maps[.., 1].sum([1, 2])], 1);
        var x = zeros(1, 1, 4, 4);
        x[0, 0, 2, 1] = -3; // α = (1, −1): M = max(0, x − 2x) = max(0, −x)

        double[,] map = Course.Explain.GradCam(Features, Head, x, target: 1);

        Assert.Equal(3, map[2, 1], 5);
        Assert.Equal(3, map.Cast<double>().Sum(), 5);
    }

    [Fact]
    public void ShareInside_HalfTheTotal_IsOneHalf() =>
        Assert.Equal(0.5, Course.Explain.ShareInside(new double[,] { { 1, -2 }, { 3, 0 } }, (y, x) => y == 1), 12);

    [Fact]
    public void Saliency_SeveralImages_RefusesWithTheShape() =>
        Assert.Contains("[2, 1, 4, 4]", Assert.Throws<ArgumentException>(() => Course.Explain.Saliency(Linear, ones(2, 1, 4, 4), 1)).Message);
}
