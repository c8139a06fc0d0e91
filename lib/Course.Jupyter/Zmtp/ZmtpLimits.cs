namespace Course.Jupyter.Zmtp;

/// <summary>What one peer, and all peers of a socket together, may make us hold in memory and for how long.</summary>
public sealed record ZmtpLimits
{
    public static readonly ZmtpLimits Default = new();

    /// <summary>For sockets that only ever receive a few bytes: heartbeats and subscriptions.</summary>
    public static readonly ZmtpLimits Small = new() { MessageBytes = 64 << 10, ProvenMessageBytes = 64 << 10, ReceiveBytes = 4 << 20 };

    /// <summary>Bytes of one incoming message, all its frames together, from a peer that has proven nothing.</summary>
    public int MessageBytes { get; init; } = 64 << 20;

    /// <summary>The same for a peer that has proven to be a client, such as by a valid signature.</summary>
    public int ProvenMessageBytes { get; init; } = 200 << 20;

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

    /// <summary>Open connections of a socket. Beyond them room is made by ending the oldest that has proven nothing.</summary>
    public int Connections { get; init; } = ConnectionsOf(HandleLimit());

    public int SubscriptionsPerPeer { get; init; } = 256;

    /// <summary>A peer that has not finished its handshake by then is disconnected.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long closing a socket waits for queued messages to leave.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>By which the times above are told.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>What a kernel needs besides connections: its session's pipes and sockets, files, the runtime's own.</summary>
    private const int OtherHandles = 128;

    /// <summary>The share of one of a kernel's five sockets in a process's handles: enough for a few clients, never all.</summary>
    internal static int ConnectionsOf(long handles) => (int)Math.Clamp((handles - OtherHandles) / 5, 4, 64);

    /// <summary>How many files and sockets this process may have open; no limit where the system does not say.</summary>
    private static long HandleLimit()
    {
        const string limits = "/proc/self/limits", name = "Max open files";
        try
        {
            return File.Exists(limits) && File.ReadLines(limits).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal)) is { } line
                && long.TryParse(line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], out long most) ? most : long.MaxValue;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return long.MaxValue;
        }
    }
}
