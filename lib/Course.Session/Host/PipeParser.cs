using System.Text;
using Course.Session.Contract.Protocol;

namespace Course.Session.Host;

/// <summary>Text, or a mark between texts.</summary>
internal readonly record struct PipeItem(string Text, OutputMark? Mark);

/// <summary>Splits the bytes of one output pipe into text and marks.</summary>
internal sealed class PipeParser(string token)
{
    private readonly byte[] prefix = OutputMark.Prefix(token);
    private readonly Decoder decoder = new UTF8Encoding(false).GetDecoder();
    private readonly Queue<PipeItem> items = new();
    private byte[] pending = [];

    public PipeItem? Next => items.TryPeek(out var item) ? item : null;

    public void Dequeue() => items.Dequeue();

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (pending.Length > 0)
        {
            bytes = (byte[])[.. pending, .. bytes];
            pending = [];
        }
        while (true)
        {
            var at = bytes.IndexOf(prefix);
            if (at < 0)
            {
                // The start of a mark may stand at the end.
                var keep = Start(bytes);
                Text(bytes[..^keep], last: false);
                pending = bytes[^keep..].ToArray();
                return;
            }
            Text(bytes[..at], last: false);
            bytes = bytes[at..];
            if (bytes.Length < OutputMark.Length)
            {
                pending = bytes.ToArray();
                return;
            }
            items.Enqueue(new PipeItem("", OutputMark.Parse(bytes)));
            bytes = bytes[OutputMark.Length..];
        }
    }

    /// <summary>No more bytes will come.</summary>
    public void Finish()
    {
        Text(pending, last: true);
        pending = [];
    }

    private void Text(ReadOnlySpan<byte> bytes, bool last)
    {
        var chars = new char[decoder.GetCharCount(bytes, last)];
        if (decoder.GetChars(bytes, chars, last) is > 0 and var count)
            items.Enqueue(new PipeItem(new string(chars, 0, count), null));
    }

    /// <summary>How many bytes at the end may be the start of a mark.</summary>
    private int Start(ReadOnlySpan<byte> bytes)
    {
        for (var length = Math.Min(prefix.Length - 1, bytes.Length); length > 0; length--)
        {
            if (prefix.AsSpan().StartsWith(bytes[^length..]))
                return length;
        }
        return 0;
    }
}
