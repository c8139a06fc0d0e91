using System.Collections.Concurrent;

namespace RealTorchSharp.Tests.Notebooks;

/// <summary>Chapters compile with the real TorchSharp as they do with our engine, and mean the same.</summary>
public class NotebookTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "notebooks");
    private static readonly ConcurrentDictionary<string, Lazy<NotebookChain>> Chains = [];

    public static TheoryData<string> Names =>
        [.. Directory.EnumerateFiles(Folder, "*.ipynb", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Folder, path).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Cells_CompileWithTheRealTorchSharp(string name)
    {
        var errors = Chain(name).Errors;
        Assert.True(errors.Count == 0, $"{errors.Count} errors with the real TorchSharp:\n" + string.Join('\n', errors));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Cells_MeanMembersThatOurEngineHas(string name)
    {
        var differences = Chain(name).Differences;
        Assert.True(differences.Count == 0, $"{differences.Count} differences:\n" + string.Join('\n', differences));
    }

    private static NotebookChain Chain(string name) => Chains.GetOrAdd(name, key => new(() =>
    {
        var chain = new NotebookChain(Path.Combine(Folder, key));
        chain.Compile();
        return chain;
    })).Value;
}
