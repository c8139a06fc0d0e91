using System.Text.Json;
using System.Text.Json.Nodes;

namespace Course.Classroom.Quizzes;

/// <summary>The questions of one chapter, <c>data/quizzes/CHAPTER.json</c> (<c>schema.json</c> beside it describes the format).</summary>
/// <param name="Chapter">The notebook's name without its ending.</param>
/// <param name="Version">Grows when items change, so that old answers are told apart.</param>
/// <param name="Objectives">The objectives as the chapter states them, without markup.</param>
public sealed record QuizBank(string Chapter, int Version, IReadOnlyList<string> Objectives, IReadOnlyList<QuizItem> Items)
{
    /// <summary>The version of the format.</summary>
    public const int Schema = 1;

    /// <exception cref="ClassroomException">The file cannot be read or is no bank; the message names file, item and field.</exception>
    public static QuizBank Read(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ClassroomException($"the question bank {path} cannot be read: {e.Message}", e);
        }
    }

    /// <param name="path">Named in errors.</param>
    internal static QuizBank Parse(string json, string path)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(json);
        }
        catch (JsonException e)
        {
            throw new ClassroomException($"{path} is no JSON: {e.Message}", e);
        }
        var bank = new QuizFields(root, path);
        if (bank.Whole("schema") is var schema && schema != Schema)
            throw bank.Error("schema", $"is {schema}; this version of the course reads {Schema}");
        var result = new QuizBank(bank.Text("chapter"), bank.Whole("version"), bank.Texts("objectives"),
            [.. bank.List("items").Select((item, i) => Item(new QuizFields(item, $"{path}, item {Named(item, i)}")))]);
        bank.NothingElse();
        foreach (var twice in result.Items.GroupBy(i => i.Id).Where(g => g.Count() > 1))
            throw new ClassroomException($"{path}, item {twice.Key}: field id: {twice.Count()} items have it; each needs its own");
        foreach (var item in result.Items.Where(i => i.Objective < 1 || i.Objective > result.Objectives.Count))
            throw new ClassroomException($"{path}, item {item.Id}: field objective: is {item.Objective}; the chapter's objectives are counted from 1 to {result.Objectives.Count}");
        return result;
    }

    private static string Named(JsonNode? item, int index) =>
        item is JsonObject o && o["id"] is JsonValue value && value.TryGetValue(out string? id) ? id : $"number {index + 1}";

    private static QuizItem Item(QuizFields item)
    {
        string id = item.Text("id"), text = item.Text("text"), why = item.Text("why"), kind = item.Text("kind");
        int objective = item.Whole("objective");
        var cells = item.Texts("cells");
        QuizItem result = kind switch
        {
            ChoiceItem.Name => Choice(item, id, objective, cells, text, why),
            NumberItem.Name => Number(item, id, objective, cells, text, why),
            CodeItem.Name => new CodeItem(id, objective, cells, text, why, item.Text("stub"), item.Text("solution"), item.Text("check")),
            _ => throw item.Error("kind", $"is {kind}; it is {ChoiceItem.Name}, {NumberItem.Name} or {CodeItem.Name}"),
        };
        item.NothingElse();
        return result;
    }

    private static ChoiceItem Choice(QuizFields item, string id, int objective, IReadOnlyList<string> cells, string text, string why)
    {
        var wrong = item.List("wrong").Select((option, i) =>
        {
            var fields = new QuizFields(option, item.Place, $"wrong[{i}].");
            var result = new WrongOption(fields.Text("text"), fields.Text("reason"));
            fields.NothingElse();
            return result;
        }).ToList();
        if (wrong.Count < 2)
            throw item.Error("wrong", "has one option; a choice needs two wrong ones or more");
        var choice = new ChoiceItem(id, objective, cells, text, why, item.Text("right"), wrong);
        return choice.Options.Distinct().Count() == choice.Options.Count ? choice
            : throw item.Error("wrong", "repeats an option; exactly one is right, and all differ");
    }

    private static NumberItem Number(QuizFields item, string id, int objective, IReadOnlyList<string> cells, string text, string why)
    {
        double tolerance = item.Number("tolerance");
        return tolerance >= 0 ? new NumberItem(id, objective, cells, text, why, item.Number("answer"), tolerance, item.Text("compute"))
            : throw item.Error("tolerance", "is negative; it says by how much an answer may be off");
    }
}
