using System.CommandLine;
using System.Globalization;
using Course.Cli.KernelBench;
using Course.Cli.Serving;
using static TorchSharp.torch;

namespace Course.Cli.Bench;

/// <summary><c>course bench</c>: how fast this engine is, alone or in turns with another one.</summary>
internal static class BenchCommand
{
    private const string All = "all";

    public static Command Create()
    {
        var what = new Argument<string>("what") { Description = "train (reference network), infer (the same), gemm, conv, ops (element-wise), blocks (LSTM, transformer, GPT, …), or all of them." };
        what.AcceptOnlyFromAmong([.. BenchRecord.Kinds, All]);
        var threads = new Option<int>("--threads") { Description = "Threads of each side.", DefaultValueFactory = _ => 1 };
        var peer = new Option<string?>("--peer") { Description = "Measure it too, in turns. torchsharp: this program with TorchSharp and libtorch; pytorch: the Python that the variable PYTHON names, else the system's, with PyTorch." };
        peer.AcceptOnlyFromAmong(Peers.TorchSharp, Peers.PyTorch);
        var epochs = new Option<int>("--epochs") { Description = "train: epochs that count, after one to warm up.", DefaultValueFactory = _ => 3 };
        var images = new Option<int>("--images") { Description = "train: images of an epoch.", DefaultValueFactory = _ => 60_000 };
        var batch = new Option<int>("--batch") { Description = "train: images of a step.", DefaultValueFactory = _ => 64 };
        var seconds = new Option<int>("--seconds") { Description = "Time of each kind. Where the device is slow there are fewer repetitions, and cases are left out for which no time is left; the figures say so.", DefaultValueFactory = _ => TimeBudget.DefaultSeconds };
        var device = new Option<string>("--device") { Description = "Where both sides compute: cpu; cuda (an NVIDIA GPU; gemm then also shows cuBLAS where it is installed) or opencl, where the engine sees one.", DefaultValueFactory = _ => BenchDevice.Cpu };
        device.AcceptOnlyFromAmong(BenchDevice.Names);
        var record = new Option<string?>("--record") { Description = "Keep the figures in this file, beside those of other kinds, numbers of threads and devices.", HelpName = "file" };
        var json = new Option<bool>("--json") { Description = "Print one JSON object and nothing else on standard output." };
        foreach (var positive in new[] { threads, epochs, images, batch, seconds })
            positive.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int>() < 1)
                    result.AddError($"{positive.Name} must be at least 1.");
            });
        var command = new Command("bench", "Measure speed and memory.\n\nExample: course bench gemm --peer torchsharp\nExample: course bench train --device cuda --batch 1024 --peer pytorch") { what, device, threads, seconds, peer, epochs, images, batch, record, json };
        command.Subcommands.Add(KernelBenchCommand.Create());
        command.Subcommands.Add(ReportCommand.Create());
        command.Subcommands.Add(PeerCommand.Create());
        command.Subcommands.Add(ServeBenchCommand.Create());
        command.SetAction(async (parsed, cancel) =>
        {
            string? file = parsed.GetValue(record);
            var kept = file is not null && File.Exists(file) ? BenchRecord.Read(file) : new([]);
            BenchRecord now = new([]);
            try
            {
                var start = parsed.GetValue(peer) is { } name ? await Peers.PrepareAsync(name, parsed.GetValue(device)!, cancel) : null;
                BenchDevice.Use(parsed.GetValue(device)!);
                foreach (string kind in parsed.GetValue(what) is var asked && asked == All ? BenchRecord.Kinds : [asked!])
                {
                    cancel.ThrowIfCancellationRequested();
                    int count = parsed.GetValue(threads);
                    var budget = new TimeBudget(TimeSpan.FromSeconds(parsed.GetValue(seconds)));
                    using var other = start?.Invoke(count);
                    var run = kind switch
                    {
                        "train" => TrainBench.Run(DataFolders.FromEnvironment(), count, parsed.GetValue(epochs), parsed.GetValue(images), parsed.GetValue(batch), budget, other),
                        "infer" => InferBench.Run(count, budget, other),
                        _ => Cases(kind, count, budget, other, parsed.GetValue(device)!),
                    };
                    now = now.With(run);
                    if (!parsed.GetValue(json))
                        Print(run);
                    if (file is not null)
                        (kept = kept.With(run)).Write(file);
                }
            }
            catch (UnavailableException e)
            {
                Console.Error.WriteLine($"course: {e.Message}");
                return ExitCode.Failed;
            }
            if (parsed.GetValue(json))
                Console.Out.WriteLine(now.ToJson());
            return ExitCode.Done;
        });
        return command;
    }

    private static BenchRun Cases(string kind, int threads, TimeBudget budget, Peer? peer, string device)
    {
        Peer? library = null;
        string? named = null;
        if (kind == "gemm" && device == BenchDevice.Cuda)
            (library, named) = LibraryPeer.Start(threads);
        using var _ = library;
        set_num_threads(threads);
        manual_seed(1);
        var limits = get_default_device().type == TorchSharp.DeviceType.CPU ? MachineLimits.Measure() : null;
        BenchCase[] cases = [.. BenchCases.Of(kind)];
        var figures = BenchCases.Run(cases, limits, budget, peer, library);
        return BenchRun.Of(kind, threads, peer, figures) with { Limits = limits, Library = named, LeftOut = figures.Count == cases.Length ? null : [.. cases.Skip(figures.Count).Select(one => one.Name)] };
    }

    /// <summary>The same figures for a reader: one line each.</summary>
    private static void Print(BenchRun run)
    {
        void Line(string name, string? value) => Console.Out.WriteLine($"{name,-12} {value}");
        Line(run.What, run.Threads == 1 ? "one thread" : $"{run.Threads} threads");
        Line("machine", run.Machine.ToString());
        Line("device", run.Device);
        Line("ours", run.Engine);
        if (run.Peer is not null)
            Line("peer", run.Peer);
        if (run.Library is not null)
            Line("cuBLAS", run.Library);
        if (run.Limits is { } l)
            Line("limits", string.Create(CultureInfo.InvariantCulture, $"{l.PeakGflops:0.0} GFLOP/s a core, {l.CopyGbS:0.0} GB/s copied, {l.TriadGbS:0.0} GB/s in y = a + s·b"));
        foreach (var one in run.Cases)
        {
            string rate = one.Rate is { } r ? string.Create(CultureInfo.InvariantCulture, $"{r:#,0.0} {one.Unit}") : "";
            string limit = one.OfLimit is { } part ? string.Create(CultureInfo.InvariantCulture, $"{part * 100:0} %") : "";
            string bytes = one.AllocatedBytes is { } b ? string.Create(CultureInfo.InvariantCulture, $"{b:0} B") : "";
            string other = one.PeerSeconds is { } peer ? string.Create(CultureInfo.InvariantCulture, $"  peer {BenchTables.Time(peer),8}, ours / peer {one.Ratio:0.00}") : "";
            string library = one.LibrarySeconds is { } theirs ? string.Create(CultureInfo.InvariantCulture, $"  cuBLAS {BenchTables.Time(theirs),8}, ours / cuBLAS {one.Seconds / theirs:0.00}") : "";
            Console.Out.WriteLine($"{one.Name,-57} {one.Repetitions,5}× {BenchTables.Time(one.Seconds),8} {rate,17} {limit,5} {bytes,8}{other}{library}");
        }
        if (run.LeftOut is { } leftOut)
            Line("left out", $"{string.Join(", ", leftOut)}: no time was left");
        foreach (var (name, result) in new[] { ("ours", run.Result), ("peer", run.PeerResult) })
            if (result is not null)
                Line(name, string.Create(CultureInfo.InvariantCulture, $"loss of the last batch {result.FinalLoss:0.0000000}, accuracy {result.Accuracy:0.00 %}, peak memory {result.PeakMb:0} MiB"));
    }
}
