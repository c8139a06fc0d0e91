using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Course.Cli.Recording;
using Course.Serving;
using TorchSharp;

namespace Course.Cli.Serving;

/// <summary>
/// Starts <c>course serve</c> and a bare endpoint as processes of their own, loads both from a third (wrk, for saturation) or from this
/// one (an open loop, for the fixed rate), and checks the answers of the latter against the model in this process.
/// </summary>
internal static partial class ServeBench
{
    private const int Pictures = 64;
    private const int Connections = 64;

    public static async Task<ServeFigures> RunAsync(int seconds, int fixedSeconds, int rate, IReadOnlyList<int> connections, Action<string> progress, CancellationToken cancel)
    {
        string folder = Directory.CreateTempSubdirectory("course-bench-serve-").FullName;
        try
        {
            torch.manual_seed(1);
            var artefact = ModelArtefact.From(Architectures.Create(Architectures.Reference), new ArtefactInfo
            {
                Name = "digits",
                Version = "1.0.0",
                Architecture = Architectures.Reference,
                Labels = [.. Enumerable.Range(0, 10).Select(digit => digit.ToString(CultureInfo.InvariantCulture))],
                Preprocessing = Preprocessing.Mnist,
            });
            string file = Path.Combine(folder, "digits.csmodel");
            artefact.Save(file);
            var random = new Random(7);
            float[][] inputs = [.. Enumerable.Range(0, Pictures).Select(_ => Enumerable.Range(0, 784).Select(_ => (float)random.Next(256)).ToArray())];
            var expected = ModelPredictor.Create(artefact).Predict(inputs);
            string[] bodies = [.. inputs.Select(input => $"{{\"input\":[{string.Join(',', input)}]}}")];

            using var service = ServerProcess.Start(["serve", file, "--port", "0", "--json"]);
            var ready = JsonDocument.Parse(await service.ReadLineAsync(cancel)).RootElement;
            var url = new Uri(ready.GetProperty("url").GetString()!);
            int barePort = FreePort();
            using var bare = ServerProcess.Start(["bench", "serve", "--bare", barePort.ToString(CultureInfo.InvariantCulture)]);
            await bare.ReadLineAsync(cancel);

            var saturation = new List<Saturation>();
            if (Wrk.IsInstalled)
            {
                string script = Wrk.Script(folder, bodies[0]);
                await Wrk.RunAsync(url, 64, 2, script, cancel);
                foreach (int count in connections)
                {
                    progress($"{count} connections");
                    var ours = await Wrk.RunAsync(url, count, seconds, script, cancel);
                    var theirs = await Wrk.RunAsync(new Uri($"http://127.0.0.1:{barePort}"), count, seconds, script, cancel);
                    saturation.Add(new(count, ours.PerSecond, ours.P50, ours.P99, theirs.PerSecond, Math.Round(ours.PerSecond / theirs.PerSecond, 3)));
                }
            }
            else
            {
                progress("wrk is not installed (Debian: apt-get install wrk), so saturation is left out");
            }
            progress($"{rate} requests a second");
            var growth = ProcessGrowth.Watch(service.Id);
            var (latencies, wrong) = await OpenLoopAsync(url, rate, fixedSeconds, bodies, expected, cancel);
            var (memory, handles, threads) = await growth.EndAsync();
            return new(Machine.This(), saturation, new(rate, Quantile(latencies, 0.5), Quantile(latencies, 0.99)), ready.GetProperty("ready_ms").GetDouble(), wrong, memory, handles, threads);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Quantile(double[] sorted, double q) => sorted.Length == 0 ? 0 : Math.Round(sorted[Math.Min(sorted.Length - 1, (int)(q * sorted.Length))], 3);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Each request has a moment at which it is due, whatever happened to those before: a slow service cannot slow its own load down.</summary>
    private static async Task<(double[] Sorted, int Wrong)> OpenLoopAsync(Uri url, int rate, int seconds, string[] bodies, IReadOnlyList<Scores> expected, CancellationToken cancel)
    {
        byte[][] requests = [.. bodies.Select(body => Encoding.ASCII.GetBytes($"POST /v1/predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"))];
        int count = rate * seconds, next = -1, wrong = 0;
        var latencies = new double[count];
        var clock = Stopwatch.StartNew();
        var workers = Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, url.Port, cancel);
            var buffer = new byte[8192];
            while (Interlocked.Increment(ref next) is var i && i < count)
            {
                double due = 1000.0 * i / rate;
                while (due - clock.Elapsed.TotalMilliseconds is var left and > 0)
                    if (left > 1.5) await Task.Delay((int)(left - 0.5), cancel);
                    else await Task.Yield();
                await socket.SendAsync(requests[i % Pictures], cancel);
                string answer = await ReceiveAsync(socket, buffer, cancel);
                latencies[i] = clock.Elapsed.TotalMilliseconds - due;
                if (!IsRight(answer, expected[i % Pictures])) Interlocked.Increment(ref wrong);
            }
        }, cancel));
        await Task.WhenAll(workers);
        Array.Sort(latencies);
        return (latencies, wrong);
    }

    private static async Task<string> ReceiveAsync(Socket socket, byte[] buffer, CancellationToken cancel)
    {
        int length = 0;
        while (true)
        {
            int count = await socket.ReceiveAsync(buffer.AsMemory(length), cancel);
            if (count == 0) return "";
            length += count;
            string text = Encoding.ASCII.GetString(buffer, 0, length);
            int head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head >= 0 && LengthPattern().Match(text) is { Success: true } announced && length >= head + 4 + int.Parse(announced.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
                return text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) ? text[(head + 4)..] : "";
        }
    }

    private static bool IsRight(string answer, Scores expected)
    {
        if (answer.Length == 0) return false;
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.GetProperty("probabilities").EnumerateObject().Zip(expected.Probabilities)
            .All(pair => Math.Abs(pair.First.Value.GetSingle() - pair.Second) < 1e-5);
    }

    [GeneratedRegex(@"Content-Length: (\d+)")]
    private static partial Regex LengthPattern();
}
