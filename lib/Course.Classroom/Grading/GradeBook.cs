using System.Text.Json;
using System.Text.Json.Serialization;

namespace Course.Classroom.Grading;

/// <summary>What became of an exercise, or of a whole submission.</summary>
[JsonConverter(typeof(VerdictNames))]
public enum Verdict
{
    Full,
    Partial,
    Wrong,
    NotDone,
    DoesNotCompile,

    /// <summary>The answer's code asks for what an answer may not use.</summary>
    Refused,

    /// <summary>The submission has no cell of the exercise, or several with its id.</summary>
    Missing,
    TimedOut,
    OutOfMemory,

    /// <summary>The answer ended the session's process, or it crashed.</summary>
    Died,
    TooMuchOutput,

    /// <summary>A file that is no notebook, or none of the teacher's.</summary>
    Unreadable,
}

/// <summary>One check, or one hidden variant of it.</summary>
/// <param name="Found">What the answer gave, where the check says so.</param>
/// <param name="Reason">Why it did not pass, where it was no comparison that failed.</param>
public sealed record CheckGrade(string Claim, bool Passed, bool Hidden, string? Found = null, string? Expected = null, string? Reason = null);

/// <param name="Id">As in <c>Exercise.Check("3.1", …)</c>; the stub's cell id where no check names one.</param>
/// <param name="Points">One for each check that passed.</param>
/// <param name="Message">Why the answer was not judged by its checks; null when it was.</param>
public sealed record ExerciseGrade(string Id, Verdict Verdict, int Points, int Of, string? Message, IReadOnlyList<CheckGrade> Checks);

/// <param name="Fingerprint">Of everything that decides the grade: a submission with the same one need not be graded again.</param>
/// <param name="Message">Why nothing was graded, or what the teacher should know; null when there is nothing to say.</param>
public sealed record SubmissionGrade(string Student, string Notebook, string Fingerprint, Verdict Verdict, int Points, int Of,
    IReadOnlyList<ExerciseGrade> Exercises, string? Message, double Seconds)
{
    public static Verdict Overall(int points, int of, IReadOnlyList<ExerciseGrade> exercises) =>
        points == of ? Verdict.Full : points > 0 ? Verdict.Partial : exercises.All(e => e.Verdict is Verdict.NotDone or Verdict.Missing) ? Verdict.NotDone : Verdict.Wrong;
}

/// <summary>The grades of a class.</summary>
/// <param name="Limits">What holds for each session.</param>
/// <param name="NotConfined">What this system cannot hold a session to.</param>
public sealed record GradeBook(IReadOnlyList<string> Limits, IReadOnlyList<string> NotConfined, IReadOnlyList<SubmissionGrade> Submissions)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";

    /// <summary>Null when the text is no grade book.</summary>
    public static GradeBook? FromJson(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<GradeBook>(text, Json) is { Submissions: not null } book ? book : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

internal sealed class VerdictNames() : JsonStringEnumConverter<Verdict>(JsonNamingPolicy.KebabCaseLower);
