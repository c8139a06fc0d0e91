using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Course.Base;
using Course.Jupyter.Zmtp;

namespace Course.Jupyter.Messages;

/// <summary>
/// Between Jupyter messages and ZMTP frames: routing frames, the delimiter, the signature, header, parent header, metadata, content, buffers.
/// A message that is not signed with the key, or was seen before, does not come out of <see cref="Parse"/>.
/// </summary>
public sealed class WireFormat(string key, Action<string>? log = null, TimeProvider? clock = null)
{
    public const string ProtocolVersion = "5.4";
    private static readonly byte[] Delimiter = "<IDS|MSG>"u8.ToArray();
    private static readonly byte[] EmptyObject = "{}"u8.ToArray();
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private const int SignatureLength = 64;

    private readonly MessageSigner _signer = new(key);
    private readonly ReplayGuard _replays = new();
    private readonly string _user = Environment.UserName is { Length: > 0 } user ? user : "kernel";
    private int _sequence;

    /// <summary>Names this side of the conversation in every header.</summary>
    public string Session { get; } = Guid.NewGuid().ToString("N");

    /// <returns>Null for a message that must be answered by silence; the log says why.</returns>
    public JupyterMessage? Parse(byte[] identity, IReadOnlyList<byte[]> frames)
    {
        int at = 0;
        while (at < frames.Count && !frames[at].AsSpan().SequenceEqual(Delimiter))
            at++;
        if (frames.Count - at < 6)
            return Refuse("it does not have the frames of a Jupyter message");
        byte[] signature = frames[at + 1], header = frames[at + 2], parent = frames[at + 3], metadata = frames[at + 4], content = frames[at + 5];
        bool tooLarge = frames.Skip(at + 3).Any(frame => ReferenceEquals(frame, ZmtpFrame.TooLarge));
        if (tooLarge)
            (parent, metadata, content) = (EmptyObject, EmptyObject, EmptyObject);
        if (signature.Length != SignatureLength || !tooLarge && !_signer.Verify(signature, header, parent, metadata, content))
            return Refuse("its signature is wrong");
        if (!_replays.Accept(signature))
            return Refuse("it was sent before");
        try
        {
            var parsed = Json(header);
            var (id, type) = (parsed.Text("msg_id"), parsed.Text("msg_type"));
            if (type.Length == 0 || id.Length == 0)
                return Refuse("its header has no msg_id or no msg_type");
            return new(identity, id, type, header, Json(parent), Json(metadata), Json(content), [.. frames.Skip(at + 6)]) { IsTooLarge = tooLarge };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Refuse($"its JSON cannot be read: {e.Message}");
        }

        JupyterMessage? Refuse(string reason)
        {
            log?.Invoke($"ignored a message: {reason}");
            return null;
        }
    }

    private static JsonElement Json(byte[] bytes)
    {
        JsonStrings.Check(bytes);
        using var document = JsonDocument.Parse(bytes);
        return document.RootElement.Clone();
    }

    /// <param name="parentHeader">The header of the request that this answers; null when there is none.</param>
    /// <param name="routing">The frames before the delimiter: a publisher's topic.</param>
    public IReadOnlyList<byte[]> Build(
        string type, JsonObject content, byte[]? parentHeader = null, JsonObject? metadata = null, byte[]? routing = null, IReadOnlyList<byte[]>? buffers = null)
    {
        byte[] header = Header(type);
        byte[] parent = parentHeader ?? EmptyObject;
        byte[] meta = metadata is { Count: > 0 } ? Serialize(metadata) : EmptyObject;
        byte[] body = Serialize(content);
        List<byte[]> frames = [Delimiter, _signer.Sign(header, parent, meta, body), header, parent, meta, body];
        if (routing is not null)
            frames.Insert(0, routing);
        if (buffers is not null)
            frames.AddRange(buffers);
        return frames;
    }

    private byte[] Header(string type)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Writing))
        {
            json.WriteStartObject();
            json.WriteString("msg_id", $"{Session}_{Interlocked.Increment(ref _sequence)}");
            json.WriteString("msg_type", type);
            json.WriteString("username", _user);
            json.WriteString("session", Session);
            json.WriteString("date", (clock ?? TimeProvider.System).GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("version", ProtocolVersion);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The id in a header that <see cref="Build"/> made.</summary>
    public static string IdOf(IReadOnlyList<byte[]> frames)
    {
        int at = frames.TakeWhile(frame => !frame.AsSpan().SequenceEqual(Delimiter)).Count();
        return Json(frames[at + 2]).Text("msg_id");
    }

    private static byte[] Serialize(JsonObject json)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Writing))
            json.WriteTo(writer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Replaces what is no Unicode text (half of a surrogate pair), which JSON cannot carry.</summary>
    public static string Text(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                i++;
            else
                return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        }
        return text;
    }
}
