using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Course.Serving.Tests;

/// <summary>Chapter 05d says which test holds the answer to each attack.</summary>
public sealed partial class AttackTableTests
{
    [Fact]
    public void EveryTestThatChapter05dNames_IsThere()
    {
        var named = TestName().Matches(File.ReadAllText(Chapter())).Select(match => (Class: match.Groups[1].Value, Test: match.Groups[2].Value)).Distinct().ToArray();
        Assert.True(named.Length >= 12, $"only {named.Length} tests are named");

        Assert.All(named, name =>
        {
            var tests = typeof(AttackTableTests).Assembly.GetType($"Course.Serving.Tests.{name.Class}")?.GetMethod(name.Test)?.GetCustomAttributes(typeof(FactAttribute), inherit: true);
            Assert.True(tests is { Length: > 0 }, $"{name.Class}.{name.Test} is no test");
        });
    }

    private static string Chapter([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "notebooks", "05d-protect-and-survive.ipynb");

    [GeneratedRegex(@"\b(\w+Tests)\.(\w+)")]
    private static partial Regex TestName();
}
