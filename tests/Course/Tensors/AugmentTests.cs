using static TorchSharp.torch;

namespace Course.Tests.Tensors;

public class AugmentTests
{
    static Tensor Dot(int row, int column, int size = 9)
    {
        var pixels = new float[size * size];
        pixels[row * size + column] = 1;
        return tensor(pixels, [1, 1, size, size]);
    }

    static (int row, int column) Brightest(Tensor image) => (int)image.argmax().item<long>() is var at ? (at / 9, at % 9) : default;

    [Fact]
    public void Shift_ByWholePixels_MovesTheContent() => Assert.Equal((6, 3), Brightest(Augment.Shift(Dot(4, 4), -1, 2)));

    [Fact]
    public void Rotate_By90Degrees_TurnsCounterClockwise()
    {
        // From the right of the centre to above it.
        Assert.Equal((1, 4), Brightest(Augment.Rotate(Dot(4, 7), 90)));
    }

    [Fact]
    public void Zoom_ByTwo_DoublesTheDistanceFromTheCentre() => Assert.Equal((4, 8), Brightest(Augment.Zoom(Dot(4, 6), 2)));

    [Fact]
    public void Shear_MovesLowerRowsToTheRight() => Assert.Equal((6, 6), Brightest(Augment.Shear(Dot(6, 4), 1)));

    [Fact]
    public void Move_ByNothing_IsTheIdentity()
    {
        using Tensor images = rand([3L, 2, 9, 9]);
        Assert.True(Augment.Move(images, new()).allclose(images));
    }

    [Fact]
    public void Randomly_WithASeed_IsRepeatableAndDiffersByImage()
    {
        using Tensor images = cat([Dot(4, 4), Dot(4, 4)], 0);
        using Tensor a = Augment.Randomly(images, new(3, 3, 10, 0.1, 1.2), 1), b = Augment.Randomly(images, new(3, 3, 10, 0.1, 1.2), 1);
        Assert.Equal(a.Doubles(), b.Doubles());
        Assert.NotEqual(a[0].Doubles(), a[1].Doubles());
    }

    [Fact]
    public void Shift_OutOfTheImage_LeavesTheFill() => Assert.Equal(-1, Augment.Shift(Dot(4, 4), 20, 0, fill: -1).mean().item<float>());

    [Fact]
    public void Move_OfAWrongShape_SaysWhatIsExpected() => Assert.Contains("[N, C, H, W]", Assert.Throws<ArgumentException>(() => Augment.Shift(ones(3, 3), 1, 1)).Message, StringComparison.Ordinal);
}
