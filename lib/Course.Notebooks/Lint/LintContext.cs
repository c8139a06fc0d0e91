namespace Course.Notebooks.Lint;

/// <summary>A notebook with what several rules need of it, computed once.</summary>
public sealed class LintContext
{
    public LintContext(Notebook notebook)
    {
        Notebook = notebook;
        Folder = Path.GetDirectoryName(Path.GetFullPath(notebook.Path))!;
        CodeCells = [.. notebook.Cells.Where(c => c.IsCode)];
        Markdown = [.. notebook.Cells.Where(c => c.IsMarkdown).Select(c => (c, MarkdownText.Parse(c.Source)))];
        Pinned = PinnedPackages.FindAbove(Folder);
        DataSets = CatalogueNames.FindAbove(Folder);
    }

    public Notebook Notebook { get; }
    public string Folder { get; }
    public IReadOnlyList<NotebookCell> CodeCells { get; }
    public IReadOnlyList<(NotebookCell Cell, MarkdownText Text)> Markdown { get; }

    /// <summary>Pinned package versions by id, or null outside a repository that pins any.</summary>
    public IReadOnlyDictionary<string, string>? Pinned { get; }

    /// <summary>Names of the data sets that the repository's catalogue knows, or null where there is none.</summary>
    public IReadOnlySet<string>? DataSets { get; }

    public LintFinding Finding(NotebookCell? cell, string rule, string message) => new(Notebook.Path, cell?.Index, cell?.Id, rule, message);
}
