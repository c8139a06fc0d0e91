namespace Course.Tests.Data;

public sealed class ImageFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Batches_OneBadImageAmongMany_IsReportedAndSkipped()
    {
        SyntheticPets.Write(_folder.File("pets"), each: 6);
        File.WriteAllText(_folder.File("pets", "cat", "broken.png"), "this is no image");
        var images = Datasets.Images(_folder.File("pets"), size: 16);

        var sizes = new List<(long, long)>();
        foreach (var (x, y) in images.Batches(batchSize: 4, shuffleSeed: 1))
            sizes.Add((x.shape[0], y.shape[0]));

        Assert.Equal(12, sizes.Sum(s => s.Item1));
        Assert.All(sizes, s => Assert.Equal(s.Item1, s.Item2));
        Assert.EndsWith("broken.png", Assert.Single(images.Skipped).Path);
        Assert.Contains("neither PNG nor JPEG", images.Skipped[0].Reason);
    }

    [Fact]
    public void Batches_Channels_ComeFirst()
    {
        var red = new PixelImage(2, 2, PixelLayout.Rgb, [255, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0]);
        red.Save(_folder.File("set", "red", "a.png"));
        red.Save(_folder.File("set", "blue", "a.png"));

        foreach (var (x, _) in Datasets.Images(_folder.File("set"), size: 2).Batches(2))
        {
            Assert.Equal([2, 3, 2, 2], x.shape);
            Assert.Equal([1f, 1f, 1f, 1f, 0f], x.contiguous().data<float>().ToArray()[..5]); // all of red, then green
        }
        Assert.Equal(["blue", "red"], Datasets.Images(_folder.File("set"), size: 2).Names);
    }

    [Fact]
    public void Split_TwoParts_ShareNoFile()
    {
        SyntheticPets.Write(_folder.File("pets"), each: 10);

        var (rest, held) = Datasets.Images(_folder.File("pets"), size: 8).Split(0.25, seed: 3);

        Assert.Equal((15, 5), (rest.Files.Count, held.Files.Count));
        Assert.Empty(rest.Files.Intersect(held.Files));
    }

    [Fact]
    public void Open_MissingOrEmptyFolders_SayWhatWasExpected()
    {
        Assert.Throws<DirectoryNotFoundException>(() => Datasets.Images(_folder.File("none"), 8));
        Assert.Contains("one for each class", Assert.Throws<InvalidDataException>(() => Datasets.Images(_folder.Path, 8)).Message);
        Directory.CreateDirectory(_folder.File("cat"));
        Assert.Contains("no .png", Assert.Throws<InvalidDataException>(() => Datasets.Images(_folder.Path, 8)).Message);
    }
}
