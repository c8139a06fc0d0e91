using System.Text.RegularExpressions;
using Course.Base;

namespace Course.Notebooks.Lint;

/// <summary>Code cells: short, alternating with text, loading the libraries in one way, bound to no machine.</summary>
internal static partial class CodeRules
{
    public const int MedianLimit = 5, MostLimit = 12, HelperLimit = 20;

    private static readonly string[] MayFollowEachOther = ["exercise", "solution", "check", "hidden", "setup"];

    public static IEnumerable<LintFinding> Check(LintContext context)
    {
        int[] lengths = [.. context.CodeCells.Select(CodeMetrics.Lines)];
        if (CodeMetrics.Quantile(context.CodeCells.Select(CodeMetrics.Thoughts), 0.5) is var median and > MedianLimit)
            yield return context.Finding(null, "cell-length", $"the median code cell has {median} lines to think about; expected at most {MedianLimit}");
        if (lengths.Count(l => l > MostLimit) is var longOnes && longOnes > 0.1 * lengths.Length)
            yield return context.Finding(null, "cell-length", $"{longOnes} of {lengths.Length} code cells have more than {MostLimit} lines; expected at most one in ten. Split them or move helpers to lib/");
        foreach (var cell in context.CodeCells.Where(c => CodeMetrics.Lines(c) > HelperLimit))
            yield return context.Finding(cell, "cell-length", $"has {CodeMetrics.Lines(cell)} lines; code over {HelperLimit} lines belongs in lib/");
        foreach (var cell in context.CodeCells)
            foreach (string line in CodeMetrics.TooWide(cell))
                yield return context.Finding(cell, "line-length", $"has a line of {line.Length} characters ({line.Trim()[..40]}…); beyond {CodeMetrics.WidthLimit} it is cut off on a page and on a slide. Only title: and alt:, on lines of their own, may be longer");

        int inARow = 0;
        foreach (var cell in context.Notebook.Cells)
        {
            inARow = !cell.IsCode ? 0 : cell.Tags.Intersect(MayFollowEachOther).Any() ? inARow : inARow + 1;
            if (inARow == 3)
                yield return context.Finding(cell, "rhythm", "is the third code cell in a row; interpret the output before going on");
        }

        foreach (var cell in context.CodeCells)
        {
            if (NetworkAddress().Match(cell.Source) is { Success: true } address)
                yield return context.Finding(cell, "network", $"names the network address {address.Value}…; cells reach only this machine, data comes through Datasets");
            foreach (var finding in AltText(context, cell))
                yield return finding;
        }
        foreach (var cell in context.Notebook.Cells)
            if (AbsolutePath().Match(cell.Source) is { Success: true } path)
                yield return context.Finding(cell, "absolute-path", $"contains {path.Value}…, which exists on one machine only; use a path relative to the notebook");

        // Test data are handed out by a seal only: what is sealed once must not be had without breaking it, and pictures are always sealed.
        if (context.CodeCells.Any(cell => SealedData().IsMatch(cell.Source)))
            foreach (var cell in context.CodeCells.Where(cell => TestData().IsMatch(cell.Source)))
                yield return context.Finding(cell, "test-set", "uses .Test, but test pictures lie under a seal; choose on validation data, and ask the test set once through Seal(…) or LandedModel.TestSet: Open(question, measure)");

        foreach (var finding in Libraries(context))
            yield return finding;
    }

    private static IEnumerable<LintFinding> AltText(LintContext context, NotebookCell cell)
    {
        int figures = PlotCall().Count(cell.Source), texts = AltArgument().Count(cell.Source);
        if (figures > texts)
            yield return context.Finding(cell, "alt-text", $"draws {figures} figure(s) with {texts} alt text(s); give each Plot call alt: \"what the picture shows\"");
    }

    // Only what lies in the repository's notebooks/ loads the libraries of its artifacts/lib.
    private static IEnumerable<LintFinding> Libraries(LintContext context)
    {
        string? up = LibraryPath(context.Folder);
        var code = context.CodeCells.Where(c => c.Language == "csharp").ToList();
        if (up is null || code.Count == 0)
            yield break;
        string expected = $"#r \"{up}artifacts/lib/TorchSharp.dll\"\n#r \"{up}artifacts/lib/Course.dll\"";
        if (!code[0].Source.ReplaceLineEndings("\n").StartsWith(expected, StringComparison.Ordinal))
            yield return context.Finding(code[0], "libraries", $"is the first code cell and must begin with these two lines:\n{expected}");
        foreach (var cell in code.Skip(1).Where(c => c.Source.Contains("artifacts/lib/")))
            yield return context.Finding(cell, "libraries", "loads a library; all libraries are loaded by the first code cell");
    }

    internal static string? LibraryPath(string folder)
    {
        string up = "../";
        for (var at = new DirectoryInfo(folder); at?.Parent is not null; at = at.Parent, up += "../")
            if (at.Name == "notebooks" && File.Exists(Path.Combine(at.Parent.FullName, Checkout.Solution)))
                return up;
        return null;
    }

    [GeneratedRegex(@"\bhttps?://(?!localhost\b|127\.0\.0\.1\b|\[::1\])[\w.-]+")]
    private static partial Regex NetworkAddress();

    [GeneratedRegex(@"\.Seal\(|\bDatasets\.Mnist\(")]
    private static partial Regex SealedData();

    [GeneratedRegex(@"\.Test\b")]
    private static partial Regex TestData();

    [GeneratedRegex(@"(?<![\w./])(?:/(?:home|Users|root|tmp|work|usr|var)/\w+|[A-Z]:\\\w+)")]
    private static partial Regex AbsolutePath();

    [GeneratedRegex(@"\bPlot\.\w+\(")]
    private static partial Regex PlotCall();

    [GeneratedRegex(@"\balt:")]
    private static partial Regex AltArgument();
}
