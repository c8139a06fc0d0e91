namespace Course.Tests.Data;

public sealed class DatasetsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Mnist_WithoutFiles_IsTheStandInAndSaysHowToGetTheRealOne()
    {
        var data = Datasets.Mnist(Store(), "ask", train: 50, test: 20);

        Assert.False(data.IsCanonical);
        Assert.Equal((50, 20), (data.Train.Count, data.Test.Count));
        Assert.Contains("data get mnist", data.Source);
        Assert.Empty(folder.Files); // a small part is not worth a cache
    }

    [Fact]
    public void Mnist_WholeStandIn_IsDrawnOnceAndCached()
    {
        var first = Datasets.Mnist(Store(), "never", train: 10, test: SyntheticDigits.TestCount);
        var second = Datasets.Mnist(Store(), "never", train: 10, test: 300);

        Assert.Equal(2, folder.Files.Length);
        Assert.Equal(first.Test.Pixels(299).ToArray(), second.Test.Pixels(299).ToArray());
    }

    [Fact]
    public void Mnist_WrongFileInTheFolder_IsAnErrorNotAStandIn()
    {
        foreach (var file in Course.Catalogue.Default["mnist"].Files)
        {
            Directory.CreateDirectory(folder.File("data", "mnist"));
            File.WriteAllText(folder.File("data", "mnist", file.Name), "something else");
        }

        Assert.Throws<InvalidDataException>(() => Datasets.Mnist(Store(), "never", 10, 10));
    }

    [Fact]
    public void Images_BytesToTensor_AreScaledToOneAndChannelsFirst()
    {
        var images = new LabelledImages([0, 51, 255, 1, 2, 3, 0, 0, 0, 255, 255, 255], 2, 2, 3, [1], ["a", "b"]);

        Assert.Equal([1, 3, 2, 2], images.Images.shape);
        Assert.Equal(0.2f, images.Images[0, 1, 0, 0].item<float>(), 5);
        Assert.Equal(1, images.Labels.item<long>());
    }

    [Fact]
    public void Split_TwoParts_CoverEverythingOnce()
    {
        var all = new LabelledImages([.. Enumerable.Range(0, 50).Select(i => (byte)i)], 1, 1, 1, [.. Enumerable.Range(0, 50).Select(i => i % 2)], ["even", "odd"]);

        var (rest, held) = all.Split(held: 20, seed: 4);

        Assert.Equal(Enumerable.Range(0, 50), Enumerable.Range(0, 30).Select(i => (int)rest.Pixels(i)[0]).Concat(Enumerable.Range(0, 20).Select(i => (int)held.Pixels(i)[0])).Order());
        Assert.All(Enumerable.Range(0, 20), i => Assert.Equal(held.Pixels(i)[0] % 2, held.Classes[i]));
    }

    private DataStore Store() => new(Course.Catalogue.Default, new DataFolders([folder.File("data")], folder.File("cache")));
}
