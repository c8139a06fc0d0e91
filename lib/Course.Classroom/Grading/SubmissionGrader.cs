using Course.Notebooks;

namespace Course.Classroom.Grading;

/// <summary>
/// Grades one submission: the teacher's notebook in the teacher's order, with the learner's answers where the stubs are. Nothing else of
/// the submission is run, so that edited checks, stored outputs and removed or moved cells change nothing.
/// </summary>
internal sealed class SubmissionGrader(Submission submission, AnswerPolicy? policy, string neighbours, GradingOptions options, CancellationToken cancel) : IAsyncDisposable
{
    private readonly Assignment _assignment = submission.Assignment;
    private GradedSession? _session;

    /// <summary>Steps that this session has behind it.</summary>
    private int _position;

    /// <summary>Whether code of the learner's ran in this session.</summary>
    private bool _touched;

    /// <exception cref="ClassroomException">The teacher's own notebook fails.</exception>
    public async Task<IReadOnlyList<ExerciseGrade>> GradeAsync()
    {
        var grades = new List<ExerciseGrade>();
        for (int i = 0; i < _assignment.Steps.Count; i++)
            if (_assignment.Steps[i] is ExerciseStep exercise)
                grades.Add(await GradeAsync(exercise, i));
        return grades;
    }

    private async Task<ExerciseGrade> GradeAsync(ExerciseStep exercise, int step)
    {
        var answer = submission.Answer(exercise, out string? problem);
        if (problem is not null)
            return Nothing(exercise, Verdict.Missing, problem);
        if (answer.Count == 0 || Submission.IsUntouched(exercise, answer))
            return Nothing(exercise, Verdict.NotDone, null);

        if (policy?.Judge(exercise, answer) is { } refused)
            return Nothing(exercise, refused.Verdict, refused.Message);

        await AdvanceAsync(step);
        _touched = true;
        foreach (var cell in answer)
        {
            var run = await _session!.RunAsync(cell.Source, $"answer {exercise.Id}", cell.Language, options.AnswerLimit, cancel);
            if (run.Passed)
                continue;
            if (run.Verdict is not null)
                await EndAsync();
            return Nothing(exercise, run.Verdict ?? (run.Error!.Name is "CompilationError" or "DirectiveError" ? Verdict.DoesNotCompile : Verdict.Wrong),
                run.Message ?? $"{run.Error!.Name}: {run.Error.Message}{(run.Error.Line is { } line ? $" (line {line} of {cell.Id ?? "your cell"})" : "")}");
        }
        var checks = new List<CheckGrade>();
        foreach (var cell in exercise.Checks)
        {
            if (!Assignment.GivesPoints(cell))
            {
                if (!_session!.HasEnded)
                    await _session.RunAsync(cell.Source, Name(cell), cell.Language, options.CellLimit, cancel);
                continue;
            }
            bool hidden = cell.HasTag(CellTags.Hidden);
            var script = CheckScript.Of(cell.Source);
            if (_session!.HasEnded)
            {
                checks.AddRange(script.Claims.Select(c => new CheckGrade(c, false, hidden, Reason: "an earlier check ended the session")));
                continue;
            }
            var run = await _session.RunAsync(script.Code, $"check {exercise.Id}", cell.Language, options.AnswerLimit, cancel);
            if (run.Verdict is { } verdict)
            {
                checks.AddRange(script.Claims.Select(c => new CheckGrade(c, false, hidden, Reason: run.Message)));
                await EndAsync();
                return Nothing(exercise, verdict, run.Message) with { Points = checks.Count(c => c.Passed), Checks = checks };
            }
            checks.AddRange(run.Error is null && run.Value is not null && script.Read(run.Value, hidden) is { } read ? read
                : script.Claims.Select(c => new CheckGrade(c, false, hidden, Reason: run.Error is { } e ? $"{e.Name}: {e.Message}" : "the check gave no result")));
        }
        int points = checks.Count(c => c.Passed);
        return new ExerciseGrade(exercise.Id, CheckScript.IsNotDone(checks) ? Verdict.NotDone : points == exercise.Points ? Verdict.Full : points > 0 ? Verdict.Partial : Verdict.Wrong,
            points, exercise.Points, null, checks);
    }

    /// <summary>Brings the session to a step: the teacher's cells before it, and the teacher's solutions of the exercises before it.</summary>
    private async Task AdvanceAsync(int step)
    {
        while (true)
        {
            if (_session is null)
                (_session, _position, _touched) = (await GradedSession.StartAsync(_assignment.Notebook, neighbours, options, cancel), 0, false);
            if (await ReachAsync(step) is not { } failed)
                return;
            if (!_touched)
                throw new ClassroomException($"{_assignment.Notebook.Path}: the teacher's own {failed}; run it: course run {_assignment.Name}");
            // What an answer left behind broke a cell of the course: start anew without it.
            await EndAsync();
        }
    }

    /// <summary>Null, or the cell that failed and how.</summary>
    private async Task<string?> ReachAsync(int step)
    {
        for (; _position < step; _position++)
        {
            var cells = _assignment.Steps[_position] switch
            {
                ExerciseStep exercise => exercise.Solutions.Concat(exercise.Checks.Where(c => !Assignment.GivesPoints(c))),
                TeachersCell teachers => [teachers.Cell],
                _ => [],
            };
            foreach (var cell in cells)
            {
                if (_session!.HasEnded)
                    return "session ended";
                var run = await _session.RunAsync(cell.Source, Name(cell), cell.Language, options.CellLimit, cancel);
                if (!run.Passed && !cell.HasTag(CellTags.RaisesException))
                    return $"{Name(cell)} ({cell.Id}) fails: {run.Message ?? $"{run.Error!.Name}: {run.Error.Message}"}";
            }
        }
        return null;
    }

    private async Task EndAsync()
    {
        if (_session is not null)
            await _session.DisposeAsync();
        _session = null;
    }

    public async ValueTask DisposeAsync() => await EndAsync();

    private static string Name(NotebookCell cell) => $"cell[{cell.Index}]";

    private static ExerciseGrade Nothing(ExerciseStep exercise, Verdict verdict, string? message) => new(exercise.Id, verdict, 0, exercise.Points, message, []);
}
