using System.Globalization;
using System.Text.RegularExpressions;
using Course.Base;

namespace Course.Cli.Serving;

/// <summary>What wrk saw: requests a second, and milliseconds until an answer.</summary>
internal sealed record WrkResult(double PerSecond, double P50, double P99);

/// <summary>Debian's load generator wrk: as many requests as are answered, over many connections.</summary>
internal static partial class Wrk
{
    public static bool IsInstalled { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "wrk")));

    /// <summary>Writes the script that makes wrk post a body.</summary>
    public static string Script(string folder, string body)
    {
        string path = Path.Combine(folder, "post.lua");
        File.WriteAllText(path, $"wrk.method = \"POST\"\nwrk.headers[\"Content-Type\"] = \"application/json\"\nwrk.body = '{body}'\n");
        return path;
    }

    public static async Task<WrkResult> RunAsync(Uri service, int connections, int seconds, string script, CancellationToken cancel)
    {
        string[] arguments = [$"-t{Math.Min(2, connections)}", $"-c{connections}", $"-d{seconds}s", "--timeout", "10s", "--latency", "-s", script, new Uri(service, "/v1/predict").ToString()];
        string text = (await ProcessRun.ToEndAsync("wrk", arguments, cancel: cancel)).Output;
        if (Failures().Match(text) is { Success: true } failed)
            throw new InvalidOperationException($"wrk saw failures with {connections} connections: {failed.Value.Trim()}");
        return new(double.Parse(Field(Rate(), text), CultureInfo.InvariantCulture), Milliseconds(Field(Median(), text)), Milliseconds(Field(Tail(), text)));
    }

    private static string Field(Regex pattern, string text) =>
        pattern.Match(text) is { Success: true } match ? match.Groups[1].Value : throw new InvalidOperationException($"wrk printed something else than expected:\n{text}");

    private static double Milliseconds(string time) => time switch
    {
        [.. var number, 'u', 's'] => double.Parse(number, CultureInfo.InvariantCulture) / 1000,
        [.. var number, 'm', 's'] => double.Parse(number, CultureInfo.InvariantCulture),
        [.. var number, 's'] => double.Parse(number, CultureInfo.InvariantCulture) * 1000,
        _ => throw new InvalidOperationException($"wrk printed the time '{time}'."),
    };

    [GeneratedRegex(@"Requests/sec: +([\d.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"50% +([\d.]+\w+)")]
    private static partial Regex Median();

    [GeneratedRegex(@"99% +([\d.]+\w+)")]
    private static partial Regex Tail();

    [GeneratedRegex(@"(Non-2xx or 3xx responses|Socket errors).*")]
    private static partial Regex Failures();
}
