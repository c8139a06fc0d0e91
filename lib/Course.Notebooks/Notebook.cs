using System.Text.Json;
using System.Text.Json.Nodes;
using Course.Base;

namespace Course.Notebooks;

/// <summary>
/// A notebook in nbformat 4, over its own JSON: what we do not know is kept as it is.
/// </summary>
public sealed class Notebook
{
    private readonly List<NotebookCell> _cells;

    private Notebook(JsonObject root, string path)
    {
        Root = root;
        Path = path;
        _cells = [.. Array("cells").Select((node, i) => new NotebookCell((JsonObject)node!, i))];
    }

    /// <summary>The whole file. Cells are changed through <see cref="Cells"/>.</summary>
    public JsonObject Root { get; }

    /// <summary>Where it was read from; only used in messages.</summary>
    public string Path { get; }

    public IReadOnlyList<NotebookCell> Cells => _cells;

    public int FormatMinor => (int?)Root["nbformat_minor"] ?? 0;

    /// <summary>The notebook's metadata; added when the file has none.</summary>
    public JsonObject Metadata => NotebookCell.GetOrAdd(Root, "metadata", () => new JsonObject());

    /// <summary>The language of the notebook as its metadata says, in lower case; C# when it says nothing.</summary>
    public string Language =>
        (NotebookCell.Text(Metadata["language_info"], "name") ?? NotebookCell.Text(Metadata["kernelspec"], "language") ?? "C#").ToLowerInvariant();

    public bool IsCSharp => Language is "c#" or "csharp" or "polyglot-notebook";

