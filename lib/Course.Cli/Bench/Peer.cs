using System.Diagnostics;
using System.Text.Json;

namespace Course.Cli.Bench;

/// <summary>A peer process (PyTorch): one request a line, one JSON object a line as the answer.</summary>
internal sealed class Peer : IDisposable
{
    private static readonly TimeSpan deadline = TimeSpan.FromMinutes(10);
    private readonly Process process;

    private Peer(Process process, string version)
    {
        this.process = process;
        Version = version;
    }

    public string Version { get; }

    /// <summary>Starts a script of tests/peers/ with the system's Python; says what is missing when that is not possible.</summary>
    public static Peer Start(string script, params string[] arguments)
    {
        string repository = Repository.Find() ?? throw new WrongUseException("--peer needs the repository with tests/peers/; run inside it.");
        string path = Path.Combine(repository, "tests", "peers", script);
        if (!File.Exists(path)) throw new WrongUseException($"--peer: {path} is missing.");
        string python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : OperatingSystem.IsWindows() ? "python" : "python3";
        var start = new ProcessStartInfo(python, [path, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new WrongUseException($"--peer pytorch: {python} cannot be started ({e.Message}). Install Python with PyTorch (Debian: python3-torch), or leave --peer out.");
        }
        var errors = new System.Text.StringBuilder();
        process.ErrorDataReceived += (_, line) => { lock (errors) errors.AppendLine(line.Data); };
        process.BeginErrorReadLine();
        if (process.StandardOutput.ReadLine() is not { } first)
        {
            process.WaitForExit();
            string why;
            lock (errors) why = errors.ToString().Trim();
            throw new WrongUseException(why.Contains("No module named 'torch'", StringComparison.Ordinal)
                ? $"--peer pytorch: {python} has no PyTorch. Install it (Debian: python3-torch), or leave --peer out."
                : $"--peer pytorch: {script} ended before it was ready:\n{why}");
        }
        return new Peer(process, JsonDocument.Parse(first).RootElement.GetProperty("version").GetString()!);
    }

    public JsonElement Ask(string request)
    {
        process.StandardInput.WriteLine(request);
        process.StandardInput.Flush();
        Task<string?> answer = process.StandardOutput.ReadLineAsync();
        if (!answer.Wait(deadline)) throw new TimeoutException($"The peer gave no answer to '{request}' within {deadline.TotalMinutes:0} minutes.");
        return JsonDocument.Parse(answer.Result ?? throw new InvalidOperationException($"The peer ended while it worked on '{request}'.")).RootElement;
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
