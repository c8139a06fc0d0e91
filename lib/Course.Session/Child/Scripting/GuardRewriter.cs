using Course.Kernel.Cells;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Course.Session.Child.Scripting;

/// <summary>
/// Puts a call of <see cref="Guard"/> at the start of every loop body, function and statement of a cell, without a new line,
/// so that line numbers stay what the reader sees.
/// </summary>
/// <remarks>
/// What it puts into functions and loops has no text: <c>CallerArgumentExpression</c> hands on the text of an argument, which may
/// be a lambda, and that is to be the reader's own, but for spaces.
/// </remarks>
internal sealed class GuardRewriter : CSharpSyntaxRewriter
{
    private static readonly StatementSyntax Loop = WithoutText(Call("Loop"));
    private static readonly StatementSyntax Function = WithoutText(Call("Function"));

    public static CompilationUnitSyntax Rewrite(CompilationUnitSyntax unit)
    {
        var rewritten = (CompilationUnitSyntax)new GuardRewriter().Visit(unit);
        var members = new List<MemberDeclarationSyntax>();
        foreach (var (member, original) in rewritten.Members.Zip(unit.Members))
        {
            if (member is GlobalStatementSyntax { Statement: not (LocalFunctionStatementSyntax or LabeledStatementSyntax) } or FieldDeclarationSyntax { Modifiers.Count: 0 })
            {
                // Comments and preprocessor lines above the statement stay above what is put before it.
                var at = Call("At", original.GetLocation().GetLineSpan().StartLinePosition.Line + 1);
                members.Add(GlobalStatement(at.WithLeadingTrivia(member.GetLeadingTrivia())));
                members.Add(member.WithoutLeadingTrivia());
            }
            else
            {
                members.Add(member);
            }
        }
        // An expression without semicolon is the cell's value, and nothing may stand behind it.
        if (members.LastOrDefault() is GlobalStatementSyntax { Statement: not ExpressionStatementSyntax { SemicolonToken.IsMissing: true } })
        {
            // Before the line break and the comment that end the last statement.
            var last = members[^1];
            members[^1] = last.WithTrailingTrivia();
            members.Add(GlobalStatement(Call("NoteCulture").WithTrailingTrivia(last.GetTrailingTrivia())));
        }
        // A submission without a statement has no slot of its own, so every one gets a statement.
        if (members.Count == 0)
            members.Add(GlobalStatement(EmptyStatement()));
        return rewritten.WithMembers(List(members));
    }

    public override SyntaxNode? VisitWhileStatement(WhileStatementSyntax node) =>
        base.VisitWhileStatement(node) is WhileStatementSyntax loop ? loop.WithStatement(Guarded(loop.Statement)) : null;

    public override SyntaxNode? VisitDoStatement(DoStatementSyntax node) =>
        base.VisitDoStatement(node) is DoStatementSyntax loop ? loop.WithStatement(Guarded(loop.Statement)) : null;

    public override SyntaxNode? VisitForStatement(ForStatementSyntax node) =>
        base.VisitForStatement(node) is ForStatementSyntax loop ? loop.WithStatement(Guarded(loop.Statement)) : null;

    public override SyntaxNode? VisitForEachStatement(ForEachStatementSyntax node) =>
        base.VisitForEachStatement(node) is ForEachStatementSyntax loop ? loop.WithStatement(Guarded(loop.Statement)) : null;

    public override SyntaxNode? VisitForEachVariableStatement(ForEachVariableStatementSyntax node) =>
        base.VisitForEachVariableStatement(node) is ForEachVariableStatementSyntax loop ? loop.WithStatement(Guarded(loop.Statement)) : null;

    public override SyntaxNode? VisitGotoStatement(GotoStatementSyntax node) =>
        node.IsKind(SyntaxKind.GotoStatement) ? Guarded(node) : base.VisitGotoStatement(node);

    public override SyntaxNode? VisitMethodDeclaration(MethodDeclarationSyntax node)
    {
        if (base.VisitMethodDeclaration(node) is not MethodDeclarationSyntax method)
            return null;
        if (method.Body is { } body)
            return method.WithBody(Guarded(body));
        return method.ExpressionBody is { } arrow
            ? method.WithBody(Guarded(arrow, method.ReturnType, method.Modifiers, method.SemicolonToken)).WithExpressionBody(null).WithSemicolonToken(default)
            : method;
    }

    public override SyntaxNode? VisitLocalFunctionStatement(LocalFunctionStatementSyntax node)
    {
        if (base.VisitLocalFunctionStatement(node) is not LocalFunctionStatementSyntax function)
            return null;
        if (function.Body is { } body)
            return function.WithBody(Guarded(body));
        return function.ExpressionBody is { } arrow
            ? function.WithBody(Guarded(arrow, function.ReturnType, function.Modifiers, function.SemicolonToken)).WithExpressionBody(null).WithSemicolonToken(default)
            : function;
    }

