using System.Text.Json;
using System.Text.Json.Nodes;

namespace Course.Notebooks;

/// <summary>One cell of a notebook, over its JSON.</summary>
public sealed class NotebookCell(JsonObject json, int index)
{
    public JsonObject Json { get; } = json;

    /// <summary>0-based over all cells of the notebook.</summary>
    public int Index { get; } = index;

    public string Type => Text(Json, "cell_type")!;
    public bool IsCode => Type == "code";
    public bool IsMarkdown => Type == "markdown";

    /// <summary>The stable id of nbformat 4.5, or null where the file has none.</summary>
    public string? Id
    {
        get => Text(Json, "id");
        set => Json["id"] = value;
    }

    /// <summary>The source as one string; written back as nbformat's list of lines.</summary>
    public string Source
    {
        get => Json["source"] is JsonArray lines ? string.Concat(lines.Select(l => (string?)l)) : (string?)Json["source"] ?? "";
        set => Json["source"] = Lines(value);
    }

    public JsonObject Metadata => GetOrAdd(Json, "metadata", () => new JsonObject());

    public IReadOnlyList<string> Tags =>
        Json["metadata"]?["tags"] is JsonArray tags ? [.. tags.Where(t => t?.GetValueKind() == JsonValueKind.String).Select(t => (string)t!)] : [];

    public bool HasTag(string tag) => Tags.Contains(tag);

    /// <summary>The language of the cell: <c>csharp</c> unless its metadata names another sub-kernel.</summary>
    public string Language =>
        Text(Json["metadata"]?["polyglot_notebook"], "kernelName")
        ?? Text(Json["metadata"]?["dotnet_interactive"], "language")
        ?? "csharp";

    /// <summary>The outputs; added when a code cell has none.</summary>
    public JsonArray Outputs => GetOrAdd(Json, "outputs", () => new JsonArray());

    public int? ExecutionCount
    {
        get => (int?)Json["execution_count"];
        set => Json["execution_count"] = value;
    }

    /// <summary>Splits text as nbformat stores it: a list of lines that keep their line ends.</summary>
    public static JsonArray Lines(string text)
    {
        var lines = new JsonArray();
        for (int start = 0, end; start < text.Length; start = end)
        {
            int newLine = text.IndexOf('\n', start);
            end = newLine < 0 ? text.Length : newLine + 1;
            lines.Add((JsonNode)text[start..end]);
        }
        return lines;
    }

    internal static T GetOrAdd<T>(JsonObject parent, string property, Func<T> create) where T : JsonNode
    {
        if (parent[property] is T present)
            return present;
        var added = create();
        parent[property] = added;
        return added;
    }

    internal static string? Text(JsonNode? node, string property) =>
        node is JsonObject parent && parent[property] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
