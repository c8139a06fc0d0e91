using System.Text.RegularExpressions;

namespace Course.Notebooks.Lint;

/// <summary>Prose: pictures with a description, one spelling of each term.</summary>
internal static partial class TextRules
{
    // The wrong spelling as a whole word → the one this course uses.
    private static readonly (Regex Wrong, string Right)[] Terms =
    [
        .. from pair in new (string Wrong, string Right)[]
           {
               ("Pytorch|pytorch", "PyTorch"), ("Torchsharp|torchsharp", "TorchSharp"), ("Mnist|mnist", "MNIST"),
               ("Relu", "ReLU"), ("Github", "GitHub"), ("Javascript", "JavaScript"), ("Onnx|onnx", "ONNX"), ("Svg|svg", "SVG"),
               ("[Nn]ormalization", "normalisation"), ("[Rr]egularization", "regularisation"), ("[Gg]eneralization", "generalisation"),
               ("[Ii]nitialization", "initialisation"), ("[Oo]ptimizers?", "optimiser"), ("[Oo]ptimization", "optimisation"),
               ("[Qq]uantization", "quantisation"), ("[Bb]ehavior", "behaviour"), ("[Cc]olors?", "colour"), ("[Nn]eighbors?", "neighbour"),
               ("[Dd]atasets?", "data set"), ("[Hh]yperparameters?", "hyper-parameter"),
           }
           select (new Regex($@"(?<![\w.`/-])(?:{pair.Wrong})(?![\w`/-]|\.\w)"), pair.Right),
    ];

    public static IEnumerable<LintFinding> Check(LintContext context)
    {
        foreach (var (cell, text) in context.Markdown)
        {
            foreach (var (target, alt) in text.Images)
                if (string.IsNullOrWhiteSpace(alt))
                    yield return context.Finding(cell, "alt-text", $"shows {target} without a description; write ![what it shows]({target})");
            foreach (Match image in HtmlImage().Matches(text.Html))
                if (!image.Value.Contains("alt=\"") || image.Value.Contains("alt=\"\""))
                    yield return context.Finding(cell, "alt-text", $"has an img element without alt text: {image.Value}");
            foreach (var (wrong, right) in Terms)
                if (wrong.Match(text.OwnWords) is { Success: true } match)
                    yield return context.Finding(cell, "spelling", $"writes '{match.Value}'; this course writes '{right}'");
        }
    }

    [GeneratedRegex("<img[^>]*>", RegexOptions.IgnoreCase)]
    private static partial Regex HtmlImage();
}
