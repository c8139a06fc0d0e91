using Course.Notebooks;

namespace Course.Classroom.Quizzes;

/// <summary>The banks of a repository: <c>data/quizzes</c>, one file a chapter.</summary>
/// <param name="repository">The root of the checkout.</param>
public sealed class QuizLibrary(string repository)
{
    /// <summary>Describes the format and is no bank.</summary>
    private const string SchemaFile = "schema";

    private string Folder => Path.Combine(repository, "data", "quizzes");

    /// <summary>Names of the chapters that have a bank.</summary>
    public IReadOnlyList<string> WithBank => Directory.Exists(Folder)
        ? [.. Directory.GetFiles(Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Where(n => n != SchemaFile).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Notebooks that state objectives, with or without a bank.</summary>
    public IReadOnlyList<Notebook> Chapters =>
        [.. NotebookPaths.Find([Path.Combine(repository, "notebooks")], repository).Select(Notebook.Read).Where(n => QuizRules.Objectives(n).Count > 0)];

    /// <param name="chapter">The notebook's name or its number, such as 03b or L1.</param>
    /// <exception cref="ClassroomException">There is no bank of that name, or it cannot be read.</exception>
    public QuizBank Bank(string chapter)
    {
        string? name = WithBank.FirstOrDefault(n => n == chapter || n.StartsWith(chapter + "-", StringComparison.OrdinalIgnoreCase));
        if (name is null)
            throw new ClassroomException($"there is no quiz for {chapter}; there are: {string.Join(", ", WithBank)}.");
        var bank = QuizBank.Read(Path.Combine(Folder, name + ".json"));
        return bank.Chapter == name ? bank : throw new ClassroomException($"{Path.Combine(Folder, name)}.json: field chapter: is {bank.Chapter}; the file is named after its chapter");
    }
}
