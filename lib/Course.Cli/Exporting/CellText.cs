using System.Text.RegularExpressions;
using Course.Notebooks;
using Course.Notebooks.Export;
using Microsoft.CodeAnalysis.Text;

namespace Course.Cli.Exporting;

/// <summary>
/// The text of a code cell on its way into a program: its directives are told apart, and lines are marked, moved and renamed
/// without changing where the others stand.
/// </summary>
internal sealed partial class CellText
{
    private readonly string[] _lines;
    private readonly SourceText _source;
    private readonly Dictionary<int, List<string>> _before = [], _after = [];
    private readonly Dictionary<int, IReadOnlyList<string>> _instead = [];
    private readonly List<(TextSpan Span, string Text)> _replacements = [];
    private readonly Dictionary<string, string> _renamed = [];

    private CellText(NotebookCell cell, string[] lines, string code)
    {
        Cell = cell;
        _lines = lines;
        Code = code;
        _source = SourceText.From(code);
    }

    public NotebookCell Cell { get; }

    /// <summary>The cell's C# as long as the cell: what is no C# is blank.</summary>
    public string Code { get; }

    /// <summary>Packages by <c>Id@Version</c>.</summary>
    public List<string> Packages { get; } = [];

    /// <summary>Names of assemblies that lie in <c>artifacts/lib</c>.</summary>
    public List<string> Assemblies { get; } = [];

    /// <exception cref="NotebookFormatException">A directive has no counterpart in a program.</exception>
    public static CellText Read(Notebook notebook, NotebookCell cell)
    {
        string[] lines = cell.Source.Split('\n');
        string[] code = [.. lines];
        var directives = new List<int>();
        var packages = new List<string>();
        var assemblies = new List<string>();
        bool csharp = cell.Language == "csharp";
        for (int i = 0; i < lines.Length; i++)
        {
            var match = Directive().Match(lines[i]);
            if (match.Success)
                switch (match.Groups["name"].Value)
                {
                    case "!csharp" or "!c#" or "!C#":
                        csharp = true;
                        break;
                    case "!time":
                        break;
                    case "!html" or "!markdown" or "!md" or "!javascript" or "!js" or "!svg" or "!mermaid":
                        csharp = false;
                        break;
                    case "r" when Package().Match(lines[i]) is { Success: true } package:
                        packages.Add($"{package.Groups["id"].Value}@{package.Groups["version"].Value}");
                        break;
                    case "r" when Library().Match(lines[i]) is { Success: true } library:
                        assemblies.Add(library.Groups["name"].Value);
                        break;
                    default:
                        throw Problem(notebook, cell, i, $"'{lines[i].Trim()}' has no counterpart in a program (which has \"nuget: Id, Version\" and the course's own libraries in artifacts/lib)");
                }
            if (!csharp || match.Success)
            {
                code[i] = new string(' ', lines[i].Length);
                directives.Add(i);
            }
        }
        var text = new CellText(cell, lines, string.Join('\n', code));
        text.Packages.AddRange(packages);
        text.Assemblies.AddRange(assemblies);
        foreach (int line in directives)
            text.OnlyInNotebook(line);
        for (int i = 0; i < lines.Length; i++)
            if (ProgramFile.IsMark(lines[i]) && !text._instead.ContainsKey(i))
                text._instead[i] = [$"{ProgramFile.NotebookOnly} {lines[i]}", $"{lines[i]} {ProgramFile.ProgramOnly}"];
        return text;
    }

    public static NotebookFormatException Problem(Notebook notebook, NotebookCell cell, int line, string message) =>
        new(notebook.Path, $"cell {cell.Index} ({cell.Id}), line {line + 1}: {message}");

    public int LineOf(int position) => _source.Lines.GetLineFromPosition(position).LineNumber;

    /// <summary>Whether nothing but blanks stands before a position on its line, or behind it.</summary>
    public bool BeginsLine(int position) => string.IsNullOrWhiteSpace(Code[_source.Lines.GetLineFromPosition(position).Start..position]);

    public bool EndsLine(int position) => Code[position.._source.Lines.GetLineFromPosition(position).End].TrimStart() is "" or ['/', '/', ..];

    public void OnlyInNotebook(int line) => _instead[line] = [_lines[line].Length == 0 ? ProgramFile.NotebookOnly : $"{ProgramFile.NotebookOnly} {_lines[line]}"];

    public void OnlyInNotebook()
    {
        for (int i = 0; i < _lines.Length; i++)
            OnlyInNotebook(i);
    }

    /// <summary>Adds lines that only the program has above a line, or below it.</summary>
    public void Above(int line, params string[] code) => Add(_before, line, code);

    /// <summary>As <see cref="Above"/>, and above what was added there before.</summary>
    public void AboveAll(int line, params string[] code)
    {
        _before.Remove(line, out var others);
        Add(_before, line, code);
        _before[line].AddRange(others ?? []);
    }

    public void Below(int line, params string[] code) => Add(_after, line, code);

    public int Last => _lines.Length - 1;

    /// <summary>Cuts a line in two, with lines of the program between.</summary>
    public void Cut(int position, string between)
    {
        var line = _source.Lines.GetLineFromPosition(position);
        _instead[line.LineNumber] =
        [
            $"{ProgramFile.NotebookOnly} {_lines[line.LineNumber]}",
            .. new[] { Renamed(line.Start, position), between, Renamed(position, line.End) }.Select(part => $"{part} {ProgramFile.ProgramOnly}"),
        ];
    }

    public void Rename(TextSpan span, string to, string backFrom, string back)
    {
        _replacements.Add((span, to));
        _renamed[backFrom] = back;
    }

    /// <summary>Takes whole lines out; the number stands for them.</summary>
    public IReadOnlyList<string> Move(int first, int last, int number)
    {
        var moved = new List<string>();
        for (int i = first; i <= last; i++)
        {
            moved.AddRange(Line(i));
            _instead[i] = [];
        }
        _instead[first] = [$"{ProgramFile.Moved} {number}"];
        return moved;
    }

    public ProgramCell Program() => new([.. Enumerable.Range(0, _lines.Length).SelectMany(Line)], _renamed);

    private IEnumerable<string> Line(int i)
    {
        var line = _source.Lines[i];
        return [.. _before.GetValueOrDefault(i) ?? [], .. _instead.GetValueOrDefault(i) ?? [Renamed(line.Start, line.End)], .. _after.GetValueOrDefault(i) ?? []];
    }

    private string Renamed(int start, int end)
    {
        string text = Code[start..end];
        foreach (var (span, to) in _replacements.Where(r => r.Span.Start >= start && r.Span.End <= end).OrderByDescending(r => r.Span.Start))
            text = $"{text[..(span.Start - start)]}{to}{text[(span.End - start)..]}";
        return text;
    }

    private static void Add(Dictionary<int, List<string>> where, int line, string[] code)
    {
        if (!where.TryGetValue(line, out var list))
            where[line] = list = [];
        list.AddRange(code.Select(c => $"{c} {ProgramFile.ProgramOnly}"));
    }

    [GeneratedRegex(@"^#(?<name>![\w#-]+|r\b|i\b|load\b)")]
    private static partial Regex Directive();

    [GeneratedRegex(@"^#r\s+""nuget:\s*(?<id>[\w.-]+)\s*,\s*(?<version>[\w.+-]+)\s*""")]
    private static partial Regex Package();

    [GeneratedRegex(@"^#r\s+""(?:[^""]*/)?artifacts/lib/(?<name>[\w.]+)\.dll""")]
    private static partial Regex Library();
}
