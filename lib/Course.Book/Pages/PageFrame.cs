using System.Net;
using System.Text;
using System.Text.Json;
using Course.Book.Building;

namespace Course.Book.Pages;

/// <summary>What stands around the text of every page: head, chapters, outline, previous and next.</summary>
internal sealed class PageFrame(IReadOnlyList<Chapter> chapters, string title)
{
    private static readonly JsonSerializerOptions Style = new(JsonSerializerDefaults.Web);

    public string Around(Chapter chapter, RenderedPage page)
    {
        int at = chapters.ToList().IndexOf(chapter);
        string outline = string.Concat(page.Headings.Where(h => h.Level is 2 or 3).Select(h => $"<li class=\"l{h.Level}\"><a href=\"#{h.Anchor}\">{h.Html}</a></li>"));
        string names = page.Names.Count == 0 ? "" : $"<script type=\"application/json\" id=\"names\">{Json(page.Names)}</script>";
        string plotly = page.HasPlotly ? "<script src=\"assets/plotly.min.js\"></script><script src=\"assets/plotly-here.js\"></script>" : "";
        string mermaid = page.HasDiagrams ? "<script defer src=\"assets/mermaid.min.js\"></script>" : "";
        string neighbours = $"<nav class=\"neighbours\" aria-label=\"Previous and next\">{Neighbour(at - 1, "prev", "Previous")}{Neighbour(at + 1, "next", "Next")}</nav>";
        return Document(chapter.Title, chapter.Page, plotly, $"{page.Body}{neighbours}",
            outline.Length == 0 ? "" : $"<aside class=\"outline\"><nav aria-label=\"On this page\"><p>On this page</p><ol>{outline}</ol></nav></aside>", names + mermaid);
    }

    public string Start(string body) => Document(title, "index.html", "", body, "", "");

    private string Neighbour(int index, string relation, string word) => index < 0 || index >= chapters.Count
        ? "<span></span>"
        : $"<a rel=\"{relation}\" href=\"{chapters[index].Page}\"><small>{word}</small> {WebUtility.HtmlEncode(chapters[index].Title)}</a>";

    private string Document(string name, string page, string head, string body, string aside, string end)
    {
        var list = new StringBuilder();
        foreach (var group in chapters.GroupBy(c => Path.GetDirectoryName(c.Path)))
            list.Append($"<p>{Group(group.Key)}</p><ul>").AppendJoin("", group.Select(c =>
                $"<li><a href=\"{c.Page}\"{(c.Page == page ? " aria-current=\"page\"" : "")}>{WebUtility.HtmlEncode(c.Title)}</a></li>")).Append("</ul>");
        string pageTitle = name == title ? title : $"{name} · {title}";
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{WebUtility.HtmlEncode(pageTitle)}</title>
            <link rel="icon" href="data:,">
            <link rel="stylesheet" href="assets/katex/katex.min.css">
            <link rel="stylesheet" href="assets/book.css">
            <script src="assets/theme.js"></script>
            <script defer src="assets/book.js"></script>
            {head}
            </head>
            <body>
            <a class="skip" href="#main">Skip to the text</a>
            <header class="top">
            <button id="menu" aria-expanded="false" aria-controls="chapters">Chapters</button>
            <a class="home" href="index.html">{WebUtility.HtmlEncode(title)}</a>
            <button id="search" aria-haspopup="dialog">Search <kbd>/</kbd></button>
            <button id="theme" aria-label="Light or dark">◐</button>
            </header>
            <nav id="chapters" aria-label="Chapters">{list}</nav>
            <main id="main" tabindex="-1">
            {body}
            </main>
            {aside}
            <dialog id="find" aria-label="Search"><input type="search" aria-label="Search the book" placeholder="Search the book" autocomplete="off"><ol aria-live="polite"></ol><button class="close">Close</button></dialog>
            <div id="tip" role="tooltip" hidden></div>
            {end}
            </body>
            </html>

            """;
    }

    private static string Group(string? folder) => Path.GetFileName(folder) switch { "labs" => "Labs", "appendix" => "Appendices", _ => "Chapters" };

    /// <summary>JSON inside an element: no text of it can end the element.</summary>
    private static string Json<T>(T value) => JsonSerializer.Serialize(value, Style);
}
