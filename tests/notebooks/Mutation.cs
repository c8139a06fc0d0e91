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
    /// <summary>How many mutations an ordinary run of the tests tries; <c>COURSE_MUTATIONS=all</c> tries every one.</summary>
    private const int SampleSize = 4;

    public static IReadOnlyList<Mutation> All { get; } = JsonSerializer.Deserialize<List<Mutation>>(
        File.ReadAllText(RepositoryFiles.PathOf("tests", "notebooks", "mutations.json")), JsonSerializerOptions.Web)!;

    /// <summary>A sample of the selected notebooks' mutations that moves on every day, so that all are tried in turn.</summary>
    public static IReadOnlyList<Mutation> Sample(DateOnly day)
    {
        var selected = All.Where(m => NotebookCopies.IsSelected(m.Path)).ToList();
        return selected.Count <= SampleSize || Environment.GetEnvironmentVariable("COURSE_MUTATIONS") == "all"
            ? selected
            : [.. Enumerable.Range(0, SampleSize).Select(i => selected[(day.DayNumber * SampleSize + i) % selected.Count])];
    }

    public string Name => $"{Row}@{Cell}";

    public override string ToString() => $"mutation of row {Row} ({Path}, cell {Cell})";
}
