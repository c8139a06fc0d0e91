using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Course.Cli.Comparing;
using Course.Kernel.Runner;
using Spectre.Console;
using TextTable = Spectre.Console.Table;

namespace Course.Cli.Commands;

/// <summary><c>course compare</c>: the numbers of two runs side by side.</summary>
internal static class CompareCommand
{
    private const double DefaultTolerance = 1e-3;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter<RunStatus>() },
    };

    public static Command Create()
    {
        var first = new Argument<string>("first") { Description = "A report.json, the folder of a run, or a record of `run --record`." };
        var second = new Argument<string>("second") { Description = "The run to hold beside it." };
        var tolerance = new Option<double>("--tolerance") { Description = "Relative difference that is still equal. Times, rates and memory are shown and never flagged.", DefaultValueFactory = _ => DefaultTolerance };
        tolerance.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && double.TryParse(text, CultureInfo.InvariantCulture, out double value) && !(value >= 0 && double.IsFinite(value)))
                result.AddError($"--tolerance must be a number from zero on, not {text}.");
        });
        var json = new Option<bool>("--json") { Description = "Print one JSON object: {first, second, tolerance, flagged, warnings, missing, numbers, statuses}." };
        var command = new Command("compare",
            "Compare what two runs recorded and how their cells ended; exit code 1 when something differs by more than the tolerance.\n\nExample: course compare data/last-quick-run.json artifacts/run/report.json")
        {
            first, second, tolerance, json,
        };
        command.SetAction(parsed =>
        {
            var (a, b) = (ComparedRun.Read(parsed.GetValue(first)!), ComparedRun.Read(parsed.GetValue(second)!));
            var comparison = RunComparison.Of(a, b, parsed.GetValue(tolerance));
            foreach (string warning in comparison.Warnings)
                Console.Error.WriteLine($"course: {warning}");
            if (parsed.GetValue(json))
                Console.Out.WriteLine(JsonSerializer.Serialize(new
                {
                    First = Side(a),
                    Second = Side(b),
                    Tolerance = parsed.GetValue(tolerance),
                    comparison.Flagged,
                    comparison.Warnings,
                    comparison.Missing,
                    comparison.Numbers,
                    comparison.Statuses,
                }, Json));
            else
                Print(a, b, comparison, parsed.GetValue(tolerance));
            return comparison.Flagged > 0 ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    private static object Side(ComparedRun run) => new { run.Path, run.Profile, run.Engine, run.Device };

    private static void Print(ComparedRun a, ComparedRun b, RunComparison comparison, double tolerance)
    {
        var table = new TextTable().Border(Console.IsOutputRedirected ? TableBorder.Ascii : TableBorder.Rounded).AddColumns("notebook", "number");
        foreach (string name in (string[])[$"A: {a.Engine}", $"B: {b.Engine}", "B − A", "relative"])
            table.AddColumn(new TableColumn(Markup.Escape(name)).RightAligned());
        table.AddColumn("");
        foreach (var n in comparison.Numbers)
            table.AddRow(Markup.Escape(n.Notebook), Markup.Escape(n.Name), Text(n.First), Text(n.Second), Text(n.Difference), n.Relative is { } r ? r.ToString("0.0e+0", CultureInfo.InvariantCulture) : "",
                n.Flagged ? "[red]differs[/]" : NumberDifference.IsOfTheMachine(n.Name) ? "machine" : "");
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = 160;
        Console.Out.WriteLine($"A: {a.Path} ({a.Profile}, {a.Engine})");
        Console.Out.WriteLine($"B: {b.Path} ({b.Profile}, {b.Engine})");
        AnsiConsole.Write(table);
        foreach (var s in comparison.Statuses)
            Console.Out.WriteLine($"{s.Notebook}{(s.Cell is null ? "" : $", {s.Cell}")}: {Word(s.First)} in A, {Word(s.Second)} in B");
        foreach (string missing in comparison.Missing)
            Console.Out.WriteLine(missing);
        Console.Out.WriteLine(FormattableString.Invariant($"{comparison.Numbers.Count} numbers, {comparison.Numbers.Count(n => n.Flagged)} beyond the tolerance of {tolerance:g3}; {comparison.Statuses.Count} cells ended differently"));
    }

    private static string Word(RunStatus? status) => status is { } known ? JsonSerializer.Serialize(known, Json).Trim('"') : "absent";

    private static string Text(double? value) => value is { } number ? number.ToString("g6", CultureInfo.InvariantCulture) : "—";
}
