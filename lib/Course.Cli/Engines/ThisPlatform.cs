using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Course.Cli.Recording;

namespace Course.Cli.Engines;

/// <summary>The facts of this machine.</summary>
internal static partial class ThisPlatform
{
    private const string Name = "libstdc++.so.6";

    /// <summary>The platform in NuGet's words, such as linux-x64.</summary>
    public static string Identifier => $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-{Architecture}";

    private static string Architecture => RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    public static PlatformFacts Facts()
    {
        string system = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "macos" : "linux";
        string? library = system == "linux" ? StdCxx() : null;
        return new(system, Architecture, library, library is null ? null : NewestGlibcxx(library), NvidiaDriver());
    }

    /// <summary>As the loader looks: LD_LIBRARY_PATH, its cache, its own folders.</summary>
    private static string? StdCxx()
    {
        string[] named = (Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") ?? "").Split([':', ';'], StringSplitOptions.RemoveEmptyEntries);
        string multiarch = Architecture == "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
        string[] own = [$"/lib/{multiarch}", $"/usr/lib/{multiarch}", "/lib64", "/usr/lib64", "/lib", "/usr/lib"];
        return Existing(named) ?? Cached() ?? Existing(own);
    }

    private static string? Existing(IEnumerable<string> folders) => folders.Select(folder => Path.Combine(folder, Name)).FirstOrDefault(File.Exists);

    private static string? Cached()
    {
        foreach (string program in (string[])["/sbin/ldconfig", "/usr/sbin/ldconfig", "ldconfig"])
            if (CommandOutput.All(program, ["-p"]) is { } lines)
                return InCache(lines, Architecture);
        return null;
    }

    /// <summary>The library's path in what <c>ldconfig -p</c> prints.</summary>
    internal static string? InCache(string lines, string architecture)
    {
        string mark = architecture == "arm64" ? "AArch64" : "x86-64";
        return lines.Split('\n').Where(line => line.TrimStart().StartsWith(Name + " ", StringComparison.Ordinal) && line.Contains(mark, StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf("=>", StringComparison.Ordinal) + 2)..].Trim()).FirstOrDefault();
    }

    /// <summary>The newest of the version names that stand in the library's table of strings.</summary>
    private static Version? NewestGlibcxx(string library)
    {
        try
        {
            return NewestGlibcxxIn(Encoding.Latin1.GetString(File.ReadAllBytes(library)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal static Version? NewestGlibcxxIn(string text) => Glibcxx().Matches(text).Select(match => Version.Parse(match.Groups["version"].Value)).Max();

    private static Version? NvidiaDriver()
    {
        const string Linux = "/proc/driver/nvidia/version";
        try
        {
            if (File.Exists(Linux) && DriverIn(File.ReadAllText(Linux)) is { } version)
                return version;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then the tool may know.
        }
        return CommandOutput.FirstLine("nvidia-smi", ["--query-gpu=driver_version", "--format=csv,noheader"]) is { } line && Version.TryParse(line, out var told) ? told : null;
    }

    /// <summary>The version in a line such as <c>NVRM version: NVIDIA UNIX x86_64 Kernel Module  570.86.15  Thu …</c>.</summary>
    internal static Version? DriverIn(string text) => DriverVersion().Match(text) is { Success: true } match ? Version.Parse(match.Value) : null;

    /// <summary>In gigabytes of 10^9 bytes.</summary>
    public static string Gigabytes(double bytes) => (bytes / 1e9).ToString("0.0", CultureInfo.InvariantCulture) + " GB";

    [GeneratedRegex(@"GLIBCXX_(?<version>\d+\.\d+(\.\d+)?)(?=\0)")]
    private static partial Regex Glibcxx();

    [GeneratedRegex(@"\b\d{3,4}\.\d+(\.\d+)?\b")]
    private static partial Regex DriverVersion();
}
