using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Course.Base;

namespace Course.Book.Pages;

/// <summary>The outputs of a cell as HTML: the richest representation that needs no other host.</summary>
internal sealed partial class OutputHtml(Action<string?, string> report)
{
    private readonly HashSet<string> _figures = [];

    /// <summary>Whether a Plotly figure was met, so that the page loads its script.</summary>
    public bool HasPlotly { get; private set; }

    public string Html(JsonArray outputs, string? cell) => string.Concat(outputs.OfType<JsonObject>().Select(o => Output(o, cell)));

    private string Output(JsonObject output, string? cell) => (string?)output["output_type"] switch
    {
        "stream" => $"<pre class=\"stream {(string?)output["name"]}\">{WebUtility.HtmlEncode(Plain(Text(output["text"])))}</pre>",
        "error" => $"<pre class=\"error\">{WebUtility.HtmlEncode(Plain($"{(string?)output["ename"]}: {(string?)output["evalue"]}"))}</pre>",
        _ => output["data"] is JsonObject data ? Data(data, cell) : "",
    };

    private string Data(JsonObject data, string? cell)
    {
        if ((Part(data, "text/html") ?? Part(data, "image/svg+xml")) is { } html)
            return $"<div class=\"rich\">{Own(html, cell)}</div>";
        if (Check(data) is { } check)
            return check;
        foreach (string type in (string[])["image/png", "image/jpeg"])
            if (Part(data, type) is { } picture)
            {
                string? alt = Part(data, "text/plain");
                if (string.IsNullOrWhiteSpace(alt))
                    report(cell, $"a picture ({type}) has no text beside it that could be its alt text");
                return $"<img src=\"data:{type};base64,{picture.ReplaceLineEndings("")}\" alt=\"{WebUtility.HtmlEncode(alt ?? "")}\">";
            }
        return Part(data, "text/plain") is { } text ? $"<pre class=\"text\">{WebUtility.HtmlEncode(Plain(text))}</pre>" : "";
    }

    /// <summary>A check, a recorded number or an exercise's state: one line of text, coloured by what it says.</summary>
    private static string? Check(JsonObject data)
    {
        if (data.FirstOrDefault(p => p.Key.StartsWith(CourseMime.Prefix, StringComparison.Ordinal)).Key is not { } kind || Part(data, "text/plain") is not { } text)
            return null;
        string state = kind.Contains("check", StringComparison.Ordinal) ? (text.StartsWith('✓') ? "check held" : "check failed") : "note";
        return $"<p class=\"{state}\">{WebUtility.HtmlEncode(text)}</p>";
    }

    private string Own(string html, string? cell)
    {
        if (html.Contains("Plotly.newPlot", StringComparison.Ordinal))
            HasPlotly = true;
        else if (html.Contains("<svg", StringComparison.Ordinal) && !html.Contains("<title", StringComparison.Ordinal) && !html.Contains("aria-label", StringComparison.Ordinal))
            report(cell, "a figure (SVG) has neither a title nor a label; give it an alt text");
        foreach (Match image in Image().Matches(html))
            if (!image.Value.Contains("alt=", StringComparison.Ordinal))
                report(cell, "an output shows a picture without alt text");
        // The same figure shown twice would bring the same ids twice.
        string[] pictures = html.Split("<svg");
        for (int i = 1; i < pictures.Length; i++)
            foreach (string id in FigureId().Matches(pictures[i]).Select(m => m.Value).Distinct().ToList())
                if (!_figures.Add(id))
                    pictures[i] = pictures[i].Replace(id, Fresh(id));
        return string.Join("<svg", pictures);
    }

    private string Fresh(string id)
    {
        for (int i = 2; ; i++)
            if (_figures.Add($"{id}x{i}"))
                return $"{id}x{i}";
    }

    private static string? Part(JsonObject data, string type) => data[type] is { } value ? Text(value) : null;

    private static string Text(JsonNode? node) => node is JsonArray lines ? string.Concat(lines.Select(l => (string?)l)) : (string?)node ?? "";

    private static string Plain(string text) => Ansi().Replace(text, "").TrimEnd();

    [GeneratedRegex(@"\x1b\[[0-9;]*[A-Za-z]")]
    private static partial Regex Ansi();

    [GeneratedRegex(@"\bfig[0-9a-f]{10}\b")]
    private static partial Regex FigureId();

    [GeneratedRegex(@"<img\b[^>]*>")]
    private static partial Regex Image();
}