    public override SyntaxNode? VisitAccessorDeclaration(AccessorDeclarationSyntax node) =>
        base.VisitAccessorDeclaration(node) is AccessorDeclarationSyntax { Body: { } body } accessor ? accessor.WithBody(Guarded(body)) : base.VisitAccessorDeclaration(node);

    public override SyntaxNode? VisitConstructorDeclaration(ConstructorDeclarationSyntax node) =>
        base.VisitConstructorDeclaration(node) is ConstructorDeclarationSyntax { Body: { } body } constructor ? constructor.WithBody(Guarded(body)) : base.VisitConstructorDeclaration(node);

    public override SyntaxNode? VisitParenthesizedLambdaExpression(ParenthesizedLambdaExpressionSyntax node) =>
        base.VisitParenthesizedLambdaExpression(node) is ParenthesizedLambdaExpressionSyntax { Block: { } body } lambda ? lambda.WithBlock(Guarded(body)) : base.VisitParenthesizedLambdaExpression(node);

    public override SyntaxNode? VisitSimpleLambdaExpression(SimpleLambdaExpressionSyntax node) =>
        base.VisitSimpleLambdaExpression(node) is SimpleLambdaExpressionSyntax { Block: { } body } lambda ? lambda.WithBlock(Guarded(body)) : base.VisitSimpleLambdaExpression(node);

    public override SyntaxNode? VisitAnonymousMethodExpression(AnonymousMethodExpressionSyntax node) =>
        base.VisitAnonymousMethodExpression(node) is AnonymousMethodExpressionSyntax method ? method.WithBlock(Guarded(method.Block)) : null;

    private static BlockSyntax Guarded(BlockSyntax block) => WithFirst(block, Function);

    private static StatementSyntax Guarded(StatementSyntax statement) => statement is BlockSyntax block
        ? WithFirst(block, Loop)
        : Block(
            Blank(SyntaxKind.OpenBraceToken).WithLeadingTrivia(statement.GetLeadingTrivia()),
            List([Loop, statement.WithoutTrivia()]),
            Blank(SyntaxKind.CloseBraceToken).WithTrailingTrivia(statement.GetTrailingTrivia()));

    /// <summary>Puts a statement right behind the opening brace, before its line ends: a preprocessor line may follow.</summary>
    private static BlockSyntax WithFirst(BlockSyntax block, StatementSyntax first) => block
        .WithOpenBraceToken(block.OpenBraceToken.WithTrailingTrivia())
        .WithStatements(block.Statements.Insert(0, first.WithTrailingTrivia(block.OpenBraceToken.TrailingTrivia)));

    /// <summary><c>=> e;</c> becomes a block that checks first, with the arrow's line breaks kept.</summary>
    private static BlockSyntax Guarded(ArrowExpressionClauseSyntax arrow, TypeSyntax returns, SyntaxTokenList modifiers, SyntaxToken semicolon)
    {
        bool isAsync = modifiers.Any(SyntaxKind.AsyncKeyword);
        bool givesNothing = returns is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword }
            || isAsync && returns is SimpleNameSyntax { Arity: 0 } or QualifiedNameSyntax { Right.Arity: 0 } && isAsync;
        var check = Function.WithLeadingTrivia(arrow.Expression.GetLeadingTrivia());
        StatementSyntax statement = arrow.Expression.WithoutLeadingTrivia() switch
        {
            ThrowExpressionSyntax thrown => ThrowStatement(thrown.ThrowKeyword, thrown.Expression, semicolon),
            var expression when givesNothing => ExpressionStatement(expression, semicolon),
            var expression => ReturnStatement(Token(SyntaxKind.ReturnKeyword).WithTrailingTrivia(Space), expression, semicolon.WithTrailingTrivia()),
        };
        var open = Token(SyntaxKind.OpenBraceToken).WithLeadingTrivia(arrow.ArrowToken.LeadingTrivia).WithTrailingTrivia(arrow.ArrowToken.TrailingTrivia);
        var close = Token(SyntaxKind.CloseBraceToken).WithTrailingTrivia(semicolon.TrailingTrivia);
        return Block(open, List([check, statement]), close);
    }

    /// <summary>The same tokens without their text, but for a space at the end: a debugging file knows no place without width.</summary>
    private static StatementSyntax WithoutText(StatementSyntax statement) => statement.ReplaceTokens(statement.DescendantTokens(), (token, _) =>
        token.IsKind(SyntaxKind.IdentifierToken) ? Identifier([], SyntaxKind.IdentifierToken, "", token.ValueText, [])
        : token.IsKind(SyntaxKind.SemicolonToken) ? Blank(SyntaxKind.SemicolonToken)
        : Token([], token.Kind(), "", token.ValueText, []));

    private static SyntaxToken Blank(SyntaxKind kind) => Token([], kind, " ", SyntaxFacts.GetText(kind), []);

    private static StatementSyntax Call(string method, int? line = null) =>
        ParseStatement($"global::Course.Kernel.Cells.{nameof(Guard)}.{method}({line});");
}
