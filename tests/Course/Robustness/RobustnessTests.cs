using TorchSharp;
using static TorchSharp.torch;

namespace Course.Tests.Robustness;

public class RobustnessTests
{
    private static Tensor Dot(double x, double y, int side = 9)
    {
        var image = zeros(1, 1, side, side);
        image[0, 0, (long)y, (long)x] = 1;
        return image;
    }

    private static (double X, double Y) Centre(Tensor image)
    {
        double[,] map = Course.Explain.Map(image[0, 0]);
        double sum = 0, x = 0, y = 0;
        for (int r = 0; r < map.GetLength(0); r++)
            for (int c = 0; c < map.GetLength(1); c++)
                (sum, x, y) = (sum + map[r, c], x + c * map[r, c], y + r * map[r, c]);
        return (x / sum, y / sum);
    }

    [Fact]
    public void Shift_RightAndDown_MovesTheDotThere()
    {
        var moved = ImageWarp.Apply(Dot(4, 4), _ => Affine.Shift(2, 1));

        Assert.Equal(1, moved[0, 0, 5, 6].item<float>(), 5);
        Assert.Equal(1, moved.sum().item<float>(), 5);
    }

    [Fact]
    public void Rotate_NinetyDegrees_TurnsAnticlockwise()
    {
        var (x, y) = Centre(ImageWarp.Apply(Dot(7, 4), _ => Affine.Rotate(90))); // right of the centre …

        Assert.Equal(4, x, 3);
        Assert.Equal(1, y, 3); // … goes to the top
    }

    [Fact]
    public void Then_RotateAndShift_AppliesThemInThatOrder()
    {
        var (x, y) = Centre(ImageWarp.Apply(Dot(7, 4), _ => Affine.Rotate(90).Then(Affine.Shift(2, 0))));

        Assert.Equal(6, x, 3);
        Assert.Equal(1, y, 3);
    }

    [Fact]
    public void Zoom_Twice_MovesTheDotAwayFromTheCentre()
    {
        var (x, _) = Centre(ImageWarp.Apply(Dot(5, 4), _ => Affine.Zoom(2)));

        Assert.Equal(6, x, 1);
    }

    [Fact]
    public void Apply_NoChange_IsExact()
    {
        var image = rand(2, 3, 5, 7);

        Assert.Equal(0, (ImageWarp.Apply(image, _ => Affine.Shift(0, 0)) - image).abs().max().item<float>());
    }

    [Fact]
    public void Augmentation_SameSeed_GivesTheSameBatch()
    {
        var images = rand(4, 1, 28, 28);
        var augmentation = new Augmentation(Shift: 2, Rotate: 10, Shear: 0.1, Zoom: 0.1, Flip: true);

        Assert.Equal(0, (augmentation.Apply(images, 7) - augmentation.Apply(images, 7)).abs().max().item<float>());
        Assert.True((augmentation.Apply(images, 7) - augmentation.Apply(images, 8)).abs().max().item<float>() > 0.1);
    }

    // Logits (0, w·x): the worst change of size ε is −ε·sign(w) for class 1, in closed form.
    private static Tensor W => tensor(new[] { 1f, -2f, 0.5f, 3f }).reshape(1, 1, 2, 2);

    private static Tensor Linear(Tensor x) => stack([zeros(x.shape[0]), (x * W).sum([1, 2, 3])], 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Attack_LinearModel_IsTheClosedForm(bool iterated)
    {
        var x = full([1, 1, 2, 2], 0.5f);
        var y = tensor(new long[] { 1 });

        var attacked = iterated ? Course.Robustness.Pgd(Linear, x, y, 0.1, steps: 20) : Course.Robustness.Fgsm(Linear, x, y, 0.1);

        Assert.Equal(0, (attacked - (x - 0.1 * W.sign())).abs().max().item<float>(), 5);
    }

    [Fact]
    public void Pgd_AnyInput_StaysInTheCubeAndInTheImageRange()
    {
        var x = rand(8, 1, 2, 2);

        var attacked = Course.Robustness.Pgd(Linear, x, zeros(8, dtype: ScalarType.Int64), 0.3);

        Assert.True((attacked - x).abs().max().item<float>() <= 0.3001);
        Assert.InRange(attacked.min().item<float>(), 0, 1);
        Assert.InRange(attacked.max().item<float>(), 0, 1);
    }

    [Fact]
    public void Noise_SameSeed_GivesTheSameImages()
    {
        var x = rand(3, 1, 4, 4);

        Assert.Equal(0, (Course.Robustness.Noise(x, 0.2, 3) - Course.Robustness.Noise(x, 0.2, 3)).abs().max().item<float>());
    }

    [Fact]
    public void WorstShift_IsTheAccuracyOfTheWorstOfEightDirections()
    {
        // Says 1 while there is ink in the upper left pixel's place after a shift of one down and right, else 0.
        static Tensor Model(Tensor x) => stack([zeros(x.shape[0]), x[.., 0, 2, 2] - 0.5], 1);
        var dot = zeros(1, 1, 5, 5);
        dot[0, 0, 1, 1] = 1;

        Assert.Equal(0, Course.Robustness.WorstShift(Model, dot, zeros(1, ScalarType.Int64), 1));
        Assert.Equal(1, Course.Robustness.WorstShift(Model, dot, zeros(1, ScalarType.Int64), 2));
    }
}
