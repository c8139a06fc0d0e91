using System.Reflection;

namespace TorchSharp.Managed.Tests;

/// <summary>The one list of what differs between the engines, Differences.md: a test or golden case, and why.</summary>
internal static class Differences
{
    /// <summary>Whether the tests run on the real package instead of our engine.</summary>
    public static bool OnRealEngine { get; } = typeof(Differences).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "Engine").Value != "managed";

    /// <summary>Why, by name.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = Read(Path.Combine(Repository.Root, "tests", "TorchSharp.Managed", "Differences.md"));

    /// <summary>Why a test or case of this name need not pass on the engine under test; null when it must.</summary>
    public static string? Reason(string name) => OnRealEngine ? All.GetValueOrDefault(name) : null;

    /// <summary>The rows of the Markdown table, whose first column is a name in backquotes.</summary>
    private static Dictionary<string, string> Read(string path) =>
        File.ReadLines(path).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .ToDictionary(cells => cells[1].Trim('`'), cells => cells[2]);
}
