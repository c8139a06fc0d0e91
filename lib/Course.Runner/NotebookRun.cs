using System.Text.Json.Nodes;
using Course.Notebooks;
using Course.Session.Contract;
using Course.Session.Host;

namespace Course.Runner;

/// <summary>Executes one notebook in a session of its own.</summary>
internal sealed class NotebookRun(RunOptions options, string reportedPath, Notebook notebook, Requirements requirements, SessionPool sessions, IRunObserver observer)
{
    private const string Stopped = "the run was stopped";

    private readonly long _startedAt = options.Clock.GetTimestamp();
    private readonly List<CellReport> _reports = [];
    /// <summary>Displays by their id: a later cell may update what an earlier one showed.</summary>
    private readonly Dictionary<string, List<JsonObject>> _displays = [];

    private readonly Budget _budget = Budget.Of(notebook);

    private TimeSpan Elapsed => options.Clock.GetElapsedTime(_startedAt);

    private ISession? _session;
    private int _executionCount;
    private string? _device;

    /// <summary>A session ended, and with it what cells before declared.</summary>
    private bool _lostVariables;

    /// <summary>A cell reached a stub: whatever fails behind it may lack what the student is to write.</summary>
    private bool _waitsForStudent;

    /// <summary>Whether a cell was started.</summary>
    public bool Started => _executionCount > 0;

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
                _session = await first;
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
            if (_session is not null)
                await _session.DisposeAsync();
        }
        return Finished(Overall(), null);
    }

    private async Task RunCellsAsync(List<NotebookCell> codeCells, Action nearEnd, CancellationToken stop)
    {
        for (int i = 0; i < codeCells.Count; i++)
        {
            stop.ThrowIfCancellationRequested();
            if (i == codeCells.Count - 1)
                nearEnd();
            observer.OnCellStart(reportedPath, i + 1, codeCells[i].Index);
            var report = await RunCellAsync(codeCells[i], stop);
            _reports.Add(report);
            observer.OnCellEnd(reportedPath, report);
            if (report.CountsAsFailed && report.Status != RunStatus.NotDone && !options.KeepGoing)
            {
                NotRun(codeCells, "an earlier cell failed");
                return;
            }
            if (report.Status == RunStatus.TimedOut && Elapsed >= NotebookLimit)
            {
                NotRun(codeCells, "the notebook's time was up");
                return;
            }
        }
    }

    private TimeSpan NotebookLimit => (options.TimeBudgets ? _budget.Timeout : null) ?? options.NotebookLimit;

    /// <summary>The cells that have no report yet.</summary>
    private void NotRun(List<NotebookCell> codeCells, string reason) =>
        _reports.AddRange(codeCells.Skip(_reports.Count).Select(c => Report(c, RunStatus.NotRun, reason)));

    private NotebookReport Finished(RunStatus status, CellError? error) =>
        new(reportedPath, status, Math.Round(Elapsed.TotalSeconds, 3), _reports.Count == 0 ? 0 : _reports.Max(r => r.PeakMb), _reports, error) { Device = _device };

    /// <summary>The first failure decides; else whether anything was run.</summary>
    private RunStatus Overall() =>
        _reports.FirstOrDefault(r => r.CountsAsFailed) is { } failure ? failure.Status
        : _reports.Any(r => r.Status == RunStatus.NotRun) ? RunStatus.NotRun
        : RunStatus.Passed;

    private async Task<CellReport> RunCellAsync(NotebookCell cell, CancellationToken stop)
    {
        if (cell.HasTag(CellTags.SkipExecution))
            return Report(cell, RunStatus.Skipped, "tagged skip-execution");
        if (options.Student && cell.HasTag(CellTags.Solution))
            return Report(cell, RunStatus.Skipped, "solutions are not part of the student edition");
        if (await requirements.MissingAsync(cell).WaitAsync(stop) is { } missing)
            return Report(cell, RunStatus.Skipped, missing);
        if (string.IsNullOrWhiteSpace(cell.Source))
            return Report(cell, RunStatus.Passed);

        // Only with --keep-going is there anything to run behind the end of a session. What follows runs in a new one, without the
        // variables of the old: a cell that fails there for their lack was not really run.
        if (_session!.Ended.IsCompleted)
        {
            await _session.DisposeAsync();
            _session = await sessions.StartAsync(notebook.Path, stop);
            _lostVariables = true;
        }

        var recorder = new CellRecorder(_displays);
        _session.StrayOutput = recorder.Add;
        // The session's own time begins when it hears of the cell; limits count from here.
        long asked = options.Clock.GetTimestamp();
        var running = _session.ExecuteAsync(new CellRequest(cell.Source, $"cell[{cell.Index}]", cell.Language), recorder.Add);
        var own = Budget.Of(notebook, cell);
        var given = (options.TimeBudgets ? own.Timeout : null) ?? options.CellLimit;
        var left = NotebookLimit - Elapsed;
        var cellLimit = left < given ? left : given;
        bool timedOut = !await EndsWithin(running, cellLimit, stop);
        bool stopped = timedOut && stop.IsCancellationRequested;
        bool killed = false;
        if (timedOut)
        {
            if (!stopped)
                _session.Interrupt();
            killed = stopped || !await EndsWithin(running, options.Grace, stop);
            if (killed)
                await _session.ShutdownAsync();
        }
        var result = await running;
        _device = recorder.Device ?? _device;

        var copy = Executed.Cells[cell.Index];
        copy.ExecutionCount = ++_executionCount;
        var report = stopped ? Report(cell, RunStatus.NotRun, Stopped, result, recorder)
            : timedOut && left < given ? TimedOut(cell, result, recorder, killed, _budget.Timeout, NotebookLimit, "the notebook's", Elapsed)
            : timedOut ? TimedOut(cell, result, recorder, killed, own.Timeout, given, "its", options.Clock.GetElapsedTime(asked))
            : WithinMemory(Judge(cell, result, recorder), cell, result, recorder, own);
        copy.Json["outputs"] = recorder.ToJson(_executionCount);
        return report;
    }

    private async Task<bool> EndsWithin(Task task, TimeSpan limit, CancellationToken stop)
    {
        try
        {
            await task.WaitAsync(limit > TimeSpan.Zero ? limit : TimeSpan.Zero, options.Clock, stop);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException && !task.IsCompleted)
        {
            return false;
        }
    }

    /// <param name="stated">The budget that the notebook states, if it does.</param>
    /// <param name="whose">the notebook's, or its.</param>
    /// <param name="took">How long what the limit is for has run.</param>
    private CellReport TimedOut(NotebookCell cell, CellResult result, CellRecorder recorder, bool killed, TimeSpan? stated, TimeSpan limit, string whose, TimeSpan took)
    {
        bool isBudget = options.TimeBudgets && stated is not null;
        int? line = result.Error?.Line;
        string message = FormattableString.Invariant($"The cell ran longer than {whose} {(isBudget ? "budget" : "limit")} of {limit.TotalSeconds:0.#} s")
            + (line is null ? "" : $", in its statement at line {line}")
            + (killed ? "; it could not be interrupted, so its session was ended." : "; it was interrupted.");
        recorder.ReplaceError(new ErrorOutput("TimedOut", message, [message], line));
        var report = Report(cell, RunStatus.TimedOut, message, result, recorder, new CellError("TimedOut", message, line, SourceExcerpt.Of(cell.Source, line)));
        return isBudget ? report with { Over = [BudgetOverrun.Of("seconds", limit.TotalSeconds, took.TotalSeconds)] } : report;
    }

    /// <summary>A cell that did what it should with more memory than it may have has failed.</summary>
    private CellReport WithinMemory(CellReport report, NotebookCell cell, CellResult result, CellRecorder recorder, Budget own)
    {
        if (!options.MemoryBudgets || (own.MemoryMb ?? _budget.MemoryMb) is not { } most || report.PeakMb <= most)
            return report;
        BudgetOverrun[] over = [BudgetOverrun.Of("megabytes", most, report.PeakMb)];
        if (report.Status != RunStatus.Passed)
            return report with { Over = over };
        string message = FormattableString.Invariant($"The session held {report.PeakMb:0} MB while the cell ran, {over[0].By:0} MB over {(own.MemoryMb is null ? "the notebook's" : "its")} budget of {most:0.#} MB.");
        recorder.Add(new ErrorOutput("OverBudget", message, [message], null));
        return Report(cell, RunStatus.Failed, message, result, recorder, new CellError("OverBudget", message, null, null)) with { Over = over };
    }

    private CellReport Judge(NotebookCell cell, CellResult result, CellRecorder recorder)
    {
        var error = result.Error is null ? null
            : new CellError(result.Error.Name, result.Error.Message, result.Error.Line, SourceExcerpt.Of(cell.Source, result.Error.Line));
        bool mustFail = cell.HasTag(CellTags.RaisesException);
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
            case CellStatus.Error when options.Student && (_waitsForStudent |= error!.Type.EndsWith("ExerciseNotDoneException", StringComparison.Ordinal)):
                return Report(cell, RunStatus.NotDone, "needs an exercise that is left to the student", result, recorder, error);
            case CellStatus.Error when _lostVariables && error!.Type == "CompilationError" && (error.Message.Contains("CS0103", StringComparison.Ordinal) || error.Message.Contains("CS0246", StringComparison.Ordinal)):
                return Report(cell, RunStatus.NotRun, "needs what a session that ended had declared", result, recorder, error);
            default:
                return Report(cell, RunStatus.Failed, null, result, recorder, error);
        }
    }

    private static CellReport Report(NotebookCell cell, RunStatus status, string? reason = null, CellResult? result = null, CellRecorder? recorder = null, CellError? error = null) =>
        new(cell.Id, cell.Index, cell.Tags, status, reason,
            Math.Round(result?.Elapsed.TotalSeconds ?? 0, 3), Math.Round((result?.PeakBytes ?? 0) / 1048576.0, 1),
            recorder?.Checks ?? 0, recorder?.Numbers ?? new Dictionary<string, double>(), error)
        {
            Leaks = recorder?.Leaks,
        };
}
