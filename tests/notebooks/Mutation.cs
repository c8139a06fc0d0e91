using System.Text.Json;

namespace Notebooks.Tests;

/// <summary>An edit of one cell with which the check of a syllabus row must fail.</summary>
/// <param name="Row">The row, for example <c>3.4</c>; the cells tagged <c>row:3.4</c> assert it.</param>
/// <param name="Path">The notebook, relative to the repository.</param>
/// <param name="Cell">The id of the cell that is edited.</param>
/// <param name="Find">What is replaced; it occurs exactly once in that cell.</param>
/// <param name="Replace">What takes its place.</param>
public sealed record Mutation(string Row, string Path, string Cell, string Find, string Replace)
{
    /// <summary>How many mutations an ordinary run of the tests tries.</summary>
    private const int SampleSize = 4;

    public static IReadOnlyList<Mutation> All { get; } = JsonSerializer.Deserialize<List<Mutation>>(
        File.ReadAllText(RepositoryFiles.PathOf("tests", "notebooks", "mutations.json")), JsonSerializerOptions.Web)!;

    /// <summary>
    /// The selected notebooks' mutations that <c>COURSE_MUTATIONS</c> asks for: <c>all</c>, or rows, cells or both
    /// separated by commas (<c>3.8</c>, <c>b-choose</c>, <c>3.8@b-choose</c>). Without it a sample that moves on every
    /// day, so that all are tried in turn.
    /// </summary>
    /// <exception cref="ArgumentException"><c>COURSE_MUTATIONS</c> names a mutation that does not exist.</exception>
    public static IReadOnlyList<Mutation> Sample(DateOnly day)
    {
        var selected = All.Where(m => NotebookCopies.IsSelected(m.Path)).ToList();
        string wanted = Environment.GetEnvironmentVariable("COURSE_MUTATIONS") ?? "";
        if (wanted is not ("" or "all"))
        {
            string[] names = wanted.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            foreach (string unknown in names.Where(name => !All.Any(m => m.IsCalled(name))))
                throw new ArgumentException($"COURSE_MUTATIONS: no mutation is called '{unknown}'; expected 'all', or rows and cells of tests/notebooks/mutations.json such as 3.8, b-choose or 3.8@b-choose");
            return [.. selected.Where(m => names.Any(m.IsCalled))];
        }
        return wanted == "all" || selected.Count <= SampleSize
            ? selected
            : [.. Enumerable.Range(0, SampleSize).Select(i => selected[(day.DayNumber * SampleSize + i) % selected.Count])];
    }

    public string Name => $"{Row}@{Cell}";

    private bool IsCalled(string name) => name == Row || name == Cell || name == Name;

    public override string ToString() => $"mutation of row {Row} ({Path}, cell {Cell})";
}
