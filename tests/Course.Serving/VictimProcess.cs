using System.Diagnostics;

namespace Course.Serving.Tests;

/// <summary>A process of <c>tests/Victim</c>, which works on a store until it is killed.</summary>
internal sealed class VictimProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    public VictimProcess(params string[] arguments) : this("dotnet", [Program, .. arguments])
    {
    }

    private VictimProcess(string program, IEnumerable<string> arguments) =>
        _process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true })!;

    private static string Program => Path.Combine(AppContext.BaseDirectory, "Victim.dll");

    /// <summary>A process that may have only so many handles.</summary>
    public static VictimProcess WithHandles(int most, params string[] arguments) =>
        new("sh", ["-c", "ulimit -n \"$0\" && exec dotnet \"$@\"", $"{most}", Program, .. arguments]);

    /// <summary>The next line that it says; null at its end.</summary>
    public async Task<string?> LineAsync() => await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);

    public void Go() => _process.StandardInput.WriteLine();

    /// <summary>SIGKILL: it can clear up nothing.</summary>
    /// <returns>What it had said until then, in whole lines.</returns>
    public async Task<string[]> KillAsync()
    {
        _process.Kill();
        string rest = await _process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        return rest.Split('\n')[..^1];
    }

    public async Task<string[]> EndAsync() => (await _process.StandardOutput.ReadToEndAsync().WaitAsync(Patience)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
