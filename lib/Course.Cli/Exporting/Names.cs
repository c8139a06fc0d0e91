using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Course.Cli.Exporting;

/// <summary>
/// In a notebook a later cell may declare a name again; a program's variables and functions all stand in one method, where a name
/// has one meaning, also for the blocks inside. The first declaration keeps its name, the others get a number.
/// </summary>
internal sealed class Names
{
    private readonly Dictionary<ISymbol, string> _fresh = new(SymbolEqualityComparer.Default);
    private readonly HashSet<string> _top = [];
    private readonly HashSet<string> _taken = [];
    private readonly List<(CellText Text, SyntaxToken Token, ISymbol Symbol)> _uses = [];

    public bool Contains(string name) => _taken.Contains(name);

    /// <summary>Notes the names of a cell; all cells come before <see cref="Rename"/>.</summary>
    public void Read(CellText text, SemanticModel model, SyntaxNode root)
    {
        foreach (var token in root.DescendantTokens().Where(t => t.IsKind(SyntaxKind.IdentifierToken)))
        {
            _taken.Add(token.ValueText);
            if (Of(model, token) is { } symbol)
                _uses.Add((text, token, symbol));
        }
    }

    public void Rename()
    {
        foreach (var (_, _, symbol) in _uses)
            if (IsTop(symbol) && !_fresh.ContainsKey(symbol))
                _fresh[symbol] = _top.Add(symbol.Name) ? symbol.Name : Fresh(symbol.Name);
        foreach (var (_, _, symbol) in _uses)
            if (!_fresh.ContainsKey(symbol) && _top.Contains(symbol.Name) && Conflicts(symbol))
                _fresh[symbol] = Fresh(symbol.Name);
        foreach (var (text, token, symbol) in _uses)
            if (_fresh.TryGetValue(symbol, out string? name) && name != symbol.Name)
                Replace(text, token, name);
    }

    private static void Replace(CellText text, SyntaxToken token, string name)
    {
        string old = token.ValueText;
        // Members of tuples and anonymous objects are called as the variables that they are made from.
        if (token.Parent is IdentifierNameSyntax { Parent: ArgumentSyntax { NameColon: null, Parent: TupleExpressionSyntax { Parent: not AssignmentExpressionSyntax } } })
            text.Rename(token.Span, $"{old}: {name}", $"{old}: {name}", old);
        else if (token.Parent is IdentifierNameSyntax { Parent: AnonymousObjectMemberDeclaratorSyntax { NameEquals: null } })
            text.Rename(token.Span, $"{old} = {name}", $"{old} = {name}", old);
        else
            text.Rename(token.Span, name, name, old);
    }

    private static ISymbol? Of(SemanticModel model, SyntaxToken token)
    {
        if (token.Parent is not { } node)
            return null;
        var symbol = node switch
        {
            ConstructorDeclarationSyntax or DestructorDeclarationSyntax => model.GetDeclaredSymbol(node)?.ContainingType,
            VariableDeclaratorSyntax or SingleVariableDesignationSyntax or MethodDeclarationSyntax or LocalFunctionStatementSyntax or BaseTypeDeclarationSyntax or DelegateDeclarationSyntax
                or ForEachStatementSyntax or CatchDeclarationSyntax or FromClauseSyntax or LetClauseSyntax or JoinClauseSyntax or JoinIntoClauseSyntax or QueryContinuationSyntax => model.GetDeclaredSymbol(node),
            IdentifierNameSyntax { IsVar: true } => null,
            SimpleNameSyntax => model.GetSymbolInfo(node) is var info ? info.Symbol ?? info.CandidateSymbols.FirstOrDefault() : null,
            _ => null,
        };
        symbol = symbol is IMethodSymbol { MethodKind: MethodKind.Constructor } constructor ? constructor.ContainingType : symbol;
        return (symbol is IMethodSymbol { ReducedFrom: { } extension } ? extension : symbol)?.OriginalDefinition;
    }

    private static bool IsTop(ISymbol symbol) =>
        symbol is IFieldSymbol or IMethodSymbol { MethodKind: MethodKind.Ordinary } or INamedTypeSymbol or IPropertySymbol && symbol.ContainingType?.IsScriptClass == true;

    /// <summary>Whether a name inside of a block meets those around it; in functions and lambdas it may hide them.</summary>
    private static bool Conflicts(ISymbol symbol) => symbol switch
    {
        IRangeVariableSymbol => true,
        ILocalSymbol => symbol.DeclaringSyntaxReferences is [var at, ..]
            && !at.GetSyntax().Ancestors().Any(n => n is AnonymousFunctionExpressionSyntax or BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or BaseTypeDeclarationSyntax or BasePropertyDeclarationSyntax),
        _ => false,
    };

    private string Fresh(string name)
    {
        for (int i = 2; ; i++)
            if (_taken.Add($"{name}_{i}"))
                return $"{name}_{i}";
    }
}
