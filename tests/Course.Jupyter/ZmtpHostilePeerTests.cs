using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Course.Jupyter.Zmtp;
using Microsoft.Extensions.Time.Testing;

namespace Course.Jupyter.Tests;

/// <summary>Peers that send garbage, stall, flood or never read: they lose their own connection and nothing else happens.</summary>
public class ZmtpHostilePeerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly ConcurrentQueue<string> _log = new();

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "does not speak ZMTP 3")]
    [InlineData("\u0001\u0000", "does not speak ZMTP 3")]
    public async Task Router_CalledByAStranger_ClosesAtOnceAndServesOthers(string greeting, string reason)
    {
        await using var router = Listening(new RouterSocket(log: _log.Enqueue));
        using var stranger = await CallAsync(router);
        await stranger.GetStream().WriteAsync(Encoding.Latin1.GetBytes(greeting));

        await AssertClosedAsync(stranger);
        Assert.Contains(_log, line => line.Contains(reason, StringComparison.Ordinal));
        await AssertServesAsync(router);
    }

    [Theory]
    [InlineData(10, 2, "speaks ZMTP 2")]
    [InlineData(12, (byte)'C', "mechanism 'CULL'")]
    public async Task Router_CalledWithAnotherVersionOrMechanism_ClosesAndSaysWhy(int offset, byte value, string reason)
    {
        await using var router = Listening(new RouterSocket(log: _log.Enqueue));
        byte[] greeting = ZmtpGreeting.Create();
        greeting[offset] = value;
        using var peer = await CallAsync(router);
        await peer.GetStream().WriteAsync(greeting);

        await AssertClosedAsync(peer);
        Assert.Contains(_log, line => line.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Router_CalledByAWrongSocketType_AnswersErrorAndCloses()
    {
        await using var router = Listening(new RouterSocket(log: _log.Enqueue));
        using var peer = await CallAsync(router);
        await peer.GetStream().WriteAsync(Handshake("SUB"));

        byte[] answer = await AssertClosedAsync(peer);
        Assert.Contains("ERROR", Encoding.Latin1.GetString(answer), StringComparison.Ordinal);
        Assert.Contains(_log, line => line.Contains("SUB cannot talk to ROUTER", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Router_WithAHalfOpenHandshake_ClosesAfterTheLimit()
    {
        var clock = new FakeTimeProvider();
        var limits = new ZmtpLimits { Clock = clock, Handshake = TimeSpan.FromHours(1) };
        await using var router = Listening(new RouterSocket(limits, _log.Enqueue));
        using var silent = await CallAsync(router);
        using var halfway = await CallAsync(router);
        await halfway.GetStream().WriteAsync(ZmtpGreeting.Create());
        // The router greets once its limit runs.
        foreach (var caller in (TcpClient[])[silent, halfway])
            await caller.GetStream().ReadExactlyAsync(new byte[ZmtpGreeting.Create().Length]);

        clock.Advance(limits.Handshake - TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(_log, line => line.Contains("no handshake", StringComparison.Ordinal));
        clock.Advance(TimeSpan.FromSeconds(1));
        await AssertClosedAsync(silent);
        await AssertClosedAsync(halfway);
        await AssertServesAsync(router);
    }

    [Theory]
    [InlineData(new byte[] { 0x80, 1, 0 }, "reserved flags")]
    [InlineData(new byte[] { 0x05, 1, 0 }, "reserved flags")]
    [InlineData(new byte[] { 0x02, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, "exceeds the limit")]
    [InlineData(new byte[] { 0x02, 0, 0, 0, 0, 0x10, 0, 0, 0 }, "exceeds the limit")]
    [InlineData(new byte[] { 0x04, 1, 9 }, "no name")]
    [InlineData(new byte[] { 0x01, 0, 0x04, 2, 1, 65 }, "interrupts a message")]
    public async Task Router_ReceivingABrokenFrame_ClosesThatConnection(byte[] frame, string reason)
    {
        await using var router = Listening(new RouterSocket(log: _log.Enqueue));
        using var peer = await CallAsync(router);
        await peer.GetStream().WriteAsync((byte[])[.. Handshake("DEALER"), .. frame]);

        await AssertClosedAsync(peer);
        Assert.Contains(_log, line => line.Contains(reason, StringComparison.Ordinal));
        await AssertServesAsync(router);
        Assert.Equal(0, router.Budget.Held);
    }

    [Fact]
    public async Task Router_PromisedAHugeFrameThatNeverComes_HoldsOnlyWhatCame()
    {
        await using var router = Listening(new RouterSocket(log: _log.Enqueue));
        var peers = new List<TcpClient>();
        for (int i = 0; i < 30; i++)
        {
            var peer = await CallAsync(router);
            peers.Add(peer);
            // 32 MiB announced thirty times, 100 bytes sent.
            await peer.GetStream().WriteAsync((byte[])[.. Handshake("DEALER"), 0x02, 0, 0, 0, 0, 2, 0, 0, 0, .. new byte[100]]);
        }
        await AssertServesAsync(router);
        Assert.InRange(router.Budget.Held, 0, 30 * (64 << 10));
        peers.ForEach(peer => peer.Dispose());
        await EventuallyAsync(() => router.Budget.Held == 0);
    }

    [Fact]
    public async Task Router_FloodedWithoutAReader_HoldsABoundedNumberOfBytes()
    {
        var limits = new ZmtpLimits { ReceiveMessages = 10, ReceiveBytes = 1 << 20 };
        await using var router = Listening(new RouterSocket(limits, _log.Enqueue));
        using var peer = await CallAsync(router);
        await peer.GetStream().WriteAsync(Handshake("DEALER"));
        byte[] message = ZmtpFrame.Encode([new byte[50_000]]);
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            while (true)
                await peer.GetStream().WriteAsync(message, enough.Token);
        });
        Assert.InRange(router.Budget.Held, 1, 1 << 20);
    }

    [Fact]
    public async Task Listener_WithTooManyConnections_RefusesMoreAndRecovers()
    {
        await using var router = Listening(new RouterSocket(new ZmtpLimits { Connections = 3 }, _log.Enqueue));
        var peers = new List<TcpClient>();
        for (int i = 0; i < 3; i++)
        {
            peers.Add(await CallAsync(router));
            await peers[i].GetStream().WriteAsync(Handshake("DEALER"));
        }
        await EventuallyAsync(() => router.Connections.Length == 3);
        foreach (var peer in peers)
        {
            await peer.GetStream().WriteAsync(ZmtpFrame.Encode([[1]]));
            router.Vouch((await router.ReceiveAsync(TestContext.Current.CancellationToken)).Identity);
        }
        using (var fourth = await CallAsync(router))
            await AssertClosedAsync(fourth);
        peers.ForEach(peer => peer.Dispose());
        await EventuallyAsync(() => router.Connections.Length == 0);
        await AssertServesAsync(router);
    }

    [Fact]
    public async Task Listener_FullOfCallersThatProveNothing_EndsTheOldestOfThem_AndKeepsClients()
    {
        await using var router = Listening(new RouterSocket(new ZmtpLimits { Connections = 3 }, _log.Enqueue));
        await using var client = new DealerSocket();
        await client.ConnectAsync(IPAddress.Loopback, router.Port, TestContext.Current.CancellationToken);
        client.Send("first"u8.ToArray());
        byte[] identity = (await router.ReceiveAsync(TestContext.Current.CancellationToken)).Identity;
        router.Vouch(identity);
        var mute = new List<TcpClient>();
        for (int i = 0; i < 8; i++)
            mute.Add(await ShakeHandsAsync(router, "DEALER"));
        await AssertClosedAsync(mute[0]);
        await AssertServesAsync(router);
        Assert.True(router.Send(identity, ["still here"u8.ToArray()]));
        mute.ForEach(peer => peer.Dispose());
    }

    [Fact]
    public async Task Publisher_FullOfCallersWithoutSubscription_EndsTheOldestOfThem_AndKeepsSubscribers()
    {
        await using var publisher = Listening(new XPubSocket(ZmtpLimits.Small with { Connections = 3 }, _log.Enqueue));
        await using var reader = new SubSocket([[]]);
        await reader.ConnectAsync(IPAddress.Loopback, publisher.Port, TestContext.Current.CancellationToken);
        await EventuallyAsync(() => publisher.Subscribers == 1);
        var mute = new List<TcpClient>();
        for (int i = 0; i < 6; i++)
            mute.Add(await ShakeHandsAsync(publisher, "SUB"));
        await AssertClosedAsync(mute[0]);
        publisher.Publish([[7]]);
        Assert.Equal(7, (await reader.ReceiveAsync(TestContext.Current.CancellationToken))[0][0]);
        mute.ForEach(peer => peer.Dispose());
    }

    [Fact]
    public async Task AMessageBeyondTheLimitOfStrangers_ComesThroughFromAClient()
    {
        await using var router = Listening(new RouterSocket(new ZmtpLimits { MessageBytes = 1 << 20, ProvenMessageBytes = 4 << 20 }, _log.Enqueue));
        await using var client = new DealerSocket();
        await client.ConnectAsync(IPAddress.Loopback, router.Port, TestContext.Current.CancellationToken);
        client.Send("first"u8.ToArray());
        router.Vouch((await router.ReceiveAsync(TestContext.Current.CancellationToken)).Identity);
        client.Send(new byte[3 << 20]);
        Assert.Equal(3 << 20, (await router.ReceiveAsync(TestContext.Current.CancellationToken)).Parts[0].Length);

        // What is too much for a client too comes without its bytes, and the connection goes on.
        client.Send([[1], new byte[5 << 20], [3]]);
        client.Send("next"u8.ToArray());
        var cut = (await router.ReceiveAsync(TestContext.Current.CancellationToken)).Parts;
        Assert.Equal([1, 3], [cut[0][0], cut[2][0]]);
        Assert.Same(ZmtpFrame.TooLarge, cut[1]);
        Assert.Equal("next"u8.ToArray(), (await router.ReceiveAsync(TestContext.Current.CancellationToken)).Parts[0]);
        Assert.Equal(0, router.Budget.Held);

        using var stranger = await CallAsync(router);
        await stranger.GetStream().WriteAsync((byte[])[.. Handshake("DEALER"), 0x02, 0, 0, 0, 0, 0, 0x30, 0, 0]);
        await AssertClosedAsync(stranger);
    }

    [Theory]
    [InlineData(256, 25)]
    [InlineData(64, 4)]
    [InlineData(1_048_576, 64)]
    [InlineData(long.MaxValue, 64)]
    public void Connections_FollowTheLimitOfHandles(long handles, int connections) => Assert.Equal(connections, ZmtpLimits.ConnectionsOf(handles));

    [Fact]
    public async Task Listener_FullOfSilentCallers_EndsTheOldestForANewOne()
    {
        await using var router = Listening(new RouterSocket(new ZmtpLimits { Connections = 3, Handshake = TimeSpan.FromMinutes(10) }, _log.Enqueue));
        var silent = new List<TcpClient>();
        for (int i = 0; i < 6; i++)
            silent.Add(await CallAsync(router));
        await AssertClosedAsync(silent[0]);
        await AssertServesAsync(router);
        silent.ForEach(peer => peer.Dispose());
    }

    [Fact]
    public async Task Publisher_WithASubscriberThatNeverReads_DropsForItAndStaysFastForOthers()
    {
        var limits = ZmtpLimits.Small with { SendBytes = 1 << 20 };
        await using var publisher = Listening(new XPubSocket(limits, _log.Enqueue));
        using var deaf = await CallAsync(publisher);
        await deaf.GetStream().WriteAsync((byte[])[.. Handshake("SUB"), .. ZmtpFrame.Encode([[1]])]);
        await using var reader = new SubSocket([[]], new ZmtpLimits { ReceiveMessages = 100_000, ReceiveBytes = 1L << 30 });
        using var limit = new CancellationTokenSource(Limit);
        await reader.ConnectAsync(IPAddress.Loopback, publisher.Port, limit.Token);
        await EventuallyAsync(() => publisher.Subscribers == 2);

        const int Messages = 500;
        for (int i = 0; i < Messages; i++)
        {
            publisher.Publish([new byte[100_000]]);
            Assert.Equal(100_000, (await reader.ReceiveAsync(limit.Token))[0].Length);
        }
        var stalled = publisher.Connections.Single(connection => connection.Dropped > 0);
        Assert.InRange(stalled.WaitingBytes, 0, 2 << 20);
    }

    [Fact]
    public async Task Publisher_AskedForTooManySubscriptions_ClosesThatConnection()
    {
        await using var publisher = Listening(new XPubSocket(log: _log.Enqueue));
        using var peer = await CallAsync(publisher);
        var many = Enumerable.Range(0, 1000).SelectMany(i => ZmtpFrame.Encode([[1, (byte)i, (byte)(i >> 8)]]));
        await peer.GetStream().WriteAsync((byte[])[.. Handshake("SUB"), .. many]);
        await AssertClosedAsync(peer);
    }

    /// <summary>Truncated and mutated conversations, from a fixed seed: the socket neither hangs nor grows, and still serves.</summary>
    [Theory]
    [InlineData("ROUTER")]
    [InlineData("XPUB")]
    [InlineData("REP")]
    public async Task Socket_FedMutatedConversations_SurvivesThemAll(string type)
    {
        var limits = new ZmtpLimits { Handshake = TimeSpan.FromMilliseconds(300), MessageBytes = 1 << 20, ReceiveBytes = 16 << 20, Connections = 500 };
        await using var socket = Listening<ZmtpSocket>(type switch
        {
            "ROUTER" => new RouterSocket(limits, _log.Enqueue),
            "XPUB" => new XPubSocket(limits, _log.Enqueue),
            _ => new EchoSocket(limits, _log.Enqueue),
        });
        using var stop = new CancellationTokenSource();
        var draining = socket is RouterSocket router ? DrainAsync(router) : Task.CompletedTask;
        byte[] valid =
        [
            .. Handshake(type == "XPUB" ? "SUB" : "DEALER"),
            .. ZmtpFrame.Encode([[], [1, 2, 3], new byte[300], new byte[70_000]]),
            .. ZmtpFrame.EncodeCommand(new ZmtpCommand("PING", [0, 1, 9, 9]).Encode()),
            .. ZmtpFrame.EncodeCommand(new ZmtpCommand("SUBSCRIBE", [65]).Encode()),
            .. ZmtpFrame.Encode([[1, 66]]),
        ];
        var random = new Random(20240607);
        for (int round = 0; round < 15; round++)
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => TalkAsync(Mutate(valid, random))));

        await EventuallyAsync(() => socket.Connections.Length == 0);
        Assert.DoesNotContain(_log, line => line.Contains("internal error", StringComparison.Ordinal));
        // What the last peers sent may still wait to be taken.
        await EventuallyAsync(() => socket.Budget.Held == 0);
        await stop.CancelAsync();
        await draining;

        async Task TalkAsync(byte[] conversation)
        {
            using var peer = await CallAsync(socket);
            var stream = peer.GetStream();
            try
            {
                await stream.WriteAsync(conversation);
                peer.Client.Shutdown(SocketShutdown.Send);
                byte[] buffer = new byte[100_000];
                using var limit = new CancellationTokenSource(Limit);
                while (await stream.ReadAsync(buffer, limit.Token) > 0)
                {
                }
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                // It hung up on us, as it may.
            }
        }

        async Task DrainAsync(RouterSocket from)
        {
            try
            {
                while (true)
                    await from.ReceiveAsync(stop.Token);
            }
            catch (OperationCanceledException)
            {
            }
        }
    }

    private static byte[] Mutate(byte[] valid, Random random)
    {
        var bytes = valid.ToList();
        for (int edits = random.Next(1, 6); edits > 0; edits--)
        {
            // Most edits hit the handshake and the frame headers, where they matter.
            int at = random.Next(3) == 0 ? random.Next(bytes.Count) : random.Next(Math.Min(bytes.Count, 140));
            switch (random.Next(4))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at)); break;
                default: bytes.InsertRange(at, Enumerable.Repeat((byte)random.Next(256), random.Next(1, 20))); break;
            }
            if (bytes.Count == 0)
                return [0xFF];
        }
        return [.. random.Next(2) == 0 ? bytes.Take(random.Next(1, bytes.Count + 1)) : bytes];
    }

    private static T Listening<T>(T socket) where T : ZmtpSocket
    {
        socket.Bind(IPAddress.Loopback, 0);
        return socket;
    }

    private static byte[] Handshake(string type) =>
        [.. ZmtpGreeting.Create(), .. ZmtpFrame.EncodeCommand(ZmtpCommand.Ready(type, []).Encode())];

    /// <summary>Calls and waits until the socket takes the caller for a peer.</summary>
    private static async Task<TcpClient> ShakeHandsAsync(ZmtpSocket socket, string type)
    {
        var before = socket.Connections;
        var client = await CallAsync(socket);
        await client.GetStream().WriteAsync(Handshake(type));
        await EventuallyAsync(() => socket.Connections.Except(before).Any());
        return client;
    }

    private static async Task<TcpClient> CallAsync(ZmtpSocket socket)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, socket.Port);
        return client;
    }

    /// <summary>Reads until the other side hangs up; returns what came before.</summary>
    private static async Task<byte[]> AssertClosedAsync(TcpClient peer)
    {
        var received = new MemoryStream();
        try
        {
            await peer.GetStream().CopyToAsync(received).WaitAsync(Limit);
        }
        catch (IOException)
        {
        }
        return received.ToArray();
    }

    private static async Task AssertServesAsync(RouterSocket router)
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var dealer = new DealerSocket();
        await dealer.ConnectAsync(IPAddress.Loopback, router.Port, limit.Token);
        dealer.Send("hello"u8.ToArray());
        var (identity, parts) = await router.ReceiveAsync(limit.Token);
        Assert.True(router.Send(identity, parts));
        Assert.Equal("hello", Encoding.UTF8.GetString((await dealer.ReceiveAsync(limit.Token))[0]));
    }

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!condition())
            await Task.Delay(5, limit.Token);
    }
}
