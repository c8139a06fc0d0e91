using System.Text;
using Course.Session.Contract.Protocol;

namespace Course.Session.Host;

/// <summary>Text, or a mark between texts.</summary>
internal readonly record struct PipeItem(string Text, OutputMark? Mark);

/// <summary>Splits the bytes of one output pipe into text and marks.</summary>
internal sealed class PipeParser(string token)
{
    private readonly byte[] _prefix = OutputMark.Prefix(token);
    private readonly Decoder _decoder = new UTF8Encoding(false).GetDecoder();
    private readonly Queue<PipeItem> _items = new();
    private byte[] _pending = [];

    public PipeItem? Next => _items.TryPeek(out var item) ? item : null;

    public void Dequeue() => _items.Dequeue();

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (_pending.Length > 0)
        {
            bytes = (byte[])[.. _pending, .. bytes];
            _pending = [];
        }
        while (true)
        {
            int at = bytes.IndexOf(_prefix);
            if (at < 0)
            {
                // The start of a mark may stand at the end.
                int keep = Start(bytes);
                Text(bytes[..^keep], last: false);
                _pending = bytes[^keep..].ToArray();
                return;
            }
            Text(bytes[..at], last: false);
            bytes = bytes[at..];
            if (bytes.Length < OutputMark.Length)
            {
                _pending = bytes.ToArray();
                return;
            }
            _items.Enqueue(new PipeItem("", OutputMark.Parse(bytes)));
            bytes = bytes[OutputMark.Length..];
        }
    }

    /// <summary>No more bytes will come.</summary>
    public void Finish()
    {
        Text(_pending, last: true);
        _pending = [];
    }

    private void Text(ReadOnlySpan<byte> bytes, bool last)
    {
        char[] chars = new char[_decoder.GetCharCount(bytes, last)];
        if (_decoder.GetChars(bytes, chars, last) is > 0 and var count)
            _items.Enqueue(new PipeItem(new string(chars, 0, count), null));
    }

    /// <summary>How many bytes at the end may be the start of a mark.</summary>
    private int Start(ReadOnlySpan<byte> bytes)
    {
        for (int length = Math.Min(_prefix.Length - 1, bytes.Length); length > 0; length--)
        {
            if (_prefix.AsSpan().StartsWith(bytes[^length..]))
                return length;
        }
        return 0;
    }
}
