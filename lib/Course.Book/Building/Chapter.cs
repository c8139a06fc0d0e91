using Course.Notebooks;
using Course.Notebooks.Lint;
using Course.Runner;

namespace Course.Book.Building;

/// <summary>One executed notebook, as the book knows it before any page is written.</summary>
internal sealed class Chapter
{
    private Chapter(Notebook notebook, NotebookReport report, string hash)
    {
        Notebook = notebook;
        Report = report;
        Hash = hash;
        Texts = notebook.Cells.Where(c => c.IsMarkdown).ToDictionary(c => c.Index, c => MarkdownText.Parse(c.Source));
        var headings = Texts.Values.SelectMany(t => t.Headings).ToList();
        Title = headings.FirstOrDefault(h => h.Level == 1).Text ?? System.IO.Path.GetFileNameWithoutExtension(Path);
        Anchors = headings.Select(h => MarkdownText.Anchor(h.Text)).Concat(notebook.Cells.Select(AnchorOf)).ToHashSet();
    }

    public Notebook Notebook { get; }
    public NotebookReport Report { get; }

    /// <summary>Of the executed copy's bytes.</summary>
    public string Hash { get; }

    /// <summary>The notebook in the repository, with forward slashes.</summary>
    public string Path => Report.Path;

    /// <summary>The page's file name: <c>03-linear-regression</c> without the ending.</summary>
    public string Slug => System.IO.Path.GetFileNameWithoutExtension(Path);

    public string Page => Slug + ".html";
    public string Title { get; }
    public IReadOnlyDictionary<int, MarkdownText> Texts { get; }

    /// <summary>What a link into the page may name behind <c>#</c>.</summary>
    public IReadOnlySet<string> Anchors { get; }

    public int Minutes => (int)Math.Ceiling(Texts.Values.Sum(t => t.Words) / 200.0);

    /// <summary>A notebook by itself, without a run's report.</summary>
    public static Chapter Alone(Notebook notebook) => new(notebook, new NotebookReport(notebook.Path, RunStatus.Passed, 0, 0, []), "");

    public static string AnchorOf(NotebookCell cell) => $"cell-{cell.Id ?? $"{cell.Index}"}";

    /// <exception cref="BookException">The executed copy is missing or no notebook.</exception>
    public static Chapter Read(string run, NotebookReport report)
    {
        string file = System.IO.Path.Combine(run, report.Executed
            ?? throw new BookException($"{report.Path} has no executed copy in {run} ({report.Error?.Message ?? "it was not run"}); run it again with course run."));
        try
        {
            byte[] bytes = File.ReadAllBytes(file);
            return new Chapter(Notebook.Read(file), report, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)));
        }
        catch (Exception e) when (e is IOException or NotebookFormatException or UnauthorizedAccessException)
        {
            throw new BookException($"{file} cannot be read: {e.Message}", e);
        }
    }
}
