using System.Collections.Concurrent;
using Course.Runner.Tests;
using Course.Session.Contract;
using Course.Session.Host;

namespace Course.Session.Tests;

/// <summary>One session for many tests; each uses variables of its own.</summary>
public sealed class SessionFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private SessionProcess? _session;
    private int _cells;

    public SessionProcess Session => _session!;
    public string Folder => _folder.Path;

    public async ValueTask InitializeAsync() =>
        _session = await SessionProcess.StartAsync(new SessionOptions { WorkingDirectory = _folder.Path });

    public async ValueTask DisposeAsync()
    {
        await _session!.DisposeAsync();
        _folder.Dispose();
    }

    public async Task<Ran> RunAsync(string code, string language = "csharp")
    {
        var outputs = new ConcurrentQueue<CellOutput>();
        string name = $"cell[{Interlocked.Increment(ref _cells)}]";
        var result = await Session.ExecuteAsync(new CellRequest(code, name, language), outputs.Enqueue).WaitAsync(TimeSpan.FromSeconds(60));
        return new Ran(name, result, [.. outputs]);
    }

    /// <summary>A file beside the notebook.</summary>
    internal string Write(string name, string text) => _folder.Write(name, text);
}

/// <summary>What a cell did.</summary>
public sealed record Ran(string Name, CellResult Result, IReadOnlyList<CellOutput> Outputs)
{
    public CellStatus Status => Result.Status;

    public string Out => string.Concat(Outputs.OfType<StreamOutput>().Where(o => o.Name == "stdout").Select(o => o.Text)).ReplaceLineEndings("\n");

    public string Error => string.Concat(Outputs.OfType<StreamOutput>().Where(o => o.Name == "stderr").Select(o => o.Text)).ReplaceLineEndings("\n");

    /// <summary>The plain text of the value of the last expression.</summary>
    public string? Value => (string?)Outputs.OfType<ExecuteResult>().SingleOrDefault()?.Data["text/plain"];

    public IReadOnlyList<DisplayData> Displays => [.. Outputs.OfType<DisplayData>()];
}
