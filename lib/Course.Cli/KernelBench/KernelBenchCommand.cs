using System.CommandLine;
using System.Text.Json.Nodes;
using Course.Base;
using Course.Jupyter.Install;

namespace Course.Cli.KernelBench;

/// <summary><c>course bench kernel</c>: how fast the Jupyter kernel starts, answers and prints, beside ipykernel and .NET Interactive.</summary>
internal static class KernelBenchCommand
{
    private static readonly (string Field, string Label)[] Rows =
    [
        ("start_to_info_ms", "start to kernel_info, ms"),
        ("start_to_result_ms", "start to first result, ms"),
        ("warm_first_result_ms", "first result, warmed, ms"),
        ("cell_p50_ms", "trivial cell p50, ms"),
        ("cell_p99_ms", "trivial cell p99, ms"),
        ("long_cell_p50_ms", "p50 in a long session, ms"),
        ("lines_per_second", "printed lines a second"),
        ("first_completion_ms", "first completion, ms"),
        ("completion_p50_ms", "after 50 cells, p50, ms"),
        ("completion_p99_ms", "after 50 cells, p99, ms"),
        ("first_library_completion_ms", "first in TorchSharp, ms"),
        ("library_completion_p50_ms", "then in TorchSharp, p50, ms"),
        ("library_completion_p99_ms", "then in TorchSharp, p99, ms"),
        ("memory_mb", "memory, MiB"),
    ];

    public static Command Create()
    {
        var peer = new Option<string[]>("--peer") { Description = "Other kernels to measure in turns: ipykernel, dotnet-interactive.", HelpName = "kernel", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
        peer.AcceptOnlyFromAmong("ipykernel", "dotnet-interactive");
        var python = new Option<string>("--python") { Description = "The Python that has ipykernel.", DefaultValueFactory = _ => OperatingSystem.IsWindows() ? "python" : "/usr/bin/python3" };
        var runs = new Option<int>("--runs") { Description = "Runs of each kernel; the median is reported.", DefaultValueFactory = _ => 5 };
        var cells = new Option<int>("--cells") { Description = "Trivial cells in each run.", DefaultValueFactory = _ => 200 };
        var many = new Option<int>("--long") { Description = "Trivial cells in the long session.", DefaultValueFactory = _ => 1500 };
        var tool = new Option<string>("--tool") { Description = "The program dotnet-interactive (dotnet tool install -g Microsoft.dotnet-interactive).", DefaultValueFactory = _ => "dotnet-interactive" };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("kernel", "Measure the published Jupyter kernel: start, round trip, printing, memory.\n\nExample: course bench kernel --peer ipykernel dotnet-interactive --json") { peer, python, tool, runs, cells, many, json };
        command.SetAction(async (parsed, cancel) =>
        {
            // Whoever ends the command is heard once this has returned its task.
            await Task.Yield();
            if (parsed.GetValue(runs) < 1 || parsed.GetValue(cells) < 1 || parsed.GetValue(many) < parsed.GetValue(cells))
                throw new WrongUseException("--runs and --cells take a number of at least 1, and --long one that is not below --cells");
            var kernels = new List<KernelMeasurement>();
            foreach (var subject in parsed.GetValue(peer)!.Distinct().Select(name => name == "ipykernel" ? Ipykernel(parsed.GetValue(python)!) : DotNetInteractive(parsed.GetValue(tool)!)))
                kernels.Add(new KernelMeasurement(subject, parsed.GetValue(cells), parsed.GetValue(many)));
            string program = Publish(cancel);
            kernels.Insert(0, new KernelMeasurement(CSharp("course", [DotNetHost.Path, Path.Combine(program, "Course.Jupyter.dll"), "--connection-file", "{connection_file}"]) with { Library = Library() },
                parsed.GetValue(cells), parsed.GetValue(many)));
            for (int run = 1; run <= parsed.GetValue(runs); run++)
            {
                Console.Error.WriteLine($"run {run} of {parsed.GetValue(runs)}");
                foreach (var kernel in kernels)
                {
                    Console.Error.WriteLine($"  {kernel.Name}");
                    await kernel.RunAsync(cancel);
                }
            }
            Print([.. kernels.Select(kernel => kernel.Report())], parsed.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }

    private static KernelSubject CSharp(string name, IReadOnlyList<string> argv) =>
        new(name, argv, "1 + 1", "for (var i = 0; i < @; i++) Console.WriteLine(i);", "var v@ = \"text @\";", "Sub");

    /// <exception cref="WrongUseException">That Python is not there or lacks ipykernel.</exception>
    private static KernelSubject Ipykernel(string python)
    {
        Require("--python", python, ["-c", "import ipykernel"], "import ipykernel", "Name a Python that has ipykernel (Debian: python3-ipykernel)");
        return new("ipykernel", [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"], "1 + 1", "for i in range(@): print(i)", "v@ = 'text @'", "sp");
    }

    /// <exception cref="WrongUseException">The tool is not there.</exception>
    private static KernelSubject DotNetInteractive(string tool)
    {
        Require("--tool", tool, ["--version"], "tell its version", "Install it: dotnet tool install -g Microsoft.dotnet-interactive");
        return CSharp("dotnet-interactive", [tool, "jupyter", "--default-kernel", "csharp", "{connection_file}", "--http-port-range", "2048-3000"]) with
        {
            TellsMemory = false,
            // Of ten times as many the end was not always answered.
            Lines = 2_000,
        };
    }

    private static void Require(string option, string program, IReadOnlyList<string> arguments, string what, string advice)
    {
        try
        {
            if (ProcessRun.ToEndAsync(program, arguments).GetAwaiter().GetResult().ExitCode != 0)
                throw new WrongUseException($"{option} {program} cannot {what}. {advice}, or leave this --peer out.");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new WrongUseException($"{option} {program} cannot be started: {e.Message}. {advice}, or leave this --peer out.");
        }
    }

    /// <summary>The lines with which a chapter begins; null where nothing was built for chapters.</summary>
    private static string? Library() =>
        Checkout.Above(AppContext.BaseDirectory) is { } repository && Path.Combine(repository, "artifacts", "lib", "TorchSharp.dll") is var path && File.Exists(path)
            ? $"#r \"{path}\"\nusing TorchSharp;\nusing static TorchSharp.torch;\nusing static TorchSharp.torch.nn;" : null;

    private static string Publish(CancellationToken cancel)
    {
        if (Checkout.Above(AppContext.BaseDirectory) is not { } repository)
            return AppContext.BaseDirectory;
        string folder = Path.Combine(repository, "artifacts", "kernel", "program");
        PublishedProgram.Publish(repository, DotNetHost.Path, folder, Console.Error.WriteLine, cancel);
        return folder;
    }

    private static void Print(JsonObject[] kernels, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(new JsonObject { ["kernel"] = kernels[0], ["peers"] = new JsonArray([.. kernels[1..]]) }.ToJsonString(new() { WriteIndented = true }));
            return;
        }
        Console.Out.WriteLine($"{"",-28}{string.Concat(kernels.Select(kernel => $" {kernel["name"],18}"))}");
        foreach (var (field, label) in Rows)
            Console.Out.WriteLine($"{label,-28}{string.Concat(kernels.Select(kernel => $" {kernel[field]?.ToString() ?? "",18}"))}");
    }
}
