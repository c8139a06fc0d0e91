using System.Text.Json;
using System.Text.RegularExpressions;

namespace Course;

/// <summary>One term of a concept map, the heading that it links to, and the code cells under that heading.</summary>
public sealed record Concept(string Term, string Notebook, string Heading, int CodeCells);

/// <summary>Reads the Mermaid maps of a notebook: <c>id["Term"]</c> names a node, <c>click id "file.ipynb#Heading"</c> links it.</summary>
public static partial class ConceptMap
{
    /// <summary>All terms of the maps in a notebook. A link that leads nowhere, or a node without a link, has no code cells.</summary>
    /// <param name="path">The notebook; links are relative to its folder.</param>
    public static IReadOnlyList<Concept> Read(string path)
    {
        string maps = string.Join('\n', Cells(path).Where(cell => !cell.IsCode && cell.Text.Contains("```mermaid")).Select(cell => cell.Text));
        var links = Link().Matches(maps).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        return [.. Node().Matches(maps).DistinctBy(match => match.Groups[1].Value).Select(match =>
        {
            string[] target = links.GetValueOrDefault(match.Groups[1].Value, "#").Split('#', 2);
            string file = target[0] == "" ? path : Path.Combine(Path.GetDirectoryName(path) ?? "", target[0]);
            return new Concept(match.Groups[2].Value, Path.GetFileName(file), target[1], CodeUnder(file, target[1]));
        })];
    }

    /// <summary>Code cells between a heading and the next one of the same or a higher level.</summary>
    private static int CodeUnder(string path, string anchor)
    {
        if (anchor == "" || !File.Exists(path))
            return 0;
        int level = 0, count = 0;
        foreach (var (isCode, text) in Cells(path))
        {
            if (isCode && level > 0)
                count++;
            if (isCode)
                continue;
            foreach (string heading in text.Split('\n').Where(line => line.StartsWith('#')))
            {
                int depth = heading.TakeWhile(c => c == '#').Count();
                if (level > 0 && depth <= level)
                    return count;
                // Front ends make the anchor from the heading by writing - for every space.
                if (level == 0 && heading[depth..].Trim().Replace(' ', '-') == anchor)
                    level = depth;
            }
        }
        return count;
    }

    private static List<(bool IsCode, string Text)> Cells(string path)
    {
        using var notebook = JsonDocument.Parse(File.ReadAllText(path));
        return [.. notebook.RootElement.GetProperty("cells").EnumerateArray().Select(cell =>
        {
            var source = cell.GetProperty("source");
            string text = source.ValueKind == JsonValueKind.Array ? string.Concat(source.EnumerateArray().Select(line => line.GetString())) : source.GetString()!;
            return (cell.GetProperty("cell_type").GetString() == "code", text);
        })];
    }

    [GeneratedRegex("""(\w+)\[\s*"([^"]+)"\s*\]""")]
    private static partial Regex Node();

    [GeneratedRegex("""^\s*click\s+(\w+)\s+(?:href\s+)?"([^"]+)"\s*$""", RegexOptions.Multiline)]
    private static partial Regex Link();
}
