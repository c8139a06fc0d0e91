using Course.Notebooks;

namespace Course.Classroom.Grading;

/// <summary>A notebook that a learner handed in.</summary>
/// <param name="Name">Of the notebook, within the student's folder.</param>
internal sealed record SubmittedFile(string Student, string Name, string Path);

/// <summary>What of a submission counts: the learner's cells by the exercise that they belong to. Everything else is the teacher's.</summary>
/// <param name="assignment">The teacher's notebook with which it shares the most exercises.</param>
internal sealed class Submission(Assignment assignment, Notebook notebook)
{
    private static readonly EnumerationOptions NoLinks = new() { AttributesToSkip = FileAttributes.ReparsePoint };

    public Assignment Assignment => assignment;

    /// <summary>A notebook in the folder, or a folder per student with notebooks; the student is the file's or the folder's name.</summary>
    /// <exception cref="ClassroomException">There is none.</exception>
    public static IReadOnlyList<SubmittedFile> Find(string folder)
    {
        if (!Directory.Exists(folder))
            throw new ClassroomException($"{folder} is no folder; name the folder with the submissions: one notebook, or one folder with notebooks, for each student.");
        // A link could lead to a file of the teacher's.
        var found = Notebooks(folder).Select(f => new SubmittedFile(Path.GetFileNameWithoutExtension(f), Path.GetFileName(f), f))
            .Concat(Directory.EnumerateDirectories(folder, "*", NoLinks).Where(IsShown)
                .SelectMany(student => AllNotebooks(student).Select(f => new SubmittedFile(Path.GetFileName(student), Path.GetRelativePath(student, f).Replace('\\', '/'), f))))
            .OrderBy(s => s.Path, StringComparer.Ordinal).ToList();
        return found.Count > 0 ? found : throw new ClassroomException($"there is no notebook (.ipynb) in {folder}; expected one, or one folder with notebooks, for each student.");
    }

    /// <summary>The submission under the teacher's notebook that it belongs to; null when none of its cells has an exercise's id.</summary>
    public static Submission? Of(Notebook submitted, IReadOnlyList<Assignment> assignments)
    {
        var ids = submitted.Cells.Select(IdOf).OfType<string>().ToHashSet(StringComparer.Ordinal);
        string name = Path.GetFileName(submitted.Path);
        return assignments
            .Select(a => (Assignment: a, Shared: a.Exercises.SelectMany(e => e.Stubs).Count(c => c.Id is not null && ids.Contains(c.Id))))
            .Where(a => a.Shared > 0).OrderByDescending(a => a.Shared).ThenByDescending(a => a.Assignment.Name == name)
            .Select(a => new Submission(a.Assignment, submitted)).FirstOrDefault();
    }

    /// <summary>
    /// The learner's code for an exercise in the order of the submission: its cells, and cells of the learner's own that stand between
    /// them and the nearest cell of the teacher's above.
    /// </summary>
    /// <param name="problem">Why there is none; null otherwise.</param>
    public IReadOnlyList<NotebookCell> Answer(ExerciseStep exercise, out string? problem)
    {
        var ids = exercise.Stubs.Select(s => s.Id).ToHashSet();
        var own = notebook.Cells.Where(c => ids.Contains(IdOf(c))).ToList();
        var missing = ids.Where(id => own.All(c => IdOf(c) != id)).ToList();
        problem = missing.Count > 0 ? $"the submission has no cell {string.Join(", ", missing)}; the answer belongs into the cell where its stub was"
            : own.Count > ids.Count ? $"the submission has several cells with the id {own.GroupBy(IdOf).First(g => g.Count() > 1).Key}; leave one"
            : own.FirstOrDefault(c => !c.IsCode) is { } text ? $"the cell {IdOf(text)} is no code cell any more"
            : null;
        if (problem is not null)
            return [];
        var answer = new List<NotebookCell>();
        foreach (var cell in own)
        {
            int first = cell.Index;
            while (first > 0 && !IsTeachers(notebook.Cells[first - 1]))
                first--;
            answer.AddRange(notebook.Cells.Skip(first).Take(cell.Index - first + 1).Where(c => c.IsCode && !string.IsNullOrWhiteSpace(c.Source)));
        }
        return answer;
    }

    /// <summary>Whether the learner left the stubs as they were.</summary>
    public static bool IsUntouched(ExerciseStep exercise, IReadOnlyList<NotebookCell> answer) =>
        exercise.Stubs.Count == answer.Count && exercise.Stubs.Zip(answer).All(p => Same(p.First.Source, p.Second.Source));

    private static bool Same(string a, string b) => string.Concat(a.Where(c => !char.IsWhiteSpace(c))) == string.Concat(b.Where(c => !char.IsWhiteSpace(c)));

    private bool IsTeachers(NotebookCell cell) => IdOf(cell) is { } id && assignment.Notebook.Cells.Any(c => c.Id == id);

    /// <summary>nbformat's id, else what nbgrader wrote down of it.</summary>
    private static string? IdOf(NotebookCell cell) => cell.Id ?? (cell.Json["metadata"]?["nbgrader"]?["grade_id"] is System.Text.Json.Nodes.JsonValue value && value.TryGetValue(out string? id) ? id : null);

    private static bool IsShown(string path) => !Path.GetFileName(path).StartsWith('.');

    private static IEnumerable<string> Notebooks(string folder) => Directory.EnumerateFiles(folder, "*.ipynb", NoLinks).Where(IsShown);

    private static IEnumerable<string> AllNotebooks(string folder) =>
        Notebooks(folder).Concat(Directory.EnumerateDirectories(folder, "*", NoLinks).Where(IsShown).SelectMany(AllNotebooks));
}
