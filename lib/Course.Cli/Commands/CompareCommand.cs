using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Course.Base;
using Course.Cli.Comparing;
using Course.Runner;
using Spectre.Console;
using TextTable = Spectre.Console.Table;

namespace Course.Cli.Commands;

/// <summary><c>course compare</c>: two runs, or two executed notebooks, by what they mean.</summary>
internal static class CompareCommand
{
    private const double DefaultTolerance = 1e-3;

    /// <summary>Differences of outputs that are printed; a page and JSON hold all.</summary>
    private const int MostPrinted = 40;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter<RunStatus>() },
    };

    public static Command Create()
    {
        var first = new Argument<string>("first") { Description = "An executed notebook, the folder of a run or its report.json, or a record of `run --record`." };
        var second = new Argument<string>("second") { Description = "The notebook or run to hold beside it." };
        var tolerance = new Option<double>("--tolerance") { Description = "Relative difference that is still equal. Times, rates and memory are shown and never flagged.", DefaultValueFactory = _ => DefaultTolerance };
        tolerance.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && double.TryParse(text, CultureInfo.InvariantCulture, out double value) && !(value >= 0 && double.IsFinite(value)))
                result.AddError($"--tolerance must be a number from zero on, not {text}.");
        });
        var page = new Option<string?>("--page") { Description = "Also write a page that shows what differs, old and new side by side, into this HTML file." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object: {first, second, tolerance, flagged, warnings, missing, numbers, statuses, outputs}." };
        Inputs.NotEmpty(page);
        var command = new Command("compare",
            """
            Compare two executed notebooks, or what two runs recorded, how their cells ended and what their executed copies show: numbers
            within the tolerance, figures by what they draw, tables by cells, text by lines. Cells tagged varies may differ in values, not
            in kind. Exit code 1 when something differs by more than the tolerance.

            Example: course compare data/last-quick-run.json artifacts/run/report.json
            Example: course compare old/a.ipynb artifacts/run/notebooks/a.ipynb --page artifacts/compare.html
            """.ReplaceLineEndings("\n"))
        {
            first, second, tolerance, page, json,
        };
        command.SetAction(parsed =>
        {
            string one = parsed.GetValue(first)!, other = parsed.GetValue(second)!;
            double given = parsed.GetValue(tolerance);
            var pairs = OutputComparison.Pairs(one, other);
            OutputDifference[] outputs = [.. pairs.SelectMany(pair => OutputComparison.Of(pair, new Tolerance(given)))];
            int flagged = outputs.Count(d => d.Flagged);
            if (parsed.GetValue(page) is { } file)
            {
                try
                {
                    AtomicFile.WriteAllText(file, ComparisonPage.Of(pairs, outputs, given));
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    throw new WrongUseException($"--page {file} cannot be written: {e.Message}");
                }
            }
            if (OutputComparison.IsNotebook(one))
            {
                if (parsed.GetValue(json))
                    Console.Out.WriteLine(JsonSerializer.Serialize(new { First = one, Second = other, Tolerance = given, Flagged = flagged, Outputs = outputs }, Json));
                else
                    Print(outputs, pairs.Count, given);
                return flagged > 0 ? ExitCode.Failed : ExitCode.Done;
            }
            var (a, b) = (ComparedRun.Read(one), ComparedRun.Read(other));
            var comparison = RunComparison.Of(a, b, given);
            flagged += comparison.Flagged;
            foreach (string warning in comparison.Warnings)
                Console.Error.WriteLine($"course: {warning}");
            if (parsed.GetValue(json))
                Console.Out.WriteLine(JsonSerializer.Serialize(new
                {
                    First = Side(a),
                    Second = Side(b),
                    Tolerance = given,
                    Flagged = flagged,
                    comparison.Warnings,
                    comparison.Missing,
                    comparison.Numbers,
                    comparison.Statuses,
                    Outputs = outputs,
                }, Json));
            else
            {
                if (pairs.Count > 0)
                    Print(outputs, pairs.Count, given);
                Print(a, b, comparison, given);
            }
            return flagged > 0 ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    private static object Side(ComparedRun run) => new { run.Path, run.Profile, run.Engine, run.Device };

    private static void Print(OutputDifference[] outputs, int notebooks, double tolerance)
    {
        foreach (var d in outputs.Where(d => d.Flagged).Take(MostPrinted))
            Console.Out.WriteLine($"{d.Notebook}, {d.Cell}, {d.Kind}, {d.Where}: {Short(d.First)} in A, {Short(d.Second)} in B");
        if (outputs.Count(d => d.Flagged) is > MostPrinted and var all)
            Console.Out.WriteLine($"… and {all - MostPrinted} more; --page and --json show them");
        Console.Out.WriteLine(FormattableString.Invariant($"{notebooks} executed notebooks: {outputs.Count(d => d.Flagged)} outputs beyond the tolerance of {tolerance:g3}, {outputs.Count(d => !d.Flagged)} that may vary"));
    }

    private static string Short(string? text) => text is null ? "nothing" : text.Length <= 80 ? $"'{text}'" : $"'{text[..80]}…'";

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
