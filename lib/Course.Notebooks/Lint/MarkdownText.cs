using System.Text;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Course.Notebooks.Lint;

/// <summary>What the rules look at in a Markdown cell: its headings, links, pictures and plain prose.</summary>
public sealed class MarkdownText
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UseMathematics().UsePipeTables().Build();

    private MarkdownText(MarkdownDocument document)
    {
        Headings = [.. document.Descendants<HeadingBlock>().Select(h => (h.Level, Plain(h.Inline)))];
        Links = [.. document.Descendants<LinkInline>().Where(l => !l.IsImage).Select(l => l.Url ?? "")];
        Images = [.. document.Descendants<LinkInline>().Where(l => l.IsImage).Select(l => (l.Url ?? "", Plain(l)))];
        Html = string.Join('\n', document.Descendants<HtmlBlock>().Select(b => b.Lines.ToString())
            .Concat(document.Descendants<HtmlInline>().Select(i => i.Tag)));
        Prose = string.Join(' ', document.Descendants<LiteralInline>().Select(l => l.Content.ToString()));
        OwnWords = string.Join(' ', document.Descendants<LiteralInline>().Where(l => !IsTitle(l)).Select(l => l.Content.ToString()));
    }

    public IReadOnlyList<(int Level, string Text)> Headings { get; }
    public IReadOnlyList<string> Links { get; }
    public IReadOnlyList<(string Target, string Alt)> Images { get; }
    public string Html { get; }

    /// <summary>The text without code, mathematics, markup and link targets.</summary>
    public string Prose { get; }

    /// <summary>The prose without what stands in italics: titles of publications keep their own spelling.</summary>
    public string OwnWords { get; }

    public int Words => Prose.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Count(w => w.Any(char.IsLetterOrDigit));

    public static MarkdownText Parse(string source) => new(Markdown.Parse(source, Pipeline));

    /// <summary>The anchor that Jupyter and VS Code give a heading, in lower case: they differ only in case and punctuation.</summary>
    public static string Anchor(string heading)
    {
        var anchor = new StringBuilder();
        foreach (char c in heading.ToLowerInvariant())
            if (char.IsLetterOrDigit(c))
                anchor.Append(c);
            else if (c is ' ' or '-' && anchor.Length > 0 && anchor[^1] != '-')
                anchor.Append('-');
        return anchor.ToString().TrimEnd('-');
    }

    private static bool IsTitle(Inline inline)
    {
        for (var at = inline.Parent; at is not null; at = at.Parent)
            if (at is EmphasisInline { DelimiterCount: 1 })
                return true;
        return false;
    }

    private static string Plain(ContainerInline? inline) => inline is null ? "" : string.Concat(inline.Descendants().Select(i => i switch
    {
        LiteralInline literal => literal.Content.ToString(),
        CodeInline code => code.Content,
        _ => "",
    }));
}
