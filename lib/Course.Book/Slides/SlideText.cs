using Markdig;
using Markdig.Syntax;

namespace Course.Book.Slides;

/// <summary>Cuts the text of a cell into pieces that fit on a slide each.</summary>
internal static class SlideText
{
    /// <summary>A piece ends before it has more characters, unless one paragraph alone does.</summary>
    private const int Most = 750;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UseMathematics().UsePipeTables().Build();

    /// <summary>Pieces of Markdown; a heading begins one, what a fold holds stays together.</summary>
    public static IReadOnlyList<string> Pieces(string source)
    {
        var pieces = new List<string>();
        string piece = "";
        int folds = 0;
        foreach (var block in Markdown.Parse(source, Pipeline))
        {
            string text = source.Substring(block.Span.Start, block.Span.Length);
            bool heads = block is HeadingBlock;
            bool afterHeading = piece.Length > 0 && !piece.Contains('\n') && piece.StartsWith('#');
            if (folds == 0 && piece.Length > 0 && !afterHeading && (heads || piece.Length + text.Length > Most))
            {
                pieces.Add(piece);
                piece = "";
            }
            piece = piece.Length == 0 ? text : $"{piece}\n\n{text}";
            folds += Count(text, "<details") - Count(text, "</details");
        }
        if (piece.Length > 0)
            pieces.Add(piece);
        return pieces;
    }

    private static int Count(string text, string word) => text.Split(word).Length - 1;
}
