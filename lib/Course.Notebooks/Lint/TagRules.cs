using System.Globalization;
using System.Text.RegularExpressions;

namespace Course.Notebooks.Lint;

/// <summary>Tags: known ones only, packages that are pinned, exercises that are complete, rows that are asserted.</summary>
internal static partial class TagRules
{
    private static readonly HashSet<string> Known =
    [
        CellTags.RaisesException, CellTags.SkipExecution, CellTags.RemoveInput, CellTags.RemoveOutput, CellTags.RequiresPrefix + CellTags.Gpu, CellTags.Exercise, CellTags.Solution,
        CellTags.Check, CellTags.Hidden, CellTags.Setup, CellTags.Teacher, CellTags.Varies, CellTags.Graded, CellTags.Parameters,
    ];

    public static IEnumerable<LintFinding> Check(LintContext context)
    {
        foreach (var cell in context.Notebook.Cells)
            foreach (string tag in cell.Tags.Where(t => !Known.Contains(t)))
                if (tag.StartsWith(CellTags.RequiresPrefix, StringComparison.Ordinal))
                {
                    string id = tag[CellTags.RequiresPrefix.Length..];
                    if (id.StartsWith(CellTags.DataPrefix, StringComparison.Ordinal))
                    {
                        if (context.DataSets?.Contains(id[CellTags.DataPrefix.Length..]) != true)
                            yield return context.Finding(cell, "requires", $"asks for the data set '{id[CellTags.DataPrefix.Length..]}', which {CatalogueNames.FileName} does not list; add it there or correct the tag");
                    }
                    else if (context.Pinned?.ContainsKey(id) != true)
                        yield return context.Finding(cell, "requires", $"asks for the package '{id}', which {PinnedPackages.FileName} does not pin; pin it there or correct the tag");
                }
                else if (tag.StartsWith(CellTags.TimeoutPrefix, StringComparison.Ordinal) || tag.StartsWith(CellTags.MemoryPrefix, StringComparison.Ordinal))
                {
                    if (!(double.TryParse(tag[(tag.IndexOf(':') + 1)..], CultureInfo.InvariantCulture, out double budget) && budget > 0))
                        yield return context.Finding(cell, "tag", $"has the budget '{tag}'; expected {CellTags.TimeoutPrefix}<seconds> or {CellTags.MemoryPrefix}<megabytes>");
                }
                else if (!RowTag().IsMatch(tag))
                    yield return context.Finding(cell, "tag", $"has the unknown tag '{tag}'; known are {string.Join(", ", Known.Order())}, requires:<package>, requires:data:<data set>, row:<id>, timeout:<seconds> and memory:<megabytes>");

        foreach (var cell in context.CodeCells)
        {
            if (cell.Tags.Any(t => t.StartsWith(CellTags.RowPrefix, StringComparison.Ordinal)) && !cell.Source.Contains("Check."))
                yield return context.Finding(cell, "row", "is tagged as the assertion of a row but calls no Check");
            if (PackageReference().Match(cell.Source) is { Success: true } reference && !cell.HasTag(CellTags.RequiresPrefix + reference.Groups["id"].Value))
                yield return context.Finding(cell, "requires", $"loads the package {reference.Groups["id"].Value}; tag the cell requires:{reference.Groups["id"].Value}");
        }
        foreach (var finding in Exercises(context))
            yield return finding;
    }

    private static IEnumerable<LintFinding> Exercises(LintContext context)
    {
        var cells = context.Notebook.Cells;
        for (int i = 0; i < cells.Count; i++)
        {
            if (cells[i].HasTag(CellTags.Exercise))
            {
                if (!cells[i].Source.Contains("Exercise.Todo"))
                    yield return context.Finding(cells[i], "exercise", "is a stub without Exercise.Todo, so that nothing tells the learner it is not done");
                if (i + 2 >= cells.Count || !cells[i + 1].HasTag(CellTags.Solution) || !cells[i + 2].HasTag(CellTags.Check))
                    yield return context.Finding(cells[i], "exercise", "must be followed by its solution (tag solution) and its check (tag check)");
            }
            if (cells[i].HasTag(CellTags.Solution) && cells[i].Source.Contains("Exercise.Todo"))
                yield return context.Finding(cells[i], "exercise", "is a solution that still contains Exercise.Todo");
            if (cells[i].HasTag(CellTags.Hidden) && (i == 0 || !cells[i - 1].Tags.Any(t => t is CellTags.Check or CellTags.Hidden) || !cells[i].Source.Contains("Exercise.Check")))
                yield return context.Finding(cells[i], "exercise", "is a hidden test, which must stand behind the check of its exercise and call Exercise.Check");
            if (cells[i].HasTag(CellTags.Check) && !cells[i].Source.Contains("Exercise.Check"))
                yield return context.Finding(cells[i], "exercise", "is an exercise's check but calls no Exercise.Check");
        }
        foreach (var stray in GradedTasks.Of(context.Notebook).Strays)
            yield return context.Finding(stray, "graded", "is tagged graded but is no graded task: expected an exercise whose check submits to a Bar, or the first of three exercises, all graded, with ids such as 3.8a, 3.8b, 3.8c");
    }

    [GeneratedRegex(@"^row:(?:\d+\.\d+|[AL]\d+)$")]
    private static partial Regex RowTag();

    [GeneratedRegex(@"^#r\s+""nuget:\s*(?<id>[\w.-]+)", RegexOptions.Multiline)]
    private static partial Regex PackageReference();
}
