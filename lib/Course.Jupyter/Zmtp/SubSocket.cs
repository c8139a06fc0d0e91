using System.Threading.Channels;

namespace Course.Jupyter.Zmtp;

/// <summary>SUB: receives what a publisher sends under the topics given here.</summary>
public sealed class SubSocket(IReadOnlyList<byte[]> topics, ZmtpLimits? limits = null, Action<string>? log = null) : ZmtpSocket(limits, log)
{
    private static readonly string[] Peers = ["PUB", "XPUB"];
    private readonly Channel<IReadOnlyList<byte[]>> _received = ReceiveQueue<IReadOnlyList<byte[]>>(limits ?? ZmtpLimits.Default);

    private protected override string SocketType => "SUB";
    private protected override IReadOnlyCollection<string> PeerTypes => Peers;

    public async ValueTask<IReadOnlyList<byte[]>> ReceiveAsync(CancellationToken cancel)
    {
        var message = await _received.Reader.ReadAsync(cancel).ConfigureAwait(false);
        Budget.Release(SizeOf(message));
        return message;
    }

    private protected override void OnConnected(ZmtpConnection connection)
    {
        foreach (byte[] topic in topics)
            connection.Subscribe(topic);
    }

    private protected override ValueTask OnMessageAsync(ZmtpConnection connection, List<byte[]> message) => _received.Writer.WriteAsync(message, Closing);
}
