using System.IO.Compression;
using System.Security.Cryptography;

namespace Course.Tests.Data;

public sealed class DataStoreTests : IDisposable
{
    private static readonly byte[] Content = "0123456789"u8.ToArray();
    private static readonly byte[] Variant = "header 0123456789"u8.ToArray();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Verify_PlainCompressedVariantWrongAndMissing_AreToldApart()
    {
        Put("first", "plain", Content);
        Put("first", "zipped.gz", Gzip(Content));
        Put("first", "variant", Variant);
        Put("first", "wrong", "0123456780"u8.ToArray());

        var reports = Store().Verify(Entry("plain", "zipped", "variant", "wrong", "missing"));

        Assert.Equal([FileStatus.Verified, FileStatus.Verified, FileStatus.Verified, FileStatus.WrongContent, FileStatus.Missing], reports.Select(r => r.Status));
        Assert.Contains("with a header", reports[2].Detail);
    }

    [Fact]
    public void Find_FilesSpreadOverFolders_TakesTheFirstFolderThatHasAll()
    {
        Put("first", "a", Content);
        Put("cache", "a", Content);
        Put("cache", "b", Content);

        Assert.All(Store().Find(Entry("a", "b"))!, path => Assert.StartsWith(_folder.File("cache"), path));
        Assert.Null(Store().Find(Entry("a", "c")));
    }

    [Fact]
    public void FindVerified_WrongFile_ThrowsInsteadOfReadingIt()
    {
        Put("first", "a", Variant[1..]);

        var e = Assert.Throws<InvalidDataException>(() => Store().FindVerified(Entry("a")));

        Assert.Contains(_folder.File("first", "set", "a"), e.Message);
    }

    [Fact]
    public async Task Get_OneFileWrongInTheCache_DownloadsOnlyThatOne()
    {
        Put("cache", "a", Content);
        Put("cache", "b", "spoilt"u8.ToArray());
        using var server = new FileServer((_, stream, _) => FileServer.Send(stream, "200 OK", Content));
        var entry = Entry("a", "b");
        entry = entry with { Files = [.. entry.Files.Select(f => f with { Mirrors = [server.Url(f.Name)] })] };

        await Store().Get(entry);

        Assert.Equal(["b"], server.Requests.Select(r => r.Path));
        Assert.All(Store().Verify(entry), report => Assert.Equal(FileStatus.Verified, report.Status));
    }

    [Fact]
    public void Verify_OnlyTheMd5OfTheCompressedFileIsKnown_SaysWhatWasVerified()
    {
        Put("first", "good.gz", Gzip(Content));
        Put("first", "bad.gz", Gzip(Variant));
        Put("first", "plain", Content);

        var reports = Store().Verify(Compressed("good", "bad", "plain"));

        Assert.Equal([FileStatus.Verified, FileStatus.WrongContent, FileStatus.Unverifiable], reports.Select(r => r.Status));
        Assert.Contains("of its content no hash was published", reports[0].Detail);
        Assert.Contains(Md5(Gzip(Variant)), reports[1].Detail);
        Assert.Contains(Md5(Gzip(Content)), reports[1].Detail);
        Assert.Contains("keep plain.gz instead", reports[2].Detail);
        Assert.Throws<InvalidDataException>(() => Store().FindVerified(Compressed("plain")));
    }

    [Fact]
    public async Task Get_OnlyTheMd5OfTheCompressedFileIsKnown_IsFoundAndVerifiedAgain()
    {
        using var server = new FileServer((_, stream, _) => FileServer.Send(stream, "200 OK", Gzip(Content)));
        var entry = Compressed("a");
        entry = entry with { Files = [entry.Files[0] with { Mirrors = [server.Url("a.gz")] }] };

        await Store().Get(entry);
        await Store().Get(entry);

        Assert.Single(server.Requests);
        Assert.Equal([_folder.File("cache", "set", "a.gz")], Store().FindVerified(entry));
    }

    [Fact]
    public void Default_FashionMnist_HasTheMd5OfEachCompressedFileAndThreeMirrors()
    {
        var fashion = Course.Catalogue.Default["fashion-mnist"];

        Assert.Equal("MD5 of the compressed files", fashion.VerifiedBy);
        Assert.Equal("SHA-256", Course.Catalogue.Default["mnist"].VerifiedBy);
        Assert.Equal(Course.Catalogue.Default["mnist"].Files.Select(f => (f.Name, f.Size)), fashion.Files.Select(f => (f.Name, f.Size)));
        Assert.All(fashion.Files, file => Assert.True(file.Sha256 is null && file.Mirrors.Count == 3 && file.Mirrors.All(m => m.EndsWith(file.StoredName, StringComparison.Ordinal))));
        Assert.Equal(4, fashion.Files.Select(file => file.Md5).Distinct().Count());
    }

    [Fact]
    public void Default_Catalogue_ListsMnistWithFourFiles()
    {
        var mnist = Course.Catalogue.Default["MNIST"];

        Assert.Equal(4, mnist.Files.Count);
        Assert.All(mnist.Files, file => Assert.True(file.Mirrors.Count >= 2));
    }

    [Theory]
    [InlineData("{", "not a valid catalogue")]
    [InlineData("""{"version": 7, "datasets": []}""", "version 7")]
    [InlineData("""{"version": 1, "datasets": [{"name": "../x", "title": "", "summary": "", "licence": "", "citation": "", "consent": "", "files": []}]}""", "cannot be used as a file name")]
    [InlineData("""{"version": 1, "datasets": [{"name": "x"}]}""", "not a valid catalogue")]
    [InlineData("""{"version": 1, "datasets": [{"name": "x", "title": "", "summary": "", "licence": "", "citation": "", "consent": "", "files": [{"name": "f", "size": 1, "mirrors": []}]}]}""", "x/f needs a size")]
    [InlineData("""{"version": 1, "datasets": [{"name": "x", "title": "", "summary": "", "licence": "", "citation": "", "consent": "", "files": [{"name": "f", "size": 1, "md5": "12", "mirrors": []}]}]}""", "MD5 of 32")]
    public void Parse_BadCatalogue_NamesTheFileAndTheFault(string json, string fault)
    {
        var e = Assert.Throws<InvalidDataException>(() => Course.Catalogue.Parse(json, "some.json"));

        Assert.StartsWith("some.json", e.Message);
        Assert.Contains(fault, e.Message);
    }

    private DataStore Store() => new(Course.Catalogue.Default, new DataFolders([_folder.File("first")], _folder.File("cache")));

    private static CatalogueEntry Entry(params string[] files) => new("set", "", "", "", "", "",
        [.. files.Select(name => new CatalogueFile(name, Content.Length, [], Hash(Content),
            Variants: [new CatalogueVariant(Variant.Length, Hash(Variant), "with a header")]))]);

    private static CatalogueEntry Compressed(params string[] files) => new("set", "", "", "", "", "",
        [.. files.Select(name => new CatalogueFile(name, Content.Length, [], Md5: Md5(Gzip(Content))))]);

    private void Put(string where, string file, byte[] content)
    {
        Directory.CreateDirectory(_folder.File(where, "set"));
        File.WriteAllBytes(_folder.File(where, "set", file), content);
    }

    private static byte[] Gzip(byte[] content)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.Fastest))
            gzip.Write(content);
        return result.ToArray();
    }

    private static string Md5(byte[] content) => Convert.ToHexStringLower(MD5.HashData(content));

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
