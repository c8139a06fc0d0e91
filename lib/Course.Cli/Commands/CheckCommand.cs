using System.CommandLine;
using System.Text.Json;
using Course.Base;
using Course.Notebooks;
using Course.Notebooks.Lint;
using Spectre.Console;

namespace Course.Cli.Commands;

/// <summary><c>course check</c>: lints notebooks and shows what can be counted about them.</summary>
internal static class CheckCommand
{
    private static readonly JsonSerializerOptions JsonStyle = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create()
    {
        var paths = Inputs.Notebooks("Notebooks or folders; none means the notebooks/ of this repository.");
        var json = new Option<bool>("--json") { Description = "Print one JSON object: {notebooks, findings}." };
        var command = new Command("check", "Check notebooks against the rules of the course.\n\nExample: course check notebooks/03-linear-regression.ipynb") { paths, json };
        command.SetAction(parsed => Run(parsed.GetValue(paths) ?? [], parsed.GetValue(json)));
        return command;
    }

    private static int Run(string[] paths, bool json)
    {
        string folder = Directory.GetCurrentDirectory();
        string? repository = Checkout.Above(folder);
        var findings = new List<LintFinding>();
        var measures = new List<NotebookMeasures>();
        foreach (string path in NotebookPaths.Find(paths, folder))
        {
            var found = NotebookLint.Check(path);
            string shown = NotebookPaths.Display(path, repository);
            findings.AddRange(found.Select(f => f with { Path = shown }));
            if (found.All(f => f.Rule != "format" || f.Cell is not null))
                measures.Add(NotebookMeasures.Of(Notebook.Read(path), found) with { Path = shown });
        }

        if (json)
            Console.Out.WriteLine(JsonSerializer.Serialize(new { notebooks = measures, findings }, JsonStyle));
        else
            Print(measures, findings);
        return findings.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Print(List<NotebookMeasures> measures, List<LintFinding> findings)
    {
        foreach (var finding in findings)
            Console.Out.WriteLine(finding);
        var table = new Spectre.Console.Table().Border(TableBorder.Simple)
            .AddColumns("notebook", "words", "min", "code", "median", "90 %", "rows", "exercises", "graded", "figures", "no alt", "bad links");
        foreach (var m in measures)
            table.AddRow(Markup.Escape(m.Path), $"{m.Words}", $"{m.ReadingMinutes}", $"{m.CodeCells}", $"{m.MedianLines}", $"{m.Lines90}",
                $"{m.Rows.Count}", $"{m.Exercises}", $"{m.Graded}", $"{m.Figures}", $"{m.WithoutAlt}", $"{m.BrokenLinks}");
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = 140;
        AnsiConsole.Write(table);
        Console.Out.WriteLine(findings.Count == 0 ? $"{measures.Count} notebooks, nothing to mend" : $"{findings.Count} findings");
    }
}
