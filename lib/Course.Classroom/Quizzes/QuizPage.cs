using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Markdig;

namespace Course.Classroom.Quizzes;

/// <summary>A quiz as one HTML file that needs nothing else: it marks, explains and saves the answers as a file.</summary>
public static class QuizPage
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().Build();

    /// <param name="form">pre, post or all.</param>
    public static string Html(QuizBank bank, string form)
    {
        var items = QuizForm.Items(bank, form);
        string title = $"Quiz {bank.Chapter}{form switch { QuizForm.Pre => ", before the chapter", QuizForm.Post => ", after the chapter", _ => "" }}";
        var page = new StringBuilder();
        page.Append($"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{Text(title)}</title>\n<style>\n{Asset("quiz.css")}</style>\n</head>\n<body>\n<main>\n<h1>{Text(title)}</h1>\n");
        page.Append($"<p>{items.Count} questions. Nothing is sent anywhere: the answers stay on this page until you save them as a file.</p>\n<form autocomplete=\"off\" onsubmit=\"return false\">\n<p><label>Name or number, if your teacher asks for it: <input type=\"text\" id=\"learner\"></label></p>\n");
        for (int i = 0; i < items.Count; i++)
            Item(page, items[i], i + 1);
        page.Append("<p><button type=\"button\" id=\"check\">Check my answers</button><button type=\"button\" id=\"save\" disabled>Save my answers</button></p>\n<p id=\"score\" role=\"status\"></p>\n</form>\n</main>\n");
        page.Append($"<script type=\"application/json\" id=\"quiz\">{Data(bank, form, items)}</script>\n<script>\n{Asset("quiz.js")}</script>\n</body>\n</html>\n");
        return page.ToString();
    }

    private static void Item(StringBuilder page, QuizItem item, int number)
    {
        page.Append($"<fieldset id=\"item-{Text(item.Id)}\">\n<legend>Question {number}</legend>\n<div id=\"text-{Text(item.Id)}\">{Markdown.ToHtml(item.Text, Pipeline)}</div>\n");
        switch (item)
        {
            case ChoiceItem choice:
                page.Append($"<div role=\"radiogroup\" aria-labelledby=\"text-{Text(item.Id)}\">\n");
                for (int i = 0; i < choice.Options.Count; i++)
                    page.Append($"<label class=\"option\"><input type=\"radio\" name=\"{Text(item.Id)}\" value=\"{i}\"><span>{Inline(choice.Options[i])}</span></label>\n");
                page.Append("</div>\n");
                break;
            case NumberItem:
                page.Append($"<p><label>Number: <input type=\"text\" inputmode=\"decimal\" aria-describedby=\"text-{Text(item.Id)}\"></label></p>\n");
                break;
            case CodeItem code:
                page.Append($"<textarea spellcheck=\"false\" aria-labelledby=\"text-{Text(item.Id)}\">\n{Text(code.Stub)}</textarea>\n");
                break;
        }
        string right = item switch
        {
            ChoiceItem c => $"<p>Right: {Inline(c.Right)}</p>",
            NumberItem n => $"<p>Right: {n.Answer.ToString(CultureInfo.InvariantCulture)}</p>",
            CodeItem c => $"<pre>{Text(c.Solution)}</pre>",
            _ => "",
        };
        page.Append($"<div class=\"verdict\" hidden><p class=\"own\"></p>{right}{Markdown.ToHtml(item.Why, Pipeline)}</div>\n</fieldset>\n");
    }

    private static string Data(QuizBank bank, string form, IReadOnlyList<QuizItem> items) => JsonSerializer.Serialize(new
    {
        schema = QuizBank.Schema,
        chapter = bank.Chapter,
        bank = bank.Version,
        form,
        items = items.Select(object (item) => item switch
        {
            ChoiceItem c => new { id = c.Id, kind = c.Kind, options = c.Options, right = c.Right, reasons = c.Options.Select(o => c.Wrong.FirstOrDefault(w => w.Text == o)?.Reason ?? "") },
            NumberItem n => new { id = n.Id, kind = n.Kind, answer = n.Answer, tolerance = n.Tolerance },
            CodeItem c => new { id = c.Id, kind = c.Kind, stub = c.Stub },
            _ => throw new ClassroomException($"item {item.Id} is of a kind that pages do not know: {item.Kind}"),
        }),
    });

    /// <summary>Markdown without the paragraph around it.</summary>
    private static string Inline(string text)
    {
        string html = Markdown.ToHtml(text, Pipeline).Trim();
        return html.StartsWith("<p>", StringComparison.Ordinal) && html.IndexOf("<p>", 3, StringComparison.Ordinal) < 0 ? html[3..^4] : Text(text);
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Asset(string name)
    {
        using var stream = typeof(QuizPage).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"the resource {name} is missing");
        using var text = new StreamReader(stream);
        return text.ReadToEnd();
    }
}
