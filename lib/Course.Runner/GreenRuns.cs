using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Course.Base;
using Course.Notebooks;
using Course.Session.Packages;

namespace Course.Runner;

/// <summary>
/// What notebooks hashed as when they last passed, so that <c>--changed</c> can leave out those of which nothing changed: cells, parameters,
/// the libraries beside those that they refer to, files that they load, data sets and settings. What a cell reads otherwise is not known.
/// </summary>
internal sealed partial class GreenRuns
{
    private readonly RunOptions _options;
    private readonly string _file;
    private readonly Dictionary<string, GreenRun> _known;
    private readonly ConcurrentDictionary<string, string> _folders = [];
    private readonly Lazy<string> _dataBefore;

    private GreenRuns(RunOptions options, string file, Dictionary<string, GreenRun> known)
    {
        (_options, _file, _known) = (options, file, known);
        _dataBefore = new Lazy<string>(Data);
    }

    public static GreenRuns Read(RunOptions options)
    {
        string file = Path.Combine(options.Out, "green.json");
        try
        {
            if (File.Exists(file) && JsonSerializer.Deserialize(File.ReadAllText(file), GreenJson.Default.DictionaryStringGreenRun) is { } known)
                return new(options, file, known);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            // Then every notebook runs.
        }
        return new(options, file, []);
    }

    /// <summary>The notebook's last green run, when nothing changed since and its executed copy is still there.</summary>
    public GreenRun? Unchanged(string path, string fingerprint) =>
        _known.TryGetValue(path, out var run) && run.Fingerprint == fingerprint + _dataBefore.Value && File.Exists(Path.Combine(_options.Out, run.Executed)) ? run : null;

    /// <summary>Keeps how the run ended for those notebooks that it ran.</summary>
    public void Write(IEnumerable<(NotebookReport Report, string Fingerprint)> runs, DateTimeOffset when)
    {
        // Data that the run itself drew belongs to it.
        string data = Data();
        foreach (var (report, fingerprint) in runs)
            if (IsGreen(report))
                _known[report.Path] = new GreenRun(fingerprint + data, when, report.Executed!);
            else
                _known.Remove(report.Path);
        AtomicFile.WriteAllText(_file, JsonSerializer.Serialize(_known, GreenJson.Default.DictionaryStringGreenRun));
    }

    /// <summary>A cell that waits for a package or a data set may run next time.</summary>
    private static bool IsGreen(NotebookReport report) => report is { Status: RunStatus.Passed, Error: null, Executed: not null, IsFlaky: null }
        && report.Cells.All(c => c.Status == RunStatus.Passed || c.Status == RunStatus.Skipped && !c.Tags.Any(t => t.StartsWith(CellTags.RequiresPrefix, StringComparison.Ordinal)));

    /// <param name="notebook">With its parameters.</param>
    public string Fingerprint(Notebook notebook)
    {
        var text = new StringBuilder();
        text.AppendLine($"{typeof(GreenRuns).Module.ModuleVersionId} {_options.Profile} {_options.Device} {_options.Engine} {_options.Student} {_options.SessionProgram}");
        foreach (var (name, value) in Settings())
            text.AppendLine($"{name}={value}");
        text.AppendLine(notebook.Metadata.ToJsonString());
        foreach (var cell in notebook.Cells)
            text.AppendLine($"{cell.Type} {cell.Json["metadata"]?.ToJsonString()}").AppendLine(cell.Source);
        var libraries = new EngineLibraries(_options.Engine);
        foreach (var match in notebook.Cells.Where(c => c.IsCode).SelectMany(c => FileDirective().Matches(c.Source)))
        {
            string path = Path.GetFullPath(match.Groups["path"].Value.Trim(), Path.GetDirectoryName(notebook.Path)!);
            text.AppendLine(match.Groups["name"].Value == "r" ? Libraries(Path.GetDirectoryName(libraries.Answer(path))!) : Content(path));
        }
        return Hash(text.ToString());
    }

    private static IEnumerable<(string, string)> Settings() => Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
        .Select(e => (Name: (string)e.Key, Value: (string?)e.Value ?? ""))
        .Where(e => e.Name.StartsWith(CourseVariables.Prefix, StringComparison.Ordinal) && e.Name is not (CourseVariables.Session or CourseVariables.Data or CourseVariables.Profile or CourseVariables.Device) && !e.Name.StartsWith("COURSE_TEST", StringComparison.Ordinal))
        .OrderBy(e => e.Name, StringComparer.Ordinal);

    /// <summary>All libraries of a folder by content: one refers to the others.</summary>
    private string Libraries(string folder) => _folders.GetOrAdd(folder, _ => !Directory.Exists(folder) ? $"{folder} is missing" : Hash(string.Concat(
        Directory.EnumerateFiles(folder).Where(f => Path.GetExtension(f) is ".dll" or ".so" or ".dylib").Order(StringComparer.Ordinal).Select(f => $"{Path.GetFileName(f)} {Content(f)}\n"))));

    private static string Content(string path)
    {
        if (!File.Exists(path))
            return $"{path} is missing";
        try
        {
            using var stream = File.OpenRead(path);
            return Convert.ToHexString(SHA256.HashData(stream));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Like nothing that was seen before, so the notebook runs.
            return $"{path} cannot be read {Guid.NewGuid()}";
        }
    }

    /// <summary>Data sets may be large, so size and time stand for their content.</summary>
    private string Data() => ":" + Hash(string.Concat(_options.DataFolders.Where(Directory.Exists)
        .SelectMany(folder => new DirectoryInfo(folder).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }).OrderBy(f => f.FullName, StringComparer.Ordinal))
        .Select(f => $"{f.FullName} {f.Length} {f.LastWriteTimeUtc.Ticks}\n")));

    private static string Hash(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    [GeneratedRegex("""^#!?(?<name>r|load|import)\s+"?(?!nuget:)(?<path>[^"\r\n]+)"?""", RegexOptions.Multiline)]
    private static partial Regex FileDirective();
}

/// <param name="Executed">Its executed copy, relative to the reports.</param>
internal sealed record GreenRun(string Fingerprint, DateTimeOffset When, string Executed);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(Dictionary<string, GreenRun>))]
internal sealed partial class GreenJson : JsonSerializerContext;
