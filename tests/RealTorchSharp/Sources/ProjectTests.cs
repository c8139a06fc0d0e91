using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace RealTorchSharp.Tests.Sources;

/// <summary>Libraries and tests compile with the real TorchSharp as they do with our engine, and mean the same.</summary>
public class ProjectTests
{
    public static TheoryData<string> Projects => [.. ProjectFile.OnChosenEngine().Select(project => project.ToString())];

    [Fact]
    public void OnChosenEngine_FindsTheLibrariesAndTheirTests()
    {
        string[] found = [.. ProjectFile.OnChosenEngine().Select(project => project.Name)];
        Assert.All((string[])["Course", "Course.Serving", "Course.Cli", "Course.Tests", "Course.Serving.Tests", "TorchSharp.Managed.Tests"], name => Assert.Contains(name, found));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_CompilesWithTheRealTorchSharp(string path)
    {
        var errors = Load(path).Errors(Engines.Real);
        Assert.True(errors.Count == 0, $"{errors.Count} errors with the real TorchSharp:\n" + string.Join('\n', errors));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_MeansMembersThatOurEngineHas(string path)
    {
        var real = Load(path).Compile(Engines.Real);
        string[] differences = [.. real.SyntaxTrees.Where(MentionsTensors).SelectMany(tree => Bindings.OnlyInTheRealOne(tree, real))];
        Assert.True(differences.Length == 0, $"{differences.Length} differences:\n" + string.Join('\n', differences));
    }

    private static bool MentionsTensors(SyntaxTree tree) => tree.ToString() is var text && (text.Contains("TorchSharp", StringComparison.Ordinal) || text.Contains("Tensor", StringComparison.Ordinal));

    private static ProjectFile Load(string path) => ProjectFile.Load(Path.Combine(Repository.Root, path));
}
