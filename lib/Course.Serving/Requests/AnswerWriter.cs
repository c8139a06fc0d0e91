using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Course.Serving;

/// <summary>Writes a model's answers as JSON; names and labels are encoded once for each model.</summary>
internal sealed class AnswerWriter
{
    private readonly byte[][] _labels;
    private readonly byte[] _model;
    private readonly int _longest;

    public AnswerWriter(ArtefactInfo info)
    {
        _labels = [.. info.Labels.Select(Quoted)];
        _model = Quoted($"{info.Name} {info.Version}");
        _longest = 128 + _model.Length + 2 * _labels.Max(label => label.Length) + _labels.Sum(label => label.Length + ShortestDecimal.Longest + 2);
    }

    /// <summary>
    /// The answer to one input. It is sent at once: what is written without being sent the server keeps beside its header until the
    /// request ends, and that is a block of memory and a copy more.
    /// </summary>
    /// <returns>Completes when it is sent, or when the client is behind with reading, once it has caught up.</returns>
    public ValueTask SendOneAsync(HttpResponse response, Scores scores)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(_longest);
        int length = Write(bytes, scores);
        Announce(response, length);
        var sent = response.BodyWriter.WriteAsync(bytes.AsMemory(0, length));
        if (!sent.IsCompletedSuccessfully)
            return SentAsync(sent, bytes);
        ArrayPool<byte>.Shared.Return(bytes);
        return default;
    }

    private static async ValueTask SentAsync(ValueTask<FlushResult> sent, byte[] bytes)
    {
        await sent;
        ArrayPool<byte>.Shared.Return(bytes);
    }

    /// <summary>The answers to several inputs, in their order.</summary>
    public void WriteBatch(HttpResponse response, ReadOnlySpan<Scores> scores)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(32 + scores.Length * (_longest + 1));
        int at = Put(bytes, 0, "{\"predictions\":["u8);
        for (int i = 0; i < scores.Length; i++)
        {
            if (i > 0)
                bytes[at++] = (byte)',';
            at += Write(bytes.AsSpan(at), scores[i]);
        }
        at = Put(bytes, at, "]}"u8);
        Announce(response, at);
        response.BodyWriter.Write(bytes.AsSpan(0, at));
        ArrayPool<byte>.Shared.Return(bytes);
    }

    private int Write(Span<byte> to, Scores scores)
    {
        var probabilities = scores.Values;
        int best = scores.Best();
        int at = Put(to, 0, "{\"label\":"u8);
        at = Put(to, at, _labels[best]);
        at = Put(to, at, ",\"probability\":"u8);
        at += ShortestDecimal.Write(to[at..], probabilities[best]);
        at = Put(to, at, ",\"probabilities\":{"u8);
        for (int i = 0; i < _labels.Length; i++)
        {
            if (i > 0)
                to[at++] = (byte)',';
            at = Put(to, at, _labels[i]);
            to[at++] = (byte)':';
            at += ShortestDecimal.Write(to[at..], probabilities[i]);
        }
        at = Put(to, at, "},\"model\":"u8);
        at = Put(to, at, _model);
        to[at++] = (byte)'}';
        return at;
    }

    private static void Announce(HttpResponse response, int length)
    {
        response.ContentType = "application/json";
        response.ContentLength = length;
    }

    private static int Put(Span<byte> to, int at, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(to[at..]);
        return at + bytes.Length;
    }

    private static byte[] Quoted(string text) => [(byte)'"', .. JsonEncodedText.Encode(text).EncodedUtf8Bytes, (byte)'"'];
}
