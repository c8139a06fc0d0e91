using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Course.Base;
using Course.Notebooks;
using Course.Session.Host;

namespace Course.Runner;

/// <summary>Runs notebooks side by side, each in a process of its own, and writes executed copies and reports.</summary>
public sealed class CourseRunner(RunOptions options, IRunObserver observer)
{
    private readonly DateTimeOffset _started = options.Clock.GetUtcNow();
    private readonly long _startedAt = options.Clock.GetTimestamp();
    private readonly NotebookReport[] _reports = new NotebookReport[options.Notebooks.Count];
    private readonly int _jobs = options.UsedJobs;
    private readonly SessionPool _sessions = new(options);
    private readonly GreenRuns _green = GreenRuns.Read(options);
    private readonly ConcurrentBag<(NotebookReport Report, string Fingerprint)> _hashed = [];

    /// <summary>A notebook whose session is starting or started; one of text only needs none.</summary>
    private sealed record Work(int Number, string Path, Notebook Notebook, JsonObject Parameters, string Fingerprint, Task<SessionProcess>? Session);

    public string JsonReport => Path.Combine(options.Out, "report.json");
    public string TrxReport => Path.Combine(options.Out, "report.trx");
    public string JUnitReport => Path.Combine(options.Out, "report.junit.xml");

    /// <param name="cancel">Stops everything at once; the report then holds what is done.</param>
    public async Task<RunReport> RunAsync(CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var requirements = new Requirements(options, stop.Token);
        var queue = new ConcurrentQueue<int>(LongestFirst());
        // Whoever looks at the reports while this run works, or after it was killed, must not take an earlier one's for its.
        foreach (string earlier in (string[])[JsonReport, TrxReport, JUnitReport])
            if (File.Exists(earlier))
                File.Delete(earlier);
        await Task.WhenAll(Enumerable.Range(0, _jobs).Select(_ => Task.Run(() => WorkAsync(queue, requirements, stop), CancellationToken.None)));

        var report = new RunReport(options.Profile, UsedDevice(), options.Engine, _started, Math.Round(options.Clock.GetElapsedTime(_startedAt).TotalSeconds, 3),
            _reports.Sum(r => r.Passed), _reports.Sum(r => r.Failed), _reports.Sum(r => r.Skipped), _reports);
        AtomicFile.WriteAllText(JsonReport, report.ToJson());
        AtomicFile.WriteAllText(TrxReport, Reports.Trx.Write(report));
        AtomicFile.WriteAllText(JUnitReport, Reports.JUnit.Write(report));
        _green.Write(_hashed, _started);
        return report;
    }

    /// <summary>What the notebooks say; each has an engine of its own, so that they could differ.</summary>
    private string UsedDevice()
    {
        string[] used = [.. _reports.Select(r => r.Device).OfType<string>().Distinct().Order()];
        return used.Length > 0 ? string.Join(", ", used) : options.Device;
    }

    /// <summary>One job: notebook after notebook, the next one's session starting while the last cell of this one runs.</summary>
    private async Task WorkAsync(ConcurrentQueue<int> queue, Requirements requirements, CancellationTokenSource stop)
    {
        for (var work = Next(queue, stop.Token); work is not null;)
        {
            Work? following = null;
            requirements.Prepare(work.Notebook);
            var report = await RunOneAsync(work, requirements, () => following ??= Next(queue, stop.Token), stop.Token);
            report = await RetryAsync(work, report, requirements, stop.Token);
            if (!stop.IsCancellationRequested)
                _hashed.Add((report, work.Fingerprint));
            _reports[work.Number] = report;
            observer.OnNotebookEnd(report);
            if (options.FailFast && report.Failed > 0)
                await stop.CancelAsync();
            work = following ?? Next(queue, stop.Token);
        }
    }

    /// <summary>Runs a failed notebook again, in a new session each time, until it passes or was tried often enough.</summary>
    private async Task<NotebookReport> RetryAsync(Work work, NotebookReport report, Requirements requirements, CancellationToken stop)
    {
        var failures = new List<string>();
        while (report.Failed > 0 && failures.Count < options.RetryFlaky && !stop.IsCancellationRequested)
        {
            failures.Add(FirstFailure(report));
            var again = work with { Session = work.Session is null ? null : _sessions.StartAsync(work.Path, stop) };
            report = await RunOneAsync(again, requirements, () => { }, stop);
        }
        return failures.Count == 0 ? report : report with { EarlierFailures = failures };
    }

