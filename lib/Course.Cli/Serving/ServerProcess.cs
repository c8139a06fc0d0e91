using System.Diagnostics;

namespace Course.Cli.Serving;

/// <summary>This program once more, as a server; ends with its owner.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <param name="arguments">What follows the program's name.</param>
    public static ServerProcess Start(IEnumerable<string> arguments)
    {
        // Started as "course" or as "dotnet course.dll".
        string program = Environment.ProcessPath!;
        string[] own = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(ServerProcess).Assembly.Location] : [];
        var start = new ProcessStartInfo(program, [.. own, .. arguments]) { RedirectStandardOutput = true };
        return new(Process.Start(start) ?? throw new InvalidOperationException($"'{program}' did not start."));
    }

    /// <summary>The next line that it prints.</summary>
    /// <exception cref="IOException">It ended instead.</exception>
    public async Task<string> ReadLineAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        return await _process.StandardOutput.ReadLineAsync(limit.Token) ?? throw new IOException("The server ended before it was ready; see its message above.");
    }

    /// <summary>SIGTERM, and then waits until it has ended; where there are no signals it is killed.</summary>
    public async Task StopAsync(CancellationToken cancel)
    {
        if (OperatingSystem.IsWindows())
            _process.Kill();
        else
            using (var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
                await kill.WaitForExitAsync(cancel);
        await _process.WaitForExitAsync(cancel);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
