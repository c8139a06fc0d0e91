using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Course.Serving.Tests;

/// <summary>Chapter 05d says which test holds the answer to each attack, and how soon the service is back after each fault.</summary>
public sealed partial class AttackTableTests
{
    [Fact]
    public void EveryTestThatChapter05dNames_IsThere()
    {
        var named = TestName().Matches(File.ReadAllText(Chapter())).Select(match => (Class: match.Groups[1].Value, Test: match.Groups[2].Value)).Distinct().ToArray();
        Assert.True(named.Length >= 12, $"only {named.Length} tests are named");

        Assert.All(named, name =>
        {
            object[]? tests = typeof(AttackTableTests).Assembly.GetType($"Course.Serving.Tests.{name.Class}")?.GetMethod(name.Test)?.GetCustomAttributes(typeof(FactAttribute), inherit: true);
            Assert.True(tests is { Length: > 0 }, $"{name.Class}.{name.Test} is no test");
        });
    }

    [Fact]
    public void EveryFaultThatTheServiceMustSurvive_HasItsMeasuredTimeAndItsTest()
    {
        var faults = RecoveryRecord.Last.Faults;
        string[] needed = ["kill −9 in a promotion", "a full disk", "a read-only disk", "a damaged database", "a poisoned model", "2,000 slow clients", "1,000 connections", "128 clients", "a stuck predictor", "20,000 hostile requests", "a clock", "a replica that vanishes"];

        Assert.All(needed, name => Assert.Contains(faults, fault => fault.Name.StartsWith(name, StringComparison.Ordinal)));
        Assert.All(faults, fault => Assert.InRange(fault.BackMs, 0, 60_000));
        Assert.All(faults.Select(fault => fault.Test.Split('.')).Distinct(), test =>
        {
            var sources = Directory.EnumerateFiles(Path.Combine(Root(), "tests"), test[0] + ".cs", SearchOption.AllDirectories);
            Assert.Contains(sources, source => File.ReadAllText(source).Contains($" {test[1]}(", StringComparison.Ordinal));
        });
    }

    private static string Root([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..");

    private static string Chapter() => Path.Combine(Root(), "notebooks", "05d-protect-and-survive.ipynb");

    [GeneratedRegex(@"\b(\w+Tests)\.(\w+)")]
    private static partial Regex TestName();
}
