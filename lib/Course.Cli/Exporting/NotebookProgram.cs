using Course.Base;
using Course.Kernel.Cells;
using Course.Notebooks;
using Course.Notebooks.Export;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Course.Cli.Exporting;

/// <summary>
/// A notebook as a file-based program: its cells are scripts, one behind the other, and become the statements of one program.
/// Using lines go to the top and types to the end, what a cell ends with is shown, names that are declared again get a number, and a
/// cell that must fail is caught.
/// </summary>
internal sealed class NotebookProgram
{
    private static readonly CSharpParseOptions Script = CSharpParseOptions.Default.WithKind(SourceCodeKind.Script).WithLanguageVersion(LanguageVersion.Latest);

    // What every cell sees without a using line.
    private static readonly string[] Imports = ["System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq"];

    /// <summary>The framework and the course's libraries, as this program itself uses them.</summary>
    private static readonly Lazy<MetadataReference[]> References = new(() =>
        [.. PlatformAssemblies.Paths.Select(p => (MetadataReference)MetadataReference.CreateFromFile(p))]);

    private readonly Notebook _notebook;
    private readonly Names _names = new();
    private readonly List<string> _usings = [], _packages = [], _assemblies = [];
    private readonly List<IReadOnlyList<string>> _types = [];
    private readonly List<(CellText Text, CompilationUnitSyntax Root, SemanticModel Model)> _cells = [];
    private readonly Dictionary<int, ProgramCell> _programs = [];
    private string _helper = "Notebook", _caught = "expected";

    private NotebookProgram(Notebook notebook) => _notebook = notebook;

    /// <param name="target">Where the program will lie: it names the course's projects from there.</param>
    /// <param name="repository">The repository that holds these projects.</param>
    /// <exception cref="NotebookFormatException">A cell has no counterpart in a program; names the cell and its line.</exception>
    public static string Write(Notebook notebook, string target, string repository) => new NotebookProgram(notebook).Text(target, repository);

    private string Text(string target, string repository)
    {
        ReadCells();
        _names.Rename();
        while (_names.Contains(_helper))
            _helper += "Program";
        while (_names.Contains(_caught))
            _caught += "Exception";
        foreach (var (text, root, model) in _cells)
        {
            Usings(text, root);
            Types(text, root);
            Shown(text, root, model);
            if (text.Cell.HasTag(CellTags.RaisesException))
                Caught(text, root);
            _programs[text.Cell.Index] = text.Program();
        }
        string program = ProgramFile.Write(_notebook, Head(target, repository), _programs, _types, Helpers());
        Compile(program);
        return program;
    }

