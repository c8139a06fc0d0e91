using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Course.Kernel.Host;
using Course.Kernel.Jupyter.Install;
using Course.Kernel.Notebooks;

namespace Course.Cli.KernelBench;

/// <summary><c>course bench kernel</c>: how fast the Jupyter kernel starts, answers and prints, beside ipykernel.</summary>
internal static class KernelBenchCommand
{
    private static readonly (string Field, string Label)[] Rows =
    [
        ("start_to_info_ms", "start to kernel_info, ms"),
        ("start_to_result_ms", "start to first result, ms"),
        ("warm_first_result_ms", "first result, warmed, ms"),
        ("cell_p50_ms", "trivial cell p50, ms"),
        ("cell_p99_ms", "trivial cell p99, ms"),
        ("lines_per_second", "printed lines a second"),
        ("first_completion_ms", "first completion, ms"),
        ("completion_p50_ms", "after 50 cells more, p50, ms"),
        ("completion_p99_ms", "after 50 cells more, p99, ms"),
        ("first_library_completion_ms", "first in TorchSharp, ms"),
        ("library_completion_p50_ms", "then in TorchSharp, p50, ms"),
        ("library_completion_p99_ms", "then in TorchSharp, p99, ms"),
        ("memory_mb", "memory, MiB"),
    ];

    public static Command Create()
    {
        var peer = new Option<string?>("--peer") { Description = "Another kernel to measure in turns: ipykernel.", HelpName = "ipykernel" };
        peer.AcceptOnlyFromAmong("ipykernel");
        var python = new Option<string>("--python") { Description = "The Python that has ipykernel.", DefaultValueFactory = _ => OperatingSystem.IsWindows() ? "python" : "/usr/bin/python3" };
        var runs = new Option<int>("--runs") { Description = "Runs of each kernel; the median is reported.", DefaultValueFactory = _ => 5 };
        var cells = new Option<int>("--cells") { Description = "Trivial cells in each run.", DefaultValueFactory = _ => 200 };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("kernel", "Measure the published Jupyter kernel: start, round trip, printing, memory.\n\nExample: course bench kernel --peer ipykernel --json") { peer, python, runs, cells, json };
        command.SetAction(async (parsed, _) =>
        {
            if (parsed.GetValue(runs) < 1 || parsed.GetValue(cells) < 1)
                throw new WrongUseException("--runs and --cells take a number of at least 1");
            if (parsed.GetValue(peer) is not null)
                RequireIpykernel(parsed.GetValue(python)!);
            var program = Publish();
            var ours = new KernelMeasurement(new("course", [KernelLocation.DotNet, Path.Combine(program, "Course.Kernel.dll"), "jupyter", "--connection-file", "{connection_file}"],
                "1 + 1", $"for (var i = 0; i < {KernelMeasurement.Lines}; i++) Console.WriteLine(i);",
                "var v@ = \"text @\";", "Sub")
            { Library = Library() }, parsed.GetValue(cells));
            var other = parsed.GetValue(peer) is null ? null : new KernelMeasurement(new("ipykernel", [parsed.GetValue(python)!, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
                "1 + 1", $"for i in range({KernelMeasurement.Lines}): print(i)",
                "v@ = 'text @'", "sp"), parsed.GetValue(cells));
            for (var run = 1; run <= parsed.GetValue(runs); run++)
            {
                Console.Error.WriteLine($"run {run} of {parsed.GetValue(runs)}");
                await ours.RunAsync();
                if (other is not null)
                    await other.RunAsync();
            }
            Print(ours.Report(), other?.Report(), parsed.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }

    /// <exception cref="WrongUseException">That Python is not there or lacks ipykernel.</exception>
    private static void RequireIpykernel(string python)
    {
        const string Advice = "Name a Python that has ipykernel (Debian: python3-ipykernel), or leave --peer out.";
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", "import ipykernel"]) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
                throw new WrongUseException($"--python {python} cannot import ipykernel. {Advice}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new WrongUseException($"--python {python} cannot be started: {e.Message}. {Advice}");
        }
    }

    /// <summary>The lines with which a chapter begins; null where nothing was built for chapters.</summary>
    private static string? Library() =>
        NotebookPaths.FindRepository(AppContext.BaseDirectory) is { } repository && Path.Combine(repository, "artifacts", "lib", "TorchSharp.dll") is var path && File.Exists(path)
            ? $"#r \"{path}\"\nusing TorchSharp;\nusing static TorchSharp.torch;\nusing static TorchSharp.torch.nn;" : null;

    private static string Publish()
    {
        if (NotebookPaths.FindRepository(AppContext.BaseDirectory) is not { } repository)
            return AppContext.BaseDirectory;
        var folder = Path.Combine(repository, "artifacts", "kernel", "program");
        PublishedProgram.Publish(repository, KernelLocation.DotNet, folder, Console.Error.WriteLine);
        return folder;
    }

    private static void Print(JsonObject ours, JsonObject? peer, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(new JsonObject { ["kernel"] = ours, ["peer"] = peer }.ToJsonString(new() { WriteIndented = true }));
            return;
        }
        Console.Out.WriteLine($"{"",-28} {"course",12} {(peer is null ? "" : "ipykernel"),12}");
        foreach (var (field, label) in Rows)
            Console.Out.WriteLine($"{label,-28} {ours[field],12} {peer?[field]?.ToString() ?? "",12}");
    }
}
