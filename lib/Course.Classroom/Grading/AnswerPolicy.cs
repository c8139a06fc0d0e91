using Course.Notebooks;
using Course.Session.Child.Directives;
using Course.Session.Child.Scripting;
using Course.Session.Packages;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Course.Classroom.Grading;

/// <summary>
/// Judges an answer's code before it runs, outside of its session: with the compiler's own knowledge of what each name means, it must
/// stay within the mathematics and collections of .NET, TorchSharp and the course, and keep its hands off the course's own names and
/// variables. So an answer cannot reach the grader's part of its process by reflection, native code, files or other threads.
/// </summary>
/// <remarks>
/// Whatever the teacher's own solution of the exercise uses is allowed too. Not seen is a change of the course's data through another
/// name (<c>var mine = laps; mine.zero_();</c>); a hidden variant with data of its own is what such an answer fails.
/// </remarks>
internal sealed class AnswerPolicy
{
    private const int LongestCell = 50_000, DeepestNesting = 200, StackSize = 256 << 20;
    private static readonly TimeSpan CompilerLimit = TimeSpan.FromSeconds(30);

    private readonly References _references = new();
    private readonly Dictionary<ExerciseStep, CSharpCompilation?> _before = [];
    /// <summary>Every cell of the teacher's; of a solution also what it solves.</summary>
    private readonly List<(SyntaxTree Tree, CSharpCompilation Compilation, ExerciseStep? Solves)> _teachers = [];
    private readonly Lock _gate = new();
    private int _count;

    /// <exception cref="ClassroomException">A library that the notebook loads is not there.</exception>
    public AnswerPolicy(Assignment assignment, string engine)
    {
        var libraries = new EngineLibraries(engine);
        string folder = Path.GetDirectoryName(Path.GetFullPath(assignment.Notebook.Path))!;
        CSharpCompilation? last = null;
        foreach (var step in assignment.Steps)
        {
            if (step is ExerciseStep exercise)
            {
                _before[exercise] = last;
                foreach (var cell in exercise.Checks)
                    _teachers.AddRange(Compiled([cell], Compiled(exercise.Solutions, last).LastOrDefault().Compilation ?? last).Select(c => (c.Tree, c.Compilation, (ExerciseStep?)null)));
                foreach (var compiled in Compiled(exercise.Solutions, last))
                    _teachers.Add((compiled.Tree, last = compiled.Compilation, exercise));
            }
            else if (step is TeachersCell { Cell: var cell } && cell.Language == "csharp")
            {
                foreach (var directive in CellParser.Parse(cell.Source, "", "csharp").OfType<DirectivePart>().Where(d => d.Name == "r" && !d.Arguments.Contains("nuget:", StringComparison.OrdinalIgnoreCase)))
                {
                    string path = libraries.Answer(Path.GetFullPath(Path.Combine(folder, directive.Arguments.Trim().Trim('"'))));
                    if (!File.Exists(path))
                        throw new ClassroomException($"{assignment.Notebook.Path}, cell {cell.Id}: there is no {path}; build the libraries once: dotnet build lib/Course.Serving");
                    _references.Add(path, mayChange: false);
                }
                foreach (var compiled in Compiled([cell], last))
                    _teachers.Add((compiled.Tree, last = compiled.Compilation, null));
            }
        }
    }

    /// <summary>Null when the answer may run; else why not.</summary>
    public (Verdict Verdict, string Message)? Judge(ExerciseStep exercise, IReadOnlyList<NotebookCell> answer)
    {
        foreach (var cell in answer)
            if (cell.Source.Length > LongestCell || Depth(cell.Source) > DeepestNesting)
                return (Verdict.DoesNotCompile, $"{Name(cell)} is longer than {LongestCell:N0} characters or nested deeper than {DeepestNesting} brackets");
        (Verdict, string)? judged = null;
        // The compiler's recursion must not end the grader: the stack holds some kilobytes for each character of a cell.
        var thread = new Thread(() => judged = Guarded(exercise, answer), StackSize);
        thread.Start();
        thread.Join();
        return judged;
    }

