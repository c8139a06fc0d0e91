using System.Text.Json.Nodes;

namespace Course.Notebooks.Lint;

/// <summary>The file itself: metadata, ids, clean outputs, one title.</summary>
internal static class StructureRules
{
    public static IEnumerable<LintFinding> Check(LintContext context)
    {
        var notebook = context.Notebook;
        if (notebook.FormatMinor < 5)
            yield return context.Finding(null, "format", $"is nbformat 4.{notebook.FormatMinor}; expected 4.5, which has cell ids. Run: course clean");
        foreach (var finding in Metadata(context))
            yield return finding;

        var seen = new HashSet<string>();
        foreach (var cell in notebook.Cells)
        {
            if (!CellId.IsValid(cell.Id))
                yield return context.Finding(cell, "id", "has no valid id (1 to 64 letters, digits, '-' or '_'). Run: course clean");
            else if (!seen.Add(cell.Id!))
                yield return context.Finding(cell, "id", $"its id '{cell.Id}' is used by an earlier cell too. Run: course clean");
            if (cell.IsCode && (cell.Json["outputs"] is JsonArray { Count: > 0 } || cell.Json["execution_count"] is not null))
                yield return context.Finding(cell, "outputs", "carries outputs or an execution count; notebooks are committed without. Run: course clean");
            if (cell.Json["source"] is JsonArray { Count: > 1 } lines && lines.Take(lines.Count - 1).Select(l => (string?)l ?? "").Any(l => !l.EndsWith('\n')))
                yield return context.Finding(cell, "source", "lists lines without their line ends, which run together when the cell is read (a comment swallows the code behind it); end each but the last with \\n");
            if (string.IsNullOrWhiteSpace(cell.Source))
                yield return context.Finding(cell, "empty", "is empty; write it or remove it");
        }

        var titles = context.Markdown.SelectMany(m => m.Text.Headings.Where(h => h.Level == 1).Select(h => (m.Cell, h.Text))).ToList();
        if (titles.Count != 1 || titles[0].Cell.Index != 0)
            yield return context.Finding(titles.Skip(1).FirstOrDefault().Cell, "title", $"has {titles.Count} first-level headings; expected exactly one, in the first cell");
    }

    private static IEnumerable<LintFinding> Metadata(LintContext context)
    {
        var expected = Notebook.CourseMetadata();
        foreach (var (name, value) in expected)
            foreach (var (key, wanted) in value!.AsObject())
                if (!JsonNode.DeepEquals(context.Notebook.Metadata[name]?[key], wanted))
                    yield return context.Finding(null, "metadata", $"'{name}.{key}' is {context.Notebook.Metadata[name]?[key]?.ToJsonString() ?? "missing"}; expected {wanted!.ToJsonString()}. Run: course clean");
    }
}
