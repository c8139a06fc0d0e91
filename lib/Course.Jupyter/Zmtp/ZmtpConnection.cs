using System.Text;
using System.Threading.Channels;

namespace Course.Jupyter.Zmtp;

/// <summary>One peer after its handshake: whole messages in, a bounded queue of messages out.</summary>
internal sealed class ZmtpConnection
{
    private const int Coalesced = 64 << 10;
    private readonly Stream _stream;
    private readonly ZmtpReader _reader;
    private readonly ZmtpLimits _limits;
    private readonly ReceiveBudget _budget;
    private readonly Channel<(byte[] Bytes, int Size)> _outgoing = Channel.CreateUnbounded<(byte[], int)>(new() { SingleReader = true });
    private int _waitingMessages;
    private long _waitingBytes;
    private long _dropped;

    private ZmtpConnection(Stream stream, ZmtpReader reader, ZmtpLimits limits, ReceiveBudget budget)
    {
        (_stream, _reader, _limits, _budget) = (stream, reader, limits, budget);
    }

    /// <summary>The name by which a ROUTER addresses this peer; empty when the peer gave none.</summary>
    public byte[] PeerIdentity { get; private set; } = [];

    public string PeerType { get; private set; } = "";

    /// <summary>1 when subscriptions travel as commands, 0 when as messages.</summary>
    public int MinorVersion { get; private set; }

    /// <summary>Messages that this peer lost because it does not read.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>The peer has shown that it is a client and not just a caller.</summary>
    public bool IsProven
    {
        get;
        set
        {
            field = value;
            _reader.Limit = value ? _limits.ProvenMessageBytes : _limits.MessageBytes;
            _reader.SkipTooLarge = value;
        }
    }

    public long WaitingBytes => Interlocked.Read(ref _waitingBytes);

    /// <summary>Greeting and READY in both directions (mechanism NULL).</summary>
    /// <exception cref="ZmtpException">The peer is not one we can talk to.</exception>
    public static async Task<ZmtpConnection> HandshakeAsync(
        Stream stream, string socketType, byte[] identity, IReadOnlyCollection<string> peerTypes, ZmtpLimits limits, ReceiveBudget budget, CancellationToken cancel)
    {
        var reader = new ZmtpReader(stream, budget);
        await stream.WriteAsync(ZmtpGreeting.Create(), cancel).ConfigureAwait(false);
        var connection = new ZmtpConnection(stream, reader, limits, budget)
        {
            MinorVersion = ZmtpGreeting.Check(await reader.ReadGreetingAsync(cancel).ConfigureAwait(false)),
        };
        await stream.WriteAsync(ZmtpFrame.EncodeCommand(ZmtpCommand.Ready(socketType, identity).Encode()), cancel).ConfigureAwait(false);
        var frame = await reader.ReadFrameAsync(taken: 0, cancel).ConfigureAwait(false) ?? throw new EndOfStreamException("the peer left during the handshake");
        budget.Release(frame.Body.Length);
        if (!frame.IsCommand)
            throw new ZmtpException("the handshake holds a message, expected READY");
        var command = ZmtpCommand.Parse(frame.Body);
        if (command.Name != "READY")
            throw new ZmtpException($"the handshake holds {command.Name}, expected READY");
        var properties = command.Properties();
        connection.PeerType = properties.TryGetValue("Socket-Type", out byte[]? type) ? ZmtpGreeting.Printable(type) : "";
        connection.PeerIdentity = properties.GetValueOrDefault("Identity", []);
        if (connection.PeerIdentity.Length > 255)
            throw new ZmtpException("the peer's identity is longer than 255 bytes");
        if (!peerTypes.Contains(connection.PeerType))
        {
            string reason = $"socket type {connection.PeerType} cannot talk to {socketType}";
            await stream.WriteAsync(ZmtpFrame.EncodeCommand(ZmtpCommand.Error(reason).Encode()), cancel).ConfigureAwait(false);
            throw new ZmtpException(reason);
        }
        connection.IsProven = false;
        return connection;
    }

