using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Course.Base;
using Course.Book.Code;
using Course.Book.Mathematics;
using Course.Book.Pages;
using Course.Runner;

namespace Course.Book.Building;

/// <summary>What a build did.</summary>
/// <param name="Written">Pages that were rendered; the others had not changed.</param>
public sealed record BookResult(int Pages, int Written, long Bytes, IReadOnlyList<BookFinding> Findings);

/// <summary>Makes a static site from the executed notebooks of a run.</summary>
public sealed class BookBuilder(BookOptions options)
{
    private const string Title = "Deep learning in C#: how a model lands";

    private const string Lead =
        "From “what is machine learning?” to a model that runs in production and stays healthy. A model has landed when six things are measured, not promised: "
        + "it is accurate, it generalises, it is robust, it is explainable, it is fast enough, and it is safe to operate. Every number in these pages was computed by the cell above it.";

    private CodeLibraries? _libraries;

    /// <exception cref="BookException">There is no run, or a tool is missing.</exception>
    public async Task<BookResult> BuildAsync(CancellationToken cancel = default)
    {
        var chapters = ReadRun();
        var packages = await NpmPackages.GetAsync(options.Cache, cancel);
        var tools = new NodeTools(packages);
        Directory.CreateDirectory(options.Out);
        _libraries ??= new CodeLibraries(options.Repository);

        var links = new Links(chapters, options);
        var frame = new PageFrame(chapters, Title);
        var state = BuildState.Read(options.Out);
        string common = Common(chapters);
        var stale = chapters.Where(c => !state.IsCurrent(c, common, options.Out)).ToList();
        var formulas = await tools.TypesetAsync([.. stale.SelectMany(c => c.Notebook.Cells.Where(x => x.IsMarkdown)).SelectMany(x => MarkdownPage.Formulas(x.Source))], cancel);

        var rendered = new ConcurrentDictionary<string, PageState>();
        await Parallel.ForEachAsync(stale, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancel }, async (chapter, _) =>
        {
            using var code = new CodeHighlighter(_libraries);
            var page = await new ChapterPage(chapter, links, formulas, code).RenderAsync();
            AtomicFile.WriteAllText(Path.Combine(options.Out, chapter.Page), frame.Around(chapter, page));
            CopyNotebook(chapter);
            rendered[chapter.Slug] = new PageState(BuildState.Key(chapter, common), page.Sections, page.Findings);
        });

        state = state.With(chapters, rendered);
        AtomicFile.WriteAllText(Path.Combine(options.Out, "index.html"), frame.Start(StartPage.Body(chapters, links, Title, Lead)));
        if (stale.Count > 0)
            AtomicFile.WriteAllText(Path.Combine(options.Out, "assets", "search-index.js"), $"window.bookIndex = {await IndexAsync(tools, state, cancel)};\n");
        BookAssets.Write(options.Out, packages);
        state.Write(options.Out);
        long bytes = new DirectoryInfo(options.Out).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
        return new BookResult(chapters.Count, stale.Count, bytes, [.. state.Pages.OrderBy(p => p.Key, StringComparer.Ordinal).SelectMany(p => p.Value.Findings)]);
    }

    private List<Chapter> ReadRun()
    {
        string file = Path.Combine(options.Run, "report.json");
        if (!File.Exists(file))
            throw new BookException($"there is no run in {options.Run} (no report.json); run the notebooks first with course run, or leave --from out.");
        RunReport report;
        try
        {
            report = RunReport.FromJson(File.ReadAllText(file));
        }
        catch (JsonException e)
        {
            throw new BookException($"{file} is no report of a run: {e.Message}", e);
        }
        var chapters = report.Notebooks.Select(n => Chapter.Read(options.Run, n)).OrderBy(Order).ThenBy(c => c.Path, StringComparer.Ordinal).ToList();
        if (chapters.GroupBy(c => c.Slug).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new BookException($"two notebooks would become the page {twice.Key}.html: {string.Join(", ", twice.Select(c => c.Path))}; rename one.");
        return chapters;
    }

    private static int Order(Chapter chapter) => Path.GetFileName(Path.GetDirectoryName(chapter.Path)) switch { "labs" => 1, "appendix" => 2, _ => 0 };

    private void CopyNotebook(Chapter chapter)
    {
        Directory.CreateDirectory(Path.Combine(options.Out, "notebooks"));
        File.Copy(Path.Combine(options.Run, chapter.Report.Executed!), Path.Combine(options.Out, "notebooks", chapter.Slug + ".ipynb"), overwrite: true);
    }

    private static async Task<string> IndexAsync(NodeTools tools, BuildState state, CancellationToken cancel)
    {
        const int shown = 140;
        var sections = state.Pages.OrderBy(p => p.Key, StringComparer.Ordinal).SelectMany(p => p.Value.Sections)
            .DistinctBy(s => s.Url)
            .Select(s => s with { Start = s.Text.Length > shown ? s.Text[..shown] + "…" : s.Text });
        return await tools.IndexAsync(sections, cancel);
    }

    /// <summary>What every page depends on besides its notebook: this program, the options, titles and anchors of all pages.</summary>
    private string Common(IEnumerable<Chapter> chapters)
    {
        var text = new StringBuilder(typeof(BookBuilder).Module.ModuleVersionId.ToString()).AppendLine(options.Web);
        foreach (var chapter in chapters)
            text.AppendLine($"{chapter.Page} {chapter.Title}").AppendJoin(' ', chapter.Anchors.Order(StringComparer.Ordinal)).AppendLine();
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
