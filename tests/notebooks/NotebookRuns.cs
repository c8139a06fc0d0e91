using Course.Notebooks;
using Course.Runner;

[assembly: AssemblyFixture(typeof(Notebooks.Tests.NotebookRuns))]

namespace Notebooks.Tests;

/// <summary>Runs the notebooks and the mutations that are asked for, each set once and only when a test looks at it.</summary>
public sealed class NotebookRuns
{
    private readonly Lazy<Task<RunReport>> _chapters = new(() => RunAsync("chapters", keepGoing: true, NotebookCopies.RunToday.Select(o =>
        NotebookCopies.Write(NotebookCopies.WithWrongAnswers(Notebook.Read(o)), "chapters"))));

    private readonly Lazy<Task<RunReport>> _mutations = new(() => RunAsync("mutations", keepGoing: false, Mutation.Sample(DateOnly.FromDateTime(DateTime.UtcNow)).Select(m =>
        NotebookCopies.Write(NotebookCopies.Mutated(Notebook.Read(RepositoryFiles.PathOf(m.Path)), m), FolderOf(m.Name)))));

    public NotebookRuns()
    {
        if (Directory.Exists(NotebookCopies.Folder))
            Directory.Delete(NotebookCopies.Folder, recursive: true);
    }

    public async Task<NotebookReport> ChapterAsync(string name) =>
        (await _chapters.Value).Notebooks.Single(n => n.Path.EndsWith("chapters/" + name, StringComparison.Ordinal));

    public async Task<NotebookReport> MutatedAsync(string name) =>
        (await _mutations.Value).Notebooks.Single(n => n.Path.Contains(FolderOf(name) + "/", StringComparison.Ordinal));

    private static string FolderOf(string mutation) => "mutations/" + mutation.Replace('@', '-');

    private static async Task<RunReport> RunAsync(string name, bool keepGoing, IEnumerable<string> notebooks)
    {
        var runner = new CourseRunner(new RunOptions
        {
            Repository = RepositoryFiles.Root,
            Notebooks = [.. notebooks],
            Out = Path.Combine(NotebookCopies.Folder, "out-" + name),
            KeepGoing = keepGoing,
            MissingData = Course.Datasets.Missing,
            Jobs = Math.Min(2, Environment.ProcessorCount),
            CellLimit = TimeSpan.FromMinutes(10),
            NotebookLimit = TimeSpan.FromMinutes(20),
        }, new Silent());
        return await runner.RunAsync(CancellationToken.None);
    }

    private sealed class Silent : IRunObserver
    {
        public void OnNotebookStart(string path, int codeCells) { }

        public void OnCellStart(string path, int position, int index) { }

        public void OnCellEnd(string path, CellReport cell) { }

        public void OnNotebookEnd(NotebookReport notebook) { }
    }
}
