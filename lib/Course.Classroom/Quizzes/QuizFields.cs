using System.Text.Json.Nodes;

namespace Course.Classroom.Quizzes;

/// <summary>Reads the fields of a JSON object; every error names the place, the field and what was expected.</summary>
/// <param name="place">The file and the item.</param>
/// <param name="prefix">Stands before the names of fields in errors.</param>
internal sealed class QuizFields(JsonNode? node, string place, string prefix = "")
{
    private readonly JsonObject _fields = node as JsonObject ?? throw new ClassroomException($"{place}: {prefix.TrimEnd('.')} is no JSON object ({{…}})");
    private readonly HashSet<string> _known = [];

    public string Place => place;

    public string Text(string field) => Value<string>(field, "a text") is var text && !string.IsNullOrWhiteSpace(text) ? text
        : throw Error(field, "is empty; write a text");

    public int Whole(string field) => Value<int>(field, "a whole number");

    public double Number(string field) => Value<double>(field, "a number");

    public IReadOnlyList<JsonNode?> List(string field) =>
        Get(field) is JsonArray { Count: > 0 } list ? [.. list] : throw Error(field, "is no list with something in it ([…])");

    public IReadOnlyList<string> Texts(string field) =>
        [.. List(field).Select(n => n is JsonValue v && v.TryGetValue(out string? text) && !string.IsNullOrWhiteSpace(text) ? text : throw Error(field, "holds something that is no text"))];

    /// <summary>Refuses fields that nobody asked for: most are misspelt ones.</summary>
    public void NothingElse()
    {
        foreach (var (name, _) in _fields)
            if (!_known.Contains(name))
                throw Error(name, $"is unknown here; known are {string.Join(", ", _known)}");
    }

    public ClassroomException Error(string field, string problem) => new($"{place}: field {prefix}{field}: {problem}");

    private T Value<T>(string field, string kind) => Get(field) is JsonValue value && value.TryGetValue(out T? result) ? result
        : throw Error(field, $"is not {kind}");

    private JsonNode Get(string field)
    {
        _known.Add(field);
        return _fields[field] ?? throw Error(field, "is missing");
    }
}
