using Course.Tests.Data;

namespace Course.Tests.Images;

public sealed class PixelImageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void To_Grey_UsesLuminanceAndTheGroundBehindTransparency()
    {
        var image = new PixelImage(3, 1, PixelLayout.Rgba, [255, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0, 51]);

        Assert.Equal([76, 0, 0], image.To(PixelLayout.Grey).Pixels);
        Assert.Equal([76, 255, 204], image.To(PixelLayout.Grey, ground: 255).Pixels);
    }

    [Fact]
    public void Resize_ToHalf_KeepsTheMean()
    {
        var random = new SplitMix(5);
        var image = new PixelImage(40, 30, PixelLayout.Grey, [.. Enumerable.Range(0, 1200).Select(_ => (byte)random.Next(256))]);

        var half = image.Resize(20, 15);

        Assert.Equal((20, 15), (half.Width, half.Height));
        Assert.Equal(image.Pixels.Average(p => p), half.Pixels.Average(p => p), tolerance: 3);
    }

    [Theory]
    [InlineData(3, 5)]
    [InlineData(50, 7)]
    public void Resize_OneColour_StaysThatColour(int width, int height)
    {
        var image = new PixelImage(10, 10, PixelLayout.Grey, [.. Enumerable.Repeat((byte)77, 100)]);

        Assert.All(image.Resize(width, height).Pixels, p => Assert.Equal(77, p));
    }

    [Fact]
    public void Read_DamagedFile_NamesIt()
    {
        File.WriteAllText(_folder.File("cat.png"), "not an image");

        Assert.StartsWith(_folder.File("cat.png"), Assert.Throws<InvalidDataException>(() => PixelImage.Read(_folder.File("cat.png"))).Message);
    }

    [Fact]
    public void Save_ThenRead_GivesTheSamePixels()
    {
        var image = new PixelImage(2, 2, PixelLayout.Rgb, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);

        image.Save(_folder.File("a", "b.png"));

        Assert.Equal(image.Pixels, PixelImage.Read(_folder.File("a", "b.png")).Pixels);
    }
}
