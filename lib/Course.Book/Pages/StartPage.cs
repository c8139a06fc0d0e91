using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Course.Book.Building;

namespace Course.Book.Pages;

/// <summary>The first page: what the course is, its map with what each chapter needs and takes, and the scorecard of the model that lands.</summary>
internal static partial class StartPage
{
    /// <summary>The row of the syllabus whose card the page shows.</summary>
    private const string ScorecardRow = "row:5.13";

    public static string Body(IReadOnlyList<Chapter> chapters, Links links, string title, string lead)
    {
        var body = new StringBuilder($"<h1>{WebUtility.HtmlEncode(title)}</h1><p>{WebUtility.HtmlEncode(lead)}</p>");
        body.Append("<h2 id=\"map\">The way through</h2>").Append(Map(chapters));
        foreach (var group in chapters.GroupBy(c => Path.GetFileName(Path.GetDirectoryName(c.Path))))
        {
            body.Append($"<div class=\"wide\"><table class=\"contents\"><caption>{(group.Key == "labs" ? "Labs" : group.Key == "appendix" ? "Appendices" : "Chapters")}</caption>")
                .Append("<thead><tr><th scope=\"col\">chapter</th><th scope=\"col\">the question it answers, and what it needs</th><th scope=\"col\">minutes to read</th><th scope=\"col\">seconds to run</th></tr></thead><tbody>");
            foreach (var chapter in group)
                body.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\"><a href=\"{chapter.Page}\">{WebUtility.HtmlEncode(chapter.Title)}</a></th><td>{WebUtility.HtmlEncode(Question(chapter))}{Needs(chapter, links)}</td><td>{chapter.Minutes}</td><td>{chapter.Report.Seconds:0}</td></tr>");
            body.Append("</tbody></table></div>");
        }
        if (Scorecard(chapters) is { } card)
            body.Append("<h2 id=\"scorecard\">One model, six promises, as this run measured them</h2>").Append(card);
        return body.ToString();
    }

    /// <summary>The chapters in their order, each with its parts below it.</summary>
    private static string Map(IReadOnlyList<Chapter> chapters)
    {
        var map = new StringBuilder("<ol class=\"map\">");
        foreach (var group in chapters.Where(c => char.IsDigit(c.Slug[0])).GroupBy(c => c.Slug[..2]))
            map.Append($"<li>{string.Concat(group.Select(c => $"<a href=\"{c.Page}\"><b>{c.Slug.Split('-')[0]}</b> {WebUtility.HtmlEncode(Short(c))}</a>"))}</li>");
        return map.Append("</ol>").ToString();
    }

    private static string Short(Chapter chapter) => chapter.Title[(chapter.Title.IndexOf(' ') + 1)..];

    private static string Head(Chapter chapter) => chapter.Notebook.Cells.FirstOrDefault(c => c.IsMarkdown)?.Source ?? "";

    /// <summary>What the head asks of a reader: the sentence, or the cell of a table, behind "Prerequisites" or "You need".</summary>
    private static string Needs(Chapter chapter, Links links)
    {
        string sentence = WebUtility.HtmlEncode(NeedsSentence().Match(Head(chapter)).Groups["text"].Value.Replace("*", ""));
        string linked = Link().Replace(sentence, link => links.Resolve(chapter, link.Groups["target"].Value).Address is { } address
            ? $"<a href=\"{address}\">{link.Groups["text"].Value}</a>" : link.Groups["text"].Value);
        return linked is "" or "none" ? "" : $"<small class=\"needs\">Needs {linked}.</small>";
    }

    /// <summary>The question below a chapter's title.</summary>
    private static string Question(Chapter chapter)
    {
        string question = Head(chapter).Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.TrimEnd('*').EndsWith('?')) ?? "";
        question = question[(question.IndexOf(":**", StringComparison.Ordinal) is var at and >= 0 ? at + 3 : 0)..].Trim('*', ' ');
        return question.Length == 0 ? "" : char.ToUpperInvariant(question[0]) + question[1..];
    }

    /// <summary>The last table before the check of the scorecard's row.</summary>
    private static string? Scorecard(IReadOnlyList<Chapter> chapters)
    {
        foreach (var chapter in chapters)
            if (chapter.Notebook.Cells.FirstOrDefault(c => c.HasTag(ScorecardRow)) is { } check)
                for (int i = check.Index - 1; i >= 0; i--)
                    if (chapter.Notebook.Cells[i] is { IsCode: true } cell && new OutputHtml((_, _) => { }).Html(cell.Outputs, null) is var html && html.Contains("<table", StringComparison.Ordinal))
                        return $"{html}<p><a href=\"{chapter.Page}#{Chapter.AnchorOf(cell)}\">How each number was measured</a></p>";
        return null;
    }

    [GeneratedRegex(@"(?:Prerequisites|You need)[:* |]+(?<text>.+?)(?=\.(?:\s|$)|\s*\|?\s*$)", RegexOptions.Multiline)]
    private static partial Regex NeedsSentence();

    [GeneratedRegex(@"\[(?<text>[^\[\]]+)\]\((?<target>[^()\s]+)\)")]
    private static partial Regex Link();
}