    /// <summary>
    /// The next message; pings are answered here, subscriptions come as the messages that they were in ZMTP 3.0 (1 or 0 and the topic).
    /// Its bytes stay in the budget until <see cref="ReceiveBudget.Release"/>.
    /// </summary>
    /// <returns>Null when the peer has closed the connection.</returns>
    public async ValueTask<List<byte[]>?> ReceiveAsync(CancellationToken cancel)
    {
        var message = new List<byte[]>();
        int size = 0;
        try
        {
            while (true)
            {
                if (await _reader.ReadFrameAsync(size, cancel).ConfigureAwait(false) is not { } frame)
                    return message.Count == 0 ? null : throw new EndOfStreamException("the peer left within a message");
                size += frame.Body.Length;
                if (frame.IsCommand)
                {
                    if (message.Count > 0)
                        throw new ZmtpException("a command interrupts a message");
                    if (Handle(ZmtpCommand.Parse(frame.Body)) is { } subscription)
                    {
                        _budget.Release(size - subscription.Length);
                        size = 0;
                        return [subscription];
                    }
                    _budget.Release(size);
                    size = 0;
                    continue;
                }
                if (message.Count == _limits.MessageFrames)
                    throw new ZmtpException($"a message has more than {_limits.MessageFrames} frames");
                message.Add(frame.Body);
                if (!frame.HasMore)
                {
                    size = 0;
                    return message;
                }
            }
        }
        finally
        {
            _budget.Release(size);
        }
    }

    private byte[]? Handle(ZmtpCommand command)
    {
        switch (command.Name)
        {
            case "PING":
                // Two bytes of time-to-live, then at most 16 of context that the answer repeats.
                if (command.Data.Length is >= 2 and <= 18)
                    TrySendRaw(ZmtpFrame.EncodeCommand(new ZmtpCommand("PONG", command.Data[2..]).Encode()));
                return null;
            case "SUBSCRIBE":
                return [1, .. command.Data];
            case "CANCEL":
                return [0, .. command.Data];
            case "ERROR":
                throw new ZmtpException($"the peer reports: {ZmtpGreeting.Printable(command.Data.AsSpan(Math.Min(1, command.Data.Length)))}");
            default:
                return null;
        }
    }

    /// <returns>False when the message was dropped because the peer does not read fast enough or has left.</returns>
    public bool TrySend(IReadOnlyList<byte[]> message) => TrySendRaw(ZmtpFrame.Encode(message));

    public bool TrySendRaw(byte[] frames)
    {
        if (Volatile.Read(ref _waitingMessages) < _limits.SendMessages)
        {
            Interlocked.Increment(ref _waitingMessages);
            long waiting = Interlocked.Add(ref _waitingBytes, frames.Length);
            if ((waiting <= _limits.SendBytes || waiting == frames.Length) && _outgoing.Writer.TryWrite((frames, frames.Length)))
                return true;
            Sent(1, frames.Length);
        }
        Interlocked.Increment(ref _dropped);
        return false;
    }

    /// <summary>Subscribes in the form that the peer's version understands.</summary>
    public void Subscribe(byte[] topic)
    {
        if (MinorVersion > 0)
            TrySendRaw(ZmtpFrame.EncodeCommand(new ZmtpCommand("SUBSCRIBE", topic).Encode()));
        else
            TrySend([[1, .. topic]]);
    }

    /// <summary>Writes what is queued until <see cref="Complete"/> was called and all is written, or the stream fails.</summary>
    public async Task WriteAsync()
    {
        var buffer = new MemoryStream();
        while (await _outgoing.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            int messages = 0;
            while (buffer.Length < Coalesced && _outgoing.Reader.TryRead(out var next))
            {
                buffer.Write(next.Bytes);
                messages++;
            }
            await _stream.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length)).ConfigureAwait(false);
            Sent(messages, buffer.Length);
            buffer.SetLength(0);
            if (buffer.Capacity > 4 * Coalesced)
                buffer.Capacity = 0;
        }
    }

    private void Sent(int messages, long bytes)
    {
        Interlocked.Add(ref _waitingMessages, -messages);
        Interlocked.Add(ref _waitingBytes, -bytes);
    }

    /// <summary>No more messages will be sent; <see cref="WriteAsync"/> ends after those that wait.</summary>
    public void Complete() => _outgoing.Writer.TryComplete();

    public override string ToString() => PeerIdentity.Length == 0 ? PeerType : $"{PeerType} '{Encoding.Latin1.GetString(PeerIdentity)}'";
}