    private static string FirstFailure(NotebookReport report) =>
        report.Cells.FirstOrDefault(c => c.CountsAsFailed) is { } cell
            ? $"cell[{cell.Index}]{(cell.Id is null ? "" : $" ({cell.Id})")}: {(cell.Error is { } error ? $"{error.Type}: {error.Message}" : cell.Reason ?? $"{cell.Status}")}"
            : $"{report.Error?.Type}: {report.Error?.Message}";

    /// <summary>The next notebook that can be run, its session started; those that cannot are reported on the way.</summary>
    private Work? Next(ConcurrentQueue<int> queue, CancellationToken stop)
    {
        while (queue.TryDequeue(out int number))
        {
            string path = options.Notebooks[number];
            try
            {
                var notebook = Notebook.Read(path);
                if (!notebook.IsCSharp)
                    throw new NotebookFormatException(path, $"is a notebook in {notebook.Language}; this kernel runs C# notebooks only");
                CheckBudgets(notebook);
                var parameters = NotebookParameters.Inject(notebook, options.Parameters);
                string fingerprint = _green.Fingerprint(notebook);
                if (options.Changed && _green.Unchanged(ReportedPath(path), fingerprint) is { } before)
                {
                    _reports[number] = new NotebookReport(ReportedPath(path), RunStatus.Skipped, 0, 0, [], null, before.Executed)
                    {
                        Reason = string.Create(CultureInfo.InvariantCulture, $"nothing changed since it passed on {before.When.UtcDateTime:yyyy-MM-dd HH:mm} UTC"),
                    };
                    observer.OnNotebookEnd(_reports[number]);
                    continue;
                }
                return new Work(number, path, notebook, parameters, fingerprint, notebook.Cells.Any(c => c.IsCode) ? _sessions.StartAsync(path, stop) : null);
            }
            catch (Exception e) when (e is NotebookFormatException or ParameterException)
            {
                _reports[number] = new NotebookReport(ReportedPath(path), RunStatus.Failed, 0, 0, [], e is NotebookFormatException format
                    ? new CellError("UnreadableNotebook", e.Message, format.Line, null) : new CellError("WrongParameter", e.Message, null, null));
                observer.OnNotebookEnd(_reports[number]);
            }
        }
        return null;
    }

    /// <exception cref="NotebookFormatException">A budget in it is none.</exception>
    private static void CheckBudgets(Notebook notebook)
    {
        Budget.Of(notebook);
        foreach (var cell in notebook.Cells.Where(c => c.IsCode))
            Budget.Of(notebook, cell);
    }

    private async Task<NotebookReport> RunOneAsync(Work work, Requirements requirements, Action nearEnd, CancellationToken stop)
    {
        var run = new NotebookRun(options, ReportedPath(work.Path), work.Notebook, requirements, _sessions, observer);
        var report = await run.RunAsync(work.Session, nearEnd, stop) with { Parameters = work.Parameters.Count == 0 ? null : (JsonObject)work.Parameters.DeepClone() };
        if (stop.IsCancellationRequested && !run.Started && report.Cells.All(c => c.Status == RunStatus.NotRun))
            return report;
        string copy = CopyPath(work.Path);
        try
        {
            run.Executed.Write(Path.Combine(options.Out, copy));
            return report with { Executed = copy.Replace('\\', '/') };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            return report with { Error = report.Error ?? new CellError("ExecutedCopy", $"the executed copy {Path.Combine(options.Out, copy)} could not be written: {e.Message}", null, null) };
        }
    }

    /// <summary>What took long in the last run starts first, so that it does not run alone at the end.</summary>
    private IEnumerable<int> LongestFirst()
    {
        var known = new Dictionary<string, double>();
        try
        {
            if (File.Exists(JsonReport))
                known = RunReport.FromJson(File.ReadAllText(JsonReport)).Notebooks.GroupBy(n => n.Path).ToDictionary(g => g.Key, g => g.First().Seconds);
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or IOException)
        {
            // Only a hint.
        }
        return Enumerable.Range(0, options.Notebooks.Count).OrderByDescending(i => known.GetValueOrDefault(ReportedPath(options.Notebooks[i])));
    }

    private string ReportedPath(string path) => (Inside(path) ?? path).Replace('\\', '/');

    /// <summary>Executed copies keep their place in the repository; others get one by their full path.</summary>
    private string CopyPath(string path) => Inside(path)
        ?? Path.Combine("outside", Path.GetRelativePath(Path.GetPathRoot(path)!, path));

    private string? Inside(string path) =>
        options.Repository is { } root && Path.GetRelativePath(root, path) is var relative && !relative.StartsWith("..", StringComparison.Ordinal) && !Path.IsPathRooted(relative) ? relative : null;
}