    /// <exception cref="NotebookFormatException">The file cannot be read, is no JSON or no notebook in nbformat 4.</exception>
    public static Notebook Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NotebookFormatException(path, $"cannot be read: {e.Message}", inner: e);
        }
        return Parse(text, path);
    }

    /// <param name="path">Named in messages.</param>
    /// <exception cref="NotebookFormatException">The text is no JSON or no notebook in nbformat 4.</exception>
    public static Notebook Parse(string text, string path)
    {
        JsonNode? node;
        try
        {
            // A property given twice is noticed only when the tree is walked, so walk it here.
            JsonStrings.Check(text);
            node = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            int? line = (int?)e.LineNumber + 1;
            throw new NotebookFormatException(path, string.IsNullOrWhiteSpace(text)
                ? "the file is empty; a notebook is a JSON file in nbformat 4"
                : $"is no valid JSON, so it is no notebook ({Shorten(e.Message)}); restore it or resolve its merge conflict", line, e);
        }
        if (node is not JsonObject root)
            throw new NotebookFormatException(path, "is JSON but no notebook: expected an object with 'nbformat' and 'cells'");

        int? major = root["nbformat"] is JsonValue value && value.TryGetValue(out int number) ? number : (int?)null;
        if (major is null)
            throw new NotebookFormatException(path, "is JSON but no notebook: it has no number 'nbformat'");
        if (major != 4)
            throw new NotebookFormatException(path, $"is in nbformat {major}; only nbformat 4 is read. Convert it: jupyter nbconvert --to notebook --nbformat 4 \"{System.IO.Path.GetFileName(path)}\"");
        Validate(root, path);
        return new Notebook(root, path);
    }

    /// <summary>An empty notebook with the course's metadata.</summary>
    public static Notebook Create(string path = "new.ipynb") => new(new JsonObject
    {
        ["cells"] = new JsonArray(),
        ["metadata"] = CourseMetadata(),
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
    }, path);

    /// <summary>The metadata that every notebook of the course carries, as .NET Interactive writes it.</summary>
    public static JsonObject CourseMetadata() => new()
    {
        ["kernelspec"] = new JsonObject { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = ".net-csharp" },
        ["language_info"] = new JsonObject { ["name"] = "C#", ["file_extension"] = ".cs" },
        ["polyglot_notebook"] = new JsonObject
        {
            ["kernelInfo"] = new JsonObject
            {
                ["defaultKernelName"] = "csharp",
                ["items"] = new JsonArray(new JsonObject { ["name"] = "csharp", ["languageName"] = "csharp", ["aliases"] = new JsonArray() }),
            },
        },
    };

    public NotebookCell Add(string type, string source, string id, params IEnumerable<string> tags)
    {
        var json = new JsonObject { ["cell_type"] = type, ["id"] = id, ["metadata"] = new JsonObject() };
        if (type == "code")
        {
            json["execution_count"] = null;
            json["outputs"] = new JsonArray();
        }
        Array("cells").Add(json);
        var cell = new NotebookCell(json, _cells.Count) { Source = source };
        if (tags.ToArray() is { Length: > 0 } given)
            cell.Metadata["tags"] = new JsonArray([.. given.Select(t => (JsonNode)t)]);
        _cells.Add(cell);
        return cell;
    }

    /// <summary>Puts a code cell with a tag behind another cell; it replaces the one that had the tag before. Cells behind it get new indices.</summary>
    internal void InsertBehind(NotebookCell cell, string source, string tag)
    {
        var all = Array("cells");
        foreach (var old in _cells.Where(c => c != cell && c.HasTag(tag)))
            all.Remove(old.Json);
        all.Insert(all.IndexOf(cell.Json) + 1, new JsonObject
        {
            ["cell_type"] = "code",
            ["execution_count"] = null,
            ["id"] = tag,
            ["metadata"] = new JsonObject { ["tags"] = new JsonArray(tag) },
            ["outputs"] = new JsonArray(),
            ["source"] = NotebookCell.Lines(source),
        });
        _cells.Clear();
        _cells.AddRange(all.Select((node, i) => new NotebookCell((JsonObject)node!, i)));
    }

    /// <summary>An independent copy, for example to fill in outputs.</summary>
    public Notebook Clone() => new((JsonObject)Root.DeepClone(), Path);

    public override string ToString() => NotebookWriter.Text(Root);

    /// <summary>Writes to a temporary name beside the target, then renames: a reader never sees half a notebook.</summary>
    public void Write(string path) => AtomicFile.WriteAllText(path, ToString());

    private static void Validate(JsonObject root, string path)
    {
        if (root["cells"] is not JsonArray cells)
            throw new NotebookFormatException(path, "is no notebook in nbformat 4: it has no list 'cells'");
        if (root["metadata"] is not (null or JsonObject))
            throw new NotebookFormatException(path, "'metadata' must be an object");
        for (int i = 0; i < cells.Count; i++)
        {
            if (cells[i] is not JsonObject cell)
                throw new NotebookFormatException(path, $"cell {i} is no object");
            if (NotebookCell.Text(cell, "cell_type") is not ("code" or "markdown" or "raw"))
                throw new NotebookFormatException(path, $"cell {i} has cell_type {cell["cell_type"]?.ToJsonString() ?? "(none)"}; expected \"code\", \"markdown\" or \"raw\"");
            if (cell["source"] is not (JsonValue or JsonArray) || cell["source"] is JsonArray lines && lines.Any(l => l?.GetValueKind() != JsonValueKind.String))
                throw new NotebookFormatException(path, $"cell {i} has no 'source'; expected a string or a list of strings");
            if (cell["metadata"] is not (null or JsonObject))
                throw new NotebookFormatException(path, $"cell {i}: 'metadata' must be an object");
            if (cell["outputs"] is not (null or JsonArray))
                throw new NotebookFormatException(path, $"cell {i}: 'outputs' must be a list");
        }
    }

    private static string Shorten(string message) =>
        message.IndexOf(" Path: ", StringComparison.Ordinal) is var at and > 0 ? message[..at].TrimEnd('.') : message.TrimEnd('.');

    private JsonArray Array(string name) => (JsonArray)Root[name]!;
}
