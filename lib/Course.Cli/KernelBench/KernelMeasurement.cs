using System.Globalization;
using System.Text.Json.Nodes;

namespace Course.Cli.KernelBench;

/// <summary>What is run in one kind of kernel; @ stands for a number.</summary>
/// <param name="Trivial">A cell with a value.</param>
/// <param name="Print">A cell that prints the numbers below @, one a line.</param>
/// <param name="Define">A cell that defines the variable <c>v@</c>.</param>
/// <param name="Complete">The start of a name that a variable of the text type has, behind it and a dot.</param>
internal sealed record KernelSubject(string Name, IReadOnlyList<string> Argv, string Trivial, string Print, string Define, string Complete)
{
    /// <summary>Whether it answers how much memory it takes; otherwise its process is looked at.</summary>
    public bool TellsMemory { get; init; } = true;

    /// <summary>How many lines <see cref="Print"/> prints.</summary>
    public int Lines { get; init; } = 20_000;

    /// <summary>A cell that brings TorchSharp and its functions into sight; null where it cannot be had.</summary>
    public string? Library { get; init; }

    /// <summary>Starts of names that only <see cref="Library"/> knows.</summary>
    public IReadOnlyList<string> LibraryNames { get; } = ["torch.ran", "Seq", "functional.cross_", "zer", "optim.A"];
}

/// <summary>Times of one kernel; every run adds to them, so that two kernels can take turns.</summary>
/// <param name="cells">Trivial cells that count for the usual median.</param>
/// <param name="many">Trivial cells of the long session, those included.</param>
internal sealed class KernelMeasurement(KernelSubject subject, int cells, int many)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private readonly List<double> _info = [], _cold = [], _warm = [], _cell = [], _long = [], _lines = [], _memory = [], _firstCompletion = [], _completion = [], _firstLibrary = [], _library = [];
    private const int Defined = 50, Completions = 20;
    private int _messages;

    public string Name => subject.Name;

    /// <summary>One kernel asked at once, one left alone for a moment first.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; the kernels are ended.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        var (client, info) = await KernelClient.StartAsync(subject.Argv, cancel);
        await using (client)
        {
            _info.Add(info.TotalMilliseconds);
            var started = client.Process.StartTime;
            var first = await client.ExecuteAsync(subject.Trivial);
            _cold.Add((DateTime.Now - started - (first.Done - first.Result!.Value)).TotalMilliseconds);
            await client.ExecuteAsync(Numbered(subject.Define, 0));
            _firstCompletion.Add((await client.CompleteAsync($"v0.{subject.Complete}")).TotalMilliseconds);
        }
        (client, _) = await KernelClient.StartAsync(subject.Argv, cancel);
        await using (client)
        {
            await Task.Delay(WarmUp, cancel);
            _warm.Add((await client.ExecuteAsync(subject.Trivial)).Result!.Value.TotalMilliseconds);
            for (int i = 0; i < 20; i++)
                await client.ExecuteAsync(subject.Trivial);
            for (int i = 0; i < cells; i++)
                _cell.Add((await client.ExecuteAsync(subject.Trivial)).Done.TotalMilliseconds);
            _long.AddRange(_cell[^cells..]);
            for (int i = cells; i < many; i++)
                _long.Add((await client.ExecuteAsync(subject.Trivial)).Done.TotalMilliseconds);
            string print = Numbered(subject.Print, subject.Lines);
            await client.ExecuteAsync(print);
            var printed = await client.ExecuteAsync(print);
            string expected = string.Concat(Enumerable.Range(0, subject.Lines).Select(i => $"{i}\n"));
            if (printed.Text != expected)
                throw new InvalidOperationException($"{subject.Name} printed {printed.Text.Length} characters, expected {expected.Length}.");
            _lines.Add(subject.Lines / printed.Done.TotalSeconds);
            _messages = printed.Messages;
            _memory.Add((subject.TellsMemory ? await client.MemoryAsync() : client.WorkingSet) / 1048576.0);
        }
        // In a session of its own: behind the long one a completion takes .NET Interactive minutes and gigabytes.
        (client, _) = await KernelClient.StartAsync(subject.Argv, cancel);
        await using (client)
        {
            for (int i = 0; i < Defined; i++)
                await client.ExecuteAsync(Numbered(subject.Define, i));
            for (int i = 0; i < Completions; i++)
                _completion.Add((await client.CompleteAsync($"v{i}.{subject.Complete}")).TotalMilliseconds);
        }
        if (subject.Library is { } library)
            await RunAsync(library, cancel);
    }

    /// <summary>Completion behind a chapter's first cell, in a kernel that has completed nothing yet.</summary>
    private async Task RunAsync(string library, CancellationToken cancel)
    {
        var (client, _) = await KernelClient.StartAsync(subject.Argv, cancel);
        await using (client)
        {
            await client.ExecuteAsync(library);
            _firstLibrary.Add((await client.CompleteAsync(subject.LibraryNames[0])).TotalMilliseconds);
            for (int i = 0; i < Completions; i++)
                _library.Add((await client.CompleteAsync(subject.LibraryNames[i % subject.LibraryNames.Count])).TotalMilliseconds);
        }
    }

    private static string Numbered(string cell, int number) => cell.Replace("@", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    public JsonObject Report() => new()
    {
        ["name"] = subject.Name,
        ["start_to_info_ms"] = Round(Quantile(_info, 0.5)),
        ["start_to_result_ms"] = Round(Quantile(_cold, 0.5)),
        ["warm_first_result_ms"] = Round(Quantile(_warm, 0.5)),
        ["cell_p50_ms"] = Round(Quantile(_cell, 0.5)),
        ["cell_p99_ms"] = Round(Quantile(_cell, 0.99)),
        ["long_cells"] = many,
        ["long_cell_p50_ms"] = Round(Quantile(_long, 0.5)),
        ["lines"] = subject.Lines,
        ["lines_per_second"] = Math.Round(Quantile(_lines, 0.5)),
        ["messages_for_lines"] = _messages,
        ["first_completion_ms"] = Round(Quantile(_firstCompletion, 0.5)),
        ["completion_p50_ms"] = Round(Quantile(_completion, 0.5)),
        ["completion_p99_ms"] = Round(Quantile(_completion, 0.99)),
        ["first_library_completion_ms"] = Optional(_firstLibrary, 0.5),
        ["library_completion_p50_ms"] = Optional(_library, 0.5),
        ["library_completion_p99_ms"] = Optional(_library, 0.99),
        ["memory_mb"] = Round(Quantile(_memory, 0.5)),
    };

    private static JsonNode? Optional(List<double> values, double q) => values.Count == 0 ? null : Round(Quantile(values, q));

    private static double Round(double value) => Math.Round(value, 2);

    private static double Quantile(List<double> values, double q)
    {
        double[] sorted = values.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, (int)(q * sorted.Length))];
    }
}
