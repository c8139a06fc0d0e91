using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Course.Session.Host;

namespace Course.Cli.Bench;

/// <summary>A peer cannot be measured on this machine; the message says what is missing.</summary>
internal sealed class PeerUnavailableException(string message) : Exception(message);

/// <summary>
/// The other side of a comparison, a process: it says its version when it is ready, then gets one request a line and answers each with
/// one JSON object a line.
/// </summary>
internal sealed class Peer : IDisposable
{
    private static readonly TimeSpan deadline = TimeSpan.FromMinutes(10);
    private readonly StringBuilder errors = new();
    private readonly Process process;
    private readonly string name;

    /// <exception cref="PeerUnavailableException">It cannot be started or ends before it is ready.</exception>
    public Peer(string name, string program, IEnumerable<string> arguments, int threads)
    {
        this.name = name;
        var start = new ProcessStartInfo(program, [.. arguments, "--threads", $"{threads}"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMP_NUM_THREADS"] = $"{threads}";
        // Times are compared, not values: a peer that is held to slower kernels would flatter us.
        start.Environment[HiddenCaches.Variable] = HiddenCaches.Full;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new PeerUnavailableException($"{program} cannot be started ({e.Message}).");
        }
        process.ErrorDataReceived += (_, line) => { lock (errors) errors.AppendLine(line.Data); };
        process.BeginErrorReadLine();
        Version = Read("before it was ready").GetProperty("version").GetString()!;
    }

    public string Version { get; }

    /// <exception cref="PeerUnavailableException">It ends, or is silent for ten minutes.</exception>
    public JsonElement Ask(string request)
    {
        process.StandardInput.WriteLine(request);
        process.StandardInput.Flush();
        return Read($"while it worked on {request}");
    }

    private JsonElement Read(string when)
    {
        while (true)
        {
            Task<string?> answer = process.StandardOutput.ReadLineAsync();
            if (!answer.Wait(deadline)) throw new PeerUnavailableException($"The peer {name} was silent for {deadline.TotalMinutes:0} minutes {when}.");
            if (answer.Result is not { } line) break;
            if (line.StartsWith('{')) return JsonDocument.Parse(line).RootElement;
            // Native libraries print where they like.
            lock (errors) errors.AppendLine(line);
        }
        process.WaitForExit();
        lock (errors) throw new PeerUnavailableException($"The peer {name} ended {when}:\n{errors.ToString().Trim()}");
    }

    public void Dispose()
    {
        try
        {
            process.StandardInput.Close();
            if (!process.WaitForExit(2000)) process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
        process.Dispose();
    }
}
