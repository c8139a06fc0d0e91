using Course.Base;
using Course.Session.Contract;
using Course.Session.Host;

namespace Course.Cli.Engines;

/// <param name="Seconds">From the start of the session to the product.</param>
/// <param name="Problem">Null when the product was right.</param>
internal sealed record ProbeResult(double Seconds, string? Problem);

/// <summary>Loads an engine as a notebook does, in a session of its own, and multiplies two matrices with it.</summary>
internal static class EngineProbe
{
    /// <summary>The sum of the product's elements is 19 + 22 + 43 + 50.</summary>
    private const string Cell = """
        #r "artifacts/lib/TorchSharp.dll"
        var a = TorchSharp.torch.tensor(new float[] { 1, 2, 3, 4 }).reshape(2, 2);
        var b = TorchSharp.torch.tensor(new float[] { 5, 6, 7, 8 }).reshape(2, 2);
        var sum = TorchSharp.torch.mm(a, b).sum();
        if (sum.item<float>() != 134) throw new Exception($"the product's sum is {sum.item<float>()}, expected 134");
        """;

    public static async Task<ProbeResult> RunAsync(string engine, string repository, CancellationToken cancel)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        try
        {
            var options = new SessionOptions
            {
                WorkingDirectory = repository,
                Environment = new Dictionary<string, string?> { [CourseVariables.Engine] = engine },
            };
            await using var session = await SessionProcess.StartAsync(options, cancel);
            var result = await session.ExecuteAsync(new CellRequest(Cell, "probe"), _ => { }).WaitAsync(cancel);
            return new(clock.Elapsed.TotalSeconds, result.Error is { } error ? FirstSentence(error.Message) : null);
        }
        catch (SessionStartException e)
        {
            return new(clock.Elapsed.TotalSeconds, e.Message);
        }
    }

    /// <summary>The native loader appends everything that it tried.</summary>
    internal static string FirstSentence(string message)
    {
        string line = message.ReplaceLineEndings("\n").Split('\n')[0];
        int end = line.IndexOf(". ", StringComparison.Ordinal);
        return (end < 0 ? line : line[..(end + 1)]).Trim();
    }
}
