using Course.Kernel.Cells;
using Course.Session.Child.Language;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.DotNet.Interactive.Formatting;

namespace Course.Book.Code;

/// <summary>What the code of the notebooks may use: the framework, and the libraries that lie in <c>artifacts/lib</c>.</summary>
internal sealed class CodeLibraries
{
    private readonly HashSet<string> _ours;

    /// <exception cref="BookException">The libraries were not built.</exception>
    public CodeLibraries(string repository)
    {
        string folder = Path.Combine(repository, "artifacts", "lib");
        string[] own = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.dll") : [];
        if (own.Length == 0)
            throw new BookException($"there are no libraries in {folder}, from which the book tells the names in code; run dotnet build once.");
        _ours = [.. own.Select(Path.GetFileNameWithoutExtension).OfType<string>().Where(n => n is "TorchSharp" || n.StartsWith("Course", StringComparison.Ordinal))];
        References =
        [
            .. Directory.GetFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "*.dll").Where(IsManaged).Select(p => (MetadataReference)MetadataReference.CreateFromFile(p)),
            MetadataReference.CreateFromFile(typeof(Helpers).Assembly.Location),
            MetadataReference.CreateFromFile(typeof(DisplayedValue).Assembly.Location),
            .. own.Where(IsManaged).Select(p => MetadataReference.CreateFromFile(p, documentation: new XmlFileDocumentation(Path.ChangeExtension(p, ".xml")))),
        ];
    }

    public IReadOnlyList<MetadataReference> References { get; }

    /// <summary>As sessions compile cells.</summary>
    public static CSharpCompilationOptions Options { get; } = new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, usings:
        ["System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq", "Course.Kernel.Cells.Helpers", "Course.Kernel.Cells.Outputs"]);

    public bool IsOurs(IAssemblySymbol? assembly) => assembly is not null && _ours.Contains(assembly.Name);

    private static bool IsManaged(string path)
    {
        try
        {
            System.Reflection.AssemblyName.GetAssemblyName(path);
            return true;
        }
        catch (BadImageFormatException)
        {
            return false;
        }
    }
}
