using System.IO.Compression;
using System.Security.Cryptography;

namespace Course.Tests.Data;

public sealed class DatasetsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Mnist_WithoutFiles_IsTheStandInAndSaysHowToGetTheRealOne()
    {
        var data = Datasets.Mnist(Store(), "ask", train: 50, test: 20);

        Assert.False(data.IsCanonical);
        Assert.Equal((50, 20), (data.Train.Count, data.Test.Count));
        Assert.Contains("data get mnist", data.Source);
        Assert.Empty(_folder.Files); // a small part is not worth a cache
    }

    [Fact]
    public void Mnist_WholeStandIn_IsDrawnOnceAndCached()
    {
        var first = Datasets.Mnist(Store(), "never", train: 10, test: SyntheticDigits.TestCount);
        var second = Datasets.Mnist(Store(), "never", train: 10, test: 300);

        Assert.Equal(2, _folder.Files.Length);
        Assert.Equal(first.Test.Pixels(299).ToArray(), second.Test.Pixels(299).ToArray());
    }

    [Fact]
    public void Mnist_WrongFileInTheFolder_IsAnErrorNotAStandIn()
    {
        foreach (var file in Course.Catalogue.Default["mnist"].Files)
        {
            Directory.CreateDirectory(_folder.File("data", "mnist"));
            File.WriteAllText(_folder.File("data", "mnist", file.Name), "something else");
        }

        Assert.Throws<InvalidDataException>(() => Datasets.Mnist(Store(), "never", 10, 10));
    }

    [Fact]
    public void FashionMnist_WithoutFiles_IsNullAndNothingStandsInForIt() =>
        Assert.Null(Datasets.FashionMnist(Store(), "never", train: 10, test: 10));

    [Fact]
    public void Missing_SaysHowToGetADataSetUntilItIsThere()
    {
        Assert.Contains("data get fashion-mnist", Datasets.Missing(Store(), "ask", "fashion-mnist"));
        Assert.Null(Datasets.Missing(Clothes(count: 1), "ask", "fashion-mnist"));
        Assert.Null(Datasets.Missing(Store(), "always", "fashion-mnist"));
        Assert.Contains("mnist", Assert.Throws<KeyNotFoundException>(() => Datasets.Missing("imagenet")).Message);
    }

    [Fact]
    public void FashionMnist_FilesWithThePublishedMd5_AreReadWithTheirNames()
    {
        var data = Datasets.FashionMnist(Clothes(count: 12), "never", train: 10, test: 5)!;

        Assert.Equal((10, 5), (data.Train.Count, data.Test.Count));
        Assert.Equal("Ankle boot", data.Train.Names[data.Train.Classes[9]]);
        Assert.Equal(7, data.Train.Pixels(7)[0]);
        Assert.Contains("MD5 of the compressed files verified", data.Source);
    }

    [Fact]
    public void FashionMnist_AFileOfAnotherMd5_IsAnErrorThatNamesBothHashes()
    {
        var store = Clothes(count: 12);
        string labels = _folder.File("data", "fashion-mnist", "t10k-labels-idx1-ubyte.gz");
        File.WriteAllBytes(labels, [.. File.ReadAllBytes(labels), 0]);

        var e = Assert.Throws<InvalidDataException>(() => Datasets.FashionMnist(store, "never", 10, 5));

        Assert.Contains(labels, e.Message);
        Assert.Contains($"expected {store.Catalogue["fashion-mnist"].Files[3].Md5}", e.Message);
    }

    /// <summary>A folder of <c>COURSE_DATA</c> with few pictures in the format of Fashion-MNIST, and a catalogue that knows them.</summary>
    private DataStore Clothes(int count)
    {
        var classes = new IdxArray([count], [.. Enumerable.Range(0, count).Select(i => (byte)(i % 10))]);
        var images = new IdxArray([count, 28, 28], [.. Enumerable.Range(0, count).SelectMany(i => Enumerable.Repeat((byte)i, 784))]);
        var files = Course.Catalogue.Default["fashion-mnist"].Files.Select((file, i) =>
        {
            string plain = _folder.File("plain");
            IdxFile.Write(plain, i % 2 == 0 ? images : classes);
            string zipped = _folder.File("data", "fashion-mnist", file.StoredName);
            Directory.CreateDirectory(Path.GetDirectoryName(zipped)!);
            using (var gzip = new GZipStream(File.Create(zipped), CompressionLevel.Fastest))
                gzip.Write(File.ReadAllBytes(plain));
            string md5 = Convert.ToHexStringLower(MD5.HashData(File.ReadAllBytes(zipped)));
            return $$"""{"name": "{{file.Name}}", "size": {{new FileInfo(plain).Length}}, "md5": "{{md5}}", "mirrors": []}""";
        });
        string json = $$"""{"version": 1, "datasets": [{"name": "fashion-mnist", "title": "", "summary": "", "licence": "", "citation": "", "consent": "", "files": [{{string.Join(", ", files)}}]}]}""";
        return new DataStore(Course.Catalogue.Parse(json, "test"), new DataFolders([_folder.File("data")], _folder.File("cache")));
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

    private DataStore Store() => new(Course.Catalogue.Default, new DataFolders([_folder.File("data")], _folder.File("cache")));
}
