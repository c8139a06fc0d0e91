using System.Buffers;
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

    /// <summary>The answer to one input.</summary>
    public void WriteOne(HttpResponse response, Scores scores)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(_longest);
        int length = Write(bytes, scores);
        Send(response, bytes.AsSpan(0, length));
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
        Send(response, bytes.AsSpan(0, at));
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

    private static void Send(HttpResponse response, ReadOnlySpan<byte> bytes)
    {
        response.ContentType = "application/json";
        response.ContentLength = bytes.Length;
        response.BodyWriter.Write(bytes);
    }

    private static int Put(Span<byte> to, int at, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(to[at..]);
        return at + bytes.Length;
    }

    private static byte[] Quoted(string text) => [(byte)'"', .. JsonEncodedText.Encode(text).EncodedUtf8Bytes, (byte)'"'];
}
