using System.IO.Compression;

namespace Course.Cli.Engines;

/// <summary>The folder where NuGet keeps unpacked packages, each beside the archive it came from.</summary>
internal static class PackageCache
{
    public static string Folder => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named ? named
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>The first file of a restored package that is missing or cut short; null when all is there, or the package is not.</summary>
    /// <param name="name">In lower case.</param>
    /// <returns>What is wrong and the command that mends it: three lines.</returns>
    public static string? Broken(string cache, string name)
    {
        string package = Path.Combine(cache, name);
        if (!Directory.Exists(package))
            return null;
        foreach (string folder in Directory.GetDirectories(package))
        {
            // Without its mark a package counts as not restored, and NuGet unpacks it again by itself.
            string archive = Path.Combine(folder, $"{name}.{Path.GetFileName(folder)}.nupkg");
            if (File.Exists(Path.Combine(folder, ".nupkg.metadata")) && File.Exists(archive) && Wrong(folder, archive) is { } wrong)
                return $"""
                    the NuGet package {name} {Path.GetFileName(folder)} is damaged: {wrong}
                    Delete its folder, then run the command again; it is restored anew:
                    {Remove(folder)}
                    """;
        }
        return null;
    }

    /// <summary>The command that deletes a folder.</summary>
    public static string Remove(string folder) => OperatingSystem.IsWindows() ? $"rmdir /s /q \"{folder}\"" : $"rm -r {folder}";

    private static string? Wrong(string folder, string archive)
    {
        try
        {
            using var zip = ZipFile.OpenRead(archive);
            foreach (var entry in zip.Entries.Where(e => e.FullName.StartsWith("runtimes/", StringComparison.Ordinal) || e.FullName.StartsWith("lib/", StringComparison.Ordinal)))
            {
                var file = new FileInfo(Path.Combine(folder, Uri.UnescapeDataString(entry.FullName)));
                if (entry.Name != "_._" && entry.Name != "" && !entry.FullName.Contains("/_._/", StringComparison.Ordinal) && (!file.Exists || file.Length != entry.Length))
                    return file.Exists
                        ? FormattableString.Invariant($"{entry.FullName} has {file.Length:N0} of {entry.Length:N0} bytes.")
                        : $"{entry.FullName} is missing.";
            }
            return null;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return $"{Path.GetFileName(archive)} cannot be read ({e.Message})";
        }
    }
}
