using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Course.Notebooks.Export;

/// <summary>
/// A notebook as .NET Interactive's <c>.dib</c>: text in which a line such as <c>#!csharp</c> begins a cell. The format has no
/// place for ids and tags, so they stand in its <c>#!meta</c> part, each with a hash of its cell's text, by which it is found again
/// after the file was edited.
/// </summary>
public static partial class DibFile
{
    private const string Ours = "course", Hash = "hash", Kind = "kind";

    // Kernels by which .NET Interactive's front ends begin a cell.
    private static readonly HashSet<string> Kernels = ["csharp", "fsharp", "pwsh", "javascript", "html", "sql", "kql", "mermaid", "http", "value", "svg", "markdown", "raw"];

    /// <exception cref="NotebookFormatException">A cell cannot be written so that it is read as one cell again.</exception>
    public static string Write(Notebook notebook)
    {
        var cells = new JsonArray();
        var text = new StringBuilder();
        foreach (var cell in notebook.Cells)
        {
            string kind = KindOf(cell), source = cell.Source;
            if (!Kernels.Contains(kind) || cell.Language == "markdown" && cell.IsCode)
                throw new NotebookFormatException(notebook.Path, $"cell {cell.Index} ({cell.Id}) is of the kind '{kind}', which a .dib cannot hold");
            if (source != source.Trim('\n', '\r'))
                throw new NotebookFormatException(notebook.Path, $"cell {cell.Index} ({cell.Id}) begins or ends with an empty line, which a .dib cannot keep; remove it");
            string[] lines = source.Split('\n');
            if (Array.FindIndex(lines, l => Begins(l) is not null) is var line and >= 0)
                throw new NotebookFormatException(notebook.Path, $"cell {cell.Index} ({cell.Id}), line {line + 1}: '{lines[line].Trim()}' begins a new cell in a .dib; make it a cell of its own");
            var note = CellNote.Of(cell);
            note[Kind] = kind;
            note[Hash] = HashOf(source);
            cells.Add((JsonNode)note);
            text.Append($"#!{kind}\n\n{source}\n\n");
        }
        var meta = new JsonObject
        {
            ["kernelInfo"] = notebook.Metadata["polyglot_notebook"]?["kernelInfo"]?.DeepClone() ?? Notebook.CourseMetadata()["polyglot_notebook"]!["kernelInfo"]!.DeepClone(),
            [Ours] = new JsonObject { ["notebook"] = CellNote.OfNotebook(notebook), ["cells"] = cells },
        };
        return $"#!meta\n\n{CellNote.Line(meta)}\n\n{text.ToString().TrimEnd('\n')}\n";
    }

    /// <exception cref="NotebookFormatException">Its part <c>#!meta</c> is no JSON.</exception>
    public static Notebook Read(string text, string path)
    {
        JsonObject? meta = null;
        var parts = new List<(string Kind, string Source)>();
        foreach (var (kind, source, line) in Parts(text))
            if (kind == "meta")
                meta = CellNote.Parse(source, path, line + 1);
            else if (source.Length > 0 || line > 1)
                parts.Add((kind, source));
        var ours = meta?[Ours] as JsonObject;
        var notes = Find(parts, [.. (ours?["cells"] as JsonArray ?? []).OfType<JsonObject>().Select(n => (JsonObject)n.DeepClone())]);
        CellNote.GiveIds(notes);
        return CellNote.Notebook(ours?["notebook"] as JsonObject, parts.Zip(notes, (part, note) => Cell(part.Kind, part.Source, note)), path);
    }

    private static JsonObject Cell(string kind, string source, JsonObject note)
    {
        note.Remove(Kind);
        note.Remove(Hash);
        string type = kind is "markdown" or "raw" ? kind : "code";
        var cell = CellNote.Cell(note, type, source);
        if (type == "code" && kind != new NotebookCell(cell, 0).Language)
        {
            cell["metadata"]!["dotnet_interactive"] = new JsonObject { ["language"] = kind };
            cell["metadata"]!["polyglot_notebook"] = new JsonObject { ["kernelName"] = kind };
        }
        return cell;
    }

    /// <summary>The note of each part: cells whose text did not change by its hash, the edited ones between them by their order.</summary>
    private static List<JsonObject> Find(List<(string Kind, string Source)> parts, List<JsonObject> notes)
    {
        var found = new JsonObject?[parts.Count];
        var waiting = new List<int>();
        int next = 0;
        for (int i = 0; i <= parts.Count; i++)
        {
            int same = i == parts.Count ? notes.Count
                : notes.FindIndex(next, n => NotebookCell.Text(n, Kind) == parts[i].Kind && NotebookCell.Text(n, Hash) == HashOf(parts[i].Source));
            if (same < 0)
            {
                waiting.Add(i);
                continue;
            }
            foreach (int edited in waiting)
            {
                int at = notes.FindIndex(next, same - next, n => NotebookCell.Text(n, Kind) == parts[edited].Kind);
                if (at < 0)
                    break;
                found[edited] = notes[at];
                next = at + 1;
            }
            waiting.Clear();
            if (i < parts.Count)
                found[i] = notes[same];
            next = same + 1;
        }
        return [.. found.Select(n => n ?? new JsonObject { ["metadata"] = new JsonObject() })];
    }

    private static IEnumerable<(string Kind, string Source, int Line)> Parts(string text)
    {
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        string kind = "csharp";
        int start = 0;
        for (int i = 0; i <= lines.Length; i++)
        {
            string? begins = i < lines.Length ? Begins(lines[i]) : "";
            if (begins is null)
                continue;
            int first = start;
            while (first < i && lines[first].Length == 0)
                first++;
            yield return (kind, string.Join('\n', lines[first..i]).Trim('\n'), start == 0 ? 1 : first + 1);
            (kind, start) = (begins, i + 1);
        }
    }

    /// <summary>The kind of cell that a line begins; null for any other line.</summary>
    private static string? Begins(string line) => Kernel().Match(line) is { Success: true } match && match.Groups[1].Value is var name
        ? name == "meta" || Kernels.Contains(name) ? name : name is "c#" or "C#" ? "csharp" : name is "md" ? "markdown" : name is "js" ? "javascript" : null
        : null;

    private static string KindOf(NotebookCell cell) => cell.IsCode ? cell.Language : cell.Type;

    private static string HashOf(string source) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source)))[..8];

    [GeneratedRegex(@"^#!(\S+)\s*$")]
    private static partial Regex Kernel();
}
