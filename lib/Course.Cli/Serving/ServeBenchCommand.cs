using System.CommandLine;
using System.Globalization;

namespace Course.Cli.Serving;

/// <summary><c>course bench serve</c>: the service beside a bare endpoint, at saturation and at a fixed rate.</summary>
internal static class ServeBenchCommand
{
    public static Command Create()
    {
        var seconds = new Option<int>("--seconds") { Description = "Of each measurement at saturation: of the service, and as long of the bare endpoint, in turns.", DefaultValueFactory = _ => 8 };
        var fixedSeconds = new Option<int>("--fixed-seconds") { Description = "Of the fixed rate; the slopes of memory, handles and threads mean something from 180 on.", DefaultValueFactory = _ => 8 };
        var rate = new Option<int>("--rate") { Description = "Requests a second of the fixed rate.", DefaultValueFactory = _ => 2000 };
        var connections = new Option<int[]>("--connections") { Description = "Numbers of connections at saturation.", DefaultValueFactory = _ => [1, 64, 1000], AllowMultipleArgumentsPerToken = true };
        var json = new Option<bool>("--json") { Description = "Print one JSON object and nothing else on standard output." };
        var bare = new Option<int?>("--bare") { Description = "Be the bare endpoint on this port.", Hidden = true };
        foreach (var positive in new[] { seconds, fixedSeconds, rate })
            positive.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int>() < 1)
                    result.AddError($"{positive.Name} must be at least 1.");
            });
        connections.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => !int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < 1))
                result.AddError("--connections takes whole numbers from 1 on.");
        });
        var command = new Command("serve", "Measure the prediction service: requests a second beside a bare endpoint, latency at a fixed rate, start, wrong answers, growth of memory, handles and threads.\n\nExamples:\n  course bench serve --json\n  course bench serve --fixed-seconds 180") { seconds, fixedSeconds, rate, connections, json, bare };
        command.SetAction(async (parsed, cancel) =>
        {
            if (parsed.GetValue(bare) is { } port)
            {
                await BareEndpoint.RunAsync(port, cancel);
                return ExitCode.Done;
            }
            var figures = await ServeBench.RunAsync(parsed.GetValue(seconds), parsed.GetValue(fixedSeconds), parsed.GetValue(rate), parsed.GetValue(connections)!, Console.Error.WriteLine, cancel);
            if (parsed.GetValue(json))
                Console.Out.WriteLine(figures.ToJson());
            else
                Print(figures);
            return figures.Wrong == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static void Print(ServeFigures figures)
    {
        Console.Out.WriteLine($"machine      {figures.Machine}");
        foreach (var one in figures.Saturation)
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{one.Connections,5} conn.  {one.RequestsPerSecond,9:#,0}/s  p50 {one.P50Ms:0.00} ms  p99 {one.P99Ms:0.00} ms  bare {one.BareRequestsPerSecond:#,0}/s  share {one.Share:0.0 %}"));
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{figures.Fixed.Rate,5}/s      p50 {figures.Fixed.P50Ms:0.00} ms  p99 {figures.Fixed.P99Ms:0.00} ms"));
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ready        {figures.ReadyMs:0} ms"));
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"wrong        {figures.Wrong}"));
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory       {figures.MemorySlopeMbPerMinute:+0.0;-0.0;0.0} MB a minute"));
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"handles      {figures.HandlesSlopePerMinute:+0.0;-0.0;0.0} a minute"));
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"threads      {figures.ThreadsSlopePerMinute:+0.0;-0.0;0.0} a minute"));
    }
}
