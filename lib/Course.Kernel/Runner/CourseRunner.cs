using System.Collections.Concurrent;
using System.Diagnostics;
using Course.Kernel.Host;
using Course.Kernel.Notebooks;

namespace Course.Kernel.Runner;

/// <summary>Runs notebooks side by side, each in a process of its own, and writes executed copies and reports.</summary>
public sealed class CourseRunner(RunOptions options, IRunObserver observer)
{
    readonly Requirements requirements = new(options);
    readonly DateTimeOffset started = DateTimeOffset.UtcNow;
    readonly Stopwatch clock = Stopwatch.StartNew();

    public string JsonReport => Path.Combine(options.Out, "report.json");
    public string TrxReport => Path.Combine(options.Out, "report.trx");
    public string JUnitReport => Path.Combine(options.Out, "report.junit.xml");

    /// <param name="cancel">Stops everything at once; the report then holds what is done.</param>
    public async Task<RunReport> RunAsync(CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var reports = new NotebookReport[options.Notebooks.Count];
        var queue = new ConcurrentQueue<int>(Enumerable.Range(0, reports.Length));
        var jobs = Math.Clamp(options.Jobs, 1, Math.Max(1, reports.Length));
        await Task.WhenAll(Enumerable.Range(0, jobs).Select(_ => Task.Run(async () =>
        {
            while (queue.TryDequeue(out var i))
            {
                reports[i] = await RunOneAsync(options.Notebooks[i], jobs, stop.Token);
                if (options.FailFast && reports[i].Failed > 0)
                    await stop.CancelAsync();
            }
        }, CancellationToken.None)));

        var report = new RunReport(options.Profile, options.Device, options.Engine, started, Math.Round(clock.Elapsed.TotalSeconds, 3),
            reports.Sum(r => r.Passed), reports.Sum(r => r.Failed), reports.Sum(r => r.Skipped), reports);
        AtomicFile.WriteAllText(JsonReport, report.ToJson());
        AtomicFile.WriteAllText(TrxReport, Reports.Trx.Write(report));
        AtomicFile.WriteAllText(JUnitReport, Reports.JUnit.Write(report));
        return report;
    }

    async Task<NotebookReport> RunOneAsync(string path, int jobs, CancellationToken stop)
    {
        var reported = ReportedPath(path);
        Notebook notebook;
        try
        {
            notebook = Notebook.Read(path);
            if (!notebook.IsCSharp)
                throw new NotebookFormatException(path, $"is a notebook in {notebook.Language}; this kernel runs C# notebooks only");
        }
        catch (NotebookFormatException e)
        {
            var unreadable = new NotebookReport(reported, RunStatus.Failed, 0, 0, [], new CellError("UnreadableNotebook", e.Message, e.Line, null));
            observer.OnNotebookEnd(unreadable);
            return unreadable;
        }

        requirements.Prepare(notebook);
        var session = SessionOptions(path, jobs);
        var run = new NotebookRun(options, reported, notebook, requirements, session, observer);
        var report = await run.RunAsync(StartSession(session, stop), stop);
        var copy = CopyPath(path);
        run.Executed.Write(Path.Combine(options.Out, copy));
        report = report with { Executed = copy.Replace('\\', '/') };
        observer.OnNotebookEnd(report);
        return report;
    }

    static async Task<SessionProcess> StartSession(SessionOptions session, CancellationToken stop)
    {
        try
        {
            return await SessionProcess.StartAsync(session, stop);
        }
        catch (OperationCanceledException)
        {
            throw new SessionStartException("the run was stopped");
        }
    }

    SessionOptions SessionOptions(string path, int jobs)
    {
        var threads = Math.Max(1, Environment.ProcessorCount / jobs);
        return new SessionOptions
        {
            WorkingDirectory = Path.GetDirectoryName(path)!,
            MemoryLimit = options.MemoryLimit ?? (long)(0.8 * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / jobs),
            Environment = new Dictionary<string, string?>
            {
                ["COURSE_PROFILE"] = options.Profile,
                ["COURSE_DEVICE"] = options.Device,
                // A run without a reader asks nobody and downloads nothing.
                ["COURSE_DOWNLOAD"] = "never",
                ["COURSE_DATA"] = DataFolders(),
                ["OMP_NUM_THREADS"] = FormattableString.Invariant($"{threads}"),
            },
        };
    }

    /// <summary>Relative entries are meant from the repository; sessions run elsewhere, so they get absolute ones.</summary>
    string? DataFolders()
    {
        var given = Environment.GetEnvironmentVariable("COURSE_DATA");
        return string.IsNullOrEmpty(given) ? null : string.Join(Path.PathSeparator, given
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(f => Path.GetFullPath(f, options.Repository ?? Directory.GetCurrentDirectory())));
    }

    string ReportedPath(string path) => (Inside(path) ?? path).Replace('\\', '/');

    /// <summary>Executed copies keep their place in the repository; others get one by their full path.</summary>
    string CopyPath(string path) => Inside(path)
        ?? Path.Combine("outside", Path.GetRelativePath(Path.GetPathRoot(path)!, path));

    string? Inside(string path) =>
        options.Repository is { } root && Path.GetRelativePath(root, path) is var relative && !relative.StartsWith("..", StringComparison.Ordinal) && !Path.IsPathRooted(relative) ? relative : null;
}
