using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Course.Serving;

namespace Course.Cli.Serving;

/// <summary>What an open loop saw.</summary>
/// <param name="Sorted">Milliseconds from the moment at which each request was due until its answer, in order.</param>
/// <param name="Wrong">Requests without a right answer.</param>
/// <param name="Seconds">From the first request until the last answer.</param>
internal sealed record LoopResult(double[] Sorted, int Wrong, double Seconds)
{
    public double PerSecond => Math.Round(Sorted.Length / Seconds, 1);

    public double Quantile(double q) => Sorted.Length == 0 ? 0 : Math.Round(Sorted[Math.Min(Sorted.Length - 1, (int)(q * Sorted.Length))], 3);
}

/// <summary>
/// Requests at a fixed rate: each has a moment at which it is due, whatever happened to those before, so that a slow service cannot slow its
/// own load down.
/// </summary>
internal sealed partial class OpenLoop
{
    private const int Connections = 64;

    private readonly byte[][] _requests;
    private readonly IReadOnlyList<Scores> _expected;

    /// <param name="bodies">What is asked in turn, as JSON.</param>
    /// <param name="expected">The right answer to each.</param>
    public OpenLoop(IReadOnlyList<string> bodies, IReadOnlyList<Scores> expected) =>
        (_requests, _expected) = ([.. bodies.Select(body => Encoding.ASCII.GetBytes($"POST /v1/predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"))], expected);

    /// <param name="rate">Requests a second; infinity asks again as soon as an answer is there.</param>
    public async Task<LoopResult> RunAsync(Uri url, double rate, double seconds, CancellationToken cancel)
    {
        int next = -1;
        var clock = Stopwatch.StartNew();
        var workers = Enumerable.Range(0, Connections).Select(_ => Task.Run(() => AskAsync(), cancel)).ToArray();
        var seen = await Task.WhenAll(workers);
        double took = clock.Elapsed.TotalSeconds;
        double[] sorted = [.. seen.SelectMany(one => one.Milliseconds).Order()];
        return new(sorted, seen.Sum(one => one.Wrong), took);

        async Task<(List<double> Milliseconds, int Wrong)> AskAsync()
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, url.Port, cancel);
            var (buffer, times, wrong) = (new byte[8192], new List<double>(), 0);
            while (true)
            {
                int i = Interlocked.Increment(ref next);
                double due = double.IsInfinity(rate) ? clock.Elapsed.TotalMilliseconds : 1000.0 * i / rate;
                if (due >= 1000 * seconds)
                    return (times, wrong);
                while (due - clock.Elapsed.TotalMilliseconds is var left and > 0)
                    if (left > 1.5)
                        await Task.Delay((int)(left - 0.5), cancel);
                    else
                        await Task.Yield();
                await socket.SendAsync(_requests[i % _requests.Length], cancel);
                string answer = await ReceiveAsync(socket, buffer, cancel);
                times.Add(clock.Elapsed.TotalMilliseconds - due);
                if (!IsRight(answer, _expected[i % _requests.Length]))
                    wrong++;
            }
        }
    }

    private static async Task<string> ReceiveAsync(Socket socket, byte[] buffer, CancellationToken cancel)
    {
        int length = 0;
        while (true)
        {
            int count = await socket.ReceiveAsync(buffer.AsMemory(length), cancel);
            if (count == 0)
                return "";
            length += count;
            string text = Encoding.ASCII.GetString(buffer, 0, length);
            int head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head >= 0 && LengthPattern().Match(text) is { Success: true } announced && length >= head + 4 + int.Parse(announced.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
                return text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) ? text[(head + 4)..] : "";
        }
    }

    private static bool IsRight(string answer, Scores expected)
    {
        if (answer.Length == 0)
            return false;
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.GetProperty("probabilities").EnumerateObject().Zip(expected.Probabilities)
            .All(pair => Math.Abs(pair.First.Value.GetSingle() - pair.Second) < 1e-5);
    }

    // HAProxy writes the names of headers in small letters.
    [GeneratedRegex(@"Content-Length: (\d+)", RegexOptions.IgnoreCase)]
    private static partial Regex LengthPattern();
}
