using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Course.Cli.Commands;
using Course.Serving;

namespace Course.Cli.Serving;

/// <summary><c>course serve replicas</c>: several of the service behind a proxy, tried while one is killed and a new version comes.</summary>
internal static class ReplicasCommand
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Command Create()
    {
        var artefact = new Argument<FileInfo>("artefact") { Description = "A model's file (.csmodel)." };
        var count = new Option<int>("--replicas") { Description = "Replicas behind the proxy.", DefaultValueFactory = _ => 3 };
        var seconds = new Option<double>("--seconds") { Description = "Of each phase, at least.", DefaultValueFactory = _ => 5 };
        var proxy = new Option<string>("--proxy") { Description = "haproxy (Debian's) or yarp; auto takes HAProxy where it is installed.", DefaultValueFactory = _ => "auto" };
        proxy.AcceptOnlyFromAmong("auto", "haproxy", "yarp");
        var knee = new Option<bool>("--knee") { Description = "Offer loads at fixed rates instead, from a tenth of what the replicas can answer to more than that, and tell the latency at each." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        Inputs.Positive(32, count);
        Inputs.Positive(3600, seconds);
        var command = new Command("replicas", "Start replicas behind a proxy on this machine, ask them all the time, kill one, roll out a next version, and count the requests that failed.\n\nExamples:\n  course serve replicas digits.csmodel --replicas 3\n  course serve replicas digits.csmodel --knee --json") { artefact, count, seconds, proxy, knee, json };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetValue(artefact)!, parsed.GetValue(count), parsed.GetValue(seconds), parsed.GetValue(proxy)!, parsed.GetValue(knee), parsed.GetValue(json), cancel));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo artefact, int count, double seconds, string proxy, bool knee, bool json, CancellationToken cancel)
    {
        if (!artefact.Exists)
            throw new WrongUseException($"there is no file '{artefact.FullName}'. Models lie in artifacts/models after chapter 04b has run.");
        var folder = Directory.CreateTempSubdirectory("course-replicas-");
        try
        {
            var model = ModelArtefact.Load(artefact.FullName);
            if (knee)
            {
                var figures = await ReplicaKnee.RunAsync(await FrontAsync(), artefact.FullName, count, seconds, Console.Error.WriteLine, cancel);
                Console.Out.WriteLine(json ? figures.ToJson().TrimEnd() : Words(figures));
                return figures.Points.All(point => point.Failed == 0) ? ExitCode.Done : ExitCode.Failed;
            }
            using var network = Architectures.Create(model.Info.Architecture);
            model.LoadInto(network, model.Info.Architecture);
            string next = Path.Combine(folder.FullName, "next.csmodel");
            ModelArtefact.From(network, model.Info with { Version = $"{model.Info.Version}-next" }).Save(next);
            var phases = await ReplicaTrial.RunAsync(await FrontAsync(), artefact.FullName, next, count, seconds, Console.Error.WriteLine, cancel);
            if (json)
                Console.Out.WriteLine(JsonSerializer.Serialize(phases, Json));
            else
                foreach (var phase in phases)
                    Console.Out.WriteLine(Words(phase));
            // Nothing failed where nothing was asked; and the next version must have answered.
            bool survived = phases.All(phase => phase.Failed == 0 && phase.Requests >= ReplicaTrial.Fewest) && phases[^1].Versions.Contains($"{model.Info.Version}-next");
            return survived ? ExitCode.Done : ExitCode.Failed;
        }
        catch (Exception e) when (e is ArtefactException or ModelRefusedException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"course: {e.Message}");
            return ExitCode.Failed;
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        async Task<IFront> FrontAsync()
        {
            IFront front = proxy == "haproxy" || (proxy == "auto" && HaproxyFront.Program is not null) ? await HaproxyFront.StartAsync(cancel) : await YarpFront.StartAsync();
            Console.Error.WriteLine($"{count} replicas behind {front.Name} at {front.Url}");
            return front;
        }
    }

    private static string Words(KneeRecord figures) => string.Join('\n', figures.Points.Select(point => string.Create(CultureInfo.InvariantCulture,
        $"{point.Rate,9:N0}/s offered  {point.AnsweredPerSecond,9:N0}/s answered  p50 {point.P50Ms:F2} ms  p99 {point.P99Ms:F2} ms  {point.Failed} failed"))
        .Prepend(string.Create(CultureInfo.InvariantCulture, $"{figures.Replicas} replicas behind {figures.Proxy} answer {figures.Capacity:N0} requests a second at most")));

    private static string Words(TrialPhase phase) => string.Create(CultureInfo.InvariantCulture,
        $"{phase.Phase,-32} {phase.Requests,7:N0} requests  {phase.Failed} failed  {phase.Retried} retried  p50 {phase.P50Ms:F1} ms  p99 {phase.P99Ms:F1} ms  took {phase.TookMs:F0} ms  by {string.Join(", ", phase.Versions)}");
}
