using System.Text;
using Course.Notebooks;

namespace Course.Runner.Tests;

/// <summary>Runs every notebook under <c>files</c> once, with short limits, two at a time.</summary>
public sealed class SurvivalRun : IAsyncLifetime
{
    /// <summary>Every process of this run inherits it, so that leftovers can be told from others' processes.</summary>
    private const string Marker = "COURSE_TEST_RUN";

    /// <summary>For cells that never end; others need a second or two of it.</summary>
    public static readonly TimeSpan CellLimit = TimeSpan.FromSeconds(15);

    private readonly TemporaryFolder _folder = new();
    private readonly string _mark = Guid.NewGuid().ToString("N");

    public RunReport Report { get; private set; } = null!;

    public string Out => _folder.Path;

    public async ValueTask InitializeAsync()
    {
        Environment.SetEnvironmentVariable(Marker, _mark);
        var options = new RunOptions
        {
            Repository = Files.Folder,
            Notebooks = NotebookPaths.Find([Files.Folder], Files.Folder),
            Out = Out,
            Jobs = 2,
            CellLimit = CellLimit,
            Grace = TimeSpan.FromSeconds(1),
            MemoryLimit = 400L << 20,
        };
        Report = await new CourseRunner(options, new Silent()).RunAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    public NotebookReport Notebook(string name) => Report.Notebooks.Single(n => n.Path == name + ".ipynb");

    /// <summary>The executed copy.</summary>
    public Notebook Executed(string name) => Course.Notebooks.Notebook.Read(Path.Combine(Out, name + ".ipynb"));

    /// <summary>Processes of this run that are still there.</summary>
    // Tests that run beside this one inherit the mark too; what our notebooks started works in their folder.
    public IReadOnlyList<string> Leftovers() => ProcessesWith($"{Marker}={_mark}", Files.Folder);

    /// <summary>The command lines of processes that inherited a variable and work in a folder.</summary>
    private static IReadOnlyList<string> ProcessesWith(string variable, string workingFolder)
    {
        var found = new List<string>();
        foreach (string process in Directory.EnumerateDirectories("/proc").Where(p => int.TryParse(Path.GetFileName(p), out int id) && id != Environment.ProcessId))
        {
            try
            {
                if (Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(process, "environ"))).Split('\0').Contains(variable)
                    && new DirectoryInfo(Path.Combine(process, "cwd")).LinkTarget == Path.TrimEndingDirectorySeparator(workingFolder))
                    found.Add(File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' '));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended, or is not ours.
            }
        }
        return found;
    }
}

internal sealed class Silent : IRunObserver
{
    public void OnNotebookStart(string path, int codeCells) { }
    public void OnCellStart(string path, int position, int index) { }
    public void OnCellEnd(string path, CellReport cell) { }
    public void OnNotebookEnd(NotebookReport notebook) { }
}
