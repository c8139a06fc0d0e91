using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Course.Notebooks;

namespace Course.Interactive.Tests;

/// <summary>What the cells of an executed notebook show, as far as two kernels must agree on it.</summary>
internal static partial class ShownOutputs
{
    /// <summary>One line for each cell whose outputs differ.</summary>
    public static IEnumerable<string> Differences(string ours, string theirs)
    {
        var others = Notebook.Read(theirs).Cells.Where(c => c.IsCode).ToDictionary(c => c.Id!, Describe);
        foreach (var cell in Notebook.Read(ours).Cells.Where(c => c.IsCode && !c.HasTag("skip-execution")))
        {
            string expected = Describe(cell), actual = others.GetValueOrDefault(cell.Id!, "the cell is missing");
            if (expected != actual)
                yield return $"{Path.GetFileName(ours)}, cell {cell.Id}: here {Shorten(expected)}, there {Shorten(actual)}";
        }
    }

    /// <summary>
    /// Outputs by type and MIME types, with their text where it is the same each time. Streams come at the end, because the order of
    /// two channels is nobody's promise.
    /// </summary>
    private static string Describe(NotebookCell cell)
    {
        bool loose = cell.HasTag("varies") || cell.Tags.Any(t => t.StartsWith("requires:", StringComparison.Ordinal));
        var shown = new List<string>();
        var streams = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var output in cell.Outputs.Select(o => o!.AsObject()))
        {
            string type = output["output_type"]!.ToString();
            if (type == "stream")
                streams[output["name"]!.ToString()] = streams.GetValueOrDefault(output["name"]!.ToString(), "") + Text(output["text"]);
            else if (type == "error")
                shown.Add("error");
            else if (!IsNotice(output["data"]!.AsObject()))
                shown.Add(Describe(type, output["data"]!.AsObject(), loose));
        }
        // Which of an error's lines come on which channel is the kernel's own.
        if (!shown.Contains("error"))
            shown.AddRange(streams.Select(s => (s.Key, Text: Clean(s.Value))).Where(s => s.Text.Length > 0).Select(s => loose ? s.Key : $"{s.Key} {s.Text}"));
        return string.Join(" | ", shown);
    }

    private static string Describe(string type, JsonObject data, bool loose)
    {
        loose |= Value(data["application/vnd.course.number+json"])?["unit"]?.ToString() is "ms" or "seconds" or "requests per second" or "times";
        // A number or a list of numbers is the text inside an HTML element in .NET Interactive, and the text in ours.
        var scalar = data.Count == 1 ? Scalar().Match(Text(data["text/html"])) : Match.Empty;
        // Beside .NET Interactive's table or tree of an object, ours has its text.
        bool isObject = Text(data["text/html"]) is var html && (html.StartsWith("<table>", StringComparison.Ordinal) || html.StartsWith("<details", StringComparison.Ordinal));
        string types = scalar.Success ? "text/plain" : isObject ? "text/html" : string.Join(' ', data.Select(d => d.Key).Order(StringComparer.Ordinal));
        string text = scalar.Success ? WebUtility.HtmlDecode(scalar.Groups["text"].Value) : isObject ? html.Replace("<th scope=\"col\">", "<th>") : Text(data["text/plain"]);
        return loose ? $"{type} {types}" : $"{type} {types} {text}";
    }

    /// <summary>.NET Interactive tells what it does for itself: its front end's script, packages, extensions.</summary>
    private static bool IsNotice(JsonObject data) =>
        Text(data["text/html"] ?? data["text/plain"]) is var text
        && (text.Contains("dotnet-interactive-this-cell", StringComparison.Ordinal) || text.Contains("<strong>Installed Packages</strong>", StringComparison.Ordinal)
            || text.StartsWith("Loading extensions from", StringComparison.Ordinal));

    /// <summary>.NET Interactive writes JSON into a notebook as a string, we as the JSON that the format asks for.</summary>
    private static JsonNode? Value(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? JsonNode.Parse(text) : node;

    private static string Text(JsonNode? node) => node is JsonArray lines ? string.Concat(lines.Select(l => l!.ToString())) : node?.ToString() ?? "";

    /// <summary>
    /// Without what was written over, and without the compiler's remarks, which CellKindsTests compares. Some have no position, such as CS1701 on a package built against an older framework, of which the SDK tells nobody either.
    /// </summary>
    private static string Clean(string text) => Remark().Replace(WrittenOver().Replace(text.ReplaceLineEndings("\n"), ""), "").Trim();

    private static string Shorten(string text) => text.Length <= 300 ? $"[{text}]" : $"[{text[..300]}…]";

    [GeneratedRegex("""\A(<div class="dni-plaintext"><pre>(?<text>.*?)</pre></div><style>|<span>(?<text>[^<]*)</span>\z)""", RegexOptions.Singleline)]
    private static partial Regex Scalar();

    [GeneratedRegex(@"[^\n\r]*\r(?!\n)")]
    private static partial Regex WrittenOver();

    [GeneratedRegex(@"^(\(\d+,\d+\): )?(info|warning) \w+: .*$", RegexOptions.Multiline)]
    private static partial Regex Remark();
}
