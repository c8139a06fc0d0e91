namespace Course.Cli.Engines;

/// <summary>Whether an engine can be used here, found out before any notebook starts. Messages have at most five lines.</summary>
internal static class EnginePreflight
{
    /// <summary>The command that shows everything an engine needs.</summary>
    public static string Doctor(string engine) => $"dotnet run --project lib/Course.Cli -- doctor{(engine == EngineRequirements.Managed ? "" : $" --engine {engine}")}";

    /// <summary>Before anything is built: what the machine or the cache of packages lacks; null when nothing.</summary>
    public static string? Complaint(string engine) =>
        (EngineRequirements.Complaint(engine, ThisPlatform.Facts()) ?? BrokenPackage(engine, PackageCache.Folder, ThisPlatform.Identifier)) is { } complaint
            ? $"{complaint}\nMore: {Doctor(engine)}"
            : null;

    public static string? BrokenPackage(string engine, string cache, string platform) =>
        EngineRequirements.NativePackages(engine, platform).Select(package => PackageCache.Broken(cache, package)).FirstOrDefault(broken => broken is not null);

    /// <summary>After the build: loads the engine in a process of its own; null when it multiplies.</summary>
    public static async Task<string?> LoadComplaintAsync(string engine, string repository, CancellationToken cancel)
    {
        if (engine == EngineRequirements.Managed || (await EngineProbe.RunAsync(engine, repository, cancel)).Problem is not { } problem)
            return null;
        string[] folders = [.. EngineRequirements.NativePackages(engine, ThisPlatform.Identifier).Select(name => Path.Combine(PackageCache.Folder, name))];
        return $"""
            engine {engine} is built, but cannot be used: {problem}
            If its packages were restored by halves, delete them and run again: {string.Join("; ", folders.Select(PackageCache.Remove))}
            Or use --engine managed, which needs nothing.
            More: {Doctor(engine)}
            """;
    }
}
