using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Course.Base;

namespace Course.Cli.Bench;

/// <summary>What is kept of benches: one run of each kind, number of threads and device.</summary>
internal sealed record BenchRecord(IReadOnlyList<BenchRun> Runs)
{
    public static readonly string[] Kinds = ["train", "infer", "gemm", "conv", "ops", "blocks"];

    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // A loss can be NaN.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NewLine = "\n",
    };

    private static readonly JsonSerializerOptions Indented = new(Json) { WriteIndented = true };

    /// <summary>An object as one line, for a peer.</summary>
    public static string Line(object value) => JsonSerializer.Serialize(value, Json);

    public string ToJson() => JsonSerializer.Serialize(this, Indented);

    /// <exception cref="WrongUseException">There is no such file, or it holds something else.</exception>
    public static BenchRecord Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<BenchRecord>(File.ReadAllText(path), Json) is { Runs: not null } record && record.Runs.All(run => run is { What: not null, Cases: not null, Machine: not null })
                ? record
                : throw new WrongUseException($"{path} lacks the runs of a bench; make it with: course bench all --record {path}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WrongUseException($"{path} cannot be read: {e.Message}");
        }
        catch (JsonException e)
        {
            throw new WrongUseException($"{path} is no record of a bench (line {e.LineNumber + 1}: {e.Message}); make it with: course bench all --record {path}");
        }
    }

    /// <summary>This record with a run added, in place of an earlier one of its kind, number of threads and device.</summary>
    public BenchRecord With(BenchRun run) => new([.. Runs.Where(r => (r.What, r.Threads, r.Device) != (run.What, run.Threads, run.Device)).Append(run)
        .OrderBy(r => Array.IndexOf(Kinds, r.What)).ThenBy(r => r.Threads).ThenBy(r => r.Device, StringComparer.Ordinal)]);

    public void Write(string path) => AtomicFile.WriteAllText(path, ToJson() + "\n");
}
