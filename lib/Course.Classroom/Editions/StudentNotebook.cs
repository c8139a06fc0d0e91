using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Course.Notebooks;

namespace Course.Classroom.Editions;

/// <summary>A notebook as learners get it: without solutions, teacher's notes, hidden tests, stored answers and outputs; ids stay.</summary>
internal static partial class StudentNotebook
{
    private static readonly string[] TeachersOnly = [CellTags.Solution, CellTags.Teacher, CellTags.Hidden];

    /// <param name="keepsLink">Whether a link's target, as it stands in the text, is there in the edition too.</param>
    public static Notebook Of(Notebook teachers, Func<string, bool> keepsLink)
    {
        var notebook = teachers.Clone();
        var cells = (JsonArray)notebook.Root["cells"]!;
        foreach (var cell in notebook.Cells.Where(c => TeachersOnly.Any(c.HasTag)))
            cells.Remove(cell.Json);
        // Wrong answers and hidden variants give away what a right one must hold.
        if (notebook.Metadata["course"] is JsonObject course)
        {
            course.Remove("exercises");
            if (course.Count == 0)
                notebook.Metadata.Remove("course");
        }
        notebook = Notebook.Parse(notebook.Root.ToJsonString(), teachers.Path);
        foreach (var cell in notebook.Cells)
        {
            if (cell.IsCode)
                (cell.Json["outputs"], cell.Json["execution_count"]) = (new JsonArray(), null);
            else if (cell.IsMarkdown)
                cell.Source = WithLinks(cell.Source, keepsLink);
            NbgraderMetadata.Write(cell, cell.HasTag(CellTags.Check) ? Math.Max(1, Checks().Count(cell.Source)) : null);
        }
        return notebook;
    }

    /// <summary>Links that lead nowhere in the edition become their text.</summary>
    private static string WithLinks(string text, Func<string, bool> keeps) =>
        Link().Replace(text, match => keeps(match.Groups["target"].Value) ? match.Value : match.Groups["text"].Value);

    [GeneratedRegex(@"(?<!!)\[(?<text>(?:[^\[\]]|\[[^\[\]]*\])*)\]\((?<target>[^()\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\bCheck\.\w+(<[\w.]+>)?\(|\.Submit\(")]
    private static partial Regex Checks();
}
