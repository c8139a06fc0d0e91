using System.Text.Encodings.Web;
using System.Text.Json;
using Course.Base;

namespace Course.Classroom.Quizzes;

/// <summary>What one learner answered.</summary>
/// <param name="Bank">The version of the bank.</param>
/// <param name="Form">pre, post or all.</param>
/// <param name="Learner">A name or number that links a learner's sheets; may be empty.</param>
public sealed record AnswerSheet(int Schema, string Chapter, int Bank, string Form, string Learner, IReadOnlyList<GivenAnswer> Answers)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <exception cref="ClassroomException">The file cannot be read or is no sheet.</exception>
    public static AnswerSheet Read(string path)
    {
        try
        {
            var sheet = JsonSerializer.Deserialize<AnswerSheet>(File.ReadAllText(path), Options);
            return sheet is { Schema: QuizBank.Schema } ? sheet : throw new ClassroomException($"{path}: field schema: is {sheet?.Schema}; this version of the course reads {QuizBank.Schema}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new ClassroomException($"{path} is no answer file of a quiz: {e.Message}", e);
        }
    }

    public void Write(string path) => AtomicFile.WriteAllText(path, JsonSerializer.Serialize(this, Options) + "\n");
}

/// <param name="Answer">The text of an option, a number or code; null for none.</param>
/// <param name="Right">How it was marked; null where nobody could, as code on a page.</param>
public sealed record GivenAnswer(string Item, string? Answer, bool? Right);
