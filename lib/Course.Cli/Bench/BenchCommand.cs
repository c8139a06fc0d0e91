using System.CommandLine;
using System.Text.Json;
using Course.Cli.KernelBench;
using static TorchSharp.torch;

namespace Course.Cli.Bench;

/// <summary><c>course bench</c>: how fast this engine is, alone or alternating with PyTorch in the same run.</summary>
internal static class BenchCommand
{
    private static readonly JsonSerializerOptions style = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true, DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    public static Command Create()
    {
        var what = new Argument<string>("what") { Description = "train (reference network), infer (the same), gemm, conv, ops (element-wise), blocks (LSTM, transformer, residual, image)." };
        what.AcceptOnlyFromAmong("train", "infer", "gemm", "conv", "ops", "blocks");
        var threads = new Option<int>("--threads") { Description = "Threads of each side.", DefaultValueFactory = _ => 1 };
        var peer = new Option<string?>("--peer") { Description = "pytorch: measure it too (the system's python3 with python3-torch), alternating." };
        peer.AcceptOnlyFromAmong("pytorch");
        var epochs = new Option<int>("--epochs") { Description = "train: epochs that count, after one to warm up.", DefaultValueFactory = _ => 3 };
        var images = new Option<int>("--images") { Description = "train: images of an epoch.", DefaultValueFactory = _ => 60_000 };
        var batch = new Option<int>("--batch") { Description = "train: images of a step.", DefaultValueFactory = _ => 64 };
        var json = new Option<bool>("--json") { Description = "Print one JSON object and nothing else on standard output." };
        foreach (Option<int> positive in new[] { threads, epochs, images, batch })
            positive.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int>() < 1) result.AddError($"{positive.Name} must be at least 1.");
            });
        var command = new Command("bench", "Measure speed and memory.\n\nExample: course bench train --peer pytorch --json") { what, threads, peer, epochs, images, batch, json };
        command.Subcommands.Add(KernelBenchCommand.Create());
        command.SetAction(parsed =>
        {
            bool withPeer = parsed.GetValue(peer) is not null;
            int count = parsed.GetValue(threads);
            object figures = parsed.GetValue(what) switch
            {
                "train" => Train(TrainBench.Run(DataFolders.FromEnvironment(), count, parsed.GetValue(epochs), parsed.GetValue(images), parsed.GetValue(batch), withPeer)),
                "infer" => Infer(count, InferBench.Run(count, withPeer)),
                var kind => Cases(kind!, count, withPeer),
            };
            if (parsed.GetValue(json)) Console.Out.WriteLine(Json(figures));
            else Print(figures);
            return ExitCode.Done;
        });
        return command;
    }

    internal static string Json(object figures) => JsonSerializer.Serialize(figures, style);

    internal static object Train((TrainFigures Ours, TrainFigures? Peer) run) => new
    {
        run.Ours.Threads,
        run.Ours.Epochs,
        run.Ours.SecondsPerEpoch,
        run.Ours.ImagesPerSecond,
        run.Ours.PeakMb,
        run.Ours.FinalLoss,
        run.Ours.Accuracy,
        run.Peer,
        Ratio = run.Ours.SecondsPerEpoch / run.Peer?.SecondsPerEpoch,
    };

    private static object Infer(int threads, (InferFigures Ours, InferFigures? Peer) run) => new
    {
        threads,
        run.Ours.P50Us,
        run.Ours.P99Us,
        run.Ours.ImagesPerSecond,
        run.Peer,
        Ratio = run.Ours.P50Us / run.Peer?.P50Us,
    };

    private static object Cases(string kind, int threads, bool withPeer)
    {
        set_num_threads(threads);
        manual_seed(1);
        using var peer = withPeer ? Peer.Start("pytorch_bench.py", "--threads", $"{threads}") : null;
        var cases = kind switch { "gemm" => KernelCases.Gemm(), "conv" => KernelCases.Conv(), "ops" => KernelCases.Ops(), _ => BlockCases.All() };
        var limits = MachineLimits.Measure();
        var figures = BenchCases.Run(cases, limits, peer);
        return new { threads, peer = peer?.Version, limits.PeakGflops, limits.CopyGbS, limits.TriadGbS, peakMb = TrainBench.PeakMb(), cases = figures };
    }

    /// <summary>The same figures for a reader: one line each.</summary>
    private static void Print(object figures)
    {
        JsonElement root = JsonSerializer.SerializeToElement(figures, style);
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (property.Name != "cases")
            {
                Console.Out.WriteLine($"{property.Name,-20} {Shown(property.Value)}");
                continue;
            }
            foreach (JsonElement one in property.Value.EnumerateArray())
            {
                double seconds = one.GetProperty("seconds").GetDouble();
                string limit = one.TryGetProperty("of_limit", out JsonElement l) ? $"{l.GetDouble() * 100,4:0} %" : "";
                string rate = one.TryGetProperty("rate", out JsonElement r) ? $"{r.GetDouble(),8:0.0} {one.GetProperty("unit").GetString()}" : "";
                string ratio = one.TryGetProperty("ratio", out JsonElement q) ? $"  {q.GetDouble():0.00} × PyTorch's time" : "";
                Console.Out.WriteLine($"{one.GetProperty("name").GetString(),-52} {seconds * 1e6,12:0.0} µs {rate,-17} {limit,-6} {one.GetProperty("allocated_bytes").GetDouble(),8:0} B{ratio}");
            }
        }
    }

    private static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => $"{value.GetDouble():0.####}",
        JsonValueKind.Object => string.Join(", ", value.EnumerateObject().Select(p => $"{p.Name} {Shown(p.Value)}")),
        _ => value.ToString(),
    };
}
