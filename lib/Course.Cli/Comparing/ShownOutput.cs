using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Course.Base;
using Course.Notebooks;

namespace Course.Cli.Comparing;

/// <summary>One output of an executed cell by what it means: its kind, and its parts with their names, such as a table's cells.</summary>
/// <param name="Kind">text, table, figure, number, picture, value or error.</param>
/// <param name="OfTheMachine">A time, a rate or memory, which differ from run to run.</param>
internal sealed partial record ShownOutput(string Kind, IReadOnlyList<(string Where, string Text)> Parts, bool OfTheMachine = false)
{
    private const string NumberType = CourseMime.Number;
    internal static readonly string[] MachineUnits = ["ms", "s", "seconds", "µs", "MB", "MiB", "bytes", "requests per second", "times"];

    /// <summary>All outputs of a cell; what came on one stream is one output, behind the others.</summary>
    public static IReadOnlyList<ShownOutput> Of(NotebookCell cell)
    {
        var shown = new List<ShownOutput>();
        var streams = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var output in cell.Outputs.OfType<JsonObject>())
            switch ((string?)output["output_type"])
            {
                case "stream":
                    string name = (string?)output["name"] ?? "stdout";
                    streams[name] = streams.GetValueOrDefault(name, "") + Text(output["text"]);
                    break;
                case "error":
                    shown.Add(new("error", Lines($"{output["ename"]}: {output["evalue"]}")));
                    break;
                default:
                    if (output["data"] is JsonObject data)
                        shown.Add(Of(data));
                    break;
            }
        shown.AddRange(streams.Where(s => s.Value.Trim().Length > 0).Select(s => new ShownOutput("text", [.. Lines(s.Value).Select(l => ($"{s.Key} {l.Where}", l.Text))])));
        return shown;
    }

    private static ShownOutput Of(JsonObject data)
    {
        if (data[NumberType] is { } json && (json as JsonObject ?? JsonNode.Parse(Text(json)) as JsonObject) is { } number)
            return new("number", [($"{number["name"]}", $"{number["value"]}")], MachineUnits.Contains((string?)number["unit"]) || NumberDifference.IsOfTheMachine($"{number["name"]}"));
        if (data["application/vnd.plotly.v1+json"] is { } plotly)
            return new("figure", [.. Values("", plotly)]);
        if (data["image/svg+xml"] is { } svg)
            return new("figure", Drawn(Text(svg)));
        if (data["text/html"] is { } html && Text(html) is var page && page.Contains("<table", StringComparison.OrdinalIgnoreCase))
            return new("table", Cells(page));
        if (data.FirstOrDefault(d => d.Key.StartsWith("image/", StringComparison.Ordinal)) is { Key: { } type } picture)
            return new("picture", [(type, Text(picture.Value).Trim())]);
        return new("value", Lines(Text(data["text/plain"] ?? data["text/markdown"] ?? data["text/html"] ?? data.FirstOrDefault().Value)));
    }

    private static List<(string Where, string Text)> Lines(string text) =>
        [.. text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select((line, i) => ($"line {i + 1}", WrittenOver().Replace(line, "").TrimEnd()))];

    /// <summary>A table's cells; those of its first row name the columns.</summary>
    private static List<(string Where, string Text)> Cells(string html)
    {
        var parts = new List<(string Where, string Text)>();
        string[] columns = [];
        int row = 0;
        foreach (Match line in Row().Matches(html))
        {
            string[] cells = [.. Cell().Matches(line.Value).Select(c => Plain(c.Groups["text"].Value))];
            if (columns.Length == 0)
                columns = cells;
            parts.AddRange(cells.Select((text, i) => (row == 0 ? $"heading {i + 1}" : $"row {row}, {(i < columns.Length && columns[i].Length > 0 ? columns[i] : $"column {i + 1}")}", text)));
            row++;
        }
        return parts;
    }

    /// <summary>What a drawing shows: its words, and the numbers of its lines and marks, which are its data to scale.</summary>
    private static List<(string Where, string Text)> Drawn(string svg)
    {
        var parts = new List<(string Where, string Text)>();
        foreach (Match element in Element().Matches(OwnId().Replace(svg, "id")))
        {
            if (element.Groups["text"].Value.Trim() is { Length: > 0 } words)
                parts.Add(("words", WebUtility.HtmlDecode(words)));
            foreach (Match attribute in Geometry().Matches(element.Groups["tag"].Value))
                parts.Add(($"<{element.Groups["name"].Value}> {attribute.Groups["name"].Value}", Separators().Replace(attribute.Groups["value"].Value, " $1 ").Trim()));
        }
        return parts;
    }

    private static IEnumerable<(string Where, string Text)> Values(string where, JsonNode? node) => node switch
    {
        JsonObject parent => parent.Where(p => p.Key is not ("uid" or "template")).SelectMany(p => Values($"{where}.{p.Key}", p.Value)),
        JsonArray list => list.SelectMany((item, i) => Values($"{where}[{i}]", item)),
        _ => [(where, $"{node}")],
    };

    private static string Plain(string html) => WebUtility.HtmlDecode(Tag().Replace(html, "")).Trim();

    private static string Text(JsonNode? node) => node is JsonArray lines ? string.Concat(lines.Select(l => l?.ToString())) : node?.ToString() ?? "";

    [GeneratedRegex(@"[^\n\r]*\r(?!\n)")]
    private static partial Regex WrittenOver();

    [GeneratedRegex("<tr[ >].*?</tr>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Row();

    [GeneratedRegex("<t[dh](?=[ >])[^>]*>(?<text>.*?)</t[dh]>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Cell();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    /// <summary>Ids that are made from a figure's content.</summary>
    [GeneratedRegex("fig[0-9a-f]{10}")]
    private static partial Regex OwnId();

    [GeneratedRegex(@"<(?<name>\w+)(?<tag>[^>]*)>(?<text>[^<]*)")]
    private static partial Regex Element();

    [GeneratedRegex(@"\s(?<name>d|points|x|y|x1|y1|x2|y2|cx|cy|r|width|height|fill-opacity|fill|href)=""(?<value>[^""]*)""")]
    private static partial Regex Geometry();

    /// <summary>Commands of a path stand apart from their numbers.</summary>
    [GeneratedRegex("(?<![a-zA-Z#])([MLHVCSQTAZmlhvcsqtaz,])(?=[-0-9. ]|$)")]
    private static partial Regex Separators();
}
