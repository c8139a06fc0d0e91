using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Course.Notebooks.Export;

/// <summary>A code cell as it stands in a program.</summary>
/// <param name="Lines">Its lines, with the marks of <see cref="ProgramFile"/>.</param>
/// <param name="Renamed">What a piece of the cell's code is called in the program, and in the notebook.</param>
public sealed record ProgramCell(IReadOnlyList<string> Lines, IReadOnlyDictionary<string, string> Renamed);

/// <summary>
/// A notebook as a file-based program. A line <c>// %% [code] {…}</c> begins a cell, and the JSON behind it is what the notebook
/// knows of the cell. Text is a comment. In code a line behind <c>//!</c> stands in the notebook only, a line that ends with
/// <c>//+</c> in the program only, and <c>//@ 1</c> stands for the types that a program has at its end under the same mark.
/// </summary>
public static partial class ProgramFile
{
    public const string NotebookOnly = "//!", ProgramOnly = "//+", Moved = "//@";
    private const string Renamed = "renamed", Source = "source";

    /// <param name="head">What stands above the cells: directives and using lines.</param>
    /// <param name="cells">By the index of the notebook's cell.</param>
    /// <param name="types">What was moved to the end, by its number from 1.</param>
    /// <param name="helpers">Types that only the program has.</param>
    public static string Write(Notebook notebook, string head, IReadOnlyDictionary<int, ProgramCell> cells, IReadOnlyList<IReadOnlyList<string>> types, string helpers)
    {
        var text = new StringBuilder(head.TrimEnd('\n')).Append("\n\n");
        foreach (var cell in notebook.Cells)
        {
            var note = CellNote.Of(cell);
            IEnumerable<string> lines;
            if (cells.TryGetValue(cell.Index, out var program))
            {
                lines = program.Lines;
                if (program.Renamed.Count > 0)
                    note[Renamed] = new JsonObject([.. program.Renamed.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value))]);
            }
            else
            {
                lines = cell.Source.Split('\n').Select(line => line.Length == 0 ? "//" : $"// {line}").ToArray();
                // What the compiler takes for the end of a line, or we for the beginning of a cell, cannot stand in a comment.
                if (cell.Source.AsSpan().IndexOfAny("\r\u0085\u2028\u2029") >= 0 || lines.Any(l => Header().IsMatch(l)))
                {
                    note[Source] = cell.Source;
                    lines = ["// (the text of this cell is in the line above)"];
                }
            }
            text.Append($"// %% [{cell.Type}] {CellNote.Line(note)}\n").AppendJoin('\n', lines).Append("\n\n");
        }
        if (types.Count > 0)
            text.Append("// %% [types]\n").AppendJoin("\n", types.SelectMany((lines, i) => lines.Prepend($"{Moved} {i + 1}"))).Append("\n\n");
        text.Append($"// %% [program]\n{helpers.Trim('\n')}\n\n// %% [notebook]\n");
        foreach (string line in NotebookWriter.Text(CellNote.OfNotebook(notebook)).TrimEnd('\n').Split('\n'))
            text.Append($"// {Escaped(line)}\n");
        return text.ToString();
    }

    /// <exception cref="NotebookFormatException">It is no such program; names the line.</exception>
    public static Notebook Read(string text, string path)
    {
        var parts = Parts(text.ReplaceLineEndings("\n").Split('\n'));
        if (parts.Count == 0)
            throw new NotebookFormatException(path, "has no line such as '// %% [code]' that begins a cell; a program becomes a notebook when course export wrote it, or when each of its cells begins so");
        var types = Types(parts.Where(p => p.Kind == "types"));
        JsonObject? rest = null;
        var notes = new List<JsonObject>();
        var sources = new List<(string Type, string Source)>();
        foreach (var part in parts)
        {
            if (part.Kind is "types" or "program")
                continue;
            if (part.Kind == "notebook")
            {
                rest = CellNote.Parse(string.Join('\n', part.Lines.Select(Uncommented)), path, part.Line);
                continue;
            }
            var note = part.Note.Length == 0 ? new JsonObject { ["metadata"] = new JsonObject() } : CellNote.Parse(part.Note, path, part.Line);
            note.Remove(Renamed, out var renamed);
            note.Remove(Source, out var whole);
            string source = whole is not null ? (string)whole!
                : part.Kind == "code" ? Code(part, types, renamed as JsonObject, path)
                : string.Join('\n', part.Lines.Select(Uncommented));
            notes.Add(note);
            sources.Add((part.Kind, source));
        }
        CellNote.GiveIds(notes);
        return CellNote.Notebook(rest, sources.Zip(notes, (s, note) => CellNote.Cell(note, s.Type, s.Source)), path);
    }

    /// <summary>Whether a line of a notebook's code would be taken for one of our marks.</summary>
    public static bool IsMark(string line) =>
        line.StartsWith(NotebookOnly, StringComparison.Ordinal) || line.StartsWith(Moved, StringComparison.Ordinal) || line.EndsWith(ProgramOnly, StringComparison.Ordinal) || Header().IsMatch(line);

    private static string Code(Part part, Dictionary<string, List<string>> types, JsonObject? renamed, string path)
    {
        var lines = new List<string>();
        foreach (string line in part.Lines)
        {
            if (line.StartsWith(NotebookOnly, StringComparison.Ordinal))
                lines.Add(line.Length > NotebookOnly.Length ? line[(NotebookOnly.Length + 1)..] : "");
            else if (line.StartsWith(Moved, StringComparison.Ordinal))
                lines.AddRange(Renamer(types.GetValueOrDefault(line) ?? throw new NotebookFormatException(path, $"'{line}' stands for types under '// %% [types]' that are not there; restore them, or remove the line", part.Line)));
            else if (!line.EndsWith(ProgramOnly, StringComparison.Ordinal))
                lines.AddRange(Renamer([line]));
        }
        return string.Join('\n', lines);

        IEnumerable<string> Renamer(IEnumerable<string> code) => renamed is null ? code : code.Select(line =>
            renamed.OrderByDescending(p => p.Key.Length).Aggregate(line, (l, p) => Regex.Replace(l, $@"\b{Regex.Escape(p.Key)}\b", ((string)p.Value!).Replace("$", "$$", StringComparison.Ordinal))));
    }

    private static Dictionary<string, List<string>> Types(IEnumerable<Part> parts)
    {
        var types = new Dictionary<string, List<string>>();
        List<string>? lines = null;
        foreach (string line in parts.SelectMany(p => p.Lines))
            if (line.StartsWith(Moved, StringComparison.Ordinal))
                types[line] = lines = [];
            else
                lines?.Add(line);
        return types;
    }

    private static List<Part> Parts(string[] lines)
    {
        var parts = new List<Part>();
        for (int i = 0; i < lines.Length; i++)
            if (Header().Match(lines[i]) is { Success: true } match)
                parts.Add(new Part(match.Groups["kind"].Value, match.Groups["note"].Value, i + 1, []));
            else if (parts.Count > 0)
                parts[^1].Lines.Add(lines[i]);
        foreach (var part in parts)
            if (part.Lines is [.., ""])
                part.Lines.RemoveAt(part.Lines.Count - 1);
        return parts;
    }

    private static string Uncommented(string line) => line.StartsWith("// ", StringComparison.Ordinal) ? line[3..] : line.StartsWith("//", StringComparison.Ordinal) ? line[2..] : line;

    private static string Escaped(string line) =>
        line.Replace("\u0085", "\\u0085", StringComparison.Ordinal).Replace("\u2028", "\\u2028", StringComparison.Ordinal).Replace("\u2029", "\\u2029", StringComparison.Ordinal);

    [GeneratedRegex(@"^// %% \[(?<kind>code|markdown|raw|types|program|notebook)\](?: (?<note>\{.*\}))?\s*$")]
    private static partial Regex Header();

    /// <param name="Line">1-based line of its header.</param>
    private sealed record Part(string Kind, string Note, int Line, List<string> Lines);
}
