namespace Course.Notebooks.Lint;

/// <summary>Where cells say what they are on slides, all do, by the rule of <see cref="SlideType"/>.</summary>
internal static class SlideRules
{
    public static IEnumerable<LintFinding> Check(LintContext context)
    {
        if (context.Notebook.Cells.All(c => SlideType.In(c) is null))
            yield break;
        foreach (var cell in context.Notebook.Cells)
            if (SlideType.Of(cell) is var wanted && (SlideType.In(cell) ?? SlideType.Joined) is var found && found != wanted)
                yield return context.Finding(cell, "slideshow", $"is '{found}' on slides; by the rule it is '{wanted}'. Run: course clean");
    }
}
