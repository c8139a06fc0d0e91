using System.Collections.Concurrent;

namespace Course.Jupyter.Zmtp;

/// <summary>
/// XPUB: every message goes to the subscribers whose topic begins its first frame. A subscriber that does not read loses messages;
/// it never holds up the publisher or the other subscribers.
/// </summary>
public sealed class XPubSocket(ZmtpLimits? limits = null, Action<string>? log = null) : ZmtpSocket(limits ?? ZmtpLimits.Small, log)
{
    private static readonly string[] Peers = ["SUB", "XSUB"];
    private readonly ConcurrentDictionary<ZmtpConnection, List<byte[]>> _topics = new();

    private protected override string SocketType => "XPUB";
    private protected override IReadOnlyCollection<string> PeerTypes => Peers;

    /// <summary>Makes the message that greets a new subscription to a topic; it goes to that subscriber alone.</summary>
    public Func<byte[], IReadOnlyList<byte[]>>? Welcome { get; set; }

    public int Subscribers => _topics.Count(peer =>
    {
        lock (peer.Value)
            return peer.Value.Count > 0;
    });

    /// <param name="parts">The first frame is the topic.</param>
    public void Publish(IReadOnlyList<byte[]> parts)
    {
        byte[]? frames = null;
        foreach (var (connection, topics) in _topics)
        {
            bool wanted;
            lock (topics)
                wanted = topics.Exists(topic => parts[0].AsSpan().StartsWith(topic));
            if (wanted)
                connection.TrySendRaw(frames ??= ZmtpFrame.Encode(parts));
        }
    }

    private protected override void OnConnected(ZmtpConnection connection) => _topics[connection] = [];

    private protected override void OnDisconnected(ZmtpConnection connection) => _topics.TryRemove(connection, out _);

    private protected override ValueTask OnMessageAsync(ZmtpConnection connection, List<byte[]> message)
    {
        Budget.Release(SizeOf(message));
        if (message is not [[0 or 1, ..] request] || !_topics.TryGetValue(connection, out var topics))
            return ValueTask.CompletedTask;
        byte[] topic = request[1..];
        lock (topics)
        {
            if (request[0] == 0)
            {
                int at = topics.FindIndex(t => t.AsSpan().SequenceEqual(topic));
                if (at >= 0)
                    topics.RemoveAt(at);
                return ValueTask.CompletedTask;
            }
            if (topics.Count >= Limits.SubscriptionsPerPeer)
                throw new ZmtpException($"a peer wants more than {Limits.SubscriptionsPerPeer} subscriptions");
            topics.Add(topic);
        }
        Prove(connection);
        if (Welcome?.Invoke(topic) is { } welcome)
            connection.TrySend(welcome);
        return ValueTask.CompletedTask;
    }
}
