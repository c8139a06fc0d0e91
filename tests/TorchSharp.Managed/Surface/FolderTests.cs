using System.Text.RegularExpressions;

namespace TorchSharp.Managed.Tests.Surface;

/// <summary>The engine's folders keep to themselves: who computes knows nothing of tensors and operations, and an operation asks its operands who computes.</summary>
public partial class FolderTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "lib", "TorchSharp.Managed");

    [GeneratedRegex(@"\b(class|struct|record|interface|enum)\s+(?:struct\s+)?(\w+)")]
    private static partial Regex Declared();

    [GeneratedRegex(@"//.*")]
    private static partial Regex Comment();

    private static string[] Of(params string[] folders) => [.. folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Folder, folder), "*.cs", SearchOption.AllDirectories))];

    private static string Code(string path) => Comment().Replace(File.ReadAllText(path), "");

    /// <summary>The backends, by their classes, and what only they may use: the processor's registers, and ILGPU.</summary>
    [Fact]
    public void OperationsAndWhatIsAboveThem_NameNoBackend()
    {
        string[] backends = [.. Of("Devices").SelectMany(path => Declared().Matches(Code(path))).Select(match => match.Groups[2].Value).Where(name => name.EndsWith("Backend", StringComparison.Ordinal) && name != "IBackend").Distinct()];
        Assert.Superset(new HashSet<string> { "CpuBackend", "ReferenceBackend", "GpuBackend", "FallbackBackend" }, backends.ToHashSet());
        Refuse(Of("Operations", "Autograd", "Networks", "Api", "Memory", "Shape"),
            [.. backends, "Host.Backend", "Meta.Backend", "Default.Backend", "ILGPU", "System.Runtime.Intrinsics", "System.Numerics.Tensors", "GpuDevice", "GpuPlace"]);
    }

    /// <summary>A backend gets addresses and sizes.</summary>
    [Fact]
    public void Backends_KnowNeitherTensorsNorOperations() =>
        Refuse([.. Of("Devices/Reference", "Devices/Cpu", "Devices/Gpu"), .. Directory.EnumerateFiles(Path.Combine(Folder, "Devices"), "*Backend*.cs"), .. Directory.EnumerateFiles(Path.Combine(Folder, "Devices"), "SinglePrecision*.cs")],
            ["Tensor", "Operations", "Node", "Module"]);

    /// <summary>The functional API is a layer above the operations.</summary>
    [Fact]
    public void Operations_KnowNothingOfNetworks() => Refuse(Of("Operations", "Shape", "Memory"), ["functional", "Optimizer", "Sequential"]);

    private static void Refuse(string[] files, string[] names)
    {
        Assert.NotEmpty(files);
        string[] found = [.. from path in files let code = Code(path) from name in names where Regex.IsMatch(code, $@"(?<!\w){Regex.Escape(name)}\b") select $"{Path.GetRelativePath(Folder, path)} names {name}"];
        Assert.True(found.Length == 0, string.Join('\n', found));
    }
}
