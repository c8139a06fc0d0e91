using System.Text.Json.Nodes;
using Course.Notebooks;
using Course.Testing;

namespace Notebooks.Tests;

/// <summary>Copies of notebooks for experiments: they lie in artifacts/, so the libraries are named by absolute paths.</summary>
internal static class NotebookCopies
{
    public static string Folder { get; } = RepositoryFiles.PathOf("artifacts", "notebook-tests");

    public static IReadOnlyList<string> Originals { get; } = NotebookPaths.Find([RepositoryFiles.PathOf("notebooks")], RepositoryFiles.Root);

    private static string Wanted => Environment.GetEnvironmentVariable("COURSE_TEST_NOTEBOOKS") ?? "";

    /// <summary>The notebooks that the tests are about: those that <c>COURSE_TEST_NOTEBOOKS</c> names (parts of paths, separated by commas), else all.</summary>
    public static IReadOnlyList<string> Selected { get; } = [.. Originals.Where(IsSelected)];

    /// <summary>
    /// Those of them that are run: a sixth, or with <c>half</c> every second, others on the next day, unless the variable names some or
    /// is <c>all</c>.
    /// </summary>
    public static IReadOnlyList<string> RunToday { get; } =
        [.. Selected.Where((_, i) => Wanted is not ("" or "half") || Today.IsTurnOf(i, Wanted == "half" ? 2 : 6))];

    public static bool IsSelected(string path) => Wanted is "" or "half" or "all" || Wanted.Split(',').Any(part => path.Contains(part, StringComparison.Ordinal));

    /// <summary>The path of an original as tests show it: relative to notebooks/, with forward slashes.</summary>
    public static string NameOf(string original) => Path.GetRelativePath(RepositoryFiles.PathOf("notebooks"), original).Replace('\\', '/');

    /// <summary>
    /// The notebook as its authors wrote it, and behind each exercise its check once more against the stub and against
    /// each stored wrong answer; behind an exercise with a hidden variant also the answer that knows its visible numbers by heart,
    /// which the check must take and the variant must not. The ids of checks that must fail begin with <c>reject-</c>.
    /// </summary>
    public static Notebook WithWrongAnswers(Notebook original)
    {
        var copy = Notebook.Create(original.Path);
        var wrongAnswers = original.Metadata["course"]?["exercises"] as JsonObject;
        var cells = original.Cells;
        for (int i = 0; i < cells.Count; i++)
        {
            Add(copy, cells[i], cells[i].Source, cells[i].Id!);
            if (!cells[i].HasTag("exercise") || i + 2 >= cells.Count)
                continue;
            var check = cells[i + 2];
            string exercise = ExerciseIds.Of(check);
            Add(copy, check, check.Source, $"reject-{i}-stub");
            var answers = (wrongAnswers?[exercise]?["wrong"] as JsonArray ?? []).Select(a => (string)a!).ToList();
            for (int k = 0; k < answers.Count; k++)
            {
                copy.Add("code", answers[k], $"wrong-{i}-{k}");
                Add(copy, check, check.Source, $"reject-{i}-wrong-{k}");
            }
            if (wrongAnswers?[exercise]?["memorised"] is not { } memorised || i + 3 >= cells.Count || !cells[i + 3].HasTag("hidden"))
                continue;
            copy.Add("code", (string)memorised!, $"memorised-{i}");
            Add(copy, check, check.Source, $"accept-{i}-memorised");
            Add(copy, cells[i + 3], cells[i + 3].Source, $"reject-{i}-memorised");
        }
        return copy;
    }

    /// <summary>
    /// The notebook with one edit. All other cells stay: some cells read their own notebook. The run ends at the failed check.
    /// </summary>
    /// <exception cref="InvalidDataException">The edit does not fit the notebook.</exception>
    public static Notebook Mutated(Notebook original, Mutation mutation)
    {
        var target = original.Cells.SingleOrDefault(c => c.Id == mutation.Cell)
            ?? throw new InvalidDataException($"{mutation}: {mutation.Path} has no cell with that id");
        if (target.Source.Split(mutation.Find).Length != 2)
            throw new InvalidDataException($"{mutation}: the cell must contain exactly once: {mutation.Find}");
        int last = original.Cells.Where(c => c.HasTag("row:" + mutation.Row)).Select(c => c.Index).DefaultIfEmpty(-1).Max();
        if (last < target.Index)
            throw new InvalidDataException($"{mutation}: no cell tagged row:{mutation.Row} at or behind the edited cell");

        var copy = Notebook.Create(original.Path);
        foreach (var cell in original.Cells)
            Add(copy, cell, cell == target ? cell.Source.Replace(mutation.Find, mutation.Replace) : cell.Source, cell.Id!);
        return copy;
    }

    /// <summary>
    /// Writes a copy of a notebook under its own name into a folder below <see cref="Folder"/>, with all other notebooks beside it
    /// (some cells read their neighbours), and returns its path.
    /// </summary>
    public static string Write(Notebook notebook, string folder)
    {
        foreach (string other in Originals)
        {
            string neighbour = PathIn(folder, other);
            Directory.CreateDirectory(Path.GetDirectoryName(neighbour)!);
            if (!File.Exists(neighbour))
                File.Copy(other, neighbour);
        }
        string path = PathIn(folder, notebook.Path);
        notebook.Write(path);
        return path;
    }

    private static string PathIn(string folder, string original) => Path.Combine(Folder, folder, NameOf(original));

    private static void Add(Notebook copy, NotebookCell cell, string source, string id)
    {
        string libraries = RepositoryFiles.PathOf("artifacts", "lib").Replace('\\', '/') + "/";
        string moved = source.Replace("\"../artifacts/lib/", "\"" + libraries).Replace("\"../../artifacts/lib/", "\"" + libraries);
        var added = copy.Add(cell.Type, moved, id, cell.Tags);
        foreach (string key in new[] { "polyglot_notebook", "dotnet_interactive" })
            if (cell.Metadata[key] is { } value)
                added.Metadata[key] = value.DeepClone();
    }
}
