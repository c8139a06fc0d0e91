using System.Text.Json;

namespace Course.Tests;

public sealed class ConceptMapTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("concepts").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, params (string Type, string Source)[] cells)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, JsonSerializer.Serialize(new { cells = cells.Select(cell => new { cell_type = cell.Type, source = new[] { cell.Source } }) }));
        return path;
    }

    [Fact]
    public void Read_FollowsLinksAndCountsTheCodeBehindThem()
    {
        Write("b.ipynb", ("markdown", "# Other\n## Far away"), ("code", "3"));
        string path = Write("a.ipynb",
            ("markdown", "# Title\n```mermaid\nflowchart\n  a[\"First\"] --> b[\"Second\"]\n  b --> c[\"Third\"]\n  c --> d[\"Fourth\"]\n  click a \"#One-two\"\n  click b \"b.ipynb#Far-away\"\n  click c \"#Nowhere\"\n```"),
            ("markdown", "## One two"), ("code", "1"), ("markdown", "### Below"), ("code", "2"), ("markdown", "## Next"), ("code", "4"));

        var concepts = ConceptMap.Read(path);

        Assert.Equal(["First", "Second", "Third", "Fourth"], concepts.Select(c => c.Term));
        Assert.Equal([2, 1, 0, 0], concepts.Select(c => c.CodeCells));
        Assert.Equal("b.ipynb", concepts[1].Notebook);
    }
}
