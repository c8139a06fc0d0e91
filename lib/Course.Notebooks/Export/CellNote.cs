using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Course.Notebooks.Export;

/// <summary>
/// What a notebook knows of a cell beside its text: id, metadata, what editors added. Other shapes carry it along as one line of
/// JSON, so that the way back gives the same notebook. Outputs and execution counts are not part of it.
/// </summary>
internal static class CellNote
{
    private const string Keys = "keys";
    private static readonly string[] Code = ["cell_type", "execution_count", "id", "metadata", "outputs", "source"];
    private static readonly string[] Text = ["cell_type", "id", "metadata", "source"];

    // These end a line for the C# compiler and not for a notebook.
    private static readonly (string Character, string Escape)[] LineEnds = [("\u0085", "\\u0085"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029")];

    private static readonly JsonSerializerOptions Style = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonObject Of(NotebookCell cell)
    {
        var note = new JsonObject();
        foreach (var (name, value) in cell.Json)
            if (name is not ("cell_type" or "execution_count" or "outputs" or "source"))
                note[name] = value?.DeepClone();
        // Programs write the members of a cell in different orders; which one it is costs a diff.
        string[] order = [.. cell.Json.Select(p => p.Key)];
        if (!order.SequenceEqual(cell.IsCode ? Code : Text))
            note[Keys] = new JsonArray([.. order.Select(k => (JsonNode)k)]);
        return note;
    }

    /// <summary>The cell's JSON again.</summary>
    /// <param name="note">Taken apart.</param>
    public static JsonObject Cell(JsonObject note, string type, string source)
    {
        string[] order = note[Keys] is JsonArray given ? [.. given.Select(k => k!.GetValue<string>())] : type == "code" ? Code : Text;
        note.Remove(Keys);
        note["cell_type"] = type;
        note["source"] = NotebookCell.Lines(source);
        if (note["metadata"] is null)
            note["metadata"] = new JsonObject();
        if (type == "code")
            note["outputs"] = new JsonArray();
        var cell = new JsonObject();
        foreach (string name in order.Concat(note.Select(p => p.Key)).Distinct().ToArray())
        {
            if (name == "execution_count" && type == "code")
                cell[name] = null;
            else if (note.Remove(name, out var value))
                cell[name] = value;
        }
        return cell;
    }

    /// <summary>The notebook without its cells, which other shapes carry along as well.</summary>
    public static JsonObject OfNotebook(Notebook notebook)
    {
        var rest = new JsonObject();
        foreach (var (name, value) in notebook.Root)
            rest[name] = name == "cells" ? null : value?.DeepClone();
        return rest;
    }

    /// <summary>A notebook in nbformat 4 from its cells and what <see cref="OfNotebook"/> gave; the course's own when that was lost.</summary>
    public static Notebook Notebook(JsonObject? rest, IEnumerable<JsonObject> cells, string path)
    {
        var root = new JsonObject();
        foreach (var (name, value) in rest ?? Notebooks.Notebook.Create().Root)
            root[name] = name == "cells" ? new JsonArray([.. cells]) : value?.DeepClone();
        return Notebooks.Notebook.Parse(root.ToJsonString(), path);
    }

    /// <summary>JSON on one line, for the C# compiler as well.</summary>
    public static string Line(JsonNode note)
    {
        string line = note.ToJsonString(Style);
        foreach (var (character, escape) in LineEnds)
            line = line.Replace(character, escape, StringComparison.Ordinal);
        return line;
    }

    /// <exception cref="NotebookFormatException">It is no JSON object; names the line.</exception>
    public static JsonObject Parse(string text, string path, int line)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject
                ?? throw new NotebookFormatException(path, "the note on a cell is no JSON object such as {\"id\":\"first\"}; restore it, or leave it out for a new cell", line);
        }
        catch (JsonException e)
        {
            throw new NotebookFormatException(path, $"the note on a cell is no valid JSON ({e.Message.Split(". Path")[0].TrimEnd('.')}); restore it, or leave it out for a new cell", line, e);
        }
    }

    /// <summary>Gives the cells without an id one.</summary>
    public static void GiveIds(IReadOnlyList<JsonObject> notes)
    {
        var taken = notes.Select(n => NotebookCell.Text(n, "id")).OfType<string>().ToHashSet();
        int number = 0;
        foreach (var note in notes.Where(n => n["id"] is null))
        {
            string id;
            do
                id = $"new-{++number}";
            while (!taken.Add(id));
            note.Insert(0, "id", id);
        }
    }
}
