using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Course.Kernel.Runner;
using Spectre.Console;
using TextTable = Spectre.Console.Table;

namespace Course.Cli.Running;

/// <summary>How far a run is, on standard error: a live table on a terminal, else a line per notebook.</summary>
sealed class RunProgress : IRunObserver, IAsyncDisposable
{
    static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(200);

    readonly ConcurrentDictionary<string, Running> running = new();
    readonly CancellationTokenSource end = new();
    readonly Stopwatch clock = Stopwatch.StartNew();
    readonly bool live = !Console.IsErrorRedirected;
    readonly int notebooks;
    readonly Task display;
    int finished;

    sealed record Running(int CodeCells, Stopwatch Clock)
    {
        public int Position { get; set; }
    }

    RunProgress(RunOptions options)
    {
        notebooks = options.Notebooks.Count;
        display = live ? Task.Run(ShowAsync) : Task.CompletedTask;
    }

    public static RunProgress Start(RunOptions options) => new(options);

    public void OnNotebookStart(string path, int codeCells) => running[path] = new Running(codeCells, Stopwatch.StartNew());

    public void OnCellStart(string path, int position, int index)
    {
        if (running.TryGetValue(path, out var notebook))
            notebook.Position = position;
    }

    public void OnCellEnd(string path, CellReport cell)
    {
    }

    public void OnNotebookEnd(NotebookReport notebook)
    {
        running.TryRemove(notebook.Path, out _);
        Interlocked.Increment(ref finished);
        if (!live)
            Console.Error.WriteLine(Line(notebook));
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await display;
    }

    string Line(NotebookReport n) => string.Create(CultureInfo.InvariantCulture,
        $"[{finished}/{notebooks}] {n.Path}: {(n.Failed > 0 ? "FAILED" : n.Status.ToString().ToLowerInvariant())}, {n.Passed} passed, {n.Failed} failed, {n.Skipped} skipped, {n.Seconds:0.0} s");

    async Task ShowAsync()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await console.Live(Current()).AutoClear(true).StartAsync(async context =>
        {
            while (!end.IsCancellationRequested)
            {
                context.UpdateTarget(Current());
                await Task.Delay(Refresh, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        });
    }

    TextTable Current()
    {
        var table = new TextTable { Border = TableBorder.None, ShowHeaders = false }.AddColumns("notebook", "cell", "elapsed");
        foreach (var (path, notebook) in running.OrderBy(r => r.Key, StringComparer.Ordinal))
            table.AddRow(Markup.Escape(path), string.Create(CultureInfo.InvariantCulture, $"cell {notebook.Position}/{notebook.CodeCells}"), Elapsed(notebook.Clock));
        table.AddRow(string.Create(CultureInfo.InvariantCulture, $"{finished} of {notebooks} notebooks done"), "", Elapsed(clock));
        return table;
    }

    static string Elapsed(Stopwatch clock) => clock.Elapsed.ToString(@"m\:ss", CultureInfo.InvariantCulture);
}
