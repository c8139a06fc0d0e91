using System.Text.Json;
using Course.Base;

namespace Course.Book.Mathematics;

/// <summary>The JavaScript libraries that only JavaScript can use at build time: KaTeX typesets, MiniSearch makes the index.</summary>
internal sealed class NodeTools(NpmPackages packages)
{
    private static readonly JsonSerializerOptions Style = new(JsonSerializerDefaults.Web);

    /// <summary>Typesets all formulas in one process.</summary>
    public async Task<IReadOnlyDictionary<Formula, TypesetFormula>> TypesetAsync(IReadOnlyCollection<Formula> formulas, CancellationToken cancel)
    {
        var asked = formulas.Distinct().ToList();
        if (asked.Count == 0)
            return new Dictionary<Formula, TypesetFormula>();
        string answer = await RunAsync("typeset.cjs", JsonSerializer.Serialize(asked, Style), cancel);
        var typeset = JsonSerializer.Deserialize<List<TypesetFormula>>(answer, Style)!;
        return asked.Zip(typeset).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    /// <summary>The index of the sections, as MiniSearch writes it.</summary>
    public Task<string> IndexAsync(IEnumerable<Building.SearchSection> sections, CancellationToken cancel) =>
        RunAsync("index.cjs", JsonSerializer.Serialize(sections, Style), cancel);

    /// <summary>Runs one of our scripts with the packages in reach; its input and output are JSON.</summary>
    private async Task<string> RunAsync(string script, string input, CancellationToken cancel)
    {
        string file = Path.Combine(packages.Folder, script);
        // Whole at any moment: another build may be starting it.
        AtomicFile.WriteAllText(file, Assets.Text(script));
        var node = await ProcessRun.ToEndAsync("node", [file], packages.Folder, input: input, cancel: cancel);
        return node.ExitCode == 0 ? node.Output : throw new BookException($"node {script} failed: {node.Error.Trim()}");
    }
}
