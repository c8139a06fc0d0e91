using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Course.Runner;
using Spectre.Console;
using TextTable = Spectre.Console.Table;

namespace Course.Cli.Running;

/// <summary>How far a run is, on standard error: a live table on a terminal, else a line per notebook.</summary>
internal sealed class RunProgress : IRunObserver, IAsyncDisposable
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<string, Running> _running = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly bool _live = !Console.IsErrorRedirected;
    private readonly int _notebooks;
    private readonly Task _display;
    private int _finished;

    private sealed record Running(int CodeCells, Stopwatch Clock)
    {
        public int Position { get; set; }
    }

    private RunProgress(RunOptions options)
    {
        _notebooks = options.Notebooks.Count;
        _display = _live ? Task.Run(ShowAsync) : Task.CompletedTask;
    }

    public static RunProgress Start(RunOptions options) => new(options);

    public void OnNotebookStart(string path, int codeCells) => _running[path] = new Running(codeCells, Stopwatch.StartNew());

    public void OnCellStart(string path, int position, int index)
    {
        if (_running.TryGetValue(path, out var notebook))
            notebook.Position = position;
    }

    public void OnCellEnd(string path, CellReport cell)
    {
    }

    public void OnNotebookEnd(NotebookReport notebook)
    {
        _running.TryRemove(notebook.Path, out _);
        Interlocked.Increment(ref _finished);
        if (!_live)
            Console.Error.WriteLine(Line(notebook));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _display;
    }

    private string Line(NotebookReport n) => string.Create(CultureInfo.InvariantCulture,
        $"[{_finished}/{_notebooks}] {n.Path}: {(n.Failed > 0 ? "FAILED" : n.IsFlaky == true ? "flaky" : n.Status.ToString().ToLowerInvariant())}, {n.Passed} passed, {n.Failed} failed, {n.Skipped} skipped, {n.Seconds:0.0} s");

    private async Task ShowAsync()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await console.Live(Current()).AutoClear(true).StartAsync(async context =>
        {
            while (!_end.IsCancellationRequested)
            {
                context.UpdateTarget(Current());
                await Task.Delay(Refresh, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        });
    }

    private TextTable Current()
    {
        var table = new TextTable { Border = TableBorder.None, ShowHeaders = false }.AddColumns("notebook", "cell", "elapsed");
        foreach (var (path, notebook) in _running.OrderBy(r => r.Key, StringComparer.Ordinal))
            table.AddRow(Markup.Escape(path), string.Create(CultureInfo.InvariantCulture, $"cell {notebook.Position}/{notebook.CodeCells}"), Elapsed(notebook.Clock));
        table.AddRow(string.Create(CultureInfo.InvariantCulture, $"{_finished} of {_notebooks} notebooks done"), "", Elapsed(_clock));
        return table;
    }

    private static string Elapsed(Stopwatch clock) => clock.Elapsed.ToString(@"m\:ss", CultureInfo.InvariantCulture);
}
