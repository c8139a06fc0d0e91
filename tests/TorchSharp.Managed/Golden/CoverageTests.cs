using System.Reflection;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>Which public operations and modules have no golden case with gradients.</summary>
public class CoverageTests
{
    static readonly string[] groups = ["unary", "binary", "reduce", "shape", "matrix", "functional", "losses", "modules"];

    /// <summary>Without a case of their own, and why.</summary>
    static readonly Dictionary<string, string> exempt = new()
    {
        ["onehot"] = "integers",
        ["transformer"] = "PyTorch's Python and C++ draw its initial weights in different orders; its layers are covered",
        ["reflectionpad3d"] = "as in two dimensions",
        ["replicationpad3d"] = "as in two dimensions",
        ["modulelist"] = "container",
        ["moduledict"] = "container",
        ["parameterlist"] = "container",
        ["parameterdict"] = "container",
    };

    static readonly Lazy<HashSet<string>> covered = new(() => [.. groups.SelectMany(GoldenCase.Load)
        .Where(item => item.HasGradients && item.Gradients().Any(gradient => gradient is not null)).Select(item => Plain(item.Op))]);

    /// <summary>cross_entropy, CrossEntropy and F.cross_entropy are one name; variants are counted with their operation.</summary>
    static string Plain(string name)
    {
        name = name.StartsWith("F.", StringComparison.Ordinal) ? name[2..] : name;
        foreach (string variant in new[] { "_with_indices", "_padding", "_from_pretrained", "_mode", "_same", "_dim", "_dims", "_scalar" })
            if (name.EndsWith(variant, StringComparison.Ordinal)) name = name[..^variant.Length];
        return name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
    }

    static IEnumerable<string> Missing(IEnumerable<MethodInfo> methods) =>
        methods.Select(method => method.Name).Distinct().Where(name => !covered.Value.Contains(Plain(name)) && !exempt.ContainsKey(Plain(name))).Order(StringComparer.Ordinal);

    [Fact]
    public void Modules_AllHaveAGoldenCaseWithGradients() =>
        Assert.Empty(Missing(typeof(nn).GetMethods(BindingFlags.Public | BindingFlags.Static).Where(method => method.ReturnType.IsAssignableTo(typeof(nn.Module)))));

    [Fact]
    public void Functions_AllHaveAGoldenCaseWithGradients() =>
        Assert.Empty(Missing(typeof(nn.functional).GetMethods(BindingFlags.Public | BindingFlags.Static)));

    [Fact]
    public void Operations_OfTensorsWithoutAGoldenCase_AreListed()
    {
        MethodInfo[] operations = [.. typeof(Tensor).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => method.ReturnType == typeof(Tensor) && !method.IsSpecialName && !method.Name.EndsWith('_'))];
        List<string> missing = [.. Missing(operations)];
        TestContext.Current.TestOutputHelper?.WriteLine($"{missing.Count} of {operations.Select(method => method.Name).Distinct().Count()} names without a case with gradients: {string.Join(", ", missing)}");
        Assert.True(operations.Select(method => method.Name).Distinct().Count() - missing.Count >= 100, "fewer than 100 operations of tensors have a golden case");
    }
}
