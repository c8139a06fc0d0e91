using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Course.Book.Building;
using Course.Book.Code;
using Course.Book.Mathematics;
using Course.Notebooks;
using Course.Runner;

namespace Course.Book.Pages;

/// <summary>The page of one notebook: its cells in their order, with folded solutions and without the teacher's notes.</summary>
internal sealed partial class ChapterPage
{
    private readonly Chapter _chapter;
    private readonly MarkdownPage _markdown;
    private readonly OutputHtml _outputs;
    private readonly CodeHighlighter _code;
    private readonly Dictionary<string, CellReport> _reports;
    private readonly List<BookFinding> _findings = [];

    public ChapterPage(Chapter chapter, Links links, IReadOnlyDictionary<Formula, TypesetFormula> formulas, CodeHighlighter code)
    {
        _chapter = chapter;
        _code = code;
        _markdown = new MarkdownPage(chapter, links, formulas, code, Report);
        _outputs = new OutputHtml(Report);
        _reports = chapter.Report.Cells.Where(c => c.Id is not null).ToDictionary(c => c.Id!);
    }

    public async Task<RenderedPage> RenderAsync()
    {
        var body = new StringBuilder();
        var sections = new List<SearchSection>();
        foreach (var cell in _chapter.Notebook.Cells)
        {
            if (cell.HasTag(CellTags.Teacher) || cell.HasTag(CellTags.Hidden))
                continue;
            string html = cell.IsMarkdown ? $"<section class=\"text\" id=\"{Chapter.AnchorOf(cell)}\">{await _markdown.HtmlAsync(cell.Source, cell.Id)}</section>\n" : cell.IsCode ? await CodeAsync(cell) : "";
            body.Append(html);
            if (cell.IsMarkdown)
                Collect(sections, html);
        }
        return new RenderedPage(body.ToString(), [.. _markdown.Headings], _code.Names, sections, _markdown.HasDiagrams, _outputs.HasPlotly, _findings);
    }

    private async Task<string> CodeAsync(NotebookCell cell)
    {
        if (cell.HasTag(CellTags.RemoveCell))
            return "";
        string id = Chapter.AnchorOf(cell);
        var report = cell.Id is { } known ? _reports.GetValueOrDefault(known) : null;
        if (report?.Status is not (RunStatus.Passed or RunStatus.Skipped) && !cell.HasTag(CellTags.SkipExecution))
            Report(cell.Id, $"the run left this cell {(report is null ? "out" : report.Status.ToString().ToLowerInvariant())}: {report?.Error?.Message ?? report?.Reason ?? "it was not executed"}");
        string source = cell.HasTag(CellTags.RemoveInput) ? "" : cell.Language == "csharp" ? await _code.CellAsync(cell.Source) : WebUtility.HtmlEncode(cell.Source);
        string input = source.Length == 0 ? "" : $"<pre class=\"code\" tabindex=\"0\" aria-label=\"Code\"><code>{source}</code></pre>";
        string shown = cell.HasTag(CellTags.RemoveOutput) ? "" : _outputs.Html(cell.Outputs, cell.Id);
        if (report?.Status == RunStatus.Skipped)
            shown = $"<p class=\"note\">Not executed for this book: {WebUtility.HtmlEncode(report.Reason ?? "skipped")}</p>{shown}";
        string inner = $"{input}{(shown.Length == 0 ? "" : $"<div class=\"out\">{shown}</div>")}";
        if (cell.HasTag(CellTags.Solution))
            inner = $"<details class=\"solution\"><summary>Solution</summary>{inner}</details>";
        string kind = cell.HasTag(CellTags.Exercise) ? " exercise" : cell.HasTag(CellTags.Check) ? " try" : "";
        return $"<section class=\"cell{kind}\" id=\"{id}\"><a class=\"here\" href=\"notebooks/{WebUtility.HtmlEncode(_chapter.Slug)}.ipynb#{cell.Id}\" title=\"Cell {cell.Id} of the notebook\">{cell.Index}</a>{inner}</section>\n";
    }

    /// <summary>Adds the text under each heading; what stands above the first belongs to the section before.</summary>
    private void Collect(List<SearchSection> sections, string html)
    {
        foreach (string part in BeforeHeading().Split(html))
        {
            var heading = Heading().Match(part);
            string text = Plain(part[heading.Length..]);
            if (heading.Success)
                sections.Add(new SearchSection($"{_chapter.Page}#{heading.Groups["anchor"].Value}", _chapter.Title, Plain(heading.Groups["text"].Value), text, ""));
            else if (sections.Count > 0)
                sections[^1] = sections[^1] with { Text = $"{sections[^1].Text} {text}".Trim() };
            else if (text.Length > 0)
                sections.Add(new SearchSection($"{_chapter.Page}#main", _chapter.Title, _chapter.Title, text, ""));
        }
    }

    private static string Plain(string html) => Blanks().Replace(WebUtility.HtmlDecode(Tags().Replace(Mathematics().Replace(html, " "), " ")), " ").Trim();

    private void Report(string? cell, string message) => _findings.Add(new BookFinding(_chapter.Path, cell, message));

    [GeneratedRegex("(?=<h[1-6] id=)")]
    private static partial Regex BeforeHeading();

    [GeneratedRegex("^<h(?<level>[1-6]) id=\"(?<anchor>[^\"]*)\">(?<text>.*?)<a class=\"here\".*?</h\\k<level>>", RegexOptions.Singleline)]
    private static partial Regex Heading();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tags();

    // What KaTeX writes says each formula twice.
    [GeneratedRegex("<span class=\"katex.*?</math>.*?</span></span></span>", RegexOptions.Singleline)]
    private static partial Regex Mathematics();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}

/// <summary>A page without its frame, and what the frame needs to know of it.</summary>
internal sealed record RenderedPage(
    string Body,
    IReadOnlyList<(int Level, string Anchor, string Html)> Headings,
    IReadOnlyList<CodeName> Names,
    IReadOnlyList<SearchSection> Sections,
    bool HasDiagrams,
    bool HasPlotly,
    IReadOnlyList<BookFinding> Findings);
