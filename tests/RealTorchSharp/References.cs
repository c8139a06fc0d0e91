using Microsoft.CodeAnalysis;

namespace RealTorchSharp.Tests;

/// <summary>What the compilations of this project refer to beside TorchSharp: whatever this test process itself is made of.</summary>
internal static class References
{
    private static readonly string[] Trusted = ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator);

    /// <summary>.NET and ASP.NET Core.</summary>
    public static IReadOnlyList<MetadataReference> Framework { get; } =
        [.. Trusted.Where(path => Path.GetDirectoryName(path) != OwnFolder).Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>.NET alone.</summary>
    public static IReadOnlyList<MetadataReference> NetCore { get; } =
        [.. Framework.Where(reference => Path.GetDirectoryName(reference.Display) == Path.GetDirectoryName(typeof(object).Assembly.Location))];

    /// <summary>Packages: what lies beside this assembly and is not built from this repository.</summary>
    public static IReadOnlyList<MetadataReference> Packages { get; } =
        [.. Trusted.Where(path => Path.GetDirectoryName(path) == OwnFolder && !IsOurs(Path.GetFileNameWithoutExtension(path))).Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>A library of ours that does not know TorchSharp.</summary>
    public static MetadataReference Ours(string name) => MetadataReference.CreateFromFile(Path.Combine(OwnFolder, name + ".dll"));

    private static string OwnFolder => Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);

    private static bool IsOurs(string name) => name is "TorchSharp" or "Course" or "RealTorchSharp.Tests" || name.StartsWith("Course.", StringComparison.Ordinal);
}
