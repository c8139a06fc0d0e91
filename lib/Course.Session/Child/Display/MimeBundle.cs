using System.Text.Json;
using System.Text.Json.Nodes;

namespace Course.Session.Child.Display;

/// <summary>The representations of one value, by MIME type.</summary>
internal static class MimeBundle
{
    public const string Plain = "text/plain";
    public const string Html = "text/html";
    public const string Svg = "image/svg+xml";
    public const string Markdown = "text/markdown";

    public static JsonObject Of(string mimeType, string content) => new() { [mimeType] = Content(mimeType, content) };

    /// <summary>JSON types carry JSON, all others a string.</summary>
    public static JsonNode? Content(string mimeType, string content)
    {
        if (!mimeType.EndsWith("json", StringComparison.Ordinal))
            return content;
        try
        {
            return JsonNode.Parse(content);
        }
        catch (JsonException)
        {
            return content;
        }
    }
}
