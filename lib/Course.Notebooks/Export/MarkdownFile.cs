using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Course.Notebooks.Export;

/// <summary>
/// A notebook as Markdown to read: texts as they are, code in fences, and what an executed copy shows. Figures become files of
/// their own. The teacher's notes and hidden checks are left out.
/// </summary>
/// <param name="Text">The Markdown.</param>
/// <param name="Figures">Files that it shows, by their path beside it.</param>
public sealed partial record MarkdownFile(string Text, IReadOnlyDictionary<string, byte[]> Figures)
{
    private const string Svg = "image/svg+xml", Png = "image/png", Jpeg = "image/jpeg", Markdown = "text/markdown", Plain = "text/plain", Html = "text/html";

    /// <param name="folder">Where its figures go, beside the file.</param>
    public static MarkdownFile Write(Notebook notebook, string folder)
    {
        var text = new StringBuilder();
        var figures = new Dictionary<string, byte[]>();
        foreach (var cell in notebook.Cells.Where(c => !c.HasTag(CellTags.Teacher) && !c.HasTag(CellTags.Hidden) && !c.HasTag(CellTags.RemoveCell)))
        {
            if (!cell.IsCode)
            {
                Add(text, cell.Source);
                continue;
            }
            if (!cell.HasTag(CellTags.RemoveInput))
                Add(text, Fence(cell.Source, cell.Language));
            if (cell.HasTag(CellTags.RemoveOutput))
                continue;
            foreach (var output in cell.Outputs.OfType<JsonObject>())
                Add(text, Output(output, figures, folder, $"{cell.Id ?? $"cell-{cell.Index}"}-{figures.Count + 1}"));
        }
        return new MarkdownFile(text.ToString(), figures);
    }

    private static void Add(StringBuilder text, string part)
    {
        if (part.Trim().Length == 0)
            return;
        if (text.Length > 0)
            text.Append('\n');
        text.Append(part.Trim('\n')).Append('\n');
    }

    private static string Output(JsonObject output, Dictionary<string, byte[]> figures, string folder, string name)
    {
        switch (NotebookCell.Text(output, "output_type"))
        {
            case "stream":
                return Fence(Joined(output["text"]), "text");
            case "error":
                return Fence($"{NotebookCell.Text(output, "ename")}: {NotebookCell.Text(output, "evalue")}", "text");
        }
        if (output["data"] is not JsonObject data)
            return "";
        if (data[Svg] is { } svg)
            return Figure(Encoding.UTF8.GetBytes(Joined(svg)), "svg");
        if ((data[Png] ?? data[Jpeg]) is { } picture)
            return Figure(Convert.FromBase64String(Joined(picture)), data[Png] is null ? "jpg" : "png");
        if (data[Markdown] is { } markdown)
            return Joined(markdown);
        if (data[Html] is { } html && Joined(html) is { } page && page.TrimStart().StartsWith("<table", StringComparison.Ordinal))
            return BlankLine().Replace(page, "\n");
        return Fence(Joined(data[Plain]), "text");

        string Figure(byte[] bytes, string ending)
        {
            string file = $"{folder}/{name}.{ending}", alt = Joined(data[Plain]).ReplaceLineEndings(" ").Trim().Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal);
            figures[file] = bytes;
            return $"![{alt}]({Uri.EscapeDataString(folder)}/{name}.{ending})";
        }
    }

    /// <summary>A fence longer than any run of backticks inside.</summary>
    private static string Fence(string code, string language)
    {
        if (code.Trim().Length == 0)
            return "";
        string fence = new('`', Math.Max(3, Ticks().Matches(code).Select(m => m.Length + 1).DefaultIfEmpty().Max()));
        return $"{fence}{language}\n{code.Trim('\n')}\n{fence}";
    }

    private static string Joined(JsonNode? value) => value is JsonArray lines ? string.Concat(lines.Select(l => (string?)l)) : (string?)value ?? "";

    [GeneratedRegex("`{3,}")]
    private static partial Regex Ticks();

    // An empty line would end the HTML for a reader of Markdown.
    [GeneratedRegex(@"\n\s*\n")]
    private static partial Regex BlankLine();
}
