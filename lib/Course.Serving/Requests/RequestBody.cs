using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Course.Serving;

/// <summary>
/// The bytes of a request's body in one piece. A short body stays in the server's own buffer; a longer one is copied into a borrowed
/// array as it arrives. Dispose gives either back.
/// </summary>
internal readonly struct RequestBody : IDisposable
{
    // The server's buffer holds this much without stopping the sender.
    private const int InPlace = 64 * 1024;

    private readonly PipeReader? _pipe;
    private readonly SequencePosition _end;
    private readonly byte[]? _borrowed;

    private RequestBody(ReadOnlyMemory<byte> bytes, PipeReader? pipe, SequencePosition end, byte[]? borrowed) =>
        (Bytes, _pipe, _end, _borrowed) = (bytes, pipe, end, borrowed);

    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Reads the whole body.</summary>
    /// <param name="limit">In bytes; a longer body is refused with 413, by its announced length before anything is read.</param>
    /// <exception cref="BadHttpRequestException">Too long, too slow, cut off or badly chunked.</exception>
    /// <exception cref="OperationCanceledException">It had not arrived in time.</exception>
    public static ValueTask<RequestBody> ReadAsync(HttpContext context, long limit, TimeSpan time, TimeProvider clock)
    {
        // The server holds a body to the length that it announces.
        if (!(context.Request.ContentLength <= limit) && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size && !(size.MaxRequestBodySize < limit))
            size.MaxRequestBodySize = limit;
        var pipe = context.Request.BodyReader;
        // Nearly always everything is here already: no timer, no state machine.
        if (limit <= InPlace && pipe.TryRead(out var result))
        {
            if (result.IsCompleted)
                return new(OnePiece(pipe, result.Buffer));
            pipe.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
        return ReadSlowlyAsync(pipe, limit, context.Request.ContentLength, time, clock);
    }

    public void Dispose()
    {
        _pipe?.AdvanceTo(_end);
        if (_borrowed is not null)
            ArrayPool<byte>.Shared.Return(_borrowed);
    }

    private static RequestBody OnePiece(PipeReader pipe, ReadOnlySequence<byte> buffer)
    {
        if (buffer.IsSingleSegment)
            return new(buffer.First, pipe, buffer.End, null);
        int length = checked((int)buffer.Length);
        byte[] copy = ArrayPool<byte>.Shared.Rent(length);
        buffer.CopyTo(copy);
        return new(copy.AsMemory(0, length), pipe, buffer.End, copy);
    }

    private static async ValueTask<RequestBody> ReadSlowlyAsync(PipeReader pipe, long limit, long? announced, TimeSpan time, TimeProvider clock)
    {
        using var late = new CancellationTokenSource(time, clock);
        if (limit <= InPlace)
        {
            while (true)
            {
                var result = await pipe.ReadAsync(late.Token);
                if (result.IsCompleted)
                    return OnePiece(pipe, result.Buffer);
                pipe.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            }
        }
        // Grows with what has come, not with what was announced: a promise of megabytes costs nothing.
        byte[] bytes = ArrayPool<byte>.Shared.Rent((int)Math.Min(announced ?? InPlace, InPlace));
        int length = 0;
        try
        {
            while (true)
            {
                var result = await pipe.ReadAsync(late.Token);
                int more = checked((int)result.Buffer.Length);
                if (length + more > bytes.Length)
                {
                    byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Max(length + more, Math.Min(2L * bytes.Length, announced ?? limit)));
                    bytes.AsSpan(0, length).CopyTo(larger);
                    (bytes, byte[] smaller) = (larger, bytes);
                    ArrayPool<byte>.Shared.Return(smaller);
                }
                result.Buffer.CopyTo(bytes.AsSpan(length));
                length += more;
                pipe.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                    return new(bytes.AsMemory(0, length), null, default, bytes);
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(bytes);
            throw;
        }
    }
}
