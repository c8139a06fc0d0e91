using System.Text.RegularExpressions;
using Course.Base;
using Course.Notebooks;
using Course.Session.Contract;
using Course.Session.Host;

namespace Course.Classroom.Grading;

/// <param name="Verdict">Null when the cell ended as a cell should, with or without an exception.</param>
/// <param name="Value">The text of its value.</param>
internal sealed record GradedCell(Verdict? Verdict, string? Message, ErrorOutput? Error, string? Value)
{
    public bool Passed => Verdict is null && Error is null;
}

/// <summary>A session in a folder of its own that lives as long as the session, held to the limits.</summary>
internal sealed partial class GradedSession : IAsyncDisposable
{
    /// <summary>How the system ends a process for its limit of processor time: SIGXCPU.</summary>
    private const int ProcessorTimeSpent = 128 + 24;

    private readonly DirectoryInfo _folder;
    private readonly GradingOptions _options;
    private readonly string _teachersFolder;
    private readonly ProcessGroup? _group = Environment.UserName == "root" ? ProcessGroup.Make(Confinement.MostProcesses) : null;
    private SessionProcess _session = null!;

    private GradedSession(Notebook teachers, GradingOptions options)
    {
        _options = options;
        _teachersFolder = Path.GetDirectoryName(Path.GetFullPath(teachers.Path))!;
        _folder = Directory.CreateTempSubdirectory("course-grade-");
    }

    /// <param name="neighbours">A folder with what chapters may read beside themselves.</param>
    /// <exception cref="SessionStartException">The process could not be started.</exception>
    public static async Task<GradedSession> StartAsync(Notebook teachers, string neighbours, GradingOptions options, CancellationToken cancel)
    {
        var graded = new GradedSession(teachers, options);
        try
        {
            foreach (string file in Directory.EnumerateFiles(neighbours))
                File.Copy(file, Path.Combine(graded._folder.FullName, Path.GetFileName(file)));
            graded._session = await SessionProcess.StartAsync(graded.Options(), cancel);
            return graded;
        }
        catch
        {
            graded._group?.Dispose();
            graded._folder.Delete(recursive: true);
            throw;
        }
    }

    public bool HasEnded => _session.Ended.IsCompleted;

    /// <summary>Runs a cell; one that breaks a limit, and one that ends the process, is told by its verdict.</summary>
    public async Task<GradedCell> RunAsync(string code, string name, string language, TimeSpan limit, CancellationToken cancel)
    {
        long written = 0;
        string? value = null;
        var flood = new TaskCompletionSource();
        void Hear(CellOutput output)
        {
            if (output is ExecuteResult result)
                value = (string?)result.Data["text/plain"];
            if ((written += Size(output)) > _options.OutputLimit)
                flood.TrySetResult();
        }
        _session.StrayOutput = Hear;
        var running = _session.ExecuteAsync(new CellRequest(FullPaths(code), name, language), Hear);
        var first = await Task.WhenAny(running, flood.Task, Task.Delay(limit, cancel));
        cancel.ThrowIfCancellationRequested();
        if (flood.Task.IsCompleted)
        {
            await _session.ShutdownAsync();
            return new GradedCell(Verdict.TooMuchOutput, $"it wrote more than {_options.OutputLimit:N0} characters", null, null);
        }
        if (first != running)
        {
            _session.Interrupt();
            if (await Task.WhenAny(running, Task.Delay(_options.Grace, cancel)) != running)
                await _session.ShutdownAsync();
            int? line = (await running).Error?.Line;
            return new GradedCell(Verdict.TimedOut, FormattableString.Invariant($"it ran longer than {limit.TotalSeconds:0.#} s{(line is null ? "" : $", in its statement at line {line}")}"), null, null);
        }
        var done = await running;
        return done.Status switch
        {
            CellStatus.Died when (await _session.Ended).ExitCode == ProcessorTimeSpent =>
                new GradedCell(Verdict.TimedOut, FormattableString.Invariant($"its session used more than {_options.ProcessorLimit.TotalSeconds:0} s of processor time"), null, null),
            CellStatus.Died => new GradedCell(Verdict.Died, done.Error!.Message, null, null),
            CellStatus.OutOfMemory => new GradedCell(Verdict.OutOfMemory, done.Error!.Message, null, null),
            _ => new GradedCell(null, null, done.Error, value),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        _group?.Dispose();
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A leftover in the temporary folder changes no grade.
        }
    }

    private static long Size(CellOutput output) => output switch
    {
        StreamOutput stream => stream.Text.Length,
        DisplayData display => display.Data.ToJsonString().Length,
        UpdateDisplay update => update.Data.ToJsonString().Length,
        ExecuteResult result => result.Data.ToJsonString().Length,
        _ => 0,
    };

    /// <summary>The teacher's cells run in another folder than the teacher's notebook.</summary>
    private string FullPaths(string code) => Reference().Replace(code, match =>
        $"#r \"{Path.GetFullPath(Path.Combine(_teachersFolder, match.Groups["path"].Value))}\"");

    /// <summary>Where chapters keep landed models, and the user's caches.</summary>
    private IEnumerable<string> Kept()
    {
        if (Checkout.Above(_teachersFolder) is { } repository)
            yield return Directory.CreateDirectory(Path.Combine(repository, "artifacts", "models")).FullName;
        yield return Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
    }

    private SessionOptions Options() => new()
    {
        WorkingDirectory = _folder.FullName,
        Launcher = Confinement.Of(_options, _folder.FullName, _group, Kept()).Launcher,
        MemoryLimit = _options.MemoryLimit,
        Environment = new Dictionary<string, string?>
        {
            [CourseVariables.Profile] = "quick",
            [CourseVariables.Device] = "cpu",
            [CourseVariables.Engine] = _options.Engine,
            [CourseVariables.Download] = "never",
            ["TMPDIR"] = _folder.FullName,
            ["OMP_NUM_THREADS"] = FormattableString.Invariant($"{Math.Max(1, Environment.ProcessorCount / _options.Jobs)}"),
        },
    };

    [GeneratedRegex("""^#r\s+"(?!nuget:)(?<path>[^"]+)"\s*$""", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Reference();
}
