namespace Course.Notebooks.Lint;

/// <summary>One thing that a rule objects to.</summary>
/// <param name="Path">The notebook, as it was given.</param>
/// <param name="Cell">0-based index over all cells, or null where the whole notebook is meant.</param>
/// <param name="CellId">The id of that cell, if it has one.</param>
/// <param name="Rule">The short name of the rule, for example <c>alt-text</c>.</param>
/// <param name="Message">What is wrong, what was expected and what to do.</param>
public sealed record LintFinding(string Path, int? Cell, string? CellId, string Rule, string Message)
{
    public override string ToString() => Cell is null ? $"{Path}: {Rule}: {Message}" : $"{Path}: cell {Cell} ({CellId ?? "no id"}): {Rule}: {Message}";
}
