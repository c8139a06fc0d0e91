namespace Course.Jupyter.Zmtp;

/// <summary>A REP socket that repeats each request as its reply: Jupyter's heartbeat.</summary>
public sealed class EchoSocket(ZmtpLimits? limits = null, Action<string>? log = null) : ZmtpSocket(limits ?? ZmtpLimits.Small, log)
{
    private static readonly string[] Peers = ["REQ", "DEALER"];

    private protected override string SocketType => "REP";
    private protected override IReadOnlyCollection<string> PeerTypes => Peers;

    private protected override ValueTask OnMessageAsync(ZmtpConnection connection, List<byte[]> message)
    {
        Budget.Release(SizeOf(message));
        Prove(connection);
        connection.TrySend(message);
        return ValueTask.CompletedTask;
    }
}
