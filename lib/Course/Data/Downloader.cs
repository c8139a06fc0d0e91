using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Course;

/// <summary>
/// Fetches files of the catalogue: several mirrors, resume after a broken connection or a killed process,
/// verification before and after decompression, and a rename at the end, so that a file is either right or absent.
/// </summary>
public sealed class Downloader
{
    private readonly HttpClient _client;

    public Downloader(HttpClient? client = null) => _client = client ?? SharedClient.Value;

    private static readonly Lazy<HttpClient> SharedClient = new(() =>
    {
        var http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(15) }) { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("csharp-deep-learning-course/1.0");
        return http;
    });

    /// <summary>How long a server may send nothing.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often one mirror is asked before the next one's turn; an attempt that got further does not count.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>Pause before another attempt.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Downloads, unpacks and verifies <paramref name="file"/> and puts it at <paramref name="target"/>;
    /// one without a SHA-256 is verified by its MD5 and stays compressed.
    /// </summary>
    /// <exception cref="DownloadException">No mirror had the right content, or the disk is full.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; what arrived so far is kept and resumed by the next call.</exception>
    public async Task Get(CatalogueFile file, string target, IProgress<DownloadProgress>? progress = null, CancellationToken cancel = default)
    {
        target = Path.GetFullPath(target);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        RequireSpace(file, target);
        var problems = new List<(string Mirror, DownloadException Problem)>();
        foreach (string mirror in file.Mirrors)
        {
            // Mirrors compress differently, so what one of them began, another cannot continue.
            string part = $"{target}.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(mirror)))[..8]}.part";
            try
            {
                await GetFrom(mirror, file, part, target, progress, cancel);
                return;
            }
            catch (DownloadException e)
            {
                if (e.Failure != DownloadFailure.Busy)
                    File.Delete(part);
                problems.Add((mirror, e));
                if (e.Failure is DownloadFailure.NoSpace or DownloadFailure.Busy)
                    break;
            }
        }
        if (problems.Count == 0)
            throw new DownloadException(DownloadFailure.HttpError, $"{file.Name}: the catalogue lists no mirror for it.");
        string reasons = string.Join(Environment.NewLine, problems.Select(p => $"  {p.Mirror}{Environment.NewLine}    {p.Problem.Message}"));
        throw new DownloadException(problems[^1].Problem.Failure,
            $"{file.Name} could not be downloaded:{Environment.NewLine}{reasons}", problems[^1].Problem);
    }

    private async Task GetFrom(string mirror, CatalogueFile file, string part, string target, IProgress<DownloadProgress>? progress, CancellationToken cancel)
    {
        bool resumed = File.Exists(part) && new FileInfo(part).Length > 0;
        await FetchWithRetries(mirror, file, part, progress, cancel);
        try
        {
            await Task.Run(() => Unpacker.Unpack(part, file, target), cancel);
        }
        catch (DownloadException e) when (resumed && e.Failure is DownloadFailure.Damaged or DownloadFailure.WrongContent)
        {
            // The rest of an earlier run may belong to another version of the file: once more from the start.
            File.Delete(part);
            await FetchWithRetries(mirror, file, part, progress, cancel);
            await Task.Run(() => Unpacker.Unpack(part, file, target), cancel);
        }
        File.Delete(part);
    }

    private async Task FetchWithRetries(string mirror, CatalogueFile file, string part, IProgress<DownloadProgress>? progress, CancellationToken cancel)
    {
        for (int left = Attempts; ;)
        {
            long before = File.Exists(part) ? new FileInfo(part).Length : 0;
            try
            {
                await Fetch(mirror, file, part, progress, cancel);
                return;
            }
            catch (DownloadException e) when (e.Failure is DownloadFailure.NoNetwork or DownloadFailure.Truncated or DownloadFailure.Stalled)
            {
                long after = File.Exists(part) ? new FileInfo(part).Length : 0;
                if (after <= before && --left <= 0)
                    throw;
                await Task.Delay(Pause, cancel);
            }
        }
    }

    private async Task Fetch(string mirror, CatalogueFile file, string part, IProgress<DownloadProgress>? progress, CancellationToken cancel)
    {
        await using var output = OpenPart(part);
        long start = output.Length;
        using var request = new HttpRequestMessage(HttpMethod.Get, mirror);
        if (start > 0)
            request.Headers.Range = new RangeHeaderValue(start, null);

        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        long received = 0;
        long? total = null;
        try
        {
            stall.CancelAfter(Stall);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token);
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && start > 0)
            {
                output.SetLength(0);
                throw new DownloadException(DownloadFailure.Truncated, "the server cannot continue where the last run stopped");
            }
            CheckAnswer(response);
            if (response.StatusCode != HttpStatusCode.PartialContent || response.Content.Headers.ContentRange?.From != start)
            {
                if (start > 0)
                    output.SetLength(0);
                start = 0;
            }
            if (output.CanSeek)
                output.Seek(start, SeekOrigin.Begin);
            received = start;
            total = response.Content.Headers.ContentLength + start;

            await using var body = await response.Content.ReadAsStreamAsync(stall.Token);
            byte[] buffer = new byte[81920];
            for (int n; (n = await body.ReadAsync(buffer, stall.Token)) > 0;)
            {
                stall.CancelAfter(Stall);
                await output.WriteAsync(buffer.AsMemory(0, n), cancel);
                received += n;
                if (received > LargestTransfer(file))
                    throw new DownloadException(DownloadFailure.WrongContent, FormattableString.Invariant($"the server sends more than the {file.Size:N0} bytes expected; stopped after {received:N0}"));
                progress?.Report(new DownloadProgress(file.Name, received, total));
            }
            await output.FlushAsync(cancel);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new DownloadException(DownloadFailure.Stalled, FormattableString.Invariant($"the server sent nothing for {Stall.TotalSeconds:0.#} s (after {received:N0} bytes)"));
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.InvalidResponse or HttpRequestError.ResponseEnded)
        {
            throw new DownloadException(DownloadFailure.Truncated, $"{request.RequestUri?.Authority} gave no proper answer ({e.Message})", e);
        }
        catch (HttpRequestException e)
        {
            throw new DownloadException(DownloadFailure.NoNetwork, $"cannot reach {request.RequestUri?.Authority} ({e.GetBaseException().Message}). Is this machine online? Behind a proxy set HTTPS_PROXY", e);
        }
        catch (IOException e) when (IsDiskFull(e))
        {
            throw new DownloadException(DownloadFailure.NoSpace, FormattableString.Invariant($"the disk is full (writing {part}). Free {file.Size / 1e6:F1} MB and run again"), e);
        }
        catch (IOException e) when (e is not DownloadException)
        {
            throw new DownloadException(DownloadFailure.Truncated, FormattableString.Invariant($"the connection ended after {received:N0} of {(total is null ? "an unknown number of" : FormattableString.Invariant($"{total:N0}"))} bytes"), e);
        }
    }

    private static FileStream OpenPart(string part)
    {
        try
        {
            return new FileStream(part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
        }
        catch (IOException e) when (File.Exists(part))
        {
            throw new DownloadException(DownloadFailure.Busy, $"another download is writing {part}; wait for it or delete that file", e);
        }
    }

    private static void CheckAnswer(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
            throw new DownloadException(DownloadFailure.HttpError, $"the server answered HTTP {(int)response.StatusCode} ({response.ReasonPhrase})");
        if (response.Content.Headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml")
            throw new DownloadException(DownloadFailure.WebPage, "the server answered with a web page instead of the file (an error page, a login or a proxy)");
    }

    // Compressed data is at most a little larger than its content; an archive may hold more than the wanted member.
    private static long LargestTransfer(CatalogueFile file) =>
        file.Member is null ? file.Size + file.Size / 100 + 65536 : Math.Max(256L << 20, 4 * file.Size);

    private static void RequireSpace(CatalogueFile file, string target)
    {
        long needed = 2 * file.Size;
        string folder = Path.GetDirectoryName(target)!;
        if (folder.StartsWith(@"\\", StringComparison.Ordinal))
            return; // a network share does not tell
        long free = new DriveInfo(folder).AvailableFreeSpace;
        if (free < needed)
            throw new DownloadException(DownloadFailure.NoSpace, $"{file.Name} needs {needed / 1e6:N1} MB while it is unpacked, but {folder} has {free / 1e6:N1} MB free. Free some, or choose another folder with --to.");
    }

    // Windows: ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL; elsewhere: ENOSPC and EDQUOT (Linux, macOS).
    internal static bool IsDiskFull(IOException e) =>
        OperatingSystem.IsWindows() ? (e.HResult & 0xffff) is 112 or 39 : e.HResult is 28 or 122 or 69;
}
