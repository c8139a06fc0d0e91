using System.Text;
using System.Text.Json;

namespace Course.Base;

/// <summary>
/// JSON may name half of a character (<c>"\ud800"</c>), which no string can hold: reading such a value throws, and not where the
/// file is read. Every reader of JSON that others wrote asks here first.
/// </summary>
internal static class JsonStrings
{
    /// <exception cref="JsonException">A string is no text; names the line. Or the bytes are no JSON.</exception>
    public static void Check(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 64 });
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
                continue;
            try
            {
                if (reader.ValueIsEscaped || json[(int)reader.TokenStartIndex..(int)reader.BytesConsumed].IndexOfAnyInRange((byte)0x80, (byte)0xff) >= 0)
                    _ = reader.GetString();
            }
            catch (InvalidOperationException e)
            {
                long line = json[..(int)reader.TokenStartIndex].Count((byte)'\n');
                throw new JsonException("a string holds half of a character (a lone surrogate, or bytes that are no UTF-8)", path: null, line, bytePositionInLine: null, e);
            }
        }
    }

    public static void Check(string json) => Check(Encoding.UTF8.GetBytes(json));
}
