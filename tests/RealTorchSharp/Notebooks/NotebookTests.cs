using System.Collections.Concurrent;

namespace RealTorchSharp.Tests.Notebooks;

/// <summary>Chapters compile with the real TorchSharp as they do with our engine, and mean the same.</summary>
public class NotebookTests
{
    private static readonly string folder = Path.Combine(Repository.Root, "notebooks");
    private static readonly ConcurrentDictionary<string, Lazy<NotebookChain>> chains = [];

    public static TheoryData<string> Names =>
        [.. Directory.EnumerateFiles(folder, "*.ipynb", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Cells_CompileWithTheRealTorchSharp(string name)
    {
        List<string> errors = Chain(name).Errors;
        Assert.True(errors.Count == 0, $"{errors.Count} errors with the real TorchSharp:\n" + string.Join('\n', errors));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Cells_MeanMembersThatOurEngineHas(string name)
    {
        List<string> differences = Chain(name).Differences;
        Assert.True(differences.Count == 0, $"{differences.Count} differences:\n" + string.Join('\n', differences));
    }

    private static NotebookChain Chain(string name) => chains.GetOrAdd(name, key => new(() =>
    {
        var chain = new NotebookChain(Path.Combine(folder, key));
        chain.Compile();
        return chain;
    })).Value;
}