    private (Verdict Verdict, string Message)? Guarded(ExerciseStep exercise, IReadOnlyList<NotebookCell> answer)
    {
        using var limit = new CancellationTokenSource(CompilerLimit);
        try
        {
            lock (_gate)
                return Judged(exercise, answer, limit.Token);
        }
        catch (InsufficientExecutionStackException)
        {
            return (Verdict.DoesNotCompile, "it is nested too deep for the compiler");
        }
        catch (OperationCanceledException)
        {
            return (Verdict.TimedOut, $"the compiler needs longer than {CompilerLimit.TotalSeconds:0} s for it");
        }
    }

    /// <summary>The most brackets that are open at the same time, as far as one can tell without reading the code.</summary>
    private static int Depth(string code)
    {
        int depth = 0, deepest = 0;
        foreach (char c in code)
            deepest = Math.Max(deepest, depth += c is '(' or '[' or '{' ? 1 : c is ')' or ']' or '}' ? -1 : 0);
        return deepest;
    }

    private (Verdict Verdict, string Message)? Judged(ExerciseStep exercise, IReadOnlyList<NotebookCell> answer, CancellationToken limit)
    {
        foreach (var cell in answer)
            if (cell.Language != "csharp" || Directives(cell))
                return (Verdict.Refused, $"{Name(cell)} has a directive (a line that starts with #r, #!, #i or #load), which an answer may not have");
        var compiled = Compiled(answer, _before[exercise]);
        foreach (var ((tree, compilation), cell) in compiled.Zip(answer))
            if (compilation.GetDiagnostics(limit).FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error) is { } error)
                return (Verdict.DoesNotCompile, $"{Name(cell)}, line {Line(error.Location)}: error {error.Id}: {error.GetMessage()}");
        var stubs = Members(Compiled(exercise.Stubs, _before[exercise]));
        var allowed = Compiled(exercise.Solutions, _before[exercise]);
        var alsoAllowed = allowed.SelectMany(c => Uses(c).Select(u => u.Type)).ToHashSet<ISymbol>(SymbolEqualityComparer.Default);
        var alsoChanged = allowed.SelectMany(c => Changes(c, [])).Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        var own = compiled.Select(c => c.Compilation.Assembly).ToHashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var (part, cell) in compiled.Zip(answer))
        {
            string? problem = Construct(part) ?? Uses(part).Where(u => !alsoAllowed.Contains(u.Type)).Select(u => $"line {u.Line} uses {u.What}, which an answer may not use").FirstOrDefault()
                ?? Changes(part, own).Where(c => !alsoChanged.Contains(c.Name)).Select(c => $"line {c.Line} changes the course's variable {c.Name}; work on a copy").FirstOrDefault();
            if (problem is not null)
                return (Verdict.Refused, $"{Name(cell)}, {problem}");
        }
        var members = Members(compiled);
        foreach (var (name, signatures) in stubs)
            if (!signatures.SetEquals(members.GetValueOrDefault(name) ?? []))
                return (Verdict.Refused, $"{name} must be declared once, as in the stub: {string.Join("; ", signatures)}");
        foreach (string name in members.Keys.Concat(Aliases(compiled)).Where(n => !stubs.ContainsKey(n)))
            if (IsTheCourses(name, exercise))
                return (Verdict.Refused, $"it declares {name}, a name that the course's own cells use; choose another name");
        return null;
    }

    private List<(SyntaxTree Tree, CSharpCompilation Compilation)> Compiled(IReadOnlyList<NotebookCell> cells, CSharpCompilation? previous)
    {
        var compiled = new List<(SyntaxTree, CSharpCompilation)>();
        foreach (var cell in cells.Where(c => c.Language == "csharp"))
        {
            string code = string.Concat(CellParser.Parse(cell.Source, "", "csharp").OfType<TextPart>().Where(t => t.Language == "csharp").Select(t => t.Text));
            var tree = Submissions.Parse(code, Name(cell));
            previous = Submissions.Compilation($"graded-{++_count}", tree, $"Graded{_count}", previous, _references.All, _references.MissingAssemblies, withOutputs: previous is null);
            compiled.Add((tree, previous));
        }
        return compiled;
    }

    private static bool Directives(NotebookCell cell)
    {
        try
        {
            return CellParser.Parse(cell.Source, "", "csharp").Any(p => p is not TextPart { Language: "csharp" });
        }
        catch (SubmissionException)
        {
            return true;
        }
    }

    /// <summary>What the cells declare for later ones: signatures by name.</summary>
    private static Dictionary<string, HashSet<string>> Members(List<(SyntaxTree Tree, CSharpCompilation Compilation)> cells) => cells
        .SelectMany(c => c.Compilation.ScriptClass!.GetMembers()).Where(m => !m.IsImplicitlyDeclared && m.CanBeReferencedByName && m is not IMethodSymbol { MethodKind: not MethodKind.Ordinary })
        .GroupBy(m => m.Name).ToDictionary(g => g.Key, g => g.Select(Signature).ToHashSet(StringComparer.Ordinal));

    private static string Signature(ISymbol member) => member switch
    {
        IMethodSymbol method => $"{method.ReturnType.ToDisplayString()} {method.Name}{(method.Arity > 0 ? $"`{method.Arity}" : "")}({string.Join(", ", method.Parameters.Select(p => $"{(p.IsThis ? "this " : "")}{(p.RefKind == RefKind.None ? "" : p.RefKind + " ")}{p.Type.ToDisplayString()}"))})",
        IFieldSymbol field => $"{field.Type.ToDisplayString()} {field.Name}",
        INamedTypeSymbol type => $"{type.TypeKind} {type.Name}",
        _ => member.ToDisplayString(),
    };

    private static IEnumerable<string> Aliases(List<(SyntaxTree Tree, CSharpCompilation Compilation)> cells) =>
        cells.SelectMany(c => ((CompilationUnitSyntax)c.Tree.GetRoot()).Usings).Select(u => u.Alias?.Name.Identifier.ValueText).OfType<string>();

    /// <summary>
    /// Whether a cell of the teacher's means something of the notebook or of a library by this name. The exercise's own solution does
    /// not count: it is not run beside an answer, which may well call its helper by the same name.
    /// </summary>
    private bool IsTheCourses(string name, ExerciseStep exercise) => _teachers.Where(cell => cell.Solves != exercise).Any(cell => cell.Tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
        .Where(n => n.Identifier.ValueText == name)
        .Any(n => cell.Compilation.GetSemanticModel(cell.Tree).GetSymbolInfo(n) is var info && (info.Symbol ?? info.CandidateSymbols.FirstOrDefault()) switch
        {
            ILocalSymbol or IParameterSymbol or IRangeVariableSymbol or ILabelSymbol => false,
            IMethodSymbol { MethodKind: MethodKind.LocalFunction } => false,
            IMethodSymbol { ReducedFrom: not null } => true,
            // Behind a dot, a name of the notebook's is not looked for.
            _ => !(n.Parent is MemberAccessExpressionSyntax access && access.Name == n || n.Parent is QualifiedNameSyntax qualified && qualified.Right == n),
        }));

    /// <summary>Constructs that leave safe code.</summary>
    private static string? Construct((SyntaxTree Tree, CSharpCompilation Compilation) cell)
    {
        var model = cell.Compilation.GetSemanticModel(cell.Tree);
        foreach (var node in cell.Tree.GetRoot().DescendantNodes())
        {
            string? what = node switch
            {
                AttributeListSyntax => "an attribute",
                UnsafeStatementSyntax or PointerTypeSyntax or FunctionPointerTypeSyntax or FixedStatementSyntax => "unsafe code",
                ExternAliasDirectiveSyntax or MakeRefExpressionSyntax or RefValueExpressionSyntax or RefTypeExpressionSyntax => "a construct beyond safe code",
                MemberDeclarationSyntax member when member.Modifiers.Any(SyntaxKind.UnsafeKeyword) || member.Modifiers.Any(SyntaxKind.ExternKeyword) => "unsafe or extern",
                LocalFunctionStatementSyntax local when local.Modifiers.Any(SyntaxKind.UnsafeKeyword) || local.Modifiers.Any(SyntaxKind.ExternKeyword) => "unsafe or extern",
                IdentifierNameSyntax { Identifier.ValueText: "dynamic" } name when model.GetTypeInfo(name).Type?.TypeKind == TypeKind.Dynamic => "dynamic",
                MethodDeclarationSyntax { Identifier.ValueText: "Equals" } => "an Equals of its own",
                ParameterSyntax parameter when parameter.Modifiers.Any(SyntaxKind.ThisKeyword) => "an extension method",
                UsingDirectiveSyntax { StaticKeyword.RawKind: (int)SyntaxKind.StaticKeyword, NamespaceOrType: { } target } when model.GetSymbolInfo(target).Symbol is { } type && type.Locations.Any(l => l.IsInSource) => "using static of its own type",
                _ => null,
            };
            if (what is not null)
                return $"line {Line(node.GetLocation())} has {what}, which an answer may not have";
        }
        return null;
    }

    /// <summary>Types beyond what every answer may use, where they are used.</summary>
    private static IEnumerable<(ISymbol Type, string What, int Line)> Uses((SyntaxTree Tree, CSharpCompilation Compilation) cell)
    {
        var model = cell.Compilation.GetSemanticModel(cell.Tree);
        foreach (var node in cell.Tree.GetRoot().DescendantNodes())
        {
            if (node is IdentifierNameSyntax { IsVar: true } || node is not (SimpleNameSyntax or ImplicitObjectCreationExpressionSyntax))
                continue;
            var info = model.GetSymbolInfo(node);
            var symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
            if (symbol is IAliasSymbol alias)
                symbol = alias.Target;
            var type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
            if (symbol is null or INamespaceSymbol || type is null || type.Locations.Any(l => l.IsInSource) || symbol.Locations.Any(l => l.IsInSource))
                continue;
            if (!AllowedApi.Has(type.OriginalDefinition, symbol is INamedTypeSymbol || symbol is IMethodSymbol { MethodKind: MethodKind.Constructor } ? null : symbol.Name))
                yield return (type.OriginalDefinition, symbol is INamedTypeSymbol ? type.ToDisplayString() : $"{type.ToDisplayString()}.{symbol.Name}", Line(node.GetLocation()));
        }
    }

    /// <summary>Variables of other cells than the answer's own that are assigned to, or whose elements are.</summary>
    private static IEnumerable<(string Name, int Line)> Changes((SyntaxTree Tree, CSharpCompilation Compilation) cell, HashSet<ISymbol> own)
    {
        var model = cell.Compilation.GetSemanticModel(cell.Tree);
        foreach (var node in cell.Tree.GetRoot().DescendantNodes())
        {
            var changed = node switch
            {
                AssignmentExpressionSyntax assignment => assignment.Left,
                PostfixUnaryExpressionSyntax unary when unary.IsKind(SyntaxKind.PostIncrementExpression) || unary.IsKind(SyntaxKind.PostDecrementExpression) => unary.Operand,
                PrefixUnaryExpressionSyntax unary when unary.IsKind(SyntaxKind.PreIncrementExpression) || unary.IsKind(SyntaxKind.PreDecrementExpression) => unary.Operand,
                ArgumentSyntax argument when argument.RefKindKeyword.IsKind(SyntaxKind.RefKeyword) || argument.RefKindKeyword.IsKind(SyntaxKind.OutKeyword) => argument.Expression,
                RefExpressionSyntax reference => reference.Expression,
                // TorchSharp's operations in place.
                InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name } call } when name.EndsWith('_') => call.Expression,
                _ => null,
            };
            var roots = changed is TupleExpressionSyntax tuple ? tuple.Arguments.Select(a => a.Expression) : changed is null ? [] : [changed];
            foreach (var root in roots.Select(Root))
                if (model.GetSymbolInfo(root).Symbol is IFieldSymbol { ContainingType.IsScriptClass: true } field
                    && !SymbolEqualityComparer.Default.Equals(field.ContainingAssembly, cell.Compilation.Assembly) && !own.Contains(field.ContainingAssembly))
                    yield return (field.Name, Line(node.GetLocation()));
        }
    }

    private static ExpressionSyntax Root(ExpressionSyntax expression)
    {
        while (true)
        {
            var inner = expression switch
            {
                ElementAccessExpressionSyntax element => element.Expression,
                MemberAccessExpressionSyntax member => member.Expression,
                InvocationExpressionSyntax call => call.Expression,
                ParenthesizedExpressionSyntax parentheses => parentheses.Expression,
                _ => null,
            };
            if (inner is null)
                return expression;
            expression = inner;
        }
    }

    private static string Name(NotebookCell cell) => cell.Id ?? $"cell {cell.Index}";

    private static int Line(Location location) => location.GetLineSpan().StartLinePosition.Line + 1;
}
