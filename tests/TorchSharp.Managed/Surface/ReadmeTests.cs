using System.Text.RegularExpressions;

namespace TorchSharp.Managed.Tests.Surface;

/// <summary>The engine can be read as its README says: the files that it names are there, and none is too long for a sitting.</summary>
public partial class ReadmeTests
{
    private const int LongestFile = 350;

    private static readonly string Folder = Path.Combine(Repository.Root, "lib", "TorchSharp.Managed");
    private static readonly string[] Files = [.. Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Folder, path).Replace('\\', '/'))];

    [GeneratedRegex(@"`([\w./]+(?:\.cs|/))`")]
    private static partial Regex Named();

    [GeneratedRegex(@"^\d+\. .*?`(\w+)/", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Item();

    [Fact]
    public void ReadingOrder_NamesFilesAndFoldersThatExist()
    {
        string text = File.ReadAllText(Path.Combine(Folder, "README.md"));
        string[] names = [.. Named().Matches(text).Select(match => match.Groups[1].Value).Where(name => !name.StartsWith("tests/", StringComparison.Ordinal))];
        Assert.True(names.Length > 30, $"only {names.Length} names found: has the README another form?");
        string[] missing = [.. names.Where(name => !Files.Any(file => name.EndsWith('/') ? file.StartsWith(name, StringComparison.Ordinal) : file.EndsWith(name, StringComparison.Ordinal)))];
        Assert.True(missing.Length == 0, $"README.md names what does not exist: {string.Join(", ", missing)}");
    }

    [Fact]
    public void ReadingOrder_HasAnItemForEachFolder()
    {
        string text = File.ReadAllText(Path.Combine(Folder, "README.md"));
        string[] items = [.. Item().Matches(text).Select(match => match.Groups[1].Value)];
        Assert.Equal(Files.Where(file => file.Contains('/')).Select(file => file[..file.IndexOf('/')]).Distinct().Order(), items.Order());
    }

    [Fact]
    public void ReadingOrder_LeavesOutNoFolder()
    {
        string text = File.ReadAllText(Path.Combine(Folder, "README.md"));
        string[] silent = [.. Files.Where(file => file.Contains('/')).Select(file => file[..file.LastIndexOf('/')]).Distinct().Where(name => !text.Contains($"`{name}/", StringComparison.Ordinal))];
        Assert.True(silent.Length == 0, $"README.md says nothing of {string.Join(", ", silent)}");
    }

    [Fact]
    public void Files_AreShortEnoughToRead()
    {
        string[] tooLong = [.. Files.Select(file => (file, lines: File.ReadLines(Path.Combine(Folder, file)).Count())).Where(item => item.lines > LongestFile).Select(item => $"{item.file} ({item.lines})")];
        Assert.True(tooLong.Length == 0, $"longer than {LongestFile} lines: {string.Join(", ", tooLong)}");
    }
}
