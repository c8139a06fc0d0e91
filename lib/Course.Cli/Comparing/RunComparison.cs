using Course.Runner;

namespace Course.Cli.Comparing;

/// <summary>Two runs side by side: every recorded number, and the cells that ended differently.</summary>
/// <param name="Warnings">Why numbers may differ although nothing is wrong.</param>
/// <param name="Missing">Notebooks that only one of the runs has.</param>
internal sealed record RunComparison(
    IReadOnlyList<string> Warnings, IReadOnlyList<string> Missing, IReadOnlyList<NumberDifference> Numbers, IReadOnlyList<StatusDifference> Statuses)
{
    /// <summary>How many differences count.</summary>
    public int Flagged => Numbers.Count(n => n.Flagged) + Statuses.Count;

    /// <param name="tolerance">Relative difference that is still equal.</param>
    public static RunComparison Of(ComparedRun first, ComparedRun second, double tolerance)
    {
        var warnings = new List<string>();
        if (first.Profile != second.Profile)
            warnings.Add($"the profiles differ ({first.Profile}, {second.Profile}): their numbers are not meant to agree");
        var common = first.Notebooks.Keys.Intersect(second.Notebooks.Keys).Order(StringComparer.Ordinal).ToList();
        if (common.Count == 0)
            warnings.Add("the runs have no notebook in common");
        string[] missing =
        [
            .. first.Notebooks.Keys.Except(common).Order(StringComparer.Ordinal).Select(path => $"{path} is only in {first.Path}"),
            .. second.Notebooks.Keys.Except(common).Order(StringComparer.Ordinal).Select(path => $"{path} is only in {second.Path}"),
        ];
        return new(warnings, missing,
            [.. common.SelectMany(path => NumbersOf(path, first.Notebooks[path], second.Notebooks[path], tolerance))],
            [.. common.SelectMany(path => StatusesOf(path, first.Notebooks[path], second.Notebooks[path]))]);
    }

    private static IEnumerable<NumberDifference> NumbersOf(string path, ComparedNotebook a, ComparedNotebook b, double tolerance) =>
        a.Numbers.Keys.Union(b.Numbers.Keys).Order(StringComparer.Ordinal).Select(name => NumberDifference.Of(
            path, name, a.Numbers.TryGetValue(name, out double x) ? x : null, b.Numbers.TryGetValue(name, out double y) ? y : null, tolerance));

    private static IEnumerable<StatusDifference> StatusesOf(string path, ComparedNotebook a, ComparedNotebook b)
    {
        if (a.Cells.Count == 0 || b.Cells.Count == 0)
            return a.Status == b.Status ? [] : [new(path, null, a.Status, b.Status)];
        var before = ById(a);
        var after = ById(b);
        return before.Keys.Union(after.Keys)
            .Select(id => new StatusDifference(path, id, before.TryGetValue(id, out var x) ? x : null, after.TryGetValue(id, out var y) ? y : null))
            .Where(difference => difference.First != difference.Second);
    }

    private static Dictionary<string, RunStatus> ById(ComparedNotebook notebook) =>
        notebook.Cells.DistinctBy(cell => cell.Id).ToDictionary(cell => cell.Id, cell => cell.Status);
}

/// <param name="Cell">Null where only the notebooks' verdicts are known.</param>
/// <param name="First">Null: the first run has no such cell.</param>
internal sealed record StatusDifference(string Notebook, string? Cell, RunStatus? First, RunStatus? Second);
