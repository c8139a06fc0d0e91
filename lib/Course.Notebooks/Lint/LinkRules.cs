namespace Course.Notebooks.Lint;

/// <summary>Links that stay in the repository must lead somewhere: to a file, and to a heading of it.</summary>
internal static class LinkRules
{
    public static IEnumerable<LintFinding> Check(LintContext context)
    {
        foreach (var (cell, text) in context.Markdown)
            foreach (string target in text.Links.Concat(text.Images.Select(i => i.Target)))
                if (Broken(context, target) is { } problem)
                    yield return context.Finding(cell, "link", $"the link '{target}' {problem}");
    }

    private static string? Broken(LintContext context, string target)
    {
        if (target.Length == 0)
            return "is empty";
        if (Uri.TryCreate(target, UriKind.Absolute, out var absolute) && !absolute.IsFile)
            return null;

        string[] parts = target.Split('#', 2);
        string file = Path.GetFullPath(Path.Combine(context.Folder, Uri.UnescapeDataString(parts[0])));
        if (parts[0].Length > 0 && !File.Exists(file) && !Directory.Exists(file))
            return $"leads to {parts[0]}, which does not exist beside this notebook";
        if (parts.Length == 1 || parts[1].Length == 0)
            return null;

        var headings = parts[0].Length == 0 ? context.Markdown.SelectMany(m => m.Text.Headings) : Headings(file);
        string wanted = MarkdownText.Anchor(Uri.UnescapeDataString(parts[1]));
        return headings is null || headings.Any(h => MarkdownText.Anchor(h.Text) == wanted) ? null : $"names a heading '{parts[1]}' that is not there";
    }

    private static IEnumerable<(int Level, string Text)>? Headings(string file)
    {
        if (!file.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase))
            return null;
        try
        {
            return Notebook.Read(file).Cells.Where(c => c.IsMarkdown).SelectMany(c => MarkdownText.Parse(c.Source).Headings);
        }
        catch (NotebookFormatException)
        {
            return null;   // reported where that notebook itself is checked
        }
    }
}
