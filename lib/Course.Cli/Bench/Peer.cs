using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Course.Session.Host;

namespace Course.Cli.Bench;

/// <summary>A peer or a device is not on this machine; the message says what is missing.</summary>
internal sealed class UnavailableException(string message) : Exception(message);

/// <summary>
/// The other side of a comparison, a process: it says its version when it is ready, then gets one request a line and answers each with
/// one JSON object a line.
/// </summary>
internal sealed class Peer : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);
    private readonly StringBuilder _errors = new();
    private readonly Process _process;
    private readonly string _name;

    /// <param name="environment">Added to that of this process.</param>
    /// <exception cref="UnavailableException">It cannot be started or ends before it is ready.</exception>
    public Peer(string name, string program, IEnumerable<string> arguments, int threads, Dictionary<string, string>? environment = null)
    {
        _name = name;
        var start = new ProcessStartInfo(program, [.. arguments, "--threads", $"{threads}"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMP_NUM_THREADS"] = $"{threads}";
        foreach (var (variable, value) in environment ?? [])
            start.Environment[variable] = value;
        // Times are compared, not values: a peer that is held to slower kernels would flatter us.
        start.Environment[HiddenCaches.Variable] = HiddenCaches.Full;
        try
        {
            _process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new UnavailableException($"{program} cannot be started ({e.Message}).");
        }
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
                _errors.AppendLine(line.Data);
        };
        _process.BeginErrorReadLine();
        Version = Read("before it was ready").GetProperty("version").GetString()!;
    }

    public string Version { get; }

    /// <exception cref="UnavailableException">It ends, or is silent for ten minutes.</exception>
    public JsonElement Ask(string request)
    {
        _process.StandardInput.WriteLine(request);
        _process.StandardInput.Flush();
        return Read($"while it worked on {request}");
    }

    private JsonElement Read(string when)
    {
        while (true)
        {
            var answer = _process.StandardOutput.ReadLineAsync();
            if (!answer.Wait(Deadline))
                throw new UnavailableException($"The peer {_name} was silent for {Deadline.TotalMinutes:0} minutes {when}.");
            if (answer.Result is not { } line)
                break;
            if (line.StartsWith('{'))
                return JsonDocument.Parse(line).RootElement;
            // Native libraries print where they like.
            lock (_errors)
                _errors.AppendLine(line);
        }
        _process.WaitForExit();
        lock (_errors)
            throw new UnavailableException($"The peer {_name} ended {when}:\n{_errors.ToString().Trim()}");
    }

    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close();
            if (!_process.WaitForExit(2000))
                _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
        _process.Dispose();
    }
}
