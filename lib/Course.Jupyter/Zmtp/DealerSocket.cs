using System.Threading.Channels;

namespace Course.Jupyter.Zmtp;

/// <summary>DEALER with one connection: the client's side of a ROUTER (or, with an empty first frame, of a REP).</summary>
public sealed class DealerSocket(byte[]? identity = null, ZmtpLimits? limits = null, Action<string>? log = null) : ZmtpSocket(limits, log)
{
    private static readonly string[] Peers = ["ROUTER", "REP", "DEALER"];
    private readonly Channel<IReadOnlyList<byte[]>> _received = ReceiveQueue<IReadOnlyList<byte[]>>(limits ?? ZmtpLimits.Default);

    private protected override string SocketType => "DEALER";
    private protected override IReadOnlyCollection<string> PeerTypes => Peers;
    private protected override byte[] Identity => identity ?? [];

    /// <returns>False when there is no connection or the peer does not read.</returns>
    public bool Send(params IReadOnlyList<byte[]> parts) => Connections is [var connection, ..] && connection.TrySend(parts);

    public async ValueTask<IReadOnlyList<byte[]>> ReceiveAsync(CancellationToken cancel)
    {
        var message = await _received.Reader.ReadAsync(cancel).ConfigureAwait(false);
        Budget.Release(SizeOf(message));
        return message;
    }

    private protected override ValueTask OnMessageAsync(ZmtpConnection connection, List<byte[]> message) => _received.Writer.WriteAsync(message, Closing);
}
