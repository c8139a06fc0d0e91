using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Course.Serving.Tests;

/// <summary>Bytes to a port, exactly as given, and what comes back.</summary>
internal static class RawRequest
{
    /// <summary>The status of the first answer; 0 when the connection was closed without one.</summary>
    /// <param name="patience">When nothing has come by then, our side of the connection is closed: the request may be half of one.</param>
    public static async Task<(int Status, string Text)> SendAsync(Uri service, byte[] bytes, TimeSpan patience)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, service.Port);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var received = new MemoryStream();
        byte[] buffer = new byte[4096];
        try
        {
            await socket.SendAsync(bytes, limit.Token);
            while (true)
            {
                // A request that lost its "Connection: close" leaves the connection open behind its answer, too.
                var next = socket.ReceiveAsync(buffer, limit.Token).AsTask();
                if (await Task.WhenAny(next, Task.Delay(patience, limit.Token)) != next)
                    socket.Shutdown(SocketShutdown.Send);
                if (await next is not (> 0 and var count))
                    break;
                received.Write(buffer, 0, count);
            }
        }
        catch (SocketException)
        {
            // Closed while we were still sending: what came before counts.
        }
        string text = Encoding.Latin1.GetString(received.ToArray());
        return (text.StartsWith("HTTP/1.1 ") ? int.Parse(text.AsSpan(9, 3)) : 0, text);
    }

    public static Task<(int Status, string Text)> SendAsync(Uri service, string text) => SendAsync(service, Encoding.Latin1.GetBytes(text), TimeSpan.FromSeconds(30));
}