    private void ReadCells()
    {
        CSharpCompilation? previous = null;
        foreach (var cell in _notebook.Cells.Where(c => c.IsCode))
        {
            var text = CellText.Read(_notebook, cell);
            if (cell.Tags.FirstOrDefault(t => t.StartsWith(CellTags.RequiresPrefix, StringComparison.Ordinal)) is { } required)
            {
                Leave(text, $"this cell {required}");
                continue;
            }
            bool skipped = cell.HasTag(CellTags.SkipExecution);
            if (!skipped)
            {
                _packages.AddRange(text.Packages);
                _assemblies.AddRange(text.Assemblies);
            }
            if (skipped || string.IsNullOrWhiteSpace(text.Code))
            {
                Leave(text, null);
                continue;
            }
            var tree = CSharpSyntaxTree.ParseText(text.Code, Script);
            var compilation = CSharpCompilation.CreateScriptCompilation($"cell{cell.Index}", tree, References.Value, new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, scriptClassName: $"Cell{cell.Index}", usings: previous is null ? [.. Imports, typeof(Helpers).FullName!, typeof(Outputs).FullName!] : null,
                allowUnsafe: true, nullableContextOptions: NullableContextOptions.Disable), previous);
            if (compilation.GetDiagnostics().FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error) is { } error)
            {
                if (!cell.HasTag(CellTags.RaisesException))
                    throw CellText.Problem(_notebook, cell, error.Location.GetLineSpan().StartLinePosition.Line, $"{error.Id}: {error.GetMessage()}");
                Leave(text, $"this cell does not compile, as it should: {error.Id}");
                continue;
            }
            previous = compilation;
            var root = (CompilationUnitSyntax)tree.GetRoot();
            var model = compilation.GetSemanticModel(tree);
            if (root.Members.OfType<GlobalStatementSyntax>().SelectMany(g => g.DescendantNodes(n => n is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))).OfType<ReturnStatementSyntax>().FirstOrDefault() is { } end)
                throw CellText.Problem(_notebook, cell, text.LineOf(end.SpanStart), "'return' would end the whole program; leave the cell by an if");
            _names.Read(text, model, root);
            _cells.Add((text, root, model));
        }
    }

    /// <summary>The cell stands in the program as a comment.</summary>
    private void Leave(CellText text, string? why)
    {
        text.OnlyInNotebook();
        if (why is not null)
            text.Above(0, $"// Left out: {why}");
        _programs[text.Cell.Index] = text.Program();
    }

    private void Usings(CellText text, CompilationUnitSyntax root)
    {
        foreach (var line in root.Usings)
        {
            _usings.Add(line.WithoutTrivia().ToString());
            for (int i = text.LineOf(line.SpanStart); i <= text.LineOf(line.Span.End); i++)
                text.OnlyInNotebook(i);
        }
        if (root.Usings.LastOrDefault() is { } last && root.Members.FirstOrDefault() is { } first && text.LineOf(last.Span.End) == text.LineOf(first.SpanStart))
            throw CellText.Problem(_notebook, text.Cell, text.LineOf(first.SpanStart), "a using line and code stand on one line; give each its own");
    }

    private void Types(CellText text, CompilationUnitSyntax root)
    {
        int done = -1;
        foreach (var type in root.Members.Where(m => m is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax))
        {
            int first = text.LineOf(type.SpanStart), last = text.LineOf(type.Span.End);
            if (last <= done)
                continue;
            if (root.Members.Any(m => m is not (BaseTypeDeclarationSyntax or DelegateDeclarationSyntax) && text.LineOf(m.SpanStart) <= last && text.LineOf(m.Span.End) >= first))
                throw CellText.Problem(_notebook, text.Cell, first, "a type and other code stand on one line; give each its own");
            // The comments directly above belong to it.
            foreach (var comment in type.GetLeadingTrivia().Reverse().Where(t => !t.IsKind(SyntaxKind.WhitespaceTrivia) && !t.IsKind(SyntaxKind.EndOfLineTrivia)))
            {
                int line = text.LineOf(comment.SpanStart);
                if (line < first - 1 - comment.ToString().Count(c => c == '\n') || line <= done || !text.BeginsLine(comment.SpanStart))
                    break;
                first = line;
            }
            _types.Add(text.Move(first, last, _types.Count + 1));
            done = last;
        }
    }

    /// <summary>What a cell ends with is shown when it has a value.</summary>
    private void Shown(CellText text, CompilationUnitSyntax root, SemanticModel model)
    {
        if (root.Members.LastOrDefault() is not GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } last })
            return;
        bool hasValue = model.GetTypeInfo(last.Expression).Type is not { SpecialType: SpecialType.System_Void };
        string open = $"{_helper}.Show(";
        int line = text.LineOf(last.Expression.Span.End);
        if (!text.EndsLine(last.Expression.Span.End))
            throw CellText.Problem(_notebook, text.Cell, line, "something stands behind the value that the cell ends with; give it a line of its own");
        if (hasValue && text.BeginsLine(last.SpanStart))
            text.Above(text.LineOf(last.SpanStart), open);
        else if (hasValue)
            text.Cut(last.SpanStart, open);
        text.Below(line, hasValue ? ");" : ";");
    }

    /// <summary>
    /// What is declared in a block is unknown behind it, so the block begins behind the last declaration, unless that is all of the cell.
    /// </summary>
    private void Caught(CellText text, CompilationUnitSyntax root)
    {
        int first = root.Members.LastOrDefault(m => m is not GlobalStatementSyntax) is { } declaration && declaration != root.Members[^1] ? text.LineOf(declaration.Span.End) + 1 : 0;
        if (root.Members.Any(m => text.LineOf(m.SpanStart) < first && text.LineOf(m.Span.End) >= first) || root.Members.Count > 0 && text.LineOf(root.Members[^1].SpanStart) < first)
            first = 0;
        text.AboveAll(first, "try", "{");
        text.Below(text.Last, $"throw new {_helper}.NothingThrown(\"{text.Cell.Id}\");", "}", $"catch (Exception {_caught}) when ({_caught} is not {_helper}.NothingThrown) {{ {_helper}.Expected({_caught}); }}");
    }

    private string Head(string target, string repository)
    {
        string name = Path.GetFileName(target), folder = Path.GetDirectoryName(target)!;
        var projects = _assemblies.Select(a => a == "TorchSharp" ? "TorchSharp.Managed" : a).Distinct()
            .Select(a => Path.Combine(repository, "lib", a, $"{a}.csproj")).Where(File.Exists).ToList();
        // Course brings the engine that was chosen.
        if (projects.Count > 1)
            projects.RemoveAll(p => p.EndsWith("TorchSharp.Managed.csproj", StringComparison.Ordinal));
        return $"""
            // {Path.GetFileName(_notebook.Path)} as a program. Run it: dotnet run {name}
            // Back to a notebook: course export {name} --to ipynb
            // A line behind {ProgramFile.NotebookOnly} stands in the notebook only, one that ends with {ProgramFile.ProgramOnly} here only; {ProgramFile.Moved} 1 stands for types at the end.
            {string.Join('\n', [.. projects.Select(p => $"#:project {Path.GetRelativePath(folder, p).Replace('\\', '/')}"), .. _packages.Distinct().Select(p => $"#:package {p}"), .. Properties.Select(p => $"#:property {p}")])}
            {string.Join('\n', Imports.Select(i => $"using {i};").Concat(_usings).Append($"using static {_helper};").Distinct())}{(_cells.Count == 0 ? $"\n\nConsole.WriteLine(\"{Path.GetFileName(_notebook.Path)} has no code that runs.\");" : "")}
            """;
    }

    // As sessions compile cells; and a program that is only run needs none of what its publication would.
    private static readonly string[] Properties =
        ["ImplicitUsings=disable", "Nullable=disable", "AllowUnsafeBlocks=true", "PublishAot=false", "GenerateDocumentationFile=false", "EnforceCodeStyleInBuild=false", "WarningLevel=0", "TreatWarningsAsErrors=false"];

    private string Helpers() => $$"""
        /// <summary>What a notebook does for its cells.</summary>
        static class {{_helper}}
        {
            public static void Show(object value)
            {
                if (value is IList list)
                    Console.WriteLine($"[ {string.Join(", ", list.Cast<object>())} ]");
                else if (value is not null)
                    {{(_assemblies.Contains("Course") ? "Course.Display.Show(value)" : "Console.WriteLine(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture))")}};
            }

            public static void display(object value) => Show(value);

            public static void Display(this object value) => Show(value);

            public static string HTML(string content) => content;

            public static void Expected(Exception e) => Console.WriteLine($"{e.GetType().FullName}: {e.Message}");

            public sealed class NothingThrown(string cell) : Exception($"cell {cell} should throw, and did not");
        }
        """;

    /// <summary>What the compiler refuses is told by cell, before anything is written.</summary>
    private void Compile(string program)
    {
        string[] lines = program.Split('\n');
        string code = string.Join('\n', lines.Select(l => l.StartsWith("#:", StringComparison.Ordinal) ? "" : l));
        var tree = CSharpSyntaxTree.ParseText(code, CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest));
        var compilation = CSharpCompilation.Create("program", [tree], References.Value, new CSharpCompilationOptions(OutputKind.ConsoleApplication, allowUnsafe: true));
        var errors = compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Take(5).Select(error =>
        {
            int at = error.Location.GetLineSpan().StartLinePosition.Line;
            int header = Array.FindLastIndex(lines, at, l => l.StartsWith("// %% [", StringComparison.Ordinal));
            string id = header < 0 ? "head" : lines[header].Split("\"id\":\"") is [_, var rest, ..] ? rest.Split('"')[0] : lines[header];
            return $"cell {id}: '{lines[at].Trim()}': {error.Id}: {error.GetMessage()}";
        }).ToList();
        if (errors.Count > 0)
            throw new NotebookFormatException(_notebook.Path, $"is no program as it stands, because C# allows this in a notebook only:\n{string.Join('\n', errors)}");
    }
}
