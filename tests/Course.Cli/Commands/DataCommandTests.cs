using System.CommandLine;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Course.Cli.Commands;
using Course.Tests.Data;

namespace Course.Cli.Tests.Commands;

[Collection("console")]
public sealed class DataCommandTests : IDisposable
{
    private static readonly byte[] Content = "the digits"u8.ToArray();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task List_Json_NamesTheCoursesDataSetsWithLicenceAndConsent()
    {
        var (code, output, _) = await Course("data", "list", "--json");

        var names = JsonDocument.Parse(output).RootElement.EnumerateArray().ToDictionary(e => e.GetProperty("name").GetString()!);
        Assert.Equal(0, code);
        Assert.Contains("mnist", names.Keys);
        Assert.All(names.Values, e => Assert.NotEqual("", e.GetProperty("licence").GetString() + e.GetProperty("consent").GetString()));
    }

    [Fact]
    public async Task Get_GoodServer_DownloadsAndVerifies()
    {
        using var server = new FileServer((_, stream, _) => FileServer.Send(stream, "200 OK", Content));

        var (code, output, _) = await Course("data", "get", "toy", "--catalogue", Catalogue(server.Url("x")), "--to", _folder.File("to"));

        Assert.Equal(0, code);
        Assert.Contains("toy: verified", output);
        Assert.Equal(Content, File.ReadAllBytes(_folder.File("to", "toy", "digits")));
    }

    [Fact]
    public async Task Get_OnlyAnMd5IsPublished_SaysWhatWasVerifiedAndVerifiesAgain()
    {
        byte[] zipped = Gzip(Content);
        using var server = new FileServer((_, stream, _) => FileServer.Send(stream, "200 OK", zipped));
        string catalogue = Catalogue(server.Url("x"), $"\"md5\": \"{Convert.ToHexStringLower(MD5.HashData(zipped))}\"");

        var (code, output, _) = await Course("data", "get", "toy", "--catalogue", catalogue, "--to", _folder.File("to"));
        string? before = Environment.GetEnvironmentVariable("COURSE_DATA");
        Environment.SetEnvironmentVariable("COURSE_DATA", _folder.File("to"));
        var (verified, table, _) = await Course("data", "verify", "toy", "--catalogue", catalogue);
        Environment.SetEnvironmentVariable("COURSE_DATA", before);

        Assert.Equal((0, 0), (code, verified));
        Assert.Contains("toy: verified by MD5 of the compressed files", output);
        Assert.Contains("of its content no hash was published", table);
    }

    [Theory]
    [InlineData("404 Not Found", "the digits", "HTTP 404")]
    [InlineData("200 OK", "other text", "the content is not the published one")]
    [InlineData("200 OK", "<html>login</html>", "web page")]
    public async Task Get_BadServer_SaysWhyLeavesNothingAndExitsWithOne(string status, string body, string message)
    {
        using var server = new FileServer((_, stream, _) => FileServer.Send(stream, status, System.Text.Encoding.UTF8.GetBytes(body)));

        var (code, output, errors) = await Course("data", "get", "toy", "--catalogue", Catalogue(server.Url("x")), "--to", _folder.File("to"));

        Assert.Equal(1, code);
        Assert.Equal("", output);
        Assert.Contains(message, errors);
        Assert.Empty(Directory.EnumerateFiles(_folder.File("to"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Get_UnknownName_IsWrongUseAndListsTheNames()
    {
        var (code, _, errors) = await Course("data", "get", "imagenet");

        Assert.Equal(2, code);
        Assert.Contains("mnist", errors);
    }

    [Fact]
    public async Task Verify_MissingFiles_ExitsWithOne()
    {
        var (code, output, _) = await Course("data", "verify", "toy", "--catalogue", Catalogue("http://127.0.0.1:9/"));

        Assert.Equal(1, code);
        Assert.StartsWith("missing", output);
    }

    [Fact]
    public async Task Catalogue_NotJson_IsWrongUse()
    {
        File.WriteAllText(_folder.File("bad.json"), "{");

        var (code, _, errors) = await Course("data", "list", "--catalogue", _folder.File("bad.json"));

        Assert.Equal(2, code);
        Assert.Contains("not a valid catalogue", errors);
    }

    private string Catalogue(string mirror, string? hash = null)
    {
        hash ??= $"\"sha256\": \"{Convert.ToHexStringLower(SHA256.HashData(Content))}\"";
        string path = _folder.File("catalogue.json");
        File.WriteAllText(path, $$"""
            {"version": 1, "datasets": [{"name": "toy", "title": "Toy", "summary": "", "licence": "", "citation": "", "consent": "",
             "files": [{"name": "digits", "size": {{Content.Length}}, {{hash}}, "mirrors": ["{{mirror}}"]}]}]}
            """);
        return path;
    }

    private static byte[] Gzip(byte[] content)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.Fastest))
            gzip.Write(content);
        return result.ToArray();
    }

    private static async Task<(int Code, string Output, string Errors)> Course(params string[] arguments)
    {
        var (output, errors) = (Console.Out, Console.Error);
        using var newOutput = new StringWriter();
        using var newErrors = new StringWriter();
        try
        {
            Console.SetOut(newOutput);
            Console.SetError(newErrors);
            int code = await CommandLineHost.InvokeAsync(new RootCommand { DataCommand.Create() }, arguments);
            return (code, newOutput.ToString(), newErrors.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(errors);
        }
    }
}
