namespace Course.Base;

/// <summary>The assemblies that this process was started with: the program's own and the framework's.</summary>
internal static class PlatformAssemblies
{
    /// <summary>Their paths, one for each name.</summary>
    public static IReadOnlyList<string> Paths { get; } = Parse((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES"));

    /// <param name="list">As the host writes it. It names System.Private.CoreLib twice: among the framework's files, and beside the runtime.</param>
    public static IReadOnlyList<string> Parse(string? list) =>
        [.. (list ?? "").Split(Path.PathSeparator).Where(path => path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)).DistinctBy(Name, StringComparer.OrdinalIgnoreCase)];

    public static string Name(string path) => Path.GetFileNameWithoutExtension(path);
}
