namespace Course;

/// <summary>
/// The judge of a graded task of the kind <i>beat the bar</i>: an open task whose answer is measured on data that the learner does not
/// see, a few times only. Each score that is shown tells the learner something about those data; whoever may ask without end ends up
/// choosing by them, and hidden data would be no better than validation data.
/// </summary>
/// <typeparam name="TAnswer">What the learner hands in: a function, a model, a number.</typeparam>
/// <remarks>
/// Used inside <see cref="Exercise.Check"/>, so that a stub is "not done", a score that misses the bar is a failed check, and one that
/// meets it is "done". The tries belong to the exercise's id and to this session: making the bar again does not renew them, a new
/// session does. An answer that throws (the stub, for one) and one whose score was shown before cost no try.
/// </remarks>
public sealed class Bar<TAnswer>
{
    private readonly string _exercise;
    private readonly Requirement _requirement;
    private readonly Func<TAnswer, int, double> _judge;
    private readonly int _tries;

    /// <param name="exercise">The exercise's id, for example <c>3.9</c>.</param>
    /// <param name="measure">What is measured and on what, in words: <c>mean squared error on 500 hidden flats</c>.</param>
    /// <param name="unit">Its unit, or <c>fraction</c>.</param>
    /// <param name="bar">The worst score that is good enough.</param>
    /// <param name="atLeast">True when a higher score is better.</param>
    /// <param name="judge">Makes the hidden data from the seed that it is given, and returns the score of an answer on them.</param>
    /// <param name="tries">How many different scores may be seen in one session.</param>
    /// <exception cref="ArgumentException">The id or the measure is empty, the bar not finite, or there is no try.</exception>
    public Bar(string exercise, string measure, string unit, double bar, bool atLeast, Func<TAnswer, int, double> judge, int tries = 5)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(exercise);
        ArgumentException.ThrowIfNullOrWhiteSpace(measure);
        ArgumentNullException.ThrowIfNull(unit);
        ArgumentNullException.ThrowIfNull(judge);
        ArgumentOutOfRangeException.ThrowIfLessThan(tries, 1);
        if (!double.IsFinite(bar))
            throw new ArgumentException($"The bar of exercise {exercise} is {Numbers.Text(bar)}; expected a finite number in {unit}.", nameof(bar));
        (_exercise, _requirement, _judge, _tries) = (exercise, new Requirement("bar", measure, unit, bar, atLeast), judge, tries);
    }

    /// <summary>Different scores that were shown in this session.</summary>
    public int Used => BarLedger.Scores(_exercise).Count;

    /// <summary>Judges an answer on the hidden data and shows its score, the bar and the tries that are left; nothing else.</summary>
    /// <exception cref="ExerciseNotDoneException">The answer is a stub; no try is used.</exception>
    /// <exception cref="CheckFailedException">The score misses the bar.</exception>
    /// <exception cref="InvalidOperationException">The tries of this session are used up, or the score is not a number.</exception>
    public void Submit(TAnswer answer)
    {
        double score = _judge(answer, BarLedger.HiddenSeed(_exercise));
        if (double.IsNaN(score))
            throw new InvalidOperationException($"The {_requirement.Measure} is not a number for this answer, so there is no score and no try was used: look for a division by zero or a value that has grown beyond all bounds.");
        var seen = BarLedger.Scores(_exercise);
        if (!seen.Contains(score))
        {
            if (seen.Count >= _tries)
                throw new InvalidOperationException($"Exercise {_exercise} has used its {_tries} tries in this session, so this answer's score stays hidden. Choose by data that you can see; a new session (restart the kernel) begins with {_tries} new tries.");
            seen.Add(score);
        }
        int left = _tries - seen.Count;
        Check.Report(new CheckResult(
            $"{_requirement.Measure}: {_requirement.With(score)}, the bar is {_requirement.Text}; {left} of {_tries} tries left in this session",
            _requirement.IsMetBy(score)));
    }
}

/// <summary>What all bars of one session share: the scores already shown, by exercise, and the seeds of the hidden data.</summary>
internal static class BarLedger
{
    private static readonly Dictionary<string, List<double>> Shown = [];

    public static List<double> Scores(string exercise) =>
        Shown.TryGetValue(exercise, out var scores) ? scores : Shown[exercise] = [];

    /// <summary>A seed that follows from the exercise and the run's seed (FNV-1a), and is none that a reader would pass by hand.</summary>
    public static int HiddenSeed(string exercise)
    {
        uint hash = 2166136261;
        foreach (char letter in $"{exercise}/{Run.Seed}")
            hash = (hash ^ letter) * 16777619;
        return (int)(hash & 0x3FFFFFFF) + 0x10000000;
    }
}
