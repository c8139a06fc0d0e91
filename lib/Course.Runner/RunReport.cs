using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Course.Runner;

/// <summary>How a cell or a notebook ended; written to reports in lower case with hyphens.</summary>
public enum RunStatus
{
    [JsonStringEnumMemberName("passed")]
    Passed,

    [JsonStringEnumMemberName("failed")]
    Failed,

    [JsonStringEnumMemberName("timed-out")]
    TimedOut,

    [JsonStringEnumMemberName("died")]
    Died,

    [JsonStringEnumMemberName("out-of-memory")]
    OutOfMemory,

    [JsonStringEnumMemberName("skipped")]
    Skipped,

    /// <summary>Not reached: an earlier cell failed, or the run was stopped. Counted in no total.</summary>
    [JsonStringEnumMemberName("not-run")]
    NotRun,

    /// <summary>An exercise that its reader has not solved yet.</summary>
    [JsonStringEnumMemberName("not-done")]
    NotDone,
}

/// <summary>The content of <c>report.json</c>.</summary>
/// <param name="Device">What was used: <c>cpu</c>, <c>cuda</c>, <c>opencl</c>; what was asked for where no notebook said.</param>
public sealed record RunReport(
    string Profile,
    string Device,
    string Engine,
    DateTimeOffset Started,
    double Seconds,
    int Passed,
    int Failed,
    int Skipped,
    IReadOnlyList<NotebookReport> Notebooks)
{
    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Default.RunReport).ReplaceLineEndings("\n") + "\n";

    public static RunReport FromJson(string json) => JsonSerializer.Deserialize(json, ReportJson.Default.RunReport)
        ?? throw new JsonException("The report is empty.");
}

/// <param name="Path">Relative to the repository, else absolute; with forward slashes.</param>
/// <param name="Error">Set when the notebook itself could not be run, for example because it is no JSON.</param>
/// <param name="Executed">The executed copy, relative to the report; null when there is none.</param>
public sealed record NotebookReport(
    string Path,
    RunStatus Status,
    double Seconds,
    double PeakMb,
    IReadOnlyList<CellReport> Cells,
    CellError? Error = null,
    string? Executed = null)
{
    /// <summary>Why it was not run although nothing is wrong with it.</summary>
    public string? Reason { get; init; }

    /// <summary>The kind of device that its preflight names; null where it shows none.</summary>
    public string? Device { get; init; }

    /// <summary>The parameters that the run gave it.</summary>
    public JsonObject? Parameters { get; init; }

    /// <summary>How its earlier tries failed, when it was run again.</summary>
    public IReadOnlyList<string>? EarlierFailures { get; init; }

    /// <summary>True when it failed and then passed, without any change; else null.</summary>
    [JsonPropertyName("flaky")]
    public bool? IsFlaky => EarlierFailures is { Count: > 0 } && Failed == 0 && Status == RunStatus.Passed ? true : null;

    [JsonIgnore]
    public int Passed => Cells.Count(c => c.Status == RunStatus.Passed);

    [JsonIgnore]
    public int Failed => Cells.Count(c => c.CountsAsFailed) + (Error is null ? 0 : 1);

    [JsonIgnore]
    public int Skipped => Cells.Count(c => c.Status == RunStatus.Skipped);
}

/// <param name="Index">0-based over all cells of the notebook.</param>
/// <param name="Checks">How many checks the cell executed.</param>
/// <param name="Numbers">What the cell recorded, by name.</param>
public sealed record CellReport(
    string? Id,
    int Index,
    IReadOnlyList<string> Tags,
    RunStatus Status,
    string? Reason,
    double Seconds,
    double PeakMb,
    int Checks,
    IReadOnlyDictionary<string, double> Numbers,
    CellError? Error)
{
    /// <summary>Tensors that it left alive, where the run looked for them.</summary>
    public LeakReport? Leaks { get; init; }

    /// <summary>Where it took more than its budget.</summary>
    public IReadOnlyList<BudgetOverrun>? Over { get; init; }

    /// <summary>Exercises that are not done count as failed, except in the student edition, where they are skipped.</summary>
    [JsonIgnore]
    public bool CountsAsFailed => Status is RunStatus.Failed or RunStatus.TimedOut or RunStatus.Died or RunStatus.OutOfMemory
        || Status == RunStatus.NotDone && Reason is null;
}

/// <summary>Tensors that a cell made and that are neither disposed nor within reach of a variable.</summary>
/// <param name="Bytes">What their elements take; null where the engine does not tell.</param>
/// <param name="At">The cell with the line that made most of them; null as <paramref name="Bytes"/>.</param>
/// <param name="Most">How many that line made.</param>
public sealed record LeakReport(long Tensors, long? Bytes, string? At, int? Line, int? Most)
{
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"left {Tensors} tensors alive")
        + (Bytes is null ? "; this engine tells neither their bytes nor their lines"
            : string.Create(System.Globalization.CultureInfo.InvariantCulture, $", {Bytes:N0} bytes; {Most} of them from {(Line > 0 ? $"{At}, line {Line}" : "no cell's line")}"));
}

/// <param name="Line">1-based within the cell's source.</param>
/// <param name="Excerpt">The source around that line.</param>
public sealed record CellError(string Type, string Message, int? Line, string? Excerpt);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
