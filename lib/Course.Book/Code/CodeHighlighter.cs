using System.Net;
using System.Text;
using Course.Session.Child.Language;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Classification;
using Microsoft.CodeAnalysis.Text;

namespace Course.Book.Code;

/// <summary>
/// Colours the cells of one notebook as the compiler understands them, each behind the cells before it, and marks the
/// names of the course's libraries with their documentation.
/// </summary>
/// <remarks>Not for several threads: a cell sees those that were highlighted before.</remarks>
internal sealed class CodeHighlighter(CodeLibraries libraries) : IDisposable
{
    private static readonly CSharpParseOptions Parsing = CSharpParseOptions.Default.WithKind(SourceCodeKind.Script).WithLanguageVersion(LanguageVersion.Latest);

    private static readonly SymbolDisplayFormat Signature = SymbolDisplayFormat.MinimallyQualifiedFormat
        .WithMemberOptions(SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeContainingType)
        .WithKindOptions(SymbolDisplayKindOptions.IncludeTypeKeyword);

    private readonly AdhocWorkspace _workspace = new();
    private readonly Dictionary<ISymbol, int> _known = new(SymbolEqualityComparer.Default);
    private readonly List<CodeName> _names = [];
    private ProjectId? _last;

    /// <summary>The names marked so far; <c>data-n</c> in the HTML is an index into this list.</summary>
    public IReadOnlyList<CodeName> Names => _names;

    /// <summary>A cell as HTML, without the element around it; later cells see what it declares.</summary>
    public async Task<string> CellAsync(string code)
    {
        var document = Submission(code);
        _last = document.Project.Id;
        return await HtmlAsync(code, document);
    }

    /// <summary>A piece of code that stands in a text, seen from behind the cells above it.</summary>
    public Task<string> FragmentAsync(string code) => HtmlAsync(code, Submission(code));

    /// <summary>Code as a submission behind the last cell.</summary>
    private Document Submission(string code)
    {
        var project = _workspace.AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, "cell", $"cell{Guid.NewGuid():N}", LanguageNames.CSharp,
            compilationOptions: CodeLibraries.Options, parseOptions: Parsing, projectReferences: _last is null ? [] : [new ProjectReference(_last)],
            metadataReferences: libraries.References, isSubmission: true));
        return _workspace.AddDocument(DocumentInfo.Create(
            DocumentId.CreateNewId(project.Id), "cell", sourceCodeKind: SourceCodeKind.Script, loader: TextLoader.From(TextAndVersion.Create(SourceText.From(code), VersionStamp.Default))));
    }

    public void Dispose() => _workspace.Dispose();

    private async Task<string> HtmlAsync(string code, Document document)
    {
        var html = new StringBuilder();
        int at = 0;
        var model = (await document.GetSemanticModelAsync())!;
        var root = await model.SyntaxTree.GetRootAsync();
        foreach (var group in (await Classifier.GetClassifiedSpansAsync(document, new TextSpan(0, code.Length))).GroupBy(s => s.TextSpan).OrderBy(g => g.Key.Start))
        {
            var span = group.Key;
            // Spans of regular expressions and format strings lie inside those of their strings.
            if (span.Start < at)
                continue;
            html.Append(WebUtility.HtmlEncode(code[at..span.Start]));
            string text = WebUtility.HtmlEncode(code[span.Start..span.End]);
            string? colour = group.Select(s => Colour(s.ClassificationType)).FirstOrDefault(c => c is not null);
            string name = colour is "t" or "m" or "f" && NameAt(model, root, span) is { } index ? $" data-n=\"{index}\"" : "";
            html.Append(colour is null ? text : $"<span class=\"{colour}\"{name}>{text}</span>");
            at = span.End;
        }
        return html.Append(WebUtility.HtmlEncode(code[at..])).ToString();
    }

    private int? NameAt(SemanticModel model, SyntaxNode root, TextSpan span)
    {
        if (root.FindToken(span.Start).Parent is not { } node)
            return null;
        var info = model.GetSymbolInfo(node);
        var symbol = (info.Symbol ?? info.CandidateSymbols.FirstOrDefault())?.OriginalDefinition;
        if (symbol is IMethodSymbol { ReducedFrom: { } extension })
            symbol = extension;
        if (symbol is null or INamespaceSymbol || !libraries.IsOurs(symbol.ContainingAssembly))
            return null;
        if (_known.TryGetValue(symbol, out int index))
            return index;
        string documentation = Documentation.Text(symbol);
        _names.Add(new CodeName(symbol.ToDisplayString(Signature), documentation.Split("\n\n")[0]));
        return _known[symbol] = _names.Count - 1;
    }

    /// <summary>The class of the style sheet: few colours, each with a meaning.</summary>
    private static string? Colour(string classification) => classification switch
    {
        ClassificationTypeNames.Keyword or ClassificationTypeNames.ControlKeyword or ClassificationTypeNames.PreprocessorKeyword => "k",
        ClassificationTypeNames.StringLiteral or ClassificationTypeNames.VerbatimStringLiteral or ClassificationTypeNames.PreprocessorText => "s",
        ClassificationTypeNames.NumericLiteral => "d",
        ClassificationTypeNames.Comment => "c",
        ClassificationTypeNames.ClassName or ClassificationTypeNames.RecordClassName or ClassificationTypeNames.StructName or ClassificationTypeNames.RecordStructName
            or ClassificationTypeNames.InterfaceName or ClassificationTypeNames.EnumName or ClassificationTypeNames.DelegateName or ClassificationTypeNames.TypeParameterName => "t",
        ClassificationTypeNames.MethodName or ClassificationTypeNames.ExtensionMethodName => "m",
        ClassificationTypeNames.PropertyName or ClassificationTypeNames.FieldName or ClassificationTypeNames.ConstantName or ClassificationTypeNames.EnumMemberName or ClassificationTypeNames.EventName => "f",
        _ => null,
    };
}

/// <summary>What is shown when a reader points at a name.</summary>
internal sealed record CodeName(string Signature, string Summary);
