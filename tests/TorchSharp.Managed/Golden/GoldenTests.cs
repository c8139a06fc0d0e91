namespace TorchSharp.Managed.Tests.Golden;

/// <summary>Values and gradients equal libtorch's: our engine is held against it, and the real library, from which tests/golden writes them, shows that they are what it gives.</summary>
public class GoldenTests
{
    internal static readonly string[] groups = ["unary", "binary", "reduce", "shape", "matrix", "calls", "corners", "activations", "functional", "losses", "modules"];

    public static TheoryData<string> Groups => [.. groups];

    [Theory, MemberData(nameof(Groups))]
    public void Results_OfEveryCase_EqualLibtorchs(string group)
    {
        var cases = GoldenCase.Load(group);
        List<string> failures = [.. cases.Select(GoldenRunner.Check).OfType<string>()];
        Assert.True(failures.Count == 0, $"{failures.Count} of {cases.Count} cases differ:\n" + string.Join('\n', failures.Take(40)));
    }

    [Fact]
    public void Cases_Altogether_AreAtLeastTwoThousand() => Assert.True(groups.Sum(group => GoldenCase.Load(group).Count) >= 2000);

    [Fact]
    public void Differences_OfGoldenCases_AreReal()
    {
        Assert.SkipUnless(Differences.OnRealEngine, "only the real library can show what it has wrong");
        var checks = groups.SelectMany(GoldenCase.Load).SelectMany(GoldenRunner.CheckListed).ToLookup(check => check.line, check => check.difference);
        Assert.All(checks, line => Assert.True(line.Any(difference => difference is not null), $"Differences.md lists {line.Key}, and its cases pass: remove the line."));
    }

    [Fact]
    public void Difference_OfWrongNumbers_IsFound()
    {
        using var wrong = torch.tensor(new[] { 1f, 2.0001f });
        using var right = torch.tensor(new[] { 1f, 2f });
        Assert.NotNull(GoldenRunner.Difference(wrong, right));
        Assert.Null(GoldenRunner.Difference(right, right));
    }

    [Fact]
    public void Files_OfTheSuite_AreSmall() =>
        Assert.All(groups, group => Assert.True(new FileInfo(Path.Combine(Repository.Root, "tests", "golden", "data", group + ".json")).Length < 2 << 20, group));
}
