using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Course.Notebooks;

/// <summary>
/// Writes JSON exactly as Jupyter does (one space, non-ASCII characters as they are, a final line end),
/// so that saving a notebook from any front end gives the same bytes.
/// </summary>
internal static class NotebookWriter
{
    public static string Text(JsonObject root)
    {
        var text = new StringBuilder();
        Node(text, root, 0);
        return text.Append('\n').ToString();
    }

    private static void Node(StringBuilder text, JsonNode? node, int depth)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject { Count: 0 }:
                text.Append("{}");
                break;
            case JsonArray { Count: 0 }:
                text.Append("[]");
                break;
            case JsonObject parent:
                text.Append('{');
                bool first = true;
                foreach (var (name, value) in parent)
                {
                    Item(text, depth + 1, ref first);
                    String(text, name);
                    text.Append(": ");
                    Node(text, value, depth + 1);
                }
                text.Append('\n').Append(' ', depth).Append('}');
                break;
            case JsonArray list:
                text.Append('[');
                first = true;
                foreach (var value in list)
                {
                    Item(text, depth + 1, ref first);
                    Node(text, value, depth + 1);
                }
                text.Append('\n').Append(' ', depth).Append(']');
                break;
            case var value when value.GetValueKind() == JsonValueKind.String:
                String(text, (string)value!);
                break;
            default:
                text.Append(node.ToJsonString());
                break;
        }
    }

    private static void Item(StringBuilder text, int depth, ref bool first)
    {
        if (!first)
            text.Append(',');
        first = false;
        text.Append('\n').Append(' ', depth);
    }

    private static void String(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (char c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' => text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(c),
            };
        }
        text.Append('"');
    }
}
