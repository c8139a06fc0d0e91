using Course.Base;
using Course.Session.Host;

namespace Course.Runner;

/// <summary>Starts the sessions of a run: all with the run's settings, each in its notebook's folder. They may start before they are needed.</summary>
internal sealed class SessionPool(RunOptions options)
{
    /// <param name="notebook">The notebook's full path.</param>
    /// <exception cref="SessionStartException">None could be started.</exception>
    public Task<SessionProcess> StartAsync(string notebook, CancellationToken stop) => SessionProcess.StartAsync(new SessionOptions
    {
        WorkingDirectory = Path.GetDirectoryName(notebook)!,
        Program = options.SessionProgram,
        Clock = options.Clock,
        MemoryLimit = options.MemoryLimit ?? (long)(0.8 * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / options.UsedJobs),
        Environment = new Dictionary<string, string?>
        {
            [CourseVariables.Profile] = options.Profile,
            [CourseVariables.Leaks] = options.Leaks ? "1" : null,
            [CourseVariables.Device] = options.Device,
            [CourseVariables.Engine] = options.Engine,
            // A run without a reader asks nobody and downloads nothing.
            [CourseVariables.Download] = "never",
            // Sessions run elsewhere, so relative entries become absolute ones.
            [CourseVariables.Data] = CourseVariables.DataFolders(options.Repository) is { Count: > 0 } folders ? string.Join(Path.PathSeparator, folders) : null,
            ["OMP_NUM_THREADS"] = FormattableString.Invariant($"{options.Threads}"),
        },
    }, stop);
}
