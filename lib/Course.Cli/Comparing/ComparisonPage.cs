using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Course.Notebooks;

namespace Course.Cli.Comparing;

/// <summary>A page that shows the cells that differ, old and new side by side. It needs no script and no network.</summary>
internal static class ComparisonPage
{
    private const string Style = """
        :root { color-scheme: light dark } body { font-family: system-ui, sans-serif; margin: 1.5rem } pre { white-space: pre-wrap; overflow-wrap: anywhere }
        table.sides { width: 100%; table-layout: fixed; border-collapse: collapse } table.sides > tbody > tr > td, table.sides th { border: 1px solid GrayText; padding: .5rem; vertical-align: top; text-align: left }
        img, iframe { max-width: 100%; border: 0; background: white } iframe { width: 100%; height: 20rem }
        """;

    public static string Of(IReadOnlyList<NotebookPair> pairs, IReadOnlyList<OutputDifference> differences, double tolerance)
    {
        var page = new StringBuilder();
        page.Append($"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Notebooks side by side</title><style>{Style}</style></head>\n<body><h1>Notebooks side by side</h1>\n");
        page.Append($"<p>{differences.Count(d => d.Flagged)} differences beyond the tolerance of {FormattableString.Invariant($"{tolerance:g3}")} in {pairs.Count} notebooks.</p>\n");
        foreach (var pair in pairs)
        {
            var cells = differences.Where(d => d.Notebook == pair.Name).GroupBy(d => d.Cell).ToArray();
            if (cells.Length == 0)
                continue;
            var (first, second) = (ById(pair.First), ById(pair.Second));
            page.Append($"<h2>{Text(pair.Name)}</h2>\n");
            foreach (var cell in cells)
            {
                page.Append($"<h3>{Text(cell.Key)}</h3>\n<pre><code>{Text((second.GetValueOrDefault(cell.Key) ?? first.GetValueOrDefault(cell.Key))?.Source ?? "")}</code></pre>\n<ul>\n");
                foreach (var d in cell)
                    page.Append($"<li>{Text(d.Kind)}, {Text(d.Where)}: <code>{Text(d.First ?? "nothing")}</code> → <code>{Text(d.Second ?? "nothing")}</code>{(d.Flagged ? "" : " (may vary)")}</li>\n");
                page.Append("</ul>\n<table class=\"sides\"><thead><tr><th scope=\"col\">old</th><th scope=\"col\">new</th></tr></thead><tbody><tr>");
                page.Append($"<td>{Outputs(first.GetValueOrDefault(cell.Key))}</td><td>{Outputs(second.GetValueOrDefault(cell.Key))}</td></tr></tbody></table>\n");
            }
        }
        return page.Append("</body></html>\n").ToString();
    }

    private static Dictionary<string, NotebookCell> ById(string path) =>
        Notebook.Read(path).Cells.Where(c => c.IsCode).GroupBy(c => c.Id ?? FormattableString.Invariant($"cell[{c.Index}]")).ToDictionary(g => g.Key, g => g.First());

    private static string Outputs(NotebookCell? cell) => cell is null ? "" : string.Concat(cell.Outputs.OfType<JsonObject>().Select(Output));

    /// <summary>Pictures as such, HTML in a frame without rights, so that nothing in an output runs here.</summary>
    private static string Output(JsonObject output) => output["data"] is not JsonObject data
        ? $"<pre>{Text(output["text"] is { } text ? Joined(text) : $"{output["ename"]}: {output["evalue"]}")}</pre>"
        : data["image/svg+xml"] is { } svg ? Image("image/svg+xml", Convert.ToBase64String(Encoding.UTF8.GetBytes(Joined(svg))), Joined(data["text/plain"]))
        : data["image/png"] is { } png ? Image("image/png", Joined(png).Trim(), Joined(data["text/plain"]))
        : data["text/html"] is { } html ? $"<iframe sandbox=\"\" title=\"output\" srcdoc=\"{Text(Joined(html))}\"></iframe>"
        : $"<pre>{Text(Joined(data["text/plain"] ?? data.FirstOrDefault().Value))}</pre>";

    private static string Image(string type, string content, string alt) => $"<img alt=\"{Text(alt)}\" src=\"data:{type};base64,{content}\">";

    private static string Joined(JsonNode? node) => node is JsonArray lines ? string.Concat(lines.Select(l => l?.ToString())) : node?.ToString() ?? "";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
