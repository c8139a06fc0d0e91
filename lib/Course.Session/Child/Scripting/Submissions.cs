using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Course.Session.Child.Scripting;

/// <summary>
/// The chain of compiled submissions: each sees the variables, functions, types and using directives of those before it.
/// </summary>
internal sealed partial class Submissions(References references)
{
    private static readonly CSharpParseOptions Parsing = CSharpParseOptions.Default.WithKind(SourceCodeKind.Script).WithLanguageVersion(LanguageVersion.Latest);

    /// <summary>As in .NET Interactive, and our own helpers.</summary>
    private static readonly string[] Imports =
    [
        "System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq",
        "Course.Kernel.Cells.Helpers",
    ];

    private const string Outputs = "Course.Kernel.Cells.Outputs";

    private object[] _slots = new object[64];
    private int _count;
    private bool _hasOutputs;

    public CSharpCompilation? Last { get; private set; }

    public static CSharpParseOptions ParseOptions => Parsing;

    /// <summary>The instances of the submissions run so far, the latest last; their fields are the session's variables.</summary>
    public IEnumerable<object> Instances => _slots.Where(s => s is not null).Reverse();

    /// <summary>Compiles code without running it.</summary>
    /// <param name="name">Stands as the file in messages and stack traces.</param>
    /// <exception cref="SubmissionException">It does not compile.</exception>
    public Submission Compile(string code, string name, CancellationToken cancel)
    {
        var (tree, rewritten) = Guarded(code, name, cancel);
        var with = references.Used;
        // The first cell that shows something by name needs the types of what is shown, and for that alone not all references.
        bool shows = !_hasOutputs && ShowsByName().IsMatch(code);
        if (shows)
            with = [.. with, .. references.Shipped];
        if (Emit(rewritten, with, outputs: shows, cancel, out var found) is not { } submission)
        {
            (with, shows) = (references.All, true);
            submission = Emit(rewritten, with, outputs: true, cancel, out found) ?? throw CompilationError(Compilation(tree).GetDiagnostics(cancel), found, name);
        }
        if (shows)
            references.Use(submission.Compilation.GetUsedAssemblyReferences(cancel));
        return submission with { Warnings = Warnings(tree, found, with, outputs: shows, cancel) };
    }

    [GeneratedRegex(@"\b(display|Display|HTML)\b")]
    private static partial Regex ShowsByName();

    /// <summary>What the compiler remarks on the code as its author wrote it; a cell that it finds nothing in is not compiled a second time for that.</summary>
    private string[] Warnings(SyntaxTree original, ImmutableArray<Diagnostic> found, IEnumerable<MetadataReference> with, bool outputs, CancellationToken cancel) =>
        !found.Any(IsWarning) ? [] : [.. Compilation(original, with, outputs).GetDiagnostics(cancel).Where(IsWarning)
            .OrderBy(d => d.Location.SourceSpan.Start).Select(d => $"{At(d)}: warning {d.Id}: {d.GetMessage()}")];

    /// <summary>Remarks without a position are on versions of assemblies; the SDK tells them to nobody either.</summary>
    private static bool IsWarning(Diagnostic found) => found is { Severity: DiagnosticSeverity.Warning, IsSuppressed: false, Location.IsInSource: true };

    /// <summary>The code's tree as it is and as it is run.</summary>
    /// <remarks>The second keeps the first one's line breaks but not its columns, so errors are reported from the first. It is not parsed again: parts of it have no text.</remarks>
    public static (SyntaxTree Original, SyntaxTree Rewritten) Guarded(string code, string name, CancellationToken cancel)
    {
        var tree = Parse(code, name, cancel);
        return (tree, CSharpSyntaxTree.Create(GuardRewriter.Rewrite((CompilationUnitSyntax)tree.GetRoot(cancel)), Parsing, name, Encoding.UTF8));
    }

