namespace Course.Notebooks.Lint;

/// <summary>Checks a notebook against the rules of the course. Each group of rules is a file of its own in this folder.</summary>
public static class NotebookLint
{
    private static readonly Func<LintContext, IEnumerable<LintFinding>>[] Rules =
    [
        StructureRules.Check,
        CodeRules.Check,
        TagRules.Check,
        TextRules.Check,
        LinkRules.Check,
        TeacherRules.Check,
        SlideRules.Check,
    ];

    /// <summary>All findings, in the order of the cells. A file that is no notebook is one finding of the rule <c>format</c>.</summary>
    public static IReadOnlyList<LintFinding> Check(string path)
    {
        try
        {
            return Check(Notebook.Read(path));
        }
        catch (NotebookFormatException e)
        {
            return [new LintFinding(path, null, null, "format", e.Problem)];
        }
    }

    public static IReadOnlyList<LintFinding> Check(Notebook notebook)
    {
        var context = new LintContext(notebook);
        return [.. Rules.SelectMany(rule => rule(context)).OrderBy(f => f.Cell ?? -1)];
    }
}
