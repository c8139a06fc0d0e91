using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Course.Tests.Data;

/// <summary>A request as the server saw it.</summary>
/// <param name="RangeStart">From which byte on the client asked, or null.</param>
internal sealed record SeenRequest(string Path, long? RangeStart);

/// <summary>A web server on loopback that answers as badly as a test wants it to.</summary>
internal sealed class FileServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<SeenRequest, Stream, CancellationToken, Task> _answer;

    public FileServer(Func<SeenRequest, Stream, CancellationToken, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _ = Accept();
    }

    public List<SeenRequest> Requests { get; } = [];

    public string Url(string path) => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/{path}";

    public static Task Send(Stream stream, string status, byte[] body, long? announced = null, string type = "application/octet-stream", string extra = "") =>
        Write(stream, $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {announced ?? body.Length}\r\nConnection: close\r\n{extra}\r\n", body);

    /// <summary>Answers with the file from the byte that was asked for.</summary>
    public static Task SendFrom(Stream stream, byte[] file, long? start) => start is null
        ? Send(stream, "200 OK", file)
        : Send(stream, "206 Partial Content", file[(int)start..], extra: $"Content-Range: bytes {start}-{file.Length - 1}/{file.Length}\r\n");

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
    }

    private static async Task Write(Stream stream, string head, byte[] body)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        await stream.WriteAsync(body);
    }

    private async Task Accept()
    {
        while (!_stop.IsCancellationRequested)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync(_stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
            _ = Serve(client);
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var _ = client;
        try
        {
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
            string path = (await reader.ReadLineAsync(_stop.Token))!.Split(' ')[1].TrimStart('/');
            long? start = null;
            for (string? line; (line = await reader.ReadLineAsync(_stop.Token)) is { Length: > 0 };)
                if (line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase))
                    start = long.Parse(line["Range: bytes=".Length..].TrimEnd('-'));
            var request = new SeenRequest(path, start);
            lock (Requests)
                Requests.Add(request);
            await _answer(request, stream, _stop.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException) { } // the client went away
    }
}
