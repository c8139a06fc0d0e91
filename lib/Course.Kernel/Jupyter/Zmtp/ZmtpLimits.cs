namespace Course.Kernel.Jupyter.Zmtp;

/// <summary>What one peer, and all peers of a socket together, may make us hold in memory and for how long.</summary>
public sealed record ZmtpLimits
{
    public static readonly ZmtpLimits Default = new();

    /// <summary>For sockets that only ever receive a few bytes: heartbeats and subscriptions.</summary>
    public static readonly ZmtpLimits Small = new() { MessageBytes = 64 << 10, ReceiveBytes = 4 << 20 };

    /// <summary>Bytes of one incoming message, all its frames together.</summary>
    public int MessageBytes { get; init; } = 64 << 20;

    /// <summary>Frames of one incoming message.</summary>
    public int MessageFrames { get; init; } = 256;

    /// <summary>Bytes received and not yet taken, over all connections of a socket.</summary>
    public long ReceiveBytes { get; init; } = 256L << 20;

    /// <summary>Messages received and not yet taken; beyond it we stop reading and TCP holds the sender back.</summary>
    public int ReceiveMessages { get; init; } = 1024;

    /// <summary>Messages that wait for one peer to read; beyond it new ones are dropped for that peer.</summary>
    public int SendMessages { get; init; } = 10_000;

    /// <summary>Bytes that wait for one peer to read; a single larger message may still wait alone.</summary>
    public long SendBytes { get; init; } = 64L << 20;

    public int Connections { get; init; } = 64;

    public int SubscriptionsPerPeer { get; init; } = 256;

    /// <summary>A peer that has not finished its handshake by then is disconnected.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long closing a socket waits for queued messages to leave.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(1);
}
