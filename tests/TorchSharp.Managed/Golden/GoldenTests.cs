namespace TorchSharp.Managed.Tests.Golden;

/// <summary>Values and gradients equal PyTorch's (tests/golden/make_golden.py made them with Debian's PyTorch 1.13).</summary>
public class GoldenTests
{
    internal static readonly string[] groups = ["unary", "binary", "reduce", "shape", "matrix", "calls", "corners", "functional", "losses", "modules"];

    public static TheoryData<string> Groups => [.. groups];

    [Theory, MemberData(nameof(Groups))]
    public void Results_OfEveryCase_EqualPyTorchs(string group)
    {
        IReadOnlyList<GoldenCase> cases = GoldenCase.Load(group);
        List<string> failures = [.. cases.Select(GoldenRunner.Check).OfType<string>()];
        Assert.True(failures.Count == 0, $"{failures.Count} of {cases.Count} cases differ:\n" + string.Join('\n', failures.Take(40)));
    }

    [Fact]
    public void Cases_Altogether_AreAtLeastSixHundred() => Assert.True(groups.Sum(group => GoldenCase.Load(group).Count) >= 600);

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
