using System.Text.Json;
using Course.Base;

namespace Course;

/// <summary>Exercises: a stub that waits for the learner, and a check that says whether it is solved.</summary>
public static class Exercise
{
    /// <summary>Stands where the learner's code goes.</summary>
    /// <exception cref="ExerciseNotDoneException">Always: <see cref="Check"/> turns it into "not done".</exception>
    public static T Todo<T>() => throw new ExerciseNotDoneException();

    /// <inheritdoc cref="Todo{T}"/>
    public static void Todo() => throw new ExerciseNotDoneException();

    /// <summary>Runs the checks of one exercise; a <see cref="Todo{T}"/> that is reached shows "not done" instead of failing.</summary>
    /// <exception cref="CheckFailedException">A check in <paramref name="checks"/> failed.</exception>
    public static void Check(string id, Action checks)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        try
        {
            checks();
        }
        catch (Exception error) when (IsNotDone(error))
        {
            Display.Show(new ExerciseStatus(id, CourseMime.NotDone));
            return;
        }
        Display.Show(new ExerciseStatus(id, "done"));
    }

    private static bool IsNotDone(Exception? error) => error switch
    {
        null => false,
        ExerciseNotDoneException => true,
        AggregateException several => several.InnerExceptions.Any(IsNotDone),
        _ => IsNotDone(error.InnerException),
    };
}

/// <summary>Whether an exercise is solved: <c>done</c> or <c>not-done</c>.</summary>
[TypeFormatterSource(typeof(DisplayFormatters), PreferredMimeTypes = [Mime.Exercise, Mime.Text])]
public sealed record ExerciseStatus(string Id, string Status) : IDisplayable
{
    public IEnumerable<Representation> Representations() =>
    [
        new(Mime.Exercise, JsonSerializer.Serialize(this, CheckResult.Json)),
        new(Mime.Text, Status == "done"
            ? $"Exercise {Id}: done"
            : $"Exercise {Id}: not done yet. Replace Exercise.Todo in the cell above, run it, then run this cell again."),
    ];
}

/// <summary>An exercise's stub was called.</summary>
public sealed class ExerciseNotDoneException()
    : Exception("This exercise is not done yet: replace Exercise.Todo in its cell and run that cell again.");
