using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Threading.Channels;

namespace Course.Jupyter.Zmtp;

/// <summary>A message and the peer that sent it.</summary>
public readonly record struct RoutedMessage(byte[] Identity, IReadOnlyList<byte[]> Parts);

/// <summary>
/// ROUTER: receives from all peers in turn and sends to the one that is named. A peer that comes back under its old identity takes
/// the place of its former connection, which may be half open.
/// </summary>
public sealed class RouterSocket(ZmtpLimits? limits = null, Action<string>? log = null) : ZmtpSocket(limits, log)
{
    private static readonly string[] Peers = ["DEALER", "REQ", "ROUTER"];
    private readonly ConcurrentDictionary<string, ZmtpConnection> _peers = new();
    private readonly ConcurrentDictionary<ZmtpConnection, byte[]> _identities = new();
    private readonly Channel<RoutedMessage> _received = ReceiveQueue<RoutedMessage>(limits ?? ZmtpLimits.Default);

    private protected override string SocketType => "ROUTER";
    private protected override IReadOnlyCollection<string> PeerTypes => Peers;

    /// <exception cref="ChannelClosedException">Never while the socket is open.</exception>
    public async ValueTask<RoutedMessage> ReceiveAsync(CancellationToken cancel)
    {
        var message = await _received.Reader.ReadAsync(cancel).ConfigureAwait(false);
        Budget.Release(SizeOf(message.Parts));
        return message;
    }

    /// <summary>Takes a message that has already come, if there is one.</summary>
    public bool TryReceive(out RoutedMessage message)
    {
        if (!_received.Reader.TryRead(out message))
            return false;
        Budget.Release(SizeOf(message.Parts));
        return true;
    }

    /// <summary>Says that the peer of this name is a client: it sent what only one can, such as a valid signature.</summary>
    public void Vouch(byte[] identity)
    {
        if (_peers.TryGetValue(Convert.ToHexString(identity), out var connection))
            Prove(connection);
    }

    /// <returns>False when the peer has left or does not read; the message is dropped.</returns>
    public bool Send(byte[] identity, IReadOnlyList<byte[]> parts) =>
        _peers.TryGetValue(Convert.ToHexString(identity), out var connection) && connection.TrySend(parts);

    private protected override void OnConnected(ZmtpConnection connection)
    {
        // Names that we give start with a zero byte, which peers may not use.
        byte[] identity = connection.PeerIdentity.Length > 0 ? connection.PeerIdentity : [0, .. RandomNumberGenerator.GetBytes(8)];
        _identities[connection] = identity;
        _peers.AddOrUpdate(Convert.ToHexString(identity), connection, (_, former) =>
        {
            former.Complete();
            return connection;
        });
    }

    private protected override void OnDisconnected(ZmtpConnection connection)
    {
        if (_identities.TryRemove(connection, out byte[]? identity))
            _peers.TryRemove(new(Convert.ToHexString(identity), connection));
    }

    private protected override ValueTask OnMessageAsync(ZmtpConnection connection, List<byte[]> message) =>
        _received.Writer.WriteAsync(new(_identities[connection], message), Closing);
}
