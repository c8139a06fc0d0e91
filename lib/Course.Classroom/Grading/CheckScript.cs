using System.Globalization;
using System.Text.Json;
using Course.Session.Child.Scripting;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Course.Classroom.Grading;

/// <summary>
/// A check cell as the grader runs it: each <c>Check</c> is judged by itself, so that one which fails does not hide those behind it,
/// and the cell's value is a list of what became of each, behind a word that only the grader knows.
/// </summary>
/// <remarks>
/// The word is made for one run of one cell and reaches the session with that cell, behind all of the learner's code. What an answer
/// prints or displays, and what it calls <c>Check</c> for, is therefore nothing to the grade. Names are written in full, so that a
/// <c>Check</c> of the learner's own is not the one that is called.
/// </remarks>
internal sealed class CheckScript
{
    public const string NotDone = "not done";

    private readonly string _secret;

    /// <summary>A cell without a <c>Check</c> is one check as a whole.</summary>
    private readonly bool _isWhole;

    private CheckScript(string secret, string code, IReadOnlyList<string> claims)
    {
        (_secret, Code, _isWhole) = (secret, code, claims.Count == 0);
        Claims = _isWhole ? ["the cell ends without an error"] : claims;
    }

    public string Code { get; }

    /// <summary>The claims as the cell writes them, one for each point.</summary>
    public IReadOnlyList<string> Claims { get; }

    public static CheckScript Of(string source) => Of(source, Guid.NewGuid().ToString("N"));

    /// <summary>The points that a cell's checks are worth.</summary>
    public static int Points(string source) => Of(source, "").Claims.Count;

    /// <summary>What each check gave, in the order of <see cref="Claims"/>; null when the text is not this run's.</summary>
    public IReadOnlyList<CheckGrade>? Read(string text, bool hidden)
    {
        if (!text.StartsWith(_secret, StringComparison.Ordinal))
            return null;
        using var parsed = JsonDocument.Parse(text[_secret.Length..]);
        var found = parsed.RootElement[0];
        string? ended = Reason(parsed.RootElement[1]);
        return
        [
            .. Claims.Select((claim, i) => found.TryGetProperty(i.ToString(CultureInfo.InvariantCulture), out var outcome)
                ? Grade(claim, outcome, hidden)
                : new CheckGrade(claim, _isWhole && ended is null, hidden, Reason: ended ?? (_isWhole ? null : "this check was not reached"))),
        ];
    }

    /// <summary>Whether the answer was a stub, as far as these grades say.</summary>
    public static bool IsNotDone(IReadOnlyList<CheckGrade> grades) => grades.Count > 0 && grades.All(g => g.Reason == NotDone);

    private static CheckGrade Grade(string claim, JsonElement outcome, bool hidden)
    {
        if (outcome.ValueKind == JsonValueKind.Null)
            return new CheckGrade(claim, true, hidden);
        if (outcome[0].GetString() != "check")
            return new CheckGrade(claim, false, hidden, Reason: Reason(outcome));
        using var check = JsonDocument.Parse(outcome[1].GetString()!);
        string? Text(string name) => check.RootElement.TryGetProperty(name, out var value) ? value.ToString() : null;
        string? expected = Text("expected") is { } text ? text + (Text("tolerance") is { } tolerance ? $" ± {tolerance}" : "") : null;
        return new CheckGrade(Text("claim") ?? claim, false, hidden, Text("actual"), expected);
    }

    private static string? Reason(JsonElement outcome) => outcome.ValueKind == JsonValueKind.Null ? null
        : outcome[0].GetString() switch
        {
            "not-done" => NotDone,
            "check" => "another check failed before it",
            _ => outcome[1].GetString(),
        };

    private static CheckScript Of(string source, string secret)
    {
        var tree = Submissions.Parse(source.ReplaceLineEndings("\n"), "check");
        var root = (CompilationUnitSyntax)tree.GetRoot();
        var sites = root.DescendantNodes().OfType<InvocationExpressionSyntax>().Where(IsSite).ToList();
        string code = Prelude.Replace("§", secret, StringComparison.Ordinal) + new Rewriter(sites, secret).Visit(root).ToFullString().TrimEnd()
            + $"\n\"{secret}\" + global::System.Text.Json.JsonSerializer.Serialize(new object[] {{ r{secret}, g{secret} }})";
        return new CheckScript(secret, code, [.. sites.Select(Claim)]);
    }

    private static bool IsSite(InvocationExpressionSyntax call) => call.Expression is MemberAccessExpressionSyntax member
        && (member.Expression is IdentifierNameSyntax { Identifier.ValueText: "Check" } || member.Name.Identifier.ValueText == "Submit");

