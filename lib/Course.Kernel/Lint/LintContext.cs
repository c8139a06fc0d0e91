using Course.Kernel.Notebooks;

namespace Course.Kernel.Lint;

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
    }

    public Notebook Notebook { get; }
    public string Folder { get; }
    public IReadOnlyList<NotebookCell> CodeCells { get; }
    public IReadOnlyList<(NotebookCell Cell, MarkdownText Text)> Markdown { get; }

    /// <summary>Pinned package versions by id, or null outside a repository that pins any.</summary>
    public IReadOnlyDictionary<string, string>? Pinned { get; }

    public LintFinding Finding(NotebookCell? cell, string rule, string message) => new(Notebook.Path, cell?.Index, cell?.Id, rule, message);
}
