using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace RealTorchSharp.Tests.Surface;

/// <summary>
/// Adds what the list leaves implicit: whether a virtual member overrides one of a base, and the members by which a class
/// implements an interface without offering them itself.
/// </summary>
internal sealed class Completion(SemanticModel model) : CSharpSyntaxRewriter
{
    private static readonly SymbolDisplayFormat inFull = SymbolDisplayFormat.FullyQualifiedFormat.WithMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers | SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    public static SyntaxTree Apply(CSharpCompilation compilation)
    {
        SyntaxTree tree = compilation.SyntaxTrees.Single();
        return tree.WithRootAndOptions(new Completion(compilation.GetSemanticModel(tree)).Visit(tree.GetRoot()), tree.Options);
    }

    public override SyntaxNode? VisitMethodDeclaration(MethodDeclarationSyntax node) =>
        model.GetDeclaredSymbol(node) is IMethodSymbol { IsStatic: false } method && node.Parent is not InterfaceDeclarationSyntax
            ? node.WithModifiers(Overriding(node.Modifiers, method, method.ReturnType)) : node;

    public override SyntaxNode? VisitPropertyDeclaration(PropertyDeclarationSyntax node) =>
        model.GetDeclaredSymbol(node) is { IsStatic: false } property && node.Parent is not InterfaceDeclarationSyntax
            ? node.WithModifiers(Overriding(node.Modifiers, property, property.Type)) : node;

    public override SyntaxNode? VisitIndexerDeclaration(IndexerDeclarationSyntax node) =>
        model.GetDeclaredSymbol(node) is { } property && node.Parent is not InterfaceDeclarationSyntax
            ? node.WithModifiers(Overriding(node.Modifiers, property, property.Type)) : node;

    public override SyntaxNode? VisitClassDeclaration(ClassDeclarationSyntax node)
    {
        var visited = (ClassDeclarationSyntax)base.VisitClassDeclaration(node)!;
        return visited.AddMembers([.. MissingImplementations(model.GetDeclaredSymbol(node)!)]);
    }

    public override SyntaxNode? VisitStructDeclaration(StructDeclarationSyntax node)
    {
        var visited = (StructDeclarationSyntax)base.VisitStructDeclaration(node)!;
        return visited.AddMembers([.. MissingImplementations(model.GetDeclaredSymbol(node)!)]);
    }

    /// <summary>"override" instead of "virtual" where a base has the same member to override, "new" where it merely has one of that name.</summary>
    private static SyntaxTokenList Overriding(SyntaxTokenList modifiers, ISymbol member, ITypeSymbol type)
    {
        if (Overridden(member) is not { } inherited) return modifiers;
        bool fits = inherited is IMethodSymbol or IPropertySymbol && (inherited.IsVirtual || inherited.IsAbstract || inherited.IsOverride) && !inherited.IsSealed
            && SymbolEqualityComparer.Default.Equals(inherited is IMethodSymbol method ? method.ReturnType : ((IPropertySymbol)inherited).Type, type)
            && inherited.DeclaredAccessibility == member.DeclaredAccessibility
            && (inherited is not IPropertySymbol property || member is IPropertySymbol own && property.SetMethod is null == own.SetMethod is null);
        SyntaxToken last = SyntaxFactory.Token(fits ? SyntaxKind.OverrideKeyword : SyntaxKind.NewKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        var kept = modifiers.Where(modifier => !fits || !modifier.IsKind(SyntaxKind.VirtualKeyword)).ToList();
        if (fits && !member.IsVirtual && !member.IsAbstract) kept.Add(SyntaxFactory.Token(SyntaxKind.SealedKeyword).WithTrailingTrivia(SyntaxFactory.Space));
        return SyntaxFactory.TokenList(kept.Append(last));
    }

    private static ISymbol? Overridden(ISymbol member)
    {
        for (INamedTypeSymbol? type = member.ContainingType.BaseType; type is not null; type = type.BaseType)
        {
            ISymbol? same = type.GetMembers(member.MetadataName).Concat(type.GetMembers(member.Name)).FirstOrDefault(other =>
                other is not INamedTypeSymbol && other.DeclaredAccessibility != Accessibility.Private && Parameters(other).SequenceEqual(Parameters(member)));
            if (same is not null) return same;
        }
        return null;
    }

    private static IEnumerable<(string Type, RefKind Kind)> Parameters(ISymbol member) =>
        (member switch { IMethodSymbol method => method.Parameters, IPropertySymbol property => property.Parameters, _ => [] })
            .Select(parameter => (parameter.Type.ToDisplayString(inFull), parameter.RefKind));

    private static IEnumerable<MemberDeclarationSyntax> MissingImplementations(INamedTypeSymbol type) =>
        from contract in type.AllInterfaces
        where type.BaseType?.AllInterfaces.Contains(contract, SymbolEqualityComparer.Default) != true
        from member in contract.GetMembers()
        where member.IsAbstract && member is IPropertySymbol or IMethodSymbol { MethodKind: MethodKind.Ordinary } && type.FindImplementationForInterfaceMember(member) is null
        select SyntaxFactory.ParseMemberDeclaration(Explicit(contract, member))!;

    private static string Explicit(INamedTypeSymbol contract, ISymbol member)
    {
        string owner = contract.ToDisplayString(inFull);
        if (member is IPropertySymbol property)
        {
            string name = property.IsIndexer ? $"this[{Declared(property.Parameters)}]" : "@" + property.Name;
            return $"{property.Type.ToDisplayString(inFull)} {owner}.{name} {{ {(property.GetMethod is null ? "" : "get => throw null!; ")}{(property.SetMethod is null ? "" : "set => throw null!; ")}}}\n";
        }
        var method = (IMethodSymbol)member;
        return $"{method.ReturnType.ToDisplayString(inFull)} {owner}.@{method.Name}({Declared(method.Parameters)}) => throw null!;\n";
    }

    private static string Declared(IEnumerable<IParameterSymbol> parameters) => string.Join(", ", parameters.Select(parameter =>
        $"{(parameter.RefKind == RefKind.Out ? "out " : "")}{parameter.Type.ToDisplayString(inFull)} @{parameter.Name}"));
}
