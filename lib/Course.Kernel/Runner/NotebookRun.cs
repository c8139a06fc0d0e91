using System.Diagnostics;
using System.Text.Json.Nodes;
using Course.Kernel.Host;
using Course.Kernel.Notebooks;
using Course.Kernel.Session;

namespace Course.Kernel.Runner;

/// <summary>Executes one notebook in a session of its own.</summary>
internal sealed class NotebookRun(RunOptions options, string reportedPath, Notebook notebook, Requirements requirements, SessionOptions sessionOptions, IRunObserver observer)
{
    private const string Stopped = "the run was stopped";

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly List<CellReport> reports = [];
    /// <summary>Displays by their id: a later cell may update what an earlier one showed.</summary>
    private readonly Dictionary<string, List<JsonObject>> displays = [];

    private ISession? session;
    private int executionCount;

    /// <summary>A cell reached a stub: whatever fails behind it may lack what the student is to write.</summary>
    private bool waitsForStudent;

    /// <summary>Whether a cell was started.</summary>
    public bool Started => executionCount > 0;

    /// <summary>The notebook with its outputs.</summary>
    public Notebook Executed { get; } = notebook.Clone();

    /// <param name="first">The session to start with, perhaps still starting; null for a notebook without code.</param>
    /// <param name="nearEnd">Called when the last cell begins.</param>
    /// <param name="stop">Ends the run at once; what is done is kept.</param>
    public async Task<NotebookReport> RunAsync(Task<SessionProcess>? first, Action nearEnd, CancellationToken stop)
    {
        foreach (var cell in Executed.Cells.Where(c => c.IsCode))
            (cell.Json["outputs"], cell.Json["execution_count"]) = (new JsonArray(), null);

        var codeCells = notebook.Cells.Where(c => c.IsCode).ToList();
        observer.OnNotebookStart(reportedPath, codeCells.Count);
        try
        {
            if (first is not null)
                session = await first;
            await RunCellsAsync(codeCells, nearEnd, stop);
        }
        catch (SessionStartException e)
        {
            NotRun(codeCells, "no session could be started");
            return Finished(RunStatus.Died, new CellError("SessionStart", e.Message, null, null));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            NotRun(codeCells, Stopped);
        }
        finally
        {
            if (session is not null)
                await session.DisposeAsync();
        }
        return Finished(Overall(), null);
    }

    private async Task RunCellsAsync(List<NotebookCell> codeCells, Action nearEnd, CancellationToken stop)
    {
        for (var i = 0; i < codeCells.Count; i++)
        {
            stop.ThrowIfCancellationRequested();
            if (i == codeCells.Count - 1)
                nearEnd();
            observer.OnCellStart(reportedPath, i + 1, codeCells[i].Index);
            var report = await RunCellAsync(codeCells[i], stop);
            reports.Add(report);
            observer.OnCellEnd(reportedPath, report);
            if (report.CountsAsFailed && report.Status != RunStatus.NotDone && !options.KeepGoing)
            {
                NotRun(codeCells, "an earlier cell failed");
                return;
            }
        }
    }

    /// <summary>The cells that have no report yet.</summary>
    private void NotRun(List<NotebookCell> codeCells, string reason) =>
        reports.AddRange(codeCells.Skip(reports.Count).Select(c => Report(c, RunStatus.NotRun, reason)));

    private NotebookReport Finished(RunStatus status, CellError? error) =>
        new(reportedPath, status, Math.Round(clock.Elapsed.TotalSeconds, 3), reports.Count == 0 ? 0 : reports.Max(r => r.PeakMb), reports, error);

    /// <summary>The first failure decides; else whether anything was run.</summary>
    private RunStatus Overall() =>
        reports.FirstOrDefault(r => r.CountsAsFailed) is { } failure ? failure.Status
        : reports.Any(r => r.Status == RunStatus.NotRun) ? RunStatus.NotRun
        : RunStatus.Passed;

