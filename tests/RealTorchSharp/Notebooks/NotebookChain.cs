using Course.Notebooks;
using Course.Session.Child.Directives;
using Course.Session.Child.Scripting;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using RealTorchSharp.Tests.Sources;

namespace RealTorchSharp.Tests.Notebooks;

/// <summary>The code cells of a notebook as the session compiles them, one submission after the other, with either engine; nothing runs.</summary>
internal sealed class NotebookChain(string path)
{
    /// <summary>.NET Interactive compiles cells as C# 13 (dotnet/interactive, pull request 3855), our session as the latest version.</summary>
    private static readonly CSharpParseOptions Parsing = Submissions.ParseOptions.WithLanguageVersion(LanguageVersion.CSharp13);

    private static int _submissions;

    private readonly List<SyntaxTree> _compiled = [];
    private bool _withService;

    /// <summary>What does not compile with the real package.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>What compiles and means a member of TorchSharp that our engine lacks.</summary>
    public List<string> Differences { get; } = [];

    public void Compile()
    {
        NotebookCell[] cells = [.. Notebook.Read(path).Cells.Where(IsCompiled)];
        _withService = cells.Any(cell => cell.Source.Contains("Course.Serving.dll", StringComparison.Ordinal));
        var libraries = Libraries(Engines.Real);
        CSharpCompilation? last = null;
        foreach (var cell in cells)
        {
            string name = $"{Path.GetFileName(path)} cell {cell.Index} ({cell.Id})";
            foreach (var part in CellParser.Parse(cell.Source, name, "csharp").OfType<TextPart>().Where(part => part.Language == "csharp"))
            {
                var tree = CSharpSyntaxTree.ParseText(part.Text, Parsing, name);
                var submission = Next(tree, last, libraries);
                string[] errors = ErrorsOf(submission);
                if (errors.Length == 0)
                    Differences.AddRange(Bindings.OnlyInTheRealOne(tree, submission));
                else if (cell.HasTag("raises-exception") && IsRefusedByOursToo(tree))
                    continue;
                Errors.AddRange(errors);
                _compiled.Add(tree);
                last = submission;
            }
        }
    }

    /// <summary>A cell that shows a compiler's error on purpose fails with both engines, and leaves nothing to later cells.</summary>
    private bool IsRefusedByOursToo(SyntaxTree tree)
    {
        var libraries = Libraries(Engines.Managed);
        CSharpCompilation? last = null;
        foreach (var earlier in _compiled)
            last = Next(earlier, last, libraries);
        return ErrorsOf(Next(tree, last, libraries)).Length > 0;
    }

    /// <summary>Cells with packages of their own do not concern TorchSharp.</summary>
    private static bool IsCompiled(NotebookCell cell) =>
        cell.IsCode && cell.Language == "csharp" && !cell.HasTag("skip-execution") && !cell.Tags.Any(tag => tag.StartsWith("requires:", StringComparison.Ordinal) && tag != "requires:gpu" && !tag.StartsWith("requires:data:", StringComparison.Ordinal));

    private static CSharpCompilation Next(SyntaxTree tree, CSharpCompilation? previous, MetadataReference[] libraries)
    {
        int number = Interlocked.Increment(ref _submissions);
        return Submissions.Compilation($"cell-{number}", tree, $"Submission{number}", previous, libraries, withOutputs: previous is null);
    }

    /// <summary>What a chapter refers to; ASP.NET Core only where the service is used.</summary>
    private MetadataReference[] Libraries(MetadataReference engine) =>
    [
        .. _withService ? References.Framework : References.NetCore, References.Ours("Course.Kernel.Cells"), References.Ours("Microsoft.DotNet.Interactive.Formatting"), engine,
        .. (_withService ? (string[])["Course", "Course.Serving"] : ["Course"]).Select(name =>
            ProjectFile.Load(Path.Combine(Repository.Root, "lib", name, name + ".csproj")).Reference(engine)),
    ];

    private static string[] ErrorsOf(CSharpCompilation submission) =>
        [.. submission.GetDiagnostics().Where(item => item.Severity == DiagnosticSeverity.Error).Select(item =>
        {
            var at = item.Location.GetLineSpan();
            return $"{at.Path} line {at.StartLinePosition.Line + 1}: {item.Id} {item.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}";
        })];
}
