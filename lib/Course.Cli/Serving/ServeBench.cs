using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Course.Cli.Recording;
using Course.Serving;
using TorchSharp;

namespace Course.Cli.Serving;

/// <summary>
/// Starts <c>course serve</c> and a bare endpoint as processes of their own, loads both from a third (wrk, for saturation) or from this
/// one (an open loop, for the fixed rate), and checks the answers of the latter against the model in this process.
/// </summary>
internal static class ServeBench
{
    private const int Pictures = 64;

    // Until then the runtime has compiled what is asked often.
    private const int WarmUpSeconds = 4;

    public static async Task<ServeFigures> RunAsync(int seconds, int fixedSeconds, int rate, IReadOnlyList<int> connections, Action<string> progress, CancellationToken cancel)
    {
        string folder = Directory.CreateTempSubdirectory("course-bench-serve-").FullName;
        try
        {
            torch.manual_seed(1);
            using var network = Architectures.Create(Architectures.Reference);
            var artefact = ModelArtefact.From(network, new ArtefactInfo
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
                var bareUrl = new Uri($"http://127.0.0.1:{barePort}");
                foreach (var server in new[] { url, bareUrl })
                    await Wrk.RunAsync(server, 64, WarmUpSeconds, script, cancel);
                foreach (int count in connections)
                {
                    progress($"{count} connections");
                    saturation.Add(await SaturateAsync(url, bareUrl, count, seconds, script, cancel));
                }
            }
            else
            {
                progress("wrk is not installed (Debian: apt-get install wrk), so saturation is left out");
            }
            progress($"{rate} requests a second");
            var growth = ProcessGrowth.Watch(service.Id);
            var seen = await new OpenLoop(bodies, expected).RunAsync(url, rate, fixedSeconds, cancel);
            var (memory, handles, threads) = await growth.EndAsync();
            return new(Machine.This(), saturation, new(rate, seen.Quantile(0.5), seen.Quantile(0.99)), ready.GetProperty("ready_ms").GetDouble(), seen.Wrong, memory, handles, threads);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Loads the service and the bare endpoint in turns of a few seconds, so that a machine whose speed changes changes both.</summary>
    private static async Task<Saturation> SaturateAsync(Uri service, Uri bare, int connections, int seconds, string script, CancellationToken cancel)
    {
        int turns = Math.Max(1, seconds / 2);
        List<WrkResult> ours = [], theirs = [];
        for (int turn = 0; turn < turns; turn++)
        {
            int length = (seconds + turn) / turns;
            // Neither is always the first.
            foreach (bool isOurs in turn % 2 == 0 ? [true, false] : new[] { false, true })
                (isOurs ? ours : theirs).Add(await Wrk.RunAsync(isOurs ? service : bare, connections, length, script, cancel));
        }
        double rate = ours.Average(one => one.PerSecond), bareRate = theirs.Average(one => one.PerSecond);
        return new(connections, Math.Round(rate, 1), Median(ours, one => one.P50), Median(ours, one => one.P99), Math.Round(bareRate, 1), Math.Round(rate / bareRate, 3));
    }

    private static double Median(List<WrkResult> turns, Func<WrkResult, double> of) => turns.Select(of).Order().ElementAt(turns.Count / 2);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
