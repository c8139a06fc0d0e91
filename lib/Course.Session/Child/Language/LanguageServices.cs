using System.Text;
using Course.Kernel.Cells;
using Course.Session.Child.Scripting;
using Course.Session.Contract;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Course.Session.Child.Language;

/// <summary>Completion, inspection and completeness of a cell that is being written, seen from behind the cells that have run.</summary>
internal sealed class LanguageServices(Submissions submissions)
{
    private const int MostItems = 300;

    /// <summary>What the rewriter calls; not meant for people.</summary>
    private static readonly string[] Hidden = [nameof(Guard), nameof(CellInterruptedException)];

    public static Completeness IsComplete(string code)
    {
        var tree = Submissions.Parse(WithoutDirectives(code), "cell");
        if (!SyntaxFactory.IsCompleteSubmission(tree))
            return Completeness.Incomplete;
        return tree.GetDiagnostics().Any(d => d.Severity == DiagnosticSeverity.Error) ? Completeness.Invalid : Completeness.Complete;
    }

    public Completions Complete(string code, int position, CancellationToken cancel)
    {
        position = Math.Clamp(position, 0, code.Length);
        if (DirectiveServices.Complete(code, position) is { } directive)
            return directive;
        int start = position;
        while (start > 0 && SyntaxFacts.IsIdentifierPartCharacter(code[start - 1]))
            start--;
        int end = position;
        while (end < code.Length && SyntaxFacts.IsIdentifierPartCharacter(code[end]))
            end++;
        string prefix = code[start..position];

        var model = Model(code, "cell", cancel);
        var symbols = Visible(model, start, cancel);
        var items = symbols
            .Where(s => s.CanBeReferencedByName && s.Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && !Hidden.Contains(s.Name))
            .GroupBy(s => s.Name)
            .OrderBy(g => !g.Key.StartsWith(prefix, StringComparison.Ordinal)).ThenBy(g => g.Key, StringComparer.OrdinalIgnoreCase)
            .Select(g => new Completion(g.Key, Kind(g.First()), Signature(g)))
            .ToList();
        if (prefix.Length > 0 && Qualifier(model, start, cancel) is null)
        {
            items.AddRange(SyntaxFacts.GetKeywordKinds().Concat(SyntaxFacts.GetContextualKeywordKinds()).Select(SyntaxFacts.GetText)
                .Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)
                .Select(k => new Completion(k, "keyword")));
        }
        return new Completions(start, end, [.. items.Take(MostItems)]);
    }

    public Inspection? Inspect(string code, int position, CancellationToken cancel)
    {
        position = Math.Clamp(position, 0, code.Length);
        if (DirectiveServices.Inspect(code, position) is { } directive)
            return directive;
        var model = Model(code, "cell", cancel);
        var root = model.SyntaxTree.GetRoot(cancel);
        // The cursor may stand at the end of a name.
        foreach (int at in (int[])[position, position - 1])
        {
            if (at < 0 || at >= root.FullSpan.End || root.FindToken(at) is not { Parent: { } node } token || !token.Span.Contains(at))
                continue;
            if (SymbolAt(model, node, cancel) is { } symbol)
                return Describe(symbol);
        }
        return null;
    }

    /// <summary>The members of what stands left of the dot, or everything in scope.</summary>
    private static IEnumerable<ISymbol> Visible(SemanticModel model, int position, CancellationToken cancel)
    {
        if (Qualifier(model, position, cancel) is not { } left)
            return model.LookupSymbols(position);
        var symbol = model.GetSymbolInfo(left, cancel).Symbol;
        if (symbol is INamespaceSymbol space)
            return model.LookupNamespacesAndTypes(position, space);
        if (symbol is INamedTypeSymbol named)
            return model.LookupStaticMembers(position, named);
        return model.GetTypeInfo(left, cancel).Type is { } type
            ? model.LookupSymbols(position, type, includeReducedExtensionMethods: true).Where(s => !s.IsStatic && s is not INamedTypeSymbol)
            : [];
    }

    /// <summary>What stands left of the dot in front of a position; null where there is none.</summary>
    private static SyntaxNode? Qualifier(SemanticModel model, int position, CancellationToken cancel)
    {
        if (position == 0)
            return null;
        var token = model.SyntaxTree.GetRoot(cancel).FindToken(position - 1);
        return !token.IsKind(SyntaxKind.DotToken) ? null : token.Parent switch
        {
            MemberAccessExpressionSyntax access => access.Expression,
            QualifiedNameSyntax name => name.Left,
            MemberBindingExpressionSyntax binding => binding.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>()?.Expression,
            _ => null,
        };
    }

    private SemanticModel Model(string code, string name, CancellationToken cancel)
    {
        var tree = Submissions.Parse(WithoutDirectives(code), name, cancel);
        return submissions.Compilation(tree).GetSemanticModel(tree);
    }

    private static ISymbol? SymbolAt(SemanticModel model, SyntaxNode node, CancellationToken cancel)
    {
        for (var at = node; at is not null and not StatementSyntax and not CompilationUnitSyntax; at = at.Parent)
        {
            if (model.GetDeclaredSymbol(at, cancel) is { } declared)
                return declared;
            var info = model.GetSymbolInfo(at, cancel);
            if ((info.Symbol ?? info.CandidateSymbols.FirstOrDefault()) is { } symbol)
                return symbol;
        }
        return null;
    }

    private static Inspection Describe(ISymbol symbol)
    {
        string signature = symbol.ToDisplayString(Format);
        string documentation = Documentation.Text(symbol);
        return new Inspection(
            documentation.Length == 0 ? signature : $"{signature}\n\n{documentation}",
            documentation.Length == 0 ? $"```csharp\n{signature}\n```" : $"```csharp\n{signature}\n```\n\n{documentation}");
    }

    private static string Signature(IEnumerable<ISymbol> overloads)
    {
        var all = overloads.ToList();
        return all[0].ToDisplayString(Format) + (all.Count > 1 ? $" (+ {all.Count - 1} more)" : "");
    }

    private static string Kind(ISymbol symbol) => symbol switch
    {
        IMethodSymbol => "method",
        IPropertySymbol => "property",
        IFieldSymbol { ContainingType.IsScriptClass: true } => "variable",
        IFieldSymbol { ContainingType.TypeKind: TypeKind.Enum } => "enum member",
        IFieldSymbol => "field",
        IEventSymbol => "event",
        INamespaceSymbol => "namespace",
        INamedTypeSymbol type => type.TypeKind.ToString().ToLowerInvariant(),
        IParameterSymbol => "parameter",
        ILocalSymbol => "local",
        _ => symbol.Kind.ToString().ToLowerInvariant(),
    };

    /// <summary>Directive lines become empty lines of the same length, so that positions stay.</summary>
    private static string WithoutDirectives(string code)
    {
        if (!code.Contains('#'))
            return code;
        var text = new StringBuilder(code.Length);
        foreach (string line in code.Split('\n'))
            text.Append(Directives.CellParser.IsDirective(line) ? new string(' ', line.Length) : line).Append('\n');
        return text.ToString(0, code.Length);
    }

    private static readonly SymbolDisplayFormat Format = SymbolDisplayFormat.MinimallyQualifiedFormat
        .WithMemberOptions(SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeContainingType | SymbolDisplayMemberOptions.IncludeConstantValue)
        .WithKindOptions(SymbolDisplayKindOptions.IncludeTypeKeyword | SymbolDisplayKindOptions.IncludeNamespaceKeyword);
}
