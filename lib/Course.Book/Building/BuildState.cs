using System.Text.Json;
using Course.Base;

namespace Course.Book.Building;

/// <param name="Key">Of all that the page was made from.</param>
internal sealed record PageState(string Key, IReadOnlyList<SearchSection> Sections, IReadOnlyList<BookFinding> Findings);

/// <summary>What the last build left, so that the next one renders only what changed.</summary>
internal sealed record BuildState(IReadOnlyDictionary<string, PageState> Pages)
{
    private const string Name = "book-state.json";

    private static readonly JsonSerializerOptions Style = new(JsonSerializerDefaults.Web);

    public static string Key(Chapter chapter, string common) => $"{chapter.Hash}-{common}";

    public static BuildState Read(string folder)
    {
        string file = Path.Combine(folder, Name);
        try
        {
            return File.Exists(file) && JsonSerializer.Deserialize<BuildState>(File.ReadAllText(file), Style) is { Pages: not null } state ? state : Empty;
        }
        catch (JsonException)
        {
            return Empty;
        }
    }

    private static BuildState Empty { get; } = new(new Dictionary<string, PageState>());

    public bool IsCurrent(Chapter chapter, string common, string folder) =>
        Pages.TryGetValue(chapter.Slug, out var page) && page.Key == Key(chapter, common) && File.Exists(Path.Combine(folder, chapter.Page));

    /// <summary>The pages of this build: those rendered now, and the unchanged ones.</summary>
    public BuildState With(IEnumerable<Chapter> chapters, IReadOnlyDictionary<string, PageState> rendered) =>
        new(chapters.ToDictionary(c => c.Slug, c => rendered.TryGetValue(c.Slug, out var fresh) ? fresh : Pages[c.Slug]));

    public void Write(string folder) => AtomicFile.WriteAllText(Path.Combine(folder, Name), JsonSerializer.Serialize(this, Style));
}
