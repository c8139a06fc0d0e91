using System.Text.RegularExpressions;
using Course.Notebooks;

namespace Course.Classroom.Grading;

/// <summary>A step of a graded notebook: a cell of the teacher's, or an exercise.</summary>
internal abstract record Step;

internal sealed record TeachersCell(NotebookCell Cell) : Step;

/// <param name="Stubs">The cells that the learner fills.</param>
/// <param name="Checks">Visible and hidden ones, with what stands between them.</param>
/// <param name="Solutions">Run when the exercise is judged, so that a wrong answer costs its own points only.</param>
internal sealed record ExerciseStep(string Id, IReadOnlyList<NotebookCell> Stubs, IReadOnlyList<NotebookCell> Checks, IReadOnlyList<NotebookCell> Solutions) : Step
{
    public int Points { get; } = Checks.Where(Assignment.GivesPoints).Sum(c => CheckScript.Points(c.Source));
}

/// <summary>The teacher's edition of a notebook as steps, up to its last check.</summary>
internal sealed partial class Assignment
{
    private Assignment(Notebook notebook, IReadOnlyList<Step> steps) => (Notebook, Steps) = (notebook, steps);

    public Notebook Notebook { get; }

    public string Name => Path.GetFileName(Notebook.Path);

    public IReadOnlyList<Step> Steps { get; }

    public IEnumerable<ExerciseStep> Exercises => Steps.OfType<ExerciseStep>();

    public int Points => Exercises.Sum(e => e.Points);

    public static bool GivesPoints(NotebookCell cell) => cell.HasTag(CellTags.Check) || cell.HasTag(CellTags.Hidden);

    /// <exception cref="ClassroomException">An exercise has no check.</exception>
    public static Assignment Of(Notebook teachers)
    {
        var steps = new List<Step>();
        var cells = teachers.Cells.Where(c => c.IsCode && !string.IsNullOrWhiteSpace(c.Source) && !IsLeftOut(c)).ToList();
        int end = cells.FindLastIndex(GivesPoints) + 1;
        for (int i = 0; i < end;)
        {
            if (!cells[i].HasTag(CellTags.Exercise))
            {
                steps.Add(new TeachersCell(cells[i++]));
                continue;
            }
            // All stubs up to the next check, and all checks up to the next stub.
            int check = cells.FindIndex(i, GivesPoints);
            int next = cells.FindIndex(check, c => c.HasTag(CellTags.Exercise)) is >= 0 and var found ? found : end;
            int last = cells.FindLastIndex(next - 1, next - check, GivesPoints);
            var own = cells[i..(last + 1)];
            // A solution may stand behind the check too.
            while (last + 1 < next && cells[last + 1].HasTag(CellTags.Solution))
                own.Add(cells[++last]);
            var checks = own.Where(c => !c.HasTag(CellTags.Exercise) && !c.HasTag(CellTags.Solution)).ToList();
            string id = checks.Select(c => Id().Match(c.Source)).FirstOrDefault(m => m.Success)?.Groups["id"].Value ?? cells[i].Id ?? $"cell {cells[i].Index}";
            steps.Add(new ExerciseStep(id, [.. own.Where(c => c.HasTag(CellTags.Exercise))], checks, [.. own.Where(c => c.HasTag(CellTags.Solution))]));
            i = last + 1;
        }
        return new Assignment(teachers, steps);
    }

    /// <summary>What needs more than the course itself is no part of a grade, as it is none of a run that lacks it.</summary>
    private static bool IsLeftOut(NotebookCell cell) =>
        cell.HasTag(CellTags.Teacher) || cell.HasTag(CellTags.SkipExecution) || cell.Tags.Any(t => t.StartsWith(CellTags.RequiresPrefix, StringComparison.Ordinal));

    [GeneratedRegex(@"Exercise\.Check\(\s*""(?<id>[^""]+)""")]
    private static partial Regex Id();
}
