using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Course.Cli.Engines;
using Spectre.Console;
using TextTable = Spectre.Console.Table;

namespace Course.Cli.Doctor;

/// <summary><c>course doctor</c>: what the course needs of this machine, on one page.</summary>
internal static class DoctorCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter<Health>() },
    };

    public static Command Create()
    {
        var engine = new Option<string?>("--engine") { Description = "Check what this engine needs (default: the one in artifacts/lib)." };
        engine.AcceptOnlyFromAmong(EngineRequirements.Engines);
        var json = new Option<bool>("--json") { Description = "Print one JSON object: {engine, healthy, findings: [{name, health, found, cure}]}." };
        var command = new Command("doctor",
            "Check what the course needs of this machine, and say how to mend what is missing; exit code 1 when something needed is.\n\nExample: course doctor --engine torchsharp-cpu")
        {
            engine, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            string repository = Repository.Find() ?? throw new WrongUseException("doctor looks at a checkout of the course; run it inside the repository.");
            string chosen = parsed.GetValue(engine) ?? LibraryChecks.Built(repository) ?? EngineRequirements.Managed;
            var findings = await ExamineAsync(chosen, repository, cancel);
            bool healthy = findings.All(f => f.Health != Health.Missing);
            if (parsed.GetValue(json))
                Console.Out.WriteLine(JsonSerializer.Serialize(new { Engine = chosen, Healthy = healthy, Findings = findings }, Json));
            else
                Print(findings);
            return healthy ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static async Task<IReadOnlyList<Finding>> ExamineAsync(string engine, string repository, CancellationToken cancel)
    {
        var facts = ThisPlatform.Facts();
        var feeds = LibraryChecks.FeedsAsync(repository, cancel);
        var loads = LibraryChecks.EngineAsync(engine, repository, cancel);
        return
        [
            MachineChecks.Sdk(repository),
            EngineRequirements.Complaint(engine, facts) is { } complaint ? Finding.Missing("engine", complaint.Split('\n')[0], complaint.Split('\n')[1]) : await loads,
            MachineChecks.StdCxx(engine, facts),
            MachineChecks.Caches(engine),
            MachineChecks.Gpu(engine, facts),
            LibraryChecks.Libraries(repository),
            LibraryChecks.Packages(engine, repository),
            .. await feeds,
            NotebookChecks.Kernel(),
            NotebookChecks.Jupyter(),
            .. NotebookChecks.Data(),
            MachineChecks.Disk(engine, repository),
            MachineChecks.Memory(),
            MachineChecks.Writable("artifacts", Path.Combine(repository, "artifacts"), $"make {repository} yours: chown -R $USER {repository}"),
            MachineChecks.Writable("data cache", DataFolders.FromEnvironment().Cache, "make it yours with chown, or name another: export XDG_CACHE_HOME=FOLDER"),
            MachineChecks.Writable("packages", PackageCache.Folder, "make it yours with chown, or name another: export NUGET_PACKAGES=FOLDER"),
            MachineChecks.Writable("temporary files", Path.GetTempPath(), "export TMPDIR=FOLDER"),
        ];
    }

    private static void Print(IReadOnlyList<Finding> findings)
    {
        if (Console.IsOutputRedirected)
        {
            int width = findings.Max(f => f.Name.Length);
            foreach (var f in findings)
                Console.Out.WriteLine($"{Mark(f.Health)} {f.Name.PadRight(width)}  {f.Found}{(f.Cure is null ? "" : $"\n  {"".PadRight(width)}  → {f.Cure}")}");
        }
        else
        {
            var table = new TextTable { Border = TableBorder.Rounded }.AddColumns("", "what", "found", "mend it with");
            foreach (var f in findings)
                table.AddRow($"[{Colour(f.Health)}]{Mark(f.Health)}[/]", Markup.Escape(f.Name), Markup.Escape(f.Found), Markup.Escape(f.Cure ?? ""));
            AnsiConsole.Write(table);
        }
        int missing = findings.Count(f => f.Health == Health.Missing), optional = findings.Count(f => f.Health == Health.Optional);
        Console.Out.WriteLine(missing == 0 ? $"Nothing needed is missing; {optional} optional things are." : $"{missing} needed things are missing, {optional} optional ones.");
    }

    private static string Mark(Health health) => health switch { Health.Ok => "✓", Health.Optional => "!", _ => "✗" };

    private static string Colour(Health health) => health switch { Health.Ok => "green", Health.Optional => "yellow", _ => "red" };
}
