using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace RealTorchSharp.Tests.Sources;

/// <summary>A project of this repository, compiled from its sources with either engine.</summary>
internal sealed partial class ProjectFile
{
    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.CSharp14);
    private static readonly Dictionary<string, ProjectFile> Loaded = [];

    private readonly XDocument _file;
    private readonly Dictionary<MetadataReference, CSharpCompilation> _compilations = [];
    private readonly Dictionary<MetadataReference, MetadataReference> _declarations = [];
    private IReadOnlyList<SyntaxTree>? _trees;
    private MetadataReference? _built;

    private ProjectFile(string path)
    {
        Path = path;
        _file = XDocument.Load(path);
    }

    public string Path { get; }

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>Whether TorchSharp is the real one when this project is built with -p:Engine=torchsharp-cpu.</summary>
    public bool IsOnChosenEngine =>
        Values("Import", "Project").Any(target => target.EndsWith("Engine.props", StringComparison.Ordinal)) || Referenced.Any(project => project.IsOnChosenEngine);

    private IEnumerable<ProjectFile> Referenced => _file.Descendants("ProjectReference").Where(item => item.Attribute("ReferenceOutputAssembly")?.Value != "false")
        .Select(item => Load(System.IO.Path.Combine(Folder, item.Attribute("Include")!.Value.Replace('\\', '/'))));

    private string Folder => System.IO.Path.GetDirectoryName(Path)!;

    public static ProjectFile Load(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        lock (Loaded)
            return Loaded.TryGetValue(path, out var project) ? project : Loaded[path] = new ProjectFile(path);
    }

    /// <summary>All projects whose TorchSharp is the chosen one; the writer of golden numbers has the real one always.</summary>
    public static IEnumerable<ProjectFile> OnChosenEngine() =>
        from folder in (string[])["lib", "tests"]
        from path in Directory.EnumerateFiles(System.IO.Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        let project = Load(path)
        where project.IsOnChosenEngine && project.Name is not ("RealTorchSharp.Tests" or "Golden.Writer")
        select project;

    /// <summary>Errors of the compiler, each with file and line.</summary>
    public IReadOnlyList<string> Errors(MetadataReference engine) =>
        [.. Compile(engine).GetDiagnostics().Where(item => item.Severity == DiagnosticSeverity.Error).Select(Describe)];

    public CSharpCompilation Compile(MetadataReference engine)
    {
        lock (_compilations)
        {
            if (_compilations.TryGetValue(engine, out var known))
                return known;
            bool isProgram = _file.Descendants("OutputType").Any(item => item.Value == "Exe");
            var options = new CSharpCompilationOptions(isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable);
            return _compilations[engine] = CSharpCompilation.Create(Name, _trees ??= Trees(), [.. References.Framework, .. References.Packages, engine, .. Used(engine)], options);
        }
    }

    /// <summary>The project as other code refers to it: as built when TorchSharp is ours or unknown to it, else its declarations as compiled here.</summary>
    public MetadataReference Reference(MetadataReference engine)
    {
        if (!IsOnChosenEngine || engine == Engines.Managed)
            return _built ??= References.Ours(Name);
        lock (_compilations)
        {
            if (_declarations.TryGetValue(engine, out var known))
                return known;
            using var image = new MemoryStream();
            Compile(engine).Emit(image, options: new EmitOptions(metadataOnly: true, includePrivateMembers: true));
            return _declarations[engine] = image.Length > 0 ? MetadataReference.CreateFromImage(image.ToArray(), filePath: Name) : Compile(engine).ToMetadataReference();
        }
    }

    private IEnumerable<MetadataReference> Used(MetadataReference engine) => Closure().Select(project => project.Reference(engine));

    /// <summary>The projects that this one refers to, directly or not.</summary>
    private IEnumerable<ProjectFile> Closure() => Referenced.SelectMany(project => project.Closure().Append(project)).Distinct();

    private IReadOnlyList<SyntaxTree> Trees()
    {
        // What a project leaves out, it leaves out because the engine is not ours.
        string[] left = [.. Values("Compile", "Remove").SelectMany(globs => globs.Split(';')).Select(glob => System.IO.Path.Combine(Folder, glob.Replace("**", "", StringComparison.Ordinal)))];
        var paths = Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories).Where(path => !left.Any(path.StartsWith)).Order(StringComparer.Ordinal)
            .Concat(Values("Compile", "Include").Select(link => System.IO.Path.GetFullPath(System.IO.Path.Combine(Folder, link))))
            .Concat(Generated());
        bool isTest = Path.Contains($"{System.IO.Path.DirectorySeparatorChar}tests{System.IO.Path.DirectorySeparatorChar}", StringComparison.Ordinal);
        string implied = string.Concat(((string[])["System", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks", "System.Collections.Generic",
            .. isTest ? (string[])["Xunit"] : [], .. Values("Using", "Include")]).Select(name => $"global using {name};\n"))
            + string.Concat(Values("InternalsVisibleTo", "Include").Select(friend => $"[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"{friend}\")]\n"));
        return [Tree(implied, $"{Name}.implied.cs"), .. paths.Select(path => Tree(File.ReadAllText(path), System.IO.Path.GetRelativePath(Repository.Root, path)))];
    }

    /// <summary>What the build made of .proto files, where it was built as this test was.</summary>
    private IEnumerable<string> Generated()
    {
        string configuration = System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string objects = System.IO.Path.GetFullPath(System.IO.Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "obj", Name, configuration));
        return Values("Protobuf", "Include").SelectMany(proto => Directory.EnumerateFiles(System.IO.Path.Combine(objects, System.IO.Path.GetDirectoryName(proto)!), "*.cs"));
    }

    /// <summary>Source generators do not run here, so what they would implement gets a body.</summary>
    private static SyntaxTree Tree(string text, string path) =>
        CSharpSyntaxTree.ParseText(SourceText.From(GeneratedMethod().Replace(text, "$1$2 => throw null!;"), System.Text.Encoding.UTF8), Parsing, path);

    [GeneratedRegex(@"(\bstatic )partial ([\w<>\[\]?]+ \w+\([^;{}]*\));")]
    private static partial Regex GeneratedMethod();

    private IEnumerable<string> Values(string element, string attribute) =>
        _file.Descendants(element).Select(item => item.Attribute(attribute)?.Value).OfType<string>().Select(value => value.Replace('\\', '/'));

    private static string Describe(Diagnostic item)
    {
        var at = item.Location.GetLineSpan();
        return $"{at.Path}({at.StartLinePosition.Line + 1},{at.StartLinePosition.Character + 1}): {item.Id} {item.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}";
    }

    public override string ToString() => System.IO.Path.GetRelativePath(Repository.Root, Path).Replace('\\', '/');
}
