using Course.Notebooks;
using Course.Runner;

namespace Course.Cli.Comparing;

/// <summary>A difference between what a cell shows in two executed notebooks.</summary>
/// <param name="Where">The part of the output, such as a table's row and column.</param>
/// <param name="First">Null: only the second notebook has it.</param>
/// <param name="Flagged">False where outputs are said to vary, or are times of the machine.</param>
internal sealed record OutputDifference(string Notebook, string Cell, string Kind, string Where, string? First, string? Second, bool Flagged);

/// <summary>Two executed notebooks of one name.</summary>
internal sealed record NotebookPair(string Name, string First, string Second);

/// <summary>What the cells of executed notebooks show, compared by meaning: numbers by value, figures by data, tables by cells, text by lines.</summary>
internal static class OutputComparison
{
    private const int MostOfAnOutput = 5;

    /// <summary>The executed copies that two runs have in common, or two notebooks; empty where a side keeps none.</summary>
    /// <exception cref="WrongUseException">One side is a notebook and the other is not, or there is no such file.</exception>
    public static IReadOnlyList<NotebookPair> Pairs(string first, string second)
    {
        if (IsNotebook(first) != IsNotebook(second))
            throw new WrongUseException($"{first} and {second} cannot be compared: give two notebooks, or two runs.");
        if (IsNotebook(first))
            return [new(Path.GetFileName(second), Existing(first), Existing(second))];
        var (a, b) = (Copies(first), Copies(second));
        return [.. a.Keys.Intersect(b.Keys).Order(StringComparer.Ordinal).Select(name => new NotebookPair(name, a[name], b[name]))];
    }

    public static bool IsNotebook(string path) => path.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="WrongUseException">A file is no notebook.</exception>
    public static IReadOnlyList<OutputDifference> Of(NotebookPair pair, Tolerance tolerance)
    {
        var (a, b) = (Cells(pair.First), Cells(pair.Second));
        return
        [
            .. a.Keys.Union(b.Keys).SelectMany(id => !a.TryGetValue(id, out var before) ? [new OutputDifference(pair.Name, id, "cell", "the cell", null, "present", true)]
                : !b.TryGetValue(id, out var after) ? [new OutputDifference(pair.Name, id, "cell", "the cell", "present", null, true)]
                : Of(pair.Name, id, before, after, tolerance)),
        ];
    }

    private static IEnumerable<OutputDifference> Of(string notebook, string id, NotebookCell before, NotebookCell after, Tolerance tolerance)
    {
        var (first, second) = (ShownOutput.Of(before), ShownOutput.Of(after));
        bool varies = before.HasTag(CellTags.Varies) || after.HasTag(CellTags.Varies);
        for (int i = 0; i < Math.Max(first.Count, second.Count); i++)
        {
            var (x, y) = (first.ElementAtOrDefault(i), second.ElementAtOrDefault(i));
            if (x?.Kind != y?.Kind)
            {
                yield return new(notebook, id, "kind", $"output {i + 1}", x?.Kind, y?.Kind, true);
                yield break;
            }
            var parts = Enumerable.Range(0, Math.Max(x!.Parts.Count, y!.Parts.Count))
                .Select(p => (First: Part(x, p), Second: Part(y, p)))
                .Where(p => p.First?.Where != p.Second?.Where || !tolerance.Equal(p.First!.Value.Text, p.Second!.Value.Text)).ToArray();
            foreach (var (a, b) in parts.Take(MostOfAnOutput))
                yield return new(notebook, id, x.Kind, (a ?? b)!.Value.Where, a?.Text, b?.Text, !varies && !x.OfTheMachine);
            if (parts.Length > MostOfAnOutput)
                yield return new(notebook, id, x.Kind, $"{parts.Length - MostOfAnOutput} more", "…", "…", !varies && !x.OfTheMachine);
        }
    }

    private static (string Where, string Text)? Part(ShownOutput output, int index) => index < output.Parts.Count ? output.Parts[index] : null;

    private static Dictionary<string, NotebookCell> Cells(string path)
    {
        try
        {
            return Notebook.Read(path).Cells.Where(c => c.IsCode).GroupBy(c => c.Id ?? FormattableString.Invariant($"cell[{c.Index}]")).ToDictionary(g => g.Key, g => g.First());
        }
        catch (NotebookFormatException e)
        {
            throw new WrongUseException(e.Message);
        }
    }

    private static Dictionary<string, string> Copies(string run)
    {
        string report = Directory.Exists(run) ? Path.Combine(run, "report.json") : run;
        if (!File.Exists(report) || Path.GetFileName(report) != "report.json")
            return [];
        return RunReport.FromJson(File.ReadAllText(report)).Notebooks.Where(n => n.Executed is not null)
            .Select(n => (n.Path, Copy: Path.Combine(Path.GetDirectoryName(Path.GetFullPath(report))!, n.Executed!)))
            .Where(n => File.Exists(n.Copy)).ToDictionary(n => n.Path, n => n.Copy);
    }

    private static string Existing(string path) => File.Exists(path) ? path : throw new WrongUseException($"{path} does not exist; give an executed notebook.");
}
