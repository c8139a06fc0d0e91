using System.Text.RegularExpressions;
using Course.Notebooks;

namespace Notebooks.Tests;

public partial class AppendixTests
{
    private const string Bibliography = "appendix/A3-bibliography.ipynb";

    [Fact]
    public void Glossary_ListsNoTermTwiceAndTranslatesEach()
    {
        var rows = TableRows("appendix/A2-glossary.ipynb").Where(r => r.Length == 4).ToList();
        Assert.True(rows.Count > 50, $"only {rows.Count} terms");
        Assert.Equal(rows.Count, rows.Select(r => r[0].ToLowerInvariant()).Distinct().Count());
        Assert.All(rows, r => Assert.True(r[1].Any(c => c >= '\u4e00' && c <= '\u9fff'), $"'{r[0]}' has no Chinese term"));
        Assert.All(rows, r => Assert.Matches(@"\]\(\.\./.+\.ipynb\)", r[3]));
    }

    [Fact]
    public void Bibliography_ListsExactlyWhatIsCited()
    {
        var cited = NotebookCopies.Originals.Where(o => NotebookCopies.NameOf(o) != Bibliography).SelectMany(Prose).SelectMany(Keys).ToHashSet();
        var listed = Entries().Select(e => e.Key).ToList();
        Assert.Equal(listed.Count, listed.Distinct().Count());
        Assert.Equal(cited.Except(listed).Order(), []);
        Assert.Equal(listed.Except(cited).Order(), []);
    }

    [Fact]
    public void Bibliography_EveryEntryHasADoiOrAUrlAndAYear() => Assert.All(Entries(), entry =>
    {
        Assert.Matches(@"\]\(https?://[^)\s]+\)", entry.Text);
        Assert.Matches(@"\b(19|20)\d\d\b", entry.Text[(entry.Key.Length + 6)..]);
    });

    private static IEnumerable<(string Key, string Text)> Entries() => Prose(RepositoryFiles.PathOf("notebooks", Bibliography))
        .SelectMany(t => t.Split('\n')).Select(l => (Match: EntryPattern().Match(l), Line: l)).Where(e => e.Match.Success)
        .Select(e => (e.Match.Groups["key"].Value, e.Line));

    private static IEnumerable<string> Keys(string text) => KeyPattern().Matches(text).Select(m => m.Groups["key"].Value);

    private static IEnumerable<string> Prose(string path) => Notebook.Read(path).Cells.Where(c => c.IsMarkdown).Select(c => c.Source);

    private static IEnumerable<string[]> TableRows(string name) => Prose(RepositoryFiles.PathOf("notebooks", name))
        .SelectMany(t => t.Split('\n')).Where(l => l.StartsWith("| ", StringComparison.Ordinal) && !l.StartsWith("| English", StringComparison.Ordinal))
        .Select(l => l.Trim().Trim('|').Split(" | ").Select(c => c.Trim()).ToArray());

    [GeneratedRegex(@"^- \*\*\[(?<key>\w+)\]\*\*")]
    private static partial Regex EntryPattern();

    [GeneratedRegex(@"\[(?<key>[A-Z][A-Za-z]+(?:19|20)\d\d[a-z]?)\]")]
    private static partial Regex KeyPattern();
}
