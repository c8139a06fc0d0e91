namespace Course.Jupyter.Zmtp;

/// <summary>Bytes that all connections of a socket have received and nobody has taken yet.</summary>
internal sealed class ReceiveBudget(long limit)
{
    private long _held;

    public long Held => Interlocked.Read(ref _held);

    /// <exception cref="ZmtpException">The socket's connections together hold too much.</exception>
    public void Take(int bytes)
    {
        if (Interlocked.Add(ref _held, bytes) <= limit)
            return;
        Release(bytes);
        throw new ZmtpException($"more than {limit} bytes wait to be handled");
    }

    public void Release(long bytes) => Interlocked.Add(ref _held, -bytes);
}
