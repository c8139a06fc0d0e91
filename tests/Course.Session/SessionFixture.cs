using System.Collections.Concurrent;
using Course.Runner.Tests;
using Course.Session.Contract;
using Course.Session.Host;

namespace Course.Session.Tests;

/// <summary>One session for many tests; each uses variables of its own.</summary>
public sealed class SessionFixture : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private SessionProcess? session;
    private int cells;

    public SessionProcess Session => session!;
    public string Folder => folder.Path;

    public async ValueTask InitializeAsync() =>
        session = await SessionProcess.StartAsync(new SessionOptions { WorkingDirectory = folder.Path });

    public async ValueTask DisposeAsync()
    {
        await session!.DisposeAsync();
        folder.Dispose();
    }

    public async Task<Ran> RunAsync(string code, string language = "csharp")
    {
        var outputs = new ConcurrentQueue<CellOutput>();
        var name = $"cell[{Interlocked.Increment(ref cells)}]";
        var result = await Session.ExecuteAsync(new CellRequest(code, name, language), outputs.Enqueue).WaitAsync(TimeSpan.FromSeconds(60));
        return new Ran(name, result, [.. outputs]);
    }

    /// <summary>A file beside the notebook.</summary>
    internal string Write(string name, string text) => folder.Write(name, text);
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
