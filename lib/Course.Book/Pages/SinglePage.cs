using System.Net;
using System.Text.RegularExpressions;
using Course.Book.Building;
using Course.Book.Code;
using Course.Book.Mathematics;
using Course.Notebooks;

namespace Course.Book.Pages;

/// <summary>One notebook as one HTML file that needs nothing beside it and no network; as the book shows it, without its frame.</summary>
/// <param name="repository">Whose libraries tell the names in code.</param>
/// <param name="cache">Where the npm packages are kept.</param>
public sealed partial class SinglePage(string repository, string cache)
{
    /// <summary>Formulas that could not be typeset, by cell.</summary>
    public IReadOnlyList<string> Problems { get; private set; } = [];

    /// <exception cref="BookException">npm or a library is missing.</exception>
    public async Task<string> HtmlAsync(Notebook notebook, CancellationToken cancel = default)
    {
        var packages = await NpmPackages.GetAsync(cache, cancel);
        var formulas = await new NodeTools(packages).TypesetAsync([.. notebook.Cells.Where(c => c.IsMarkdown).SelectMany(c => MarkdownPage.Formulas(c.Source))], cancel);
        var chapter = Chapter.Alone(notebook);
        using var code = new CodeHighlighter(new CodeLibraries(repository));
        var options = new BookOptions { Run = repository, Out = repository, Repository = repository, Cache = cache };
        var page = await new ChapterPage(chapter, new Links([chapter], options), formulas, code).RenderAsync();
        // Links to other notebooks lead nowhere from here, and stay text.
        Problems = [.. page.Findings.Where(f => f.Message.StartsWith("KaTeX", StringComparison.Ordinal)).Select(f => f.ToString())];
        string mermaid = page.HasDiagrams
            ? Inlined.Mermaid(packages) + "<script>mermaid.initialize({ startOnLoad: true, theme: matchMedia(\"(prefers-color-scheme: dark)\").matches ? \"dark\" : \"neutral\" });</script>" : "";
        string plotly = page.HasPlotly && PlotlyScript.Find() is { } script ? Inlined.Script(script) + Inlined.Script(Assets.Text("plotly-here.js")) : "";
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{WebUtility.HtmlEncode(chapter.Title)}</title>
            <link rel="icon" href="data:,">
            <style>{Inlined.Katex(packages)}</style>
            <style>{Assets.Text("book.css")} body {"{ display: block; }"}</style>
            {plotly}
            </head>
            <body>
            <main id="main">
            {CellLink().Replace(NameMark().Replace(page.Body, ""), "")}
            </main>
            {mermaid}
            </body>
            </html>

            """;
    }

    // What only the book's script shows, and the notebook that only lies beside the book.
    [GeneratedRegex(" data-n=\"\\d+\"")]
    private static partial Regex NameMark();

    [GeneratedRegex("<a class=\"here\" href=\"notebooks/[^>]*>\\d+</a>")]
    private static partial Regex CellLink();
}