    private static string Claim(InvocationExpressionSyntax call) => call.ArgumentList.Arguments.LastOrDefault()?.Expression switch
    {
        LiteralExpressionSyntax literal when literal.IsKind(SyntaxKind.StringLiteralExpression) => literal.Token.ValueText,
        InterpolatedStringExpressionSyntax text => text.Contents.ToString(),
        _ => call.ToString(),
    };

    /// <summary>In one line, so that the lines behind it keep their numbers.</summary>
    private const string Prelude = "var r§ = new global::System.Collections.Generic.Dictionary<int, string[]>(); string[] g§ = null; "
        + "string[] d§(global::System.Exception e) { for (var x = e; x != null; x = x.InnerException) if (x is global::Course.ExerciseNotDoneException) return new[] { \"not-done\" }; "
        + "return e is global::Course.CheckFailedException c ? new[] { \"check\", global::System.Linq.Enumerable.First(c.Result.Representations()).Content } : new[] { \"error\", e.GetType().Name + \": \" + e.Message }; } "
        + "bool i§(global::System.Exception e) => e is global::Course.Kernel.Cells.CellInterruptedException || e is global::System.Threading.ThreadInterruptedException || e is global::System.OutOfMemoryException; "
        + "void p§(int k) { if (!r§.ContainsKey(k)) r§[k] = null; } void f§(int k, global::System.Exception e) { if (!r§.TryGetValue(k, out var o) || o == null) r§[k] = d§(e); } "
        + "T v§<T>(int k, T value) { p§(k); return value; } ";

    private sealed class Rewriter(List<InvocationExpressionSyntax> sites, string n) : CSharpSyntaxRewriter
    {
        public override SyntaxNode? VisitGlobalStatement(GlobalStatementSyntax node)
        {
            var visited = (GlobalStatementSyntax)base.VisitGlobalStatement(node)!;
            return visited.Statement is ExpressionStatementSyntax statement && !IsJudged(node.Statement)
                ? visited.WithStatement(Try(statement.Expression, statement, "", $"g{n} = d{n}(e{n});"))
                : visited;
        }

        public override SyntaxNode? VisitExpressionStatement(ExpressionStatementSyntax node) => Site(node.Expression) is { } site
            ? Judged(site, Visited(node.Expression), node)
            : base.VisitExpressionStatement(node);

        public override SyntaxNode? VisitParenthesizedLambdaExpression(ParenthesizedLambdaExpressionSyntax node) =>
            node.ExpressionBody is { } body && Site(body) is { } site
                ? node.WithExpressionBody(null).WithBlock(SyntaxFactory.Block(Judged(site, Visited(body), body)))
                : base.VisitParenthesizedLambdaExpression(node);

        public override SyntaxNode? VisitInvocationExpression(InvocationExpressionSyntax node) => Site(node) is { } site
            ? SyntaxFactory.ParseExpression($"v{n}({site}, {Visited(node).WithoutTrivia().ToFullString()})").WithTriviaFrom(node)
            : base.VisitInvocationExpression(node);

        public override SyntaxNode? VisitMemberAccessExpression(MemberAccessExpressionSyntax node)
        {
            var visited = (MemberAccessExpressionSyntax)base.VisitMemberAccessExpression(node)!;
            return visited.Expression is IdentifierNameSyntax { Identifier.ValueText: "Check" or "Exercise" } name
                ? visited.WithExpression(SyntaxFactory.ParseExpression("global::Course." + name.Identifier.ValueText).WithTriviaFrom(name))
                : visited;
        }

        private bool IsJudged(StatementSyntax statement) => statement is ExpressionStatementSyntax expression && Site(expression.Expression) is not null;

        private int? Site(ExpressionSyntax expression) => expression is InvocationExpressionSyntax call && sites.IndexOf(call) is >= 0 and var site ? site : null;

        /// <summary>The parts of a check, which may hold lambdas, without making it a site again.</summary>
        private ExpressionSyntax Visited(ExpressionSyntax expression) => (ExpressionSyntax)base.VisitInvocationExpression((InvocationExpressionSyntax)expression)!;

        private StatementSyntax Judged(int site, ExpressionSyntax check, SyntaxNode place) => Try(check, place, $"p{n}({site});", $"f{n}({site}, e{n});");

        private StatementSyntax Try(ExpressionSyntax expression, SyntaxNode place, string passed, string failed) => SyntaxFactory.ParseStatement(
            $"try {{ {expression.WithoutTrivia().ToFullString()}; {passed} }} catch (global::System.Exception e{n}) when (!i{n}(e{n})) {{ {failed} }}").WithTriviaFrom(place);
    }
}
