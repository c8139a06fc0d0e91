using System.CommandLine;
using Course.Base;
using Course.Cli.Recording;
using Course.Notebooks;
using Course.Notebooks.Lint;

namespace Course.Cli.Commands;

/// <summary><c>course readme</c>: writes the numbers of the recorded runs into the README.</summary>
internal static class ReadmeCommand
{
    public const string FullRun = "data/last-full-run.json";
    public const string QuickRun = "data/last-quick-run.json";
    public const string RealRun = "data/last-quick-run-torchsharp-cpu.json";

    public static Command Create()
    {
        var check = new Option<bool>("--check") { Description = "Change nothing; exit with 1 when the README differs." };
        var command = new Command("readme", $"Write the numbers of {FullRun} (and {QuickRun}, {RealRun}) into README.md, between its markers.\n\nExample: course readme --check") { check };
        command.SetAction(parsed => Run(parsed.GetValue(check)));
        return command;
    }

    private static int Run(bool check)
    {
        string repository = Checkout.Above(Directory.GetCurrentDirectory())
            ?? throw new WrongUseException("course readme works on the README of the repository (Course.sln); run it inside.");
        string path = Path.Combine(repository, "README.md");
        string before = File.ReadAllText(path);
        string after = Numbers(repository, notebook => Minutes(repository, notebook)).Fill(before);
        if (before == after)
        {
            Console.Out.WriteLine("README.md agrees with the recorded runs.");
            return ExitCode.Done;
        }
        if (!check)
            AtomicFile.WriteAllText(path, after);
        Console.Out.WriteLine(check ? "README.md differs from the recorded runs; run: course readme" : "README.md now has the numbers of the recorded runs.");
        return check ? ExitCode.Failed : ExitCode.Done;
    }

    internal static ReadmeNumbers Numbers(string repository, Func<string, int>? readingMinutes)
    {
        string full = Path.Combine(repository, FullRun);
        if (!File.Exists(full))
            throw new WrongUseException($"{FullRun} is missing; make it with: course run --profile full --record {FullRun}");
        RunRecord? Optional(string file) => Path.Combine(repository, file) is var path && File.Exists(path) ? RunRecord.Read(path) : null;
        return new ReadmeNumbers(Optional(QuickRun), Optional(RealRun), RunRecord.Read(full)) { ReadingMinutes = readingMinutes };
    }

    private static int Minutes(string repository, string notebook)
    {
        string path = Path.Combine(repository, notebook);
        return File.Exists(path)
            ? NotebookMeasures.Of(Notebook.Read(path), []).ReadingMinutes
            : throw new WrongUseException($"README.md links to {notebook}, which does not exist.");
    }
}
