using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Course.Base;
using Course.Runner;

namespace Course.Cli.Recording;

/// <summary>
/// What the repository keeps of a run: by notebook, how long it took, how its cells ended and which numbers it recorded.
/// Notebooks may be run one at a time; each run replaces its own notebooks' entries.
/// </summary>
/// <param name="Device">As it was asked for; <c>auto</c> is the CPU where the engine sees no GPU.</param>
internal sealed record RunRecord(string Profile, string Engine, string Device, Machine Machine, IReadOnlyList<RecordedNotebook> Notebooks)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter<RunStatus>() },
        NewLine = "\n",
    };

    [JsonIgnore]
    public double Seconds => Notebooks.Sum(n => n.Seconds);

    [JsonIgnore]
    public int Passed => Notebooks.Sum(n => n.Passed);

    [JsonIgnore]
    public int Failed => Notebooks.Sum(n => n.Failed);

    [JsonIgnore]
    public int Skipped => Notebooks.Sum(n => n.Skipped);

    /// <summary>A recorded number such as <c>4.3.accuracy</c>; null when no notebook recorded it.</summary>
    public double? Number(string name)
    {
        foreach (var notebook in Notebooks)
            if (notebook.Numbers.TryGetValue(name, out double value))
                return value;
        return null;
    }

    /// <summary>A record of this machine without any notebook yet.</summary>
    public static RunRecord Empty(RunOptions options) => new(options.Profile, options.Engine, options.Device, Machine.This(), []);

    /// <summary>The record in a file, or an empty one when there is no file.</summary>
    /// <exception cref="WrongUseException">The file is no record, or of a run that cannot be merged with this one.</exception>
    public static RunRecord ReadFor(RunOptions options, string path)
    {
        var empty = Empty(options);
        if (!File.Exists(path))
            return empty;
        var found = Read(path);
        foreach (var (what, recorded, now) in (ReadOnlySpan<(string, object, object)>)
        [
            ("profile", found.Profile, empty.Profile), ("engine", found.Engine, empty.Engine),
            ("device", found.Device, empty.Device), ("machine", found.Machine, empty.Machine),
        ])
            if (!recorded.Equals(now))
                throw new WrongUseException($"--record {path} holds a run of another {what} ({recorded}), this one is {now}. Delete the file to start a new record, or name another.");
        return found;
    }

    /// <exception cref="WrongUseException">The file is no record.</exception>
    public static RunRecord Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<RunRecord>(File.ReadAllText(path), Json) is { Notebooks: not null, Machine: not null } record
                ? record
                : throw new WrongUseException($"{path} lacks the machine or the notebooks of a recorded run; delete it and run with --record again.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WrongUseException($"{path} cannot be read: {e.Message}");
        }
        catch (JsonException e)
        {
            throw new WrongUseException($"{path} is no recorded run (line {e.LineNumber + 1}: {e.Message}); delete it and run with --record again.");
        }
    }

    /// <summary>This record with the notebooks of a report replaced or added, in the order of their paths; what was not run is left out.</summary>
    public RunRecord With(RunReport report, string commit, int threads)
    {
        var all = Notebooks.ToDictionary(n => n.Path);
        foreach (var notebook in report.Notebooks.Where(n => n.Status != RunStatus.NotRun))
            all[notebook.Path] = RecordedNotebook.Of(notebook, commit, DateOnly.FromDateTime(report.Started.UtcDateTime), threads);
        return this with { Notebooks = [.. all.Values.OrderBy(n => n.Path, StringComparer.Ordinal)] };
    }

    public void Write(string path) => AtomicFile.WriteAllText(path, JsonSerializer.Serialize(this, Json) + "\n");
}

/// <param name="Path">Relative to the repository, with forward slashes.</param>
/// <param name="Commit">The commit that was run, with <c>+</c> when the working tree differed from it.</param>
/// <param name="Date">In UTC.</param>
/// <param name="Threads">Threads that numerical code could use.</param>
/// <param name="Numbers">What the cells recorded, by name.</param>
internal sealed record RecordedNotebook(
    string Path, RunStatus Status, string Commit, DateOnly Date, int Threads, double Seconds, double PeakMb,
    int Passed, int Failed, int Skipped, int NotRun, IReadOnlyDictionary<string, double> Numbers)
{
    public static RecordedNotebook Of(NotebookReport notebook, string commit, DateOnly date, int threads)
    {
        var numbers = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var (name, value) in notebook.Cells.SelectMany(c => c.Numbers))
            numbers[name] = value;
        return new(notebook.Path, notebook.Status, commit, date, threads, Math.Round(notebook.Seconds, 1), Math.Round(notebook.PeakMb),
            notebook.Passed, notebook.Failed, notebook.Skipped, notebook.Cells.Count(c => c.Status == RunStatus.NotRun), numbers);
    }
}
