using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Course.Tests.Data;

public sealed class DownloaderTests : IDisposable
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * 7919 >> 3))];
    private static readonly byte[] Zipped = Gzip(Content);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Get_GzipFromServer_WritesVerifiedContentAndNothingElse()
    {
        using var server = new FileServer((request, stream, _) => FileServer.SendFrom(stream, Zipped, request.RangeStart));
        var seen = new List<DownloadProgress>();

        await Downloader().Get(File(server.Url("a.gz")), _folder.File("set", "digits"), new Collector(seen));

        Assert.Equal(Content, System.IO.File.ReadAllBytes(_folder.File("set", "digits")));
        Assert.Equal([Path.Combine("set", "digits")], _folder.Files);
        Assert.Equal(Zipped.Length, seen[^1].Received);
        Assert.Equal(Zipped.Length, seen[^1].Total);
    }

    [Fact]
    public async Task Get_MemberOfZipArchive_IsUnpacked()
    {
        using var archive = new MemoryStream();
        using (var zip = new ZipArchive(archive, ZipArchiveMode.Create, leaveOpen: true))
        {
            using (var other = zip.CreateEntry("set/readme.txt").Open())
                other.Write("hello"u8);
            using var wanted = zip.CreateEntry("set/digits").Open();
            wanted.Write(Content);
        }
        using var server = new FileServer((_, stream, _) => FileServer.Send(stream, "200 OK", archive.ToArray()));

        await Downloader().Get(File(server.Url("a.zip")) with { Member = "set/digits" }, _folder.File("digits"));

        Assert.Equal(Content, System.IO.File.ReadAllBytes(_folder.File("digits")));
    }

    [Fact]
    public async Task Get_WrongHash_NamesBothHashes()
    {
        byte[] other = Gzip([.. Content.Reverse()]);
        using var server = new FileServer((_, stream, _) => FileServer.Send(stream, "200 OK", other));

        var e = await Fails(DownloadFailure.WrongContent, File(server.Url("a.gz")));

        Assert.Contains(Hash(Content), e.Message);
        Assert.Contains(Hash([.. Content.Reverse()]), e.Message);
    }

    [Fact]
    public async Task Get_OnlyTheCompressedFileHasAHash_KeepsItCompressed()
    {
        using var server = new FileServer((request, stream, _) => FileServer.SendFrom(stream, Zipped, request.RangeStart));
        var file = OnlyMd5(server.Url("a.gz"));

        await Downloader().Get(file, _folder.File(file.StoredName));

        Assert.Equal(["digits.gz"], _folder.Files);
        Assert.Equal(Zipped, System.IO.File.ReadAllBytes(_folder.File("digits.gz")));
    }

    [Fact]
    public async Task Get_WrongMd5_NamesBothHashesAndUnpacksNothing()
    {
        byte[] other = Gzip([.. Content.Reverse()]);
        using var server = new FileServer((_, stream, _) => FileServer.Send(stream, "200 OK", other));

        foreach (var file in new[] { OnlyMd5(server.Url("a.gz")), OnlyMd5(server.Url("a.gz")) with { Sha256 = Hash([.. Content.Reverse()]) } })
        {
            var e = await Fails(DownloadFailure.WrongContent, file);

            Assert.Contains("the compressed file is not the published one", e.Message);
            Assert.Contains(Md5(Zipped), e.Message);
            Assert.Contains(Md5(other), e.Message);
        }
    }

    [Fact]
    public async Task Get_RightMd5OfOtherSize_IsRejected()
    {
        using var server = new FileServer((_, stream, _) => FileServer.Send(stream, "200 OK", Zipped));

        var e = await Fails(DownloadFailure.WrongContent, OnlyMd5(server.Url("a.gz")) with { Size = Content.Length - 1 });

        Assert.Contains("more than 199,999 bytes", e.Message);
    }

    [Fact]
    public async Task Get_FirstMirrorHasAnotherFile_TakesTheSecondByItsMd5()
    {
        using var server = new FileServer((request, stream, _) => request.Path == "old"
            ? FileServer.Send(stream, "200 OK", Gzip([.. Content.Reverse()]))
            : FileServer.SendFrom(stream, Zipped, request.RangeStart));

        await Downloader().Get(OnlyMd5(server.Url("old"), server.Url("new")), _folder.File("digits.gz"));

        Assert.Equal(Zipped, System.IO.File.ReadAllBytes(_folder.File("digits.gz")));
    }

    [Fact]
    public async Task Get_ConnectionAlwaysCut_SaysHowFarItGot()
    {
        using var server = new FileServer((_, stream, _) => FileServer.Send(stream, "200 OK", Zipped[..1000], announced: Zipped.Length));

        var e = await Fails(DownloadFailure.Truncated, File(server.Url("a.gz")));

        Assert.Contains($"1,000 of {Zipped.Length:N0} bytes", e.Message);
    }

    [Fact]
    public async Task Get_GzipEndsEarlyBehindAnHonestLength_IsRejected()
    {
        byte[] half = Zipped[..(Zipped.Length / 2)];
        using var server = new FileServer((_, stream, _) => FileServer.Send(stream, "200 OK", half));

        var e = await Assert.ThrowsAsync<DownloadException>(() => Downloader().Get(File(server.Url("a.gz")), _folder.File("digits")));

        Assert.Contains(e.Failure, new[] { DownloadFailure.Damaged, DownloadFailure.WrongContent });
        Assert.Empty(_folder.Files);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/octet-stream")]
    public async Task Get_HtmlErrorPage_IsCalledAWebPage(string declared)
    {
        byte[] page = Encoding.UTF8.GetBytes("<!DOCTYPE html><html><body>Please log in</body></html>");
        using var server = new FileServer((_, stream, _) => FileServer.Send(stream, "200 OK", page, type: declared));

        var e = await Fails(DownloadFailure.WebPage, File(server.Url("a.gz")));

        Assert.Contains("web page instead of the file", e.Message);
    }

    [Fact]
    public async Task Get_NotFound_NamesStatusAndMirror()
    {
        using var server = new FileServer((_, stream, _) => FileServer.Send(stream, "404 Not Found", "gone"u8.ToArray()));

        var e = await Fails(DownloadFailure.HttpError, File(server.Url("gone.gz")));

        Assert.Contains("HTTP 404 (Not Found)", e.Message);
        Assert.Contains(server.Url("gone.gz"), e.Message);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Get_FirstMirrorFails_TakesTheSecond()
    {
        using var server = new FileServer((request, stream, _) => request.Path == "bad"
            ? FileServer.Send(stream, "503 Service Unavailable", [])
            : FileServer.SendFrom(stream, Zipped, request.RangeStart));

        await Downloader().Get(File(server.Url("bad"), server.Url("good")), _folder.File("digits"));

        Assert.Equal(Content, System.IO.File.ReadAllBytes(_folder.File("digits")));
        Assert.Equal(["digits"], _folder.Files);
    }

    [Fact]
    public async Task Get_ServerSendsNothing_GivesUpAfterTheStallLimit()
    {
        using var server = new FileServer(async (_, stream, stop) =>
        {
            await FileServer.Send(stream, "200 OK", Zipped[..100], announced: Zipped.Length);
            await Task.Delay(Timeout.Infinite, stop);
        });

        var e = await Fails(DownloadFailure.Stalled, File(server.Url("a.gz")), new Downloader { Stall = TimeSpan.FromSeconds(3), Attempts = 1 });

        Assert.Contains("nothing for 3 s (after 100 bytes)", e.Message);
    }

    [Fact]
    public async Task Get_ConnectionBreaksOnce_ResumesWhereItStopped()
    {
        using var server = new FileServer((request, stream, _) => request.RangeStart is null
            ? FileServer.Send(stream, "200 OK", Zipped[..5000], announced: Zipped.Length)
            : FileServer.SendFrom(stream, Zipped, request.RangeStart));

        await Downloader().Get(File(server.Url("a.gz")), _folder.File("digits"));

        Assert.Equal(Content, System.IO.File.ReadAllBytes(_folder.File("digits")));
        Assert.Equal([null, 5000L], server.Requests.Select(r => r.RangeStart));
    }

    [Fact]
    public async Task Get_AfterACancelledRun_ResumesFromItsPart()
    {
        var sent = new TaskCompletionSource();
        using var server = new FileServer(async (request, stream, stop) =>
        {
            if (request.RangeStart is not null)
            {
                await FileServer.SendFrom(stream, Zipped, request.RangeStart);
                return;
            }
            await FileServer.Send(stream, "200 OK", Zipped[..5000], announced: Zipped.Length);
            await sent.Task.WaitAsync(stop);
        });
        using var cancel = new CancellationTokenSource();
        var file = File(server.Url("a.gz"));
        var reached = new Watcher(5000, cancel.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Downloader().Get(file, _folder.File("digits"), reached, cancel.Token));
        Assert.Single(_folder.Files);
        await Downloader().Get(file, _folder.File("digits"));

        Assert.Equal(5000, server.Requests[^1].RangeStart);
        Assert.Equal(["digits"], _folder.Files);
    }

    [Fact]
    public async Task Get_PartOfAnotherVersion_StartsOver()
    {
        using var server = new FileServer((request, stream, _) => FileServer.SendFrom(stream, Zipped, request.RangeStart));
        var file = File(server.Url("a.gz"));
        string part = _folder.File($"digits.{Hash(Encoding.UTF8.GetBytes(file.Mirrors[0]))[..8]}.part");
        System.IO.File.WriteAllBytes(part, new byte[700]);

        await Downloader().Get(file, _folder.File("digits"));

        Assert.Equal(Content, System.IO.File.ReadAllBytes(_folder.File("digits")));
        Assert.Equal([700L, null], server.Requests.Select(r => r.RangeStart));
    }

    [Fact]
    public async Task Get_MoreThanTheDiskHolds_SaysHowMuchIsMissing()
    {
        var e = await Fails(DownloadFailure.NoSpace, File("http://127.0.0.1:9/") with { Size = 1L << 60 });

        Assert.Contains("MB free", e.Message);
    }

    [Fact]
    public async Task Get_DiskFullWhileWriting_SaysSo()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("needs /dev/full");
        using var server = new FileServer((_, stream, _) => FileServer.Send(stream, "200 OK", Zipped));
        var file = File(server.Url("a.gz"));
        System.IO.File.CreateSymbolicLink(_folder.File($"digits.{Hash(Encoding.UTF8.GetBytes(file.Mirrors[0]))[..8]}.part"), "/dev/full");

        var e = await Fails(DownloadFailure.NoSpace, file);

        Assert.Contains("the disk is full", e.Message);
    }

    [Fact]
    public async Task Get_NobodyListens_AsksWhetherTheMachineIsOnline()
    {
        var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        int port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();

        var e = await Fails(DownloadFailure.NoNetwork, File($"http://127.0.0.1:{port}/a.gz"));

        Assert.Contains("Is this machine online?", e.Message);
    }

    [Fact]
    public async Task Get_EndlessAnswer_StopsEarly()
    {
        using var server = new FileServer(async (_, stream, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"u8.ToArray(), stop);
            while (true)
                await stream.WriteAsync(Content, stop);
        });

        var e = await Fails(DownloadFailure.WrongContent, File(server.Url("a.gz")));

        Assert.Contains("sends more than", e.Message);
    }

    [Fact]
    public async Task Get_DecompressionBomb_IsNotUnpacked()
    {
        byte[] bomb = Gzip(new byte[10_000_000]);
        using var server = new FileServer((_, stream, _) => FileServer.Send(stream, "200 OK", bomb));

        var e = await Fails(DownloadFailure.WrongContent, File(server.Url("a.gz")));

        Assert.Contains("more than 200,000 bytes", e.Message);
    }

    private static Downloader Downloader() => new() { Stall = TimeSpan.FromMinutes(1), Attempts = 2, Pause = TimeSpan.Zero };

    private static CatalogueFile File(params string[] mirrors) => new("digits", Content.Length, mirrors, Hash(Content));

    private static CatalogueFile OnlyMd5(params string[] mirrors) => new("digits", Content.Length, mirrors, Md5: Md5(Zipped));

    private async Task<DownloadException> Fails(DownloadFailure failure, CatalogueFile file, Downloader? downloader = null)
    {
        var e = await Assert.ThrowsAsync<DownloadException>(() => (downloader ?? Downloader()).Get(file, _folder.File("digits")));
        Assert.Equal(failure, e.Failure);
        Assert.Empty(_folder.Files);
        return e;
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

    private sealed class Collector(List<DownloadProgress> seen) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => seen.Add(value);
    }

    private sealed class Watcher(long bytes, Action reached) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value)
        {
            if (value.Received >= bytes)
                reached();
        }
    }
}
