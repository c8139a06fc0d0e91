using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Course.Book.Building;
using Course.Book.Code;
using Course.Book.Mathematics;
using Course.Book.Pages;
using Course.Notebooks;

namespace Course.Book.Slides;

/// <summary>
/// An executed notebook as one HTML file of slides (reveal.js), with its figures, typeset mathematics and the teacher's notes for
/// the speaker (key S). It needs nothing beside it and no network. <see cref="SlideType"/> says what becomes of a cell.
/// </summary>
/// <param name="repository">Whose libraries tell the names in code.</param>
/// <param name="cache">Where the npm packages are kept.</param>
public sealed partial class SlideDeck(string repository, string cache)
{
    private const string CodeCell = "<pre class=\"code\" tabindex=\"0\" aria-label=\"Code\">";

    private readonly List<string> _problems = [];

    /// <summary>Formulas that could not be typeset, by cell.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <exception cref="BookException">The notebook was not executed, or npm or a library is missing.</exception>
    public async Task<string> HtmlAsync(Notebook notebook, CancellationToken cancel = default)
    {
        var code = notebook.Cells.Where(c => c.IsCode).ToList();
        if (code.Count > 0 && code.All(c => c.Outputs.Count == 0))
            throw new BookException($"{notebook.Path} was not executed, so its slides would have no figures; run it (course run {notebook.Path}) and name the copy in artifacts/run.");
        var packages = await NpmPackages.GetAsync(cache, cancel);
        var formulas = await new NodeTools(packages).TypesetAsync([.. notebook.Cells.Where(c => c.IsMarkdown).SelectMany(c => MarkdownPage.Formulas(c.Source))], cancel);
        var chapter = Chapter.Alone(notebook);
        using var highlighter = new CodeHighlighter(new CodeLibraries(repository));
        var options = new BookOptions { Run = repository, Out = repository, Repository = repository, Cache = cache };
        var markdown = new MarkdownPage(chapter, new Links([chapter], options), formulas, highlighter, Report);
        var outputs = new OutputHtml((_, _) => { });

        var stacks = new List<List<StringBuilder>>();
        var notes = notebook.Cells.Where(c => TypeOf(c) == SlideType.Notes).Select(c => c.Source).ToList();
        var bySection = SpeakerNotes.BySection(string.Join('\n', notes));
        foreach (var cell in notebook.Cells)
        {
            string type = TypeOf(cell);
            // Also for cells that are not shown: later ones see what they declare.
            string source = !cell.IsCode ? "" : cell.Language == "csharp" ? await highlighter.CellAsync(cell.Source) : WebUtility.HtmlEncode(cell.Source);
            if (type is SlideType.Notes or SlideType.Skip)
                continue;
            if (cell.IsMarkdown)
                foreach (string piece in SlideText.Pieces(cell.Source))
                {
                    // A heading of the second level inside of a cell begins a column as well.
                    if (stacks.Count == 0 || piece.StartsWith("## ", StringComparison.Ordinal) || type == SlideType.Slide && piece.StartsWith("# ", StringComparison.Ordinal))
                        stacks.Add([]);
                    string spoken = string.Join('\n', bySection[SpeakerNotes.NumberOf(piece)]);
                    stacks[^1].Add(new StringBuilder(await markdown.HtmlAsync(piece, cell.Id)).Append(await AsideAsync(markdown, stacks.Count == 1 && stacks[0].Count == 0 ? string.Join("\n\n", notes) : spoken)));
                }
            else if (cell.IsCode)
            {
                if (stacks.Count == 0)
                    stacks.Add([new StringBuilder()]);
                string shown = Code(cell, source, outputs);
                // One cell of code with what it shows is enough for a slide.
                if (shown.Length > 0 && stacks[^1][^1].ToString().Contains(CodeCell, StringComparison.Ordinal))
                    stacks[^1].Add(new StringBuilder());
                stacks[^1][^1].Append(shown);
            }
        }
        return Page(chapter.Title, stacks, packages, markdown.HasDiagrams, outputs.HasPlotly);
    }

    private static string TypeOf(NotebookCell cell) => SlideType.In(cell) ?? SlideType.Of(cell);

    private static async Task<string> AsideAsync(MarkdownPage markdown, string notes) =>
        notes.Length == 0 ? "" : $"<aside class=\"notes\">{await markdown.HtmlAsync(FirstHeading().Replace(notes, ""), null)}</aside>";

    private static string Code(NotebookCell cell, string source, OutputHtml outputs)
    {
        string input = cell.HasTag(CellTags.RemoveInput) ? "" : $"{CodeCell}<code>{source}</code></pre>";
        string shown = cell.HasTag(CellTags.RemoveOutput) ? "" : outputs.Html(cell.Outputs, cell.Id);
        return $"{input}{(shown.Length == 0 ? "" : $"<div class=\"out\">{shown}</div>")}";
    }

    private void Report(string? cell, string message)
    {
        // Links to other notebooks lead nowhere in a deck by itself, and stay text.
        if (message.StartsWith("KaTeX", StringComparison.Ordinal))
            _problems.Add($"cell {cell}: {message}");
    }

    private static string Page(string title, List<List<StringBuilder>> stacks, NpmPackages packages, bool diagrams, bool plotly)
    {
        var page = new StringBuilder();
        page.Append($"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{WebUtility.HtmlEncode(title)}</title>\n<link rel=\"icon\" href=\"data:,\">\n");
        foreach (string style in (string[])[File.ReadAllText(packages.PathOf("reveal.js", "dist", "reveal.css")), Inlined.Katex(packages), Assets.Text("slides.css")])
            page.Append($"<style>\n{style}\n</style>\n");
        if (plotly && PlotlyScript.Find() is { } script)
            page.Append($"{Inlined.Script(script)}\n{Inlined.Script(Assets.Text("plotly-here.js"))}\n");
        page.Append("</head>\n<body>\n<div class=\"reveal\">\n<div class=\"slides\">\n");
        foreach (var stack in stacks)
            page.Append("<section>\n").AppendJoin("", stack.Select(slide => $"<section>\n{slide}\n</section>\n")).Append("</section>\n");
        page.Append("</div>\n</div>\n");
        foreach (string file in (string[])["reveal.js", Path.Combine("plugin", "notes.js")])
            page.Append($"{Inlined.Script(File.ReadAllText(packages.PathOf("reveal.js", "dist", file)))}\n");
        if (diagrams)
            page.Append($"{Inlined.Mermaid(packages)}\n");
        page.Append($"<script>\n{Assets.Text("slides.js")}</script>\n</body>\n</html>\n");
        return page.ToString();
    }

    [GeneratedRegex(@"\A#+ [^\n]*\n+")]
    private static partial Regex FirstHeading();
}
