using System.CommandLine;
using Course.Base;

namespace Course.Cli.Bench;

/// <summary><c>course bench report</c>: a record as Markdown, printed or written into a page.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var record = new Argument<string>("record") { Description = "What course bench --record wrote." };
        var page = new Option<string?>("--into") { Description = "A Markdown page: fill what stands between its <!-- bench: KIND --> and <!-- /bench -->.", HelpName = "page" };
        var command = new Command("report", "Print a recorded bench as Markdown tables.\n\nExample: course bench report data/last-bench.json --into lib/TorchSharp.Managed/Performance.md") { record, page };
        command.SetAction(parsed =>
        {
            var found = BenchRecord.Read(parsed.GetValue(record)!);
            if (parsed.GetValue(page) is not { } path)
            {
                Console.Out.WriteLine(BenchTables.All(found));
                return ExitCode.Done;
            }
            if (!File.Exists(path))
                throw new WrongUseException($"--into {path} does not exist.");
            AtomicFile.WriteAllText(path, BenchTables.Fill(found, File.ReadAllText(path)));
            Console.Out.WriteLine($"{path} now has the numbers of the record.");
            return ExitCode.Done;
        });
        return command;
    }
}
