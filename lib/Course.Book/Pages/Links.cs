using Course.Book.Building;
using Course.Notebooks.Lint;

namespace Course.Book.Pages;

/// <summary>Where a notebook's links lead in the book: to pages, to cells, to files of the repository.</summary>
internal sealed class Links(IReadOnlyList<Chapter> chapters, BookOptions options)
{
    private readonly Dictionary<string, Chapter> _byPath = chapters.ToDictionary(c => Path.GetFullPath(c.Path, options.Repository));

    /// <summary>The address in the book, or null and the reason why there is none; both are null for a file that only the repository has.</summary>
    public (string? Address, string? Problem) Resolve(Chapter from, string target)
    {
        if (Uri.TryCreate(target, UriKind.Absolute, out var absolute) && !absolute.IsFile)
            return (target, null);
        string[] parts = target.Split('#', 2);
        string path = parts[0].Length == 0
            ? Path.GetFullPath(from.Path, options.Repository)
            : Path.GetFullPath(Uri.UnescapeDataString(parts[0]), Path.GetDirectoryName(Path.GetFullPath(from.Path, options.Repository))!);
        string anchor = parts.Length == 1 ? "" : Uri.UnescapeDataString(parts[1]);
        if (_byPath.TryGetValue(path, out var chapter))
            return InPage(from, chapter, anchor, target);
        if (!Path.Exists(path))
            return (null, $"the link '{target}' leads to {parts[0]}, which does not exist");
        if (path.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase))
            return (null, $"the link '{target}' leads to a notebook that this run does not hold; run all notebooks");
        string relative = Path.GetRelativePath(options.Repository, path).Replace('\\', '/');
        return (options.Web is { } web ? $"{web.TrimEnd('/')}/blob/main/{relative}" : null, null);
    }

    private static (string?, string?) InPage(Chapter from, Chapter to, string anchor, string target)
    {
        string page = from == to ? "" : to.Page;
        if (anchor.Length == 0)
            return (page.Length == 0 ? "#main" : page, null);
        string wanted = to.Anchors.Contains(anchor) ? anchor : to.Anchors.Contains("cell-" + anchor) ? "cell-" + anchor : MarkdownText.Anchor(anchor);
        return to.Anchors.Contains(wanted) ? ($"{page}#{wanted}", null) : (null, $"the link '{target}' names a heading or cell '{anchor}' that is not there");
    }
}
