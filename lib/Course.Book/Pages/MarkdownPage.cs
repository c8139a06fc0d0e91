using System.Net;
using System.Text.RegularExpressions;
using Course.Book.Building;
using Course.Book.Code;
using Course.Book.Mathematics;
using Course.Notebooks.Lint;
using Markdig;
using Markdig.Extensions.Mathematics;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Course.Book.Pages;

/// <summary>Turns the Markdown cells of a notebook into HTML: headings with anchors, mathematics, diagrams, links of the book.</summary>
internal sealed partial class MarkdownPage(Chapter chapter, Links links, IReadOnlyDictionary<Formula, TypesetFormula> formulas, CodeHighlighter code, Action<string?, string> report)
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UseMathematics().UsePipeTables().UseEmphasisExtras().Build();

    private readonly HashSet<string> _anchors = [];

    /// <summary>Whether a diagram was met, so that the page loads Mermaid.</summary>
    public bool HasDiagrams { get; private set; }

    public List<(int Level, string Anchor, string Html)> Headings { get; } = [];

    /// <summary>The formulas of a text, as they have to be typeset before it is rendered.</summary>
    public static IEnumerable<Formula> Formulas(string source)
    {
        var document = Markdown.Parse(source, Pipeline);
        return [.. document.Descendants<MathInline>().Select(FormulaOf), .. document.Descendants<MathBlock>().Select(FormulaOf)];
    }

    /// <param name="cell">Named in findings.</param>
    public async Task<string> HtmlAsync(string source, string? cell)
    {
        var document = Markdown.Parse(source, Pipeline);
        var highlighted = new Dictionary<CodeBlock, string>();
        foreach (var block in document.Descendants<FencedCodeBlock>().Where(b => b.Info is "csharp" or "cs" or "c#"))
            highlighted[block] = await code.FragmentAsync(block.Lines.ToString());
        foreach (var link in document.Descendants<LinkInline>().ToList())
            Redirect(link, cell);
        using var text = new StringWriter();
        var renderer = new HtmlRenderer(text);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.Replace<HtmlMathInlineRenderer>(new Of<MathInline>((r, m) => r.Write(Typeset(FormulaOf(m), cell))));
        renderer.ObjectRenderers.Replace<HtmlMathBlockRenderer>(new Of<MathBlock>((r, m) => r.Write(Typeset(FormulaOf(m), cell)).WriteLine()));
        renderer.ObjectRenderers.Replace<HeadingRenderer>(new Of<HeadingBlock>(Heading));
        renderer.ObjectRenderers.Replace<CodeBlockRenderer>(new Of<CodeBlock>((r, block) => Code(r, block, highlighted.GetValueOrDefault(block))));
        renderer.Render(document);
        renderer.Writer.Flush();
        return text.ToString().Replace("<table>", "<div class=\"wide\"><table>").Replace("</table>", "</table></div>");
    }

    private static Formula FormulaOf(MathInline math) => new(math.Content.ToString(), math.DelimiterCount > 1);

    private static Formula FormulaOf(MathBlock math) => new(math.Lines.ToString(), true);

    private string Typeset(Formula formula, string? cell)
    {
        var typeset = formulas[formula];
        if (typeset.Html is { } html)
        {
            string id = formula.Display && Tag().Match(formula.Tex) is { Success: true } tag && _anchors.Add("eq-" + tag.Groups[1].Value) ? $" id=\"eq-{tag.Groups[1].Value}\"" : "";
            return formula.Display ? $"<span class=\"equation\"{id}>{html}</span>" : html;
        }
        report(cell, $"KaTeX refuses ${formula.Tex.ReplaceLineEndings(" ").Trim()}$: {typeset.Error}");
        return $"<code class=\"refused\">{WebUtility.HtmlEncode(formula.Tex)}</code>";
    }

    private void Redirect(LinkInline link, string? cell)
    {
        if (link.IsImage)
        {
            if (!link.Descendants<LiteralInline>().Any(l => !l.Content.IsEmptyOrWhitespace()))
                report(cell, $"the picture '{link.Url}' has no alt text; write ![what is seen]({link.Url})");
            return;
        }
        var (address, problem) = links.Resolve(chapter, link.Url ?? "");
        if (problem is not null)
            report(cell, problem);
        if (address is not null)
        {
            link.Url = address;
            return;
        }
        // A file that only the repository has: its path is told instead.
        link.GetAttributes().AddProperty("title", $"in the repository: {link.Url}");
        link.Url = "#main";
        link.GetAttributes().AddClass("file");
    }

    private void Heading(HtmlRenderer renderer, HeadingBlock heading)
    {
        using var text = new StringWriter();
        var inner = new HtmlRenderer(text);
        Pipeline.Setup(inner);
        inner.ObjectRenderers.Replace<HtmlMathInlineRenderer>(new Of<MathInline>((r, m) => r.Write(Typeset(FormulaOf(m), null))));
        inner.WriteLeafInline(heading);
        inner.Writer.Flush();
        string anchor = MarkdownText.Anchor(Plain(heading.Inline));
        for (int i = 2; !_anchors.Add(anchor); i++)
            anchor = $"{anchor.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '-')}-{i}";
        Headings.Add((heading.Level, anchor, text.ToString()));
        renderer.Write($"<h{heading.Level} id=\"{anchor}\">{text}<a class=\"here\" href=\"#{anchor}\" aria-label=\"Link to this heading\">#</a></h{heading.Level}>").WriteLine();
    }

    private void Code(HtmlRenderer renderer, CodeBlock block, string? highlighted)
    {
        string source = block.Lines.ToString();
        if (block is FencedCodeBlock { Info: "mermaid" })
        {
            HasDiagrams = true;
            renderer.Write($"<figure class=\"diagram\"><pre class=\"mermaid\" role=\"img\" aria-label=\"Diagram\">{WebUtility.HtmlEncode(source)}</pre></figure>").WriteLine();
            return;
        }
        renderer.Write($"<pre class=\"code\"><code>{highlighted ?? WebUtility.HtmlEncode(source)}</code></pre>").WriteLine();
    }

    internal static string Plain(ContainerInline? inline) => inline is null ? "" : string.Concat(inline.Descendants().Select(i => i switch
    {
        LiteralInline literal => literal.Content.ToString(),
        CodeInline code => code.Content,
        _ => "",
    }));

    /// <summary>Renders one kind of block or inline by a function.</summary>
    private sealed class Of<T>(Action<HtmlRenderer, T> write) : HtmlObjectRenderer<T> where T : MarkdownObject
    {
        protected override void Write(HtmlRenderer renderer, T value) => write(renderer, value);
    }

    [GeneratedRegex(@"\\tag\{([^}]+)\}")]
    private static partial Regex Tag();
}
