using System.Globalization;
using Course.Runner;
using Spectre.Console;
using TextTable = Spectre.Console.Table;

namespace Course.Cli.Running;

/// <summary>The table at the end of a run, and what failed.</summary>
internal static class RunSummary
{
    private const int NarrowestTable = 140;

    public static void Print(RunReport report, RunOptions options, CourseRunner runner)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Console.Out),
            Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = Console.IsOutputRedirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        if (Console.IsOutputRedirected)
            console.Profile.Width = Math.Max(console.Profile.Width, NarrowestTable);
        foreach (var notebook in report.Notebooks)
            Failures(console, notebook);

        foreach (var notebook in report.Notebooks)
            Remarks(console, notebook);

        var table = new TextTable { Border = Console.IsOutputRedirected ? TableBorder.Ascii : TableBorder.Rounded };
        table.AddColumn("notebook");
        table.AddColumn("verdict");
        foreach (string name in (string[])["passed", "failed", "skipped", "seconds", "peak MB"])
            table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var n in report.Notebooks)
            table.AddRow(Markup.Escape(n.Path), Verdict(n.Status), Text(n.Passed), Text(n.Failed), Text(n.Skipped), Text(n.Seconds), n.PeakMb > 0 ? n.PeakMb.ToString("0", CultureInfo.InvariantCulture) : "");
        table.AddRow("all", "", Text(report.Passed), Text(report.Failed), Text(report.Skipped), Text(report.Seconds), "");
        console.Write(table);
        Console.WriteLine($"Executed copies: {options.Out}");
        Console.WriteLine($"Report:          {runner.JsonReport} (also report.trx, report.junit.xml)");
        Console.WriteLine(FormattableString.Invariant($"{report.Passed} passed, {report.Failed} failed, {report.Skipped} skipped"));
    }

    private static void Failures(IAnsiConsole console, NotebookReport notebook)
    {
        if (notebook.Error is { } error)
            console.MarkupLine($"[red]{Markup.Escape(notebook.Path)}[/]: {Markup.Escape(error.Message)}\n");
        foreach (var cell in notebook.Cells.Where(c => c.CountsAsFailed))
        {
            string line = cell.Error?.Line is { } at ? $", line {at}" : "";
            console.MarkupLine($"[red]{Markup.Escape(notebook.Path)}, cell[[{cell.Index}]]{(cell.Id is null ? "" : $" ({Markup.Escape(cell.Id)})")}{line}[/]: {Verdict(cell.Status)}");
            console.MarkupLine(Markup.Escape(cell.Error is { } e ? $"{e.Type}: {e.Message}" : cell.Status == RunStatus.NotDone ? "The exercise is not done." : cell.Reason ?? ""));
            if (cell.Error?.Excerpt is { } excerpt)
                console.MarkupLine(Markup.Escape(excerpt));
            console.WriteLine();
        }
    }

    /// <summary>What is worth knowing of a notebook although it has not failed, and who was over a budget.</summary>
    private static void Remarks(IAnsiConsole console, NotebookReport notebook)
    {
        if (notebook.Reason is { } reason)
            console.MarkupLine($"[yellow]{Markup.Escape(notebook.Path)}[/]: not run, {Markup.Escape(reason)}");
        if (notebook.IsFlaky == true)
            console.MarkupLine($"[yellow]{Markup.Escape(notebook.Path)}[/]: flaky, passed at try {notebook.EarlierFailures!.Count + 1}; before it failed in {Markup.Escape(string.Join("; ", notebook.EarlierFailures))}");
        foreach (var cell in notebook.Cells.Where(c => c.Leaks is not null))
            console.MarkupLine(Markup.Escape($"{notebook.Path}, cell[{cell.Index}]{(cell.Id is null ? "" : $" ({cell.Id})")}: {cell.Leaks}"));
        foreach (var (cell, over) in notebook.Cells.SelectMany(c => (c.Over ?? []).Select(over => (c, over))))
            console.MarkupLine(Markup.Escape(string.Create(CultureInfo.InvariantCulture,
                $"{notebook.Path}, cell[{cell.Index}]{(cell.Id is null ? "" : $" ({cell.Id})")}: over its budget of {over.Budget:0.#} {over.What} by {over.By:0.##}{(over.What == "seconds" ? " when it was stopped" : "")}")));
    }

    private static string Verdict(RunStatus status) => status switch
    {
        RunStatus.Passed => "[green]passed[/]",
        RunStatus.Skipped => "[yellow]skipped[/]",
        RunStatus.NotRun => "[yellow]not run[/]",
        RunStatus.NotDone => "[yellow]not done[/]",
        RunStatus.TimedOut => "[red]timed out[/]",
        RunStatus.OutOfMemory => "[red]out of memory[/]",
        RunStatus.Died => "[red]died[/]",
        _ => "[red]failed[/]",
    };

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Text(double seconds) => seconds.ToString("0.0", CultureInfo.InvariantCulture);
}
