using System.Text;
using Course.Notebooks;
using Course.Runner;

namespace Course.Interactive.Tests;

/// <summary>
/// CellKinds.md: what each kind of cell shows in .NET Interactive and in ours. COURSE_TEST_REAL compares .NET Interactive with the
/// table and with ours; ours is compared with it in any case. COURSE_WRITE_CELL_KINDS=1 writes the table anew.
/// </summary>
public sealed class CellKindsTests : IDisposable
{
    private static readonly string TablePath = RepositoryFiles.PathOf("tests", "Interactive", "CellKinds.md");
    private readonly string _folder = Directory.CreateTempSubdirectory("course-cells-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task EveryKindOfCell_ShowsWhatTheTableSays()
    {
        bool write = Environment.GetEnvironmentVariable("COURSE_WRITE_CELL_KINDS") == "1";
        bool real = write || Environment.GetEnvironmentVariable("COURSE_TEST_REAL") is { Length: > 0 };
        if (real && await InteractiveTool.MissingAsync() is { } missing)
            Assert.Skip(missing);
        var kinds = CellKinds.All;
        // Everybody's test run asks no server for packages.
        var ours = await OursAsync([.. kinds.Select(kind => real || !kind.NeedsPackages ? kind.Code : "")]);
        var theirs = real ? await TheirsAsync([.. kinds.Select(kind => kind.There is null ? kind.Code : "")]) : [];
        var rows = kinds.Select((kind, i) => (First: kind, Second: ours[i], Third: !real ? null : kind.There is { } there ? new CellMeaning(there, there, Passes: false) : theirs[i])).ToArray();
        if (write)
            File.WriteAllText(TablePath, Table(rows!));

        List<string> wrong = [.. rows.Select(row => Judge(row.First, row.Second, row.Third)).OfType<string>()];
        string[][] stored = [.. File.ReadLines(TablePath).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).Select(line => line.Split(" | "))];
        Assert.Equal(CellKinds.All.Select(kind => Escaped(kind.Name)), stored.Select(row => row[0][2..]));
        foreach (var ((kind, mine, other), row) in rows.Zip(stored))
        {
            if ((real || !kind.NeedsPackages) && Escaped(mine.Shown) != row[3])
                wrong.Add($"{kind.Name}: ours shows '{Escaped(mine.Shown)}', the table says '{row[3]}'");
            if (other is not null && Escaped(other.Shown) != row[2])
                wrong.Add($"{kind.Name}: .NET Interactive shows '{Escaped(other.Shown)}', the table says '{row[2]}'");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>What is wrong with a cell; null when it is as it should be.</summary>
    private static string? Judge(CellKind kind, CellMeaning ours, CellMeaning? theirs)
    {
        if (theirs is null)
            return null;
        if (ours.Key == theirs.Key)
            return kind.Deviation is null ? null : $"{kind.Name}: shows the same, so its reason is to be removed";
        return kind.Deviation is not null ? null : $"{kind.Name}: .NET Interactive [{theirs.Key}], ours [{ours.Key}]";
    }

    private static string Table(IReadOnlyList<(CellKind Kind, CellMeaning Ours, CellMeaning Theirs)> rows)
    {
        var text = new StringBuilder();
        int same = rows.Count(row => row.Ours.Key == row.Theirs.Key), theirs = rows.Count(row => row.Theirs.Passes), both = rows.Count(row => row.Theirs.Passes && row.Ours.Passes);
        text.Append("# Kinds of cells, in .NET Interactive and in ours\n\n");
        text.Append($"Written by CellKindsTests with COURSE_WRITE_CELL_KINDS=1; the cells are those of CellKinds.cs. Of {rows.Count} kinds {same} show the same; of {theirs} that pass in .NET Interactive {both} pass in ours; {rows.Count(row => row.Ours.Passes)} pass in ours.\n\n");
        text.Append("| kind | cell | .NET Interactive | ours | why it differs |\n|---|---|---|---|---|\n");
        foreach (var (kind, ours, shown) in rows)
            text.Append($"| {Escaped(kind.Name)} | {Escaped(kind.Code)} | {Escaped(shown.Shown)} | {Escaped(ours.Shown)} | {Escaped(kind.Deviation ?? "")} |\n");
        return text.ToString();
    }

    /// <summary>Nothing in a table's cell may end it, or be markup.</summary>
    private static string Escaped(string text) => text.Replace("\n", " ⏎ ", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal)
        .Replace("<", "\\<", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);

    private async Task<CellMeaning[]> OursAsync(string[] cells)
    {
        string path = Write("ours", cells), copies = Path.Combine(_folder, "ours", "run");
        await new CourseRunner(new RunOptions { Repository = Path.GetDirectoryName(path), Notebooks = [path], Out = copies, KeepGoing = true }, new Silent()).RunAsync(CancellationToken.None);
        return Meanings(Path.Combine(copies, Path.GetFileName(path)));
    }

    private async Task<CellMeaning[]> TheirsAsync(string[] cells)
    {
        string copy = Path.Combine(_folder, "theirs.ipynb");
        await InteractiveTool.ExecuteAsync(Write("theirs", cells), copy);
        return Meanings(copy);
    }

    private static CellMeaning[] Meanings(string copy) => [.. Notebook.Read(copy).Cells.Select(CellMeaning.Of)];

    /// <summary>A notebook of these cells, in a folder whose name the cells may tell.</summary>
    private string Write(string kernel, string[] cells)
    {
        var notebook = Notebook.Create();
        foreach (var (i, code) in cells.Index())
            notebook.Add("code", code, $"kind-{i}");
        string path = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, kernel, "notebooks")).FullName, "cells.ipynb");
        notebook.Write(path);
        return path;
    }
}