    private Submission? Emit(SyntaxTree tree, IEnumerable<MetadataReference> with, bool outputs, CancellationToken cancel, out ImmutableArray<Diagnostic> diagnostics)
    {
        var compilation = Compilation(tree, with, outputs);
        using var image = new MemoryStream();
        using var symbols = new MemoryStream();
        var result = compilation.Emit(image, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb), cancellationToken: cancel);
        diagnostics = result.Diagnostics;
        return result.Success ? new Submission(compilation, image.ToArray(), symbols.ToArray(), HasValue(compilation, cancel)) { HasOutputs = outputs && !_hasOutputs } : null;
    }

    /// <summary>Loads a submission and starts it on the calling thread; from here on later submissions see it.</summary>
    public Task<object?> Start(Submission submission)
    {
        byte[] image = JitFlags.Set(submission.Image, JitFlags.Repeats(submission.Compilation.SyntaxTrees[0].GetRoot()));
        var assembly = AssemblyLoadContext.Default.LoadFromStream(new MemoryStream(image), new MemoryStream(submission.Symbols));
        var entry = submission.Compilation.GetEntryPoint(default)!;
        var method = assembly.GetType(entry.ContainingType.MetadataName)!.GetMethod(entry.MetadataName, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;
        int slot = ++_count;
        if (slot >= _slots.Length)
            Array.Resize(ref _slots, 2 * _slots.Length);
        // A link of the chain costs every later cell time and memory: one that nobody can refer to is left out, and its slot taken by the next.
        if (submission.HasOutputs || Declares(submission.Compilation))
            Last = submission.Compilation;
        _hasOutputs |= submission.HasOutputs;
        return method.CreateDelegate<Func<object[], Task<object?>>>()(_slots);
    }

    /// <summary>Code behind the submissions run so far, as it is being written: all that could be used is in sight.</summary>
    public CSharpCompilation Compilation(SyntaxTree tree) => Compilation(tree, references.All, outputs: true);

    /// <param name="outputs">Whether the references are enough for <c>display</c> and <c>HTML</c>.</param>
    private CSharpCompilation Compilation(SyntaxTree tree, IEnumerable<MetadataReference> with, bool outputs) =>
        Compilation($"cell-{_count + 1}-{Guid.NewGuid():N}", tree, $"Submission{_count + 1}", Last, with, references.MissingAssemblies, withOutputs: outputs && !_hasOutputs);

    /// <summary>A cell's code that follows <paramref name="previous"/>, as the session compiles it.</summary>
    /// <param name="withOutputs">Whether it imports <c>display</c> and <c>HTML</c>, for itself and those behind it: once in a chain, where their types can be found.</param>
    public static CSharpCompilation Compilation(string name, SyntaxTree? tree, string className, CSharpCompilation? previous,
        IEnumerable<MetadataReference> references, MetadataReferenceResolver? missingAssemblies = null, bool withOutputs = false) =>
        CSharpCompilation.CreateScriptCompilation(name, tree, references, new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            scriptClassName: className,
            usings: [.. previous is null ? Imports : [], .. withOutputs ? [Outputs] : (string[])[]],
            optimizationLevel: OptimizationLevel.Debug,
            allowUnsafe: true,
            concurrentBuild: false,
            nullableContextOptions: NullableContextOptions.Disable,
            metadataReferenceResolver: missingAssemblies,
            assemblyIdentityComparer: DesktopAssemblyIdentityComparer.Default), previous);

    public static SyntaxTree Parse(string code, string name, CancellationToken cancel = default) =>
        CSharpSyntaxTree.ParseText(SourceText.From(code, Encoding.UTF8), Parsing, name, cancel);

    /// <summary>Whether later cells can see anything of this one: variables, functions, types or using directives.</summary>
    private static bool Declares(CSharpCompilation compilation) =>
        compilation.SyntaxTrees[0].GetRoot() is CompilationUnitSyntax { Usings.Count: > 0 } or CompilationUnitSyntax { Externs.Count: > 0 }
        || compilation.ScriptClass!.GetMembers().Any(m => !m.IsImplicitlyDeclared);

    /// <summary>Whether the last statement is an expression without semicolon that has a value to show, or a statement returns one.</summary>
    private static bool HasValue(CSharpCompilation compilation, CancellationToken cancel)
    {
        var tree = compilation.SyntaxTrees[0];
        if (ReturnsValue(tree.GetRoot(cancel)))
            return true;
        if (((CompilationUnitSyntax)tree.GetRoot(cancel)).Members.LastOrDefault() is not GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } last })
            return false;
        return compilation.GetSemanticModel(tree).GetTypeInfo(last.Expression, cancel).Type is not { SpecialType: SpecialType.System_Void };
    }

    /// <summary>Whether the cell itself, and not a function in it, returns a value.</summary>
    private static bool ReturnsValue(SyntaxNode root) => root
        .DescendantNodes(node => node is CompilationUnitSyntax or GlobalStatementSyntax or StatementSyntax and not LocalFunctionStatementSyntax or ElseClauseSyntax
            or SwitchSectionSyntax or CatchClauseSyntax or FinallyClauseSyntax)
        .Any(node => node is ReturnStatementSyntax { Expression: not null });

    /// <summary>What C# allows in a file and not in a script, and what to write instead.</summary>
    private static readonly Dictionary<string, string> Hints = new()
    {
        ["CS0825"] = "A cell is a script, where 'using var x = …;' needs braces around it: { using var x = …; … }, or using (var x = …) { … }.",
        ["CS1109"] = "In a cell an extension method stands by itself, without a class around it: static int Twice(this int x) => 2 * x;",
        ["CS7021"] = "A cell needs no namespace: leave its line and braces away.",
    };

    private static SubmissionException CompilationError(ImmutableArray<Diagnostic> original, ImmutableArray<Diagnostic> rewritten, string name)
    {
        var errors = original.Where(d => d.Severity == DiagnosticSeverity.Error).ToArray();
        if (errors.Length == 0)
            errors = [.. rewritten.Where(d => d.Severity == DiagnosticSeverity.Error)];
        errors = [.. errors.OrderBy(d => d.Location.SourceSpan.Start)];
        var first = errors[0];
        var lines = errors.Take(20).Select(d => $"{name}{At(d)}: error {d.Id}: {d.GetMessage()}").ToList();
        if (errors.Length > lines.Count)
            lines.Add($"… and {errors.Length - lines.Count} more");
        lines.AddRange(errors.Select(d => d.Id).Distinct().Select(Hints.GetValueOrDefault).OfType<string>());
        return new SubmissionException("CompilationError", $"{At(first)}: error {first.Id}: {first.GetMessage()}", lines, first.Location.GetLineSpan().StartLinePosition.Line + 1);
    }

    private static string At(Diagnostic diagnostic)
    {
        var start = diagnostic.Location.GetLineSpan().StartLinePosition;
        return $"({start.Line + 1},{start.Character + 1})";
    }
}

/// <param name="HasValue">Whether its last expression is shown.</param>
internal sealed record Submission(CSharpCompilation Compilation, byte[] Image, byte[] Symbols, bool HasValue)
{
    /// <summary>Whether it imports what shows outputs for those behind it.</summary>
    public bool HasOutputs { get; init; }

    /// <summary>What the compiler remarks, one line each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
