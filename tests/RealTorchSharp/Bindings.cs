using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace RealTorchSharp.Tests;

/// <summary>
/// The real package has more overloads than ours, so code may compile with both and mean different members. What a call means with
/// the real package is the best of all its overloads; when our engine, whose members are a subset, has that one too, it is the best
/// there as well. So it is enough to find members that only the real package has.
/// </summary>
internal static class Bindings
{
    /// <summary>Without names of tuple elements, which the surface test compares.</summary>
    private static readonly SymbolDisplayFormat Format = SymbolDisplayFormat.CSharpErrorMessageFormat
        .WithMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.ExpandValueTuple)
        .WithMemberOptions(SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeContainingType)
        .WithParameterOptions(SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeParamsRefOut);

    private static readonly Lazy<HashSet<string>> Ours = new(() => MembersOf(Engines.Managed));

    /// <summary>Expressions of a source text that mean a member of TorchSharp which our engine does not have.</summary>
    public static IEnumerable<string> OnlyInTheRealOne(SyntaxTree tree, CSharpCompilation real) => Unknown(tree, real, Ours.Value);

    public static IEnumerable<string> Unknown(SyntaxTree tree, CSharpCompilation real, IReadOnlySet<string> known)
    {
        var model = real.GetSemanticModel(tree);
        foreach (var node in tree.GetRoot().DescendantNodes().Where(IsUse))
        {
            IEnumerable<ISymbol?> meanings = [model.GetSymbolInfo(node).Symbol, node is ExpressionSyntax expression ? model.GetConversion(expression).MethodSymbol : null];
            foreach (var meaning in meanings.OfType<ISymbol>().Where(IsMemberOfTorch))
                if (!Declarations(meaning).Any(declaration => known.Contains(Text(declaration))))
                    yield return $"{At(node)}: {node.ToString().ReplaceLineEndings(" ")} means {Text(meaning)}, which our engine lacks";
        }
    }

    public static HashSet<string> MembersOf(MetadataReference engine) =>
        [.. Types(Engines.AssemblyOf(engine).GlobalNamespace).SelectMany(type => type.GetMembers()).Where(member => member is not ITypeSymbol).Select(Text)];

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol scope) =>
        scope.GetMembers().OfType<INamespaceOrTypeSymbol>().SelectMany(inner => inner is INamedTypeSymbol type ? Types(type).Append(type) : Types(inner));

    /// <summary>A call is known by the name that is called, so that the invocation around it need not be looked at.</summary>
    private static bool IsUse(SyntaxNode node) =>
        node is IdentifierNameSyntax or BaseObjectCreationExpressionSyntax or ElementAccessExpressionSyntax or BinaryExpressionSyntax or PrefixUnaryExpressionSyntax
            or AssignmentExpressionSyntax or CastExpressionSyntax or LiteralExpressionSyntax or ConstructorInitializerSyntax or InvocationExpressionSyntax { Parent: ArgumentSyntax };

    private static bool IsMemberOfTorch(ISymbol symbol) =>
        symbol is IMethodSymbol { MethodKind: not MethodKind.BuiltinOperator } or IPropertySymbol or IFieldSymbol && symbol.ContainingAssembly?.Name == "TorchSharp";

    /// <summary>The member and those that it overrides: our engine may leave the same work to a base.</summary>
    private static IEnumerable<ISymbol> Declarations(ISymbol symbol)
    {
        symbol = symbol is IMethodSymbol { ReducedFrom: { } extension } ? extension : symbol;
        for (var item = symbol.OriginalDefinition; item is not null; item = (item switch
        {
            IMethodSymbol method => method.OverriddenMethod,
            IPropertySymbol property => (ISymbol?)property.OverriddenProperty,
            _ => null,
        })?.OriginalDefinition)
            yield return item;
    }

    private static string Text(ISymbol symbol) => symbol.ToDisplayString(Format);

    private static string At(SyntaxNode node)
    {
        var span = node.GetLocation().GetLineSpan();
        return $"{span.Path}({span.StartLinePosition.Line + 1},{span.StartLinePosition.Character + 1})";
    }
}
