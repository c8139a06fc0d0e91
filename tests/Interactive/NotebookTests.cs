using Course.Notebooks;
using Course.Runner;
using Course.Testing;

namespace Course.Interactive.Tests;

/// <summary>
/// Notebooks give in the real .NET Interactive what they give in the course's kernel, both through its Jupyter kernel and in process.
/// COURSE_TEST_REAL says how many: <c>all</c>, or <c>rotate</c> for a fifth of them, another one each day. Unset, none runs: the tool is
/// a download, and all notebooks take the better part of half an hour on two cores.
/// </summary>
public sealed class NotebookTests
{
    private const string Variable = "COURSE_TEST_REAL";
    /// <summary>The reason stands in the test's name, because the console does not print why a test was skipped.</summary>
    private const string None = $"none: {Variable} is not set; 'rotate' or 'all' run notebooks in .NET Interactive";

    public static TheoryData<string> Names
    {
        get
        {
            string[] all = [.. NotebookPaths.Find([RepositoryFiles.PathOf("notebooks")], RepositoryFiles.Root).Select(p => Path.GetRelativePath(RepositoryFiles.PathOf("notebooks"), p).Replace('\\', '/'))];
            return Environment.GetEnvironmentVariable(Variable) switch
            {
                "all" => [.. all],
                "rotate" => [.. all.Where((_, i) => Today.IsTurnOf(i, 5))],
                null or "" => [None],
                var other => throw new InvalidOperationException($"{Variable} is '{other}'; expected all, rotate or nothing"),
            };
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Notebook_InDotNetInteractivesJupyterKernel_ShowsWhatOursShows(string name)
    {
        SkipWhenNotAskedFor(name);
        if (await InteractiveTool.MissingAsync() is { } missing)
            Assert.Skip(missing);
        string ours = await RunAsync(name, "ours", null), theirs = OutOf("jupyter", name);
        await InteractiveTool.ExecuteAsync(RepositoryFiles.PathOf("notebooks", name), theirs);
        Compare(ours, theirs, NeedsNewerFSharp);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Notebook_InDotNetInteractiveInProcess_ShowsWhatOursShows(string name)
    {
        SkipWhenNotAskedFor(name);
        string ours = await RunAsync(name, "ours", null);
        Compare(ours, await RunAsync(name, "in-process", RepositoryFiles.PathOf("artifacts", "interactive", "Course.Interactive.dll")), _ => false);
    }

    private static void SkipWhenNotAskedFor(string name)
    {
        if (name == None)
            Assert.Skip(None);
    }

    /// <summary>The tool brings FSharp.Core 10.0, and Plotly.NET 6 needs 10.1: as long as this is its error, no chart can be made there.</summary>
    private static bool NeedsNewerFSharp(NotebookCell cell) =>
        cell.Outputs.Any(o => o!["evalue"]?.ToString().Contains("'FSharp.Core, Version=10.1", StringComparison.Ordinal) == true);

    private static void Compare(string ours, string theirs, Func<NotebookCell, bool> except)
    {
        string[] excepted = Notebook.Read(theirs).Cells.Where(c => c.IsCode && except(c)).Select(c => $", cell {c.Id}: ").ToArray();
        foreach (string cell in excepted)
            TestContext.Current.TestOutputHelper?.WriteLine($"{Path.GetFileName(ours)}{cell}not compared, the tool's FSharp.Core is older than Plotly.NET needs");
        string[] differences = [.. ShownOutputs.Differences(ours, theirs).Where(d => !excepted.Any(d.Contains))];
        Assert.True(differences.Length == 0, string.Join('\n', differences));
    }

    /// <summary>Runs a notebook where it lies; the path of its executed copy.</summary>
    private static async Task<string> RunAsync(string name, string kind, string? program)
    {
        string copy = OutOf(kind, name);
        // Both ways are compared with the same run of ours.
        if (program is null && File.Exists(copy) && File.GetLastWriteTimeUtc(copy) > Started)
            return copy;
        var report = await new CourseRunner(new RunOptions
        {
            Repository = RepositoryFiles.Root,
            Notebooks = [RepositoryFiles.PathOf("notebooks", name)],
            Out = RepositoryFiles.PathOf("artifacts", "interactive-tests", kind),
            SessionProgram = program,
            KeepGoing = true,
        }, new Silent()).RunAsync(CancellationToken.None);
        Assert.True(report.Failed == 0, string.Join('\n', report.Notebooks.SelectMany(n => n.Cells).Where(c => c.Error is not null).Select(c => $"{name}, cell {c.Id} in {kind}: {c.Error!.Type}: {c.Error.Message}")));
        return copy;
    }

    private static string OutOf(string kind, string name) => RepositoryFiles.PathOf("artifacts", "interactive-tests", kind, "notebooks", name);

    private static readonly DateTime Started = DateTime.UtcNow;
}
