using System.Reflection;
using Xunit.v3;

[assembly: TorchSharp.Managed.Tests.SkipsDifferences]

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

/// <summary>Skips a test that stands in the list of differences, as "Class.Method" or with its arguments "Class.Method(name: "x")".</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class SkipsDifferencesAttribute : BeforeAfterTestAttribute
{
    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        string method = $"{methodUnderTest.ReflectedType!.Name}.{methodUnderTest.Name}", arguments = test.TestDisplayName[(test.TestDisplayName.IndexOf('(') is >= 0 and var open ? open : test.TestDisplayName.Length)..];
        if ((Differences.Reason(method + arguments) ?? Differences.Reason(method)) is { } reason) Assert.Skip(reason);
    }
}
