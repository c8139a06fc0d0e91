using System.Buffers.Binary;

namespace Course.Jupyter.Zmtp;

/// <summary>
/// Cuts a byte stream into frames. Memory grows with the bytes that really came, never with the length that a header claims.
/// </summary>
internal sealed class ZmtpReader(Stream stream, ReceiveBudget budget)
{
    private const int FirstAllocation = 64 << 10;
    private readonly byte[] _buffer = new byte[8 << 10];
    private int _start;
    private int _end;

    /// <summary>Bytes of one message; looked at when a frame has come, so that it may change while one is waited for.</summary>
    public volatile int Limit = HandshakeLimit;

    private const int HandshakeLimit = 64 << 10;

    /// <summary>Whether a frame beyond the limit is read past and comes as <see cref="ZmtpFrame.TooLarge"/>, so that its sender can be told.</summary>
    public volatile bool SkipTooLarge;

    /// <exception cref="ZmtpException">The peer cannot be speaking ZMTP 3.</exception>
    /// <exception cref="EndOfStreamException">The peer left.</exception>
    public async ValueTask<byte[]> ReadGreetingAsync(CancellationToken cancel)
    {
        while (_end - _start < ZmtpGreeting.Length)
        {
            if (!await FillAsync(cancel).ConfigureAwait(false))
                throw new EndOfStreamException("the peer left during the greeting");
            ZmtpGreeting.CheckSignature(_buffer.AsSpan(_start, Math.Min(_end - _start, ZmtpGreeting.Length)));
        }
        byte[] greeting = _buffer.AsSpan(_start, ZmtpGreeting.Length).ToArray();
        _start += ZmtpGreeting.Length;
        return greeting;
    }

    /// <summary>The next frame, of at most <see cref="Limit"/> bytes less those <paramref name="taken"/> by earlier ones of its message; the budget then holds its body.</summary>
    /// <returns>Null when the peer closed the connection between two frames.</returns>
    /// <exception cref="ZmtpException">A malformed or too large frame.</exception>
    /// <exception cref="EndOfStreamException">The peer left within a frame.</exception>
    public async ValueTask<ZmtpFrame?> ReadFrameAsync(int taken, CancellationToken cancel)
    {
        if (_start == _end && !await FillAsync(cancel).ConfigureAwait(false))
            return null;
        var flags = (ZmtpFrame.Flag)_buffer[_start];
        if ((byte)flags > 7 || (flags & ZmtpFrame.Flag.Command) != 0 && (flags & ZmtpFrame.Flag.More) != 0)
            throw new ZmtpException($"a frame begins with reserved flags 0x{(byte)flags:x2}");
        int header = (flags & ZmtpFrame.Flag.Long) != 0 ? 9 : 2;
        while (_end - _start < header)
            if (!await FillAsync(cancel).ConfigureAwait(false))
                throw new EndOfStreamException("the peer left within a frame");
        ulong length = header == 2 ? _buffer[_start + 1] : BinaryPrimitives.ReadUInt64BigEndian(_buffer.AsSpan(_start + 1));
        int limit = Limit;
        if (length > (ulong)Math.Max(0, limit - taken) && SkipTooLarge && (flags & ZmtpFrame.Flag.Command) == 0)
        {
            _start += header;
            await SkipAsync(length, cancel).ConfigureAwait(false);
            return new(flags, ZmtpFrame.TooLarge);
        }
        if (length > (ulong)Math.Max(0, limit - taken))
            throw new ZmtpException($"a frame of {length} bytes exceeds the limit of {limit} bytes for one message");
        _start += header;
        return new(flags, await ReadBodyAsync((int)length, cancel).ConfigureAwait(false));
    }

    private async ValueTask SkipAsync(ulong length, CancellationToken cancel)
    {
        while (length > 0)
        {
            if (_start == _end)
            {
                (_start, _end) = (0, 0);
                if (!await FillAsync(cancel).ConfigureAwait(false))
                    throw new EndOfStreamException("the peer left within a frame");
            }
            int count = (int)Math.Min(length, (ulong)(_end - _start));
            _start += count;
            length -= (ulong)count;
        }
    }

    private async ValueTask<byte[]> ReadBodyAsync(int length, CancellationToken cancel)
    {
        byte[] body = length == 0 ? [] : new byte[Math.Min(length, FirstAllocation)];
        budget.Take(body.Length);
        int read = 0;
        try
        {
            while (read < length)
            {
                if (read == body.Length)
                {
                    int size = (int)Math.Min(length, 2L * body.Length);
                    budget.Take(size - body.Length);
                    Array.Resize(ref body, size);
                }
                int count;
                if (_end > _start)
                {
                    count = Math.Min(_end - _start, body.Length - read);
                    _buffer.AsSpan(_start, count).CopyTo(body.AsSpan(read));
                    _start += count;
                }
                else if ((count = await stream.ReadAsync(body.AsMemory(read), cancel).ConfigureAwait(false)) == 0)
                    throw new EndOfStreamException("the peer left within a frame");
                read += count;
            }
            return body;
        }
        catch
        {
            budget.Release(body.Length);
            throw;
        }
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancel)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        int count = await stream.ReadAsync(_buffer.AsMemory(_end), cancel).ConfigureAwait(false);
        _end += count;
        return count > 0;
    }
}
