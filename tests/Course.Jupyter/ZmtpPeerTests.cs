using System.Globalization;
using System.Net;
using System.Text;
using Course.Jupyter.Zmtp;

namespace Course.Jupyter.Tests;

/// <summary>Our sockets against libzmq, through Debian's pyzmq.</summary>
public class ZmtpPeerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task OurServers_CalledByLibzmq_ExchangeEveryShapeOfMessage()
    {
        SystemPython.Require("zmq", "python3-zmq");
        await using var router = new RouterSocket();
        await using var publisher = new XPubSocket { Welcome = topic => [topic, "welcome"u8.ToArray()] };
        await using var echo = new EchoSocket();
        foreach (var socket in new ZmtpSocket[] { router, publisher, echo })
            socket.Bind(IPAddress.Loopback, 0);
        using var stop = new CancellationTokenSource();
        var answering = AnswerAsync();

        string output = await SystemPython.RunAsync("zmtp_client.py", Limit, Text(router.Port), Text(publisher.Port), Text(echo.Port));

        Assert.StartsWith("ok", output, StringComparison.Ordinal);
        await stop.CancelAsync();
        await answering;
        Assert.Equal(0, router.Budget.Held);

        async Task AnswerAsync()
        {
            try
            {
                while (true)
                {
                    var (identity, parts) = await router.ReceiveAsync(stop.Token);
                    if (parts is [var word, ..] && word.AsSpan().SequenceEqual("publish"u8))
                        publisher.Publish([.. parts.Skip(1)]);
                    Assert.True(router.Send(identity, parts));
                }
            }
            catch (OperationCanceledException)
            {
            }
        }
    }

    [Fact]
    public async Task OurClients_CallingLibzmq_ExchangeEveryShapeOfMessage()
    {
        SystemPython.Require("zmq", "python3-zmq");
        using var server = SystemPython.Start("zmtp_server.py");
        using var limit = new CancellationTokenSource(Limit);
        string? line = await server.StandardOutput.ReadLineAsync(limit.Token);
        int[] ports = line!.Split(' ').Select(port => int.Parse(port, CultureInfo.InvariantCulture)).ToArray();
        await using var dealer = new DealerSocket(Encoding.UTF8.GetBytes("our dealer"));
        await using var subscriber = new SubSocket([Encoding.UTF8.GetBytes("topic")]);
        await using var heartbeat = new DealerSocket();
        await dealer.ConnectAsync(IPAddress.Loopback, ports[0], limit.Token);
        await subscriber.ConnectAsync(IPAddress.Loopback, ports[1], limit.Token);
        await heartbeat.ConnectAsync(IPAddress.Loopback, ports[2], limit.Token);

        Assert.Equal(["topic", "welcome"], Texts(await subscriber.ReceiveAsync(limit.Token)));
        foreach (int size in new[] { 0, 1, 255, 256, 65_536, 3_000_000 })
        {
            byte[] body = new byte[size];
            Random.Shared.NextBytes(body);
            Assert.True(dealer.Send("topic of"u8.ToArray(), body, []));
            Assert.Equal([Encoding.UTF8.GetBytes("topic of"), body, []], await dealer.ReceiveAsync(limit.Token));
            Assert.Equal(body, (await subscriber.ReceiveAsync(limit.Token))[1]);
        }
        dealer.Send("other"u8.ToArray());
        dealer.Send("topic last"u8.ToArray());
        Assert.Equal(["topic last"], Texts(await subscriber.ReceiveAsync(limit.Token)));
        heartbeat.Send([], "beat"u8.ToArray());
        Assert.Equal(["", "beat"], Texts(await heartbeat.ReceiveAsync(limit.Token)));

        dealer.Send("stop"u8.ToArray());
        await SystemPython.FinishAsync(server, "zmtp_server.py", Limit);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<string> Texts(IEnumerable<byte[]> parts) => parts.Select(Encoding.UTF8.GetString);
}