    private async Task<CellReport> RunCellAsync(NotebookCell cell, CancellationToken stop)
    {
        if (cell.HasTag("skip-execution"))
            return Report(cell, RunStatus.Skipped, "tagged skip-execution");
        if (options.Student && cell.HasTag("solution"))
            return Report(cell, RunStatus.Skipped, "solutions are not part of the student edition");
        if (await requirements.MissingAsync(cell).WaitAsync(stop) is { } missing)
            return Report(cell, RunStatus.Skipped, missing);
        if (string.IsNullOrWhiteSpace(cell.Source))
            return Report(cell, RunStatus.Passed);

        // Only with --keep-going is there anything to run behind the end of a session.
        if (session!.Ended.IsCompleted)
        {
            await session.DisposeAsync();
            session = await SessionProcess.StartAsync(sessionOptions, stop);
        }

        var recorder = new CellRecorder(displays);
        session.StrayOutput = recorder.Add;
        var running = session.ExecuteAsync(new CellRequest(cell.Source, $"cell[{cell.Index}]", cell.Language), recorder.Add);
        var left = options.NotebookLimit - clock.Elapsed;
        var cellLimit = left < options.CellLimit ? left : options.CellLimit;
        var timedOut = !await EndsWithin(running, cellLimit, stop);
        var stopped = timedOut && stop.IsCancellationRequested;
        var killed = false;
        if (timedOut)
        {
            if (!stopped)
                session.Interrupt();
            killed = stopped || !await EndsWithin(running, options.Grace, stop);
            if (killed)
                await session.ShutdownAsync();
        }
        var result = await running;

        var copy = Executed.Cells[cell.Index];
        copy.ExecutionCount = ++executionCount;
        var report = stopped ? Report(cell, RunStatus.NotRun, Stopped, result, recorder)
            : timedOut ? TimedOut(cell, result, recorder, killed, left < options.CellLimit)
            : Judge(cell, result, recorder);
        copy.Json["outputs"] = recorder.ToJson(executionCount);
        return report;
    }

    private static async Task<bool> EndsWithin(Task task, TimeSpan limit, CancellationToken stop)
    {
        try
        {
            await task.WaitAsync(limit > TimeSpan.Zero ? limit : TimeSpan.Zero, stop);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException && !task.IsCompleted)
        {
            return false;
        }
    }

    private CellReport TimedOut(NotebookCell cell, CellResult result, CellRecorder recorder, bool killed, bool notebookLimit)
    {
        var limit = FormattableString.Invariant($"{(notebookLimit ? $"the notebook's limit of {options.NotebookLimit.TotalSeconds:0.#}" : $"its limit of {options.CellLimit.TotalSeconds:0.#}")} s");
        var line = result.Error?.Line;
        var message = $"The cell ran longer than {limit}"
            + (line is null ? "" : $", in its statement at line {line}")
            + (killed ? "; it could not be interrupted, so its session was ended." : "; it was interrupted.");
        recorder.ReplaceError(new ErrorOutput("TimedOut", message, [message], line));
        return Report(cell, RunStatus.TimedOut, message, result, recorder, new CellError("TimedOut", message, line, SourceExcerpt.Of(cell.Source, line)));
    }

    private CellReport Judge(NotebookCell cell, CellResult result, CellRecorder recorder)
    {
        var error = result.Error is null ? null
            : new CellError(result.Error.Name, result.Error.Message, result.Error.Line, SourceExcerpt.Of(cell.Source, result.Error.Line));
        var mustFail = cell.HasTag("raises-exception");
        switch (result.Status)
        {
            case CellStatus.Died:
                return Report(cell, RunStatus.Died, result.Error!.Message, result, recorder, error);
            case CellStatus.OutOfMemory:
                return Report(cell, RunStatus.OutOfMemory, result.Error!.Message, result, recorder, error);
            case CellStatus.Error when mustFail:
                return Report(cell, RunStatus.Passed, null, result, recorder);
            case CellStatus.Ok when mustFail:
                const string message = "The cell is tagged raises-exception, but it raised none.";
                return Report(cell, RunStatus.Failed, message, result, recorder, new CellError("NoException", message, null, SourceExcerpt.Of(cell.Source, null)));
            case CellStatus.Ok when recorder.NotDone:
                return Report(cell, RunStatus.NotDone, options.Student ? "left to the student" : null, result, recorder);
            case CellStatus.Ok:
                return Report(cell, RunStatus.Passed, null, result, recorder);
            case CellStatus.Error when options.Student && (waitsForStudent |= error!.Type.EndsWith("ExerciseNotDoneException", StringComparison.Ordinal)):
                return Report(cell, RunStatus.NotDone, "needs an exercise that is left to the student", result, recorder, error);
            default:
                return Report(cell, RunStatus.Failed, null, result, recorder, error);
        }
    }

    private static CellReport Report(NotebookCell cell, RunStatus status, string? reason = null, CellResult? result = null, CellRecorder? recorder = null, CellError? error = null) =>
        new(cell.Id, cell.Index, cell.Tags, status, reason,
            Math.Round(result?.Elapsed.TotalSeconds ?? 0, 3), Math.Round((result?.PeakBytes ?? 0) / 1048576.0, 1),
            recorder?.Checks ?? 0, recorder?.Numbers ?? new Dictionary<string, double>(), error);
}
