using System.Text.Json.Nodes;

namespace Course.Notebooks;

/// <summary>
/// What a cell is when its notebook is shown as slides: Jupyter's metadata <c>slideshow.slide_type</c>, decided by a rule, so that
/// nobody sets it by hand. A first- or second-level heading begins a slide, any other text one below it; code joins the slide above;
/// what learners should find themselves and what only a run needs is left out; the teacher's notes are the speaker's.
/// </summary>
public static class SlideType
{
    public const string Slide = "slide", Subslide = "subslide", Joined = "-", Skip = "skip", Notes = "notes";

    private const string Key = "slideshow", Type = "slide_type";
    private static readonly string[] Left = ["solution", "check", "hidden", "setup"];

    /// <summary>The type by the rule.</summary>
    public static string Of(NotebookCell cell) =>
        cell.HasTag(CellTags.Teacher) ? Notes
        : cell.IsMarkdown ? cell.Index == 0 || cell.Source.StartsWith("# ", StringComparison.Ordinal) || cell.Source.StartsWith("## ", StringComparison.Ordinal) ? Slide : Subslide
        : !cell.IsCode || Left.Any(cell.HasTag) || cell.Tags.Any(t => t.StartsWith(CellTags.RowPrefix, StringComparison.Ordinal)) ? Skip
        : Joined;

    /// <summary>The type that the cell's metadata holds; null when it holds none.</summary>
    public static string? In(NotebookCell cell) => (cell.Json["metadata"]?[Key] as JsonObject)?[Type] is JsonValue value && value.TryGetValue(out string? type) ? type : null;

    /// <summary>Writes the type by the rule; whether that changed anything. Code that joins the slide above needs no metadata.</summary>
    public static bool Set(NotebookCell cell)
    {
        string wanted = Of(cell);
        if ((In(cell) ?? Joined) == wanted)
            return false;
        if (wanted == Joined)
            cell.Metadata.Remove(Key);
        else
            cell.Metadata[Key] = new JsonObject { [Type] = wanted };
        return true;
    }
}
