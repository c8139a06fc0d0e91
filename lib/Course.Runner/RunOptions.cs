namespace Course.Runner;

/// <summary>What a run of notebooks is asked to do. Each option is declared once, here, with its default.</summary>
public sealed record RunOptions
{
    public const string DefaultProfile = "quick";
    public const string DefaultDevice = "auto";

    /// <summary>The repository, or null outside one: reported paths are relative to it.</summary>
    public string? Repository { get; init; }

    /// <summary>Full paths of the notebooks to run.</summary>
    public required IReadOnlyList<string> Notebooks { get; init; }

    /// <summary>Where executed copies and reports go.</summary>
    public required string Out { get; init; }

    public string Profile { get; init; } = DefaultProfile;
    public string Device { get; init; } = DefaultDevice;

    /// <summary>Which library answers to TorchSharp; written into the report.</summary>
    public string Engine { get; init; } = "managed";

    /// <summary>The program that runs the cells; null is this kernel's own.</summary>
    public string? SessionProgram { get; init; }

    /// <summary>The clock of the run: its start, its limits, its seconds.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Notebooks that run at the same time.</summary>
    public int Jobs { get; init; } = Environment.ProcessorCount;

    /// <summary>No more jobs than notebooks.</summary>
    public int UsedJobs => Math.Clamp(Jobs, 1, Math.Max(1, Notebooks.Count));

    /// <summary>Threads that the numerical code of one notebook may use: the cores, shared by the jobs.</summary>
    public int Threads => Math.Max(1, Environment.ProcessorCount / UsedJobs);

    public TimeSpan CellLimit { get; init; } = DefaultCellLimit(DefaultProfile);
    public TimeSpan NotebookLimit { get; init; } = DefaultNotebookLimit(DefaultProfile);

    /// <summary>How long an interrupted cell may take to stop before its session is ended.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Bytes that one session may hold; null shares 80 % of the machine among the jobs.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Whether budgets in seconds that notebooks and cells state hold instead of the limits above.</summary>
    public bool TimeBudgets { get; init; } = true;

    /// <summary>Whether budgets in megabytes that notebooks and cells state are checked.</summary>
    public bool MemoryBudgets { get; init; } = true;

    /// <summary>Values for the notebooks' parameters, by name, as text. Each notebook takes those that it declares.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Leaves out notebooks of which nothing changed since they last passed.</summary>
    public bool Changed { get; init; }

    /// <summary>Folders with data sets, whose files count as changed when their size or time does.</summary>
    public IReadOnlyList<string> DataFolders { get; init; } = [];

    /// <summary>How often a notebook that fails is run again. One that passes then is reported as flaky.</summary>
    public int RetryFlaky { get; init; }

    /// <summary>Looks behind each cell for tensors that it left alive beyond the session's variables.</summary>
    public bool Leaks { get; init; }

    /// <summary>Goes on behind a failed cell.</summary>
    public bool KeepGoing { get; init; }

    /// <summary>Stops all notebooks at the first failure.</summary>
    public bool FailFast { get; init; }

    /// <summary>Runs as the student edition: without solutions, and exercises that are not done do not fail.</summary>
    public bool Student { get; init; }

    /// <summary>
    /// For cells tagged <c>requires:data:&lt;name&gt;</c>: why that data set is not here and how to get it, null when it is here.
    /// </summary>
    public Func<string, string?> MissingData { get; init; } = name => $"needs the data set {name}, and this runner was not told where data sets are";

    public static TimeSpan DefaultCellLimit(string profile) => TimeSpan.FromSeconds(profile == "full" ? 3600 : 180);

    public static TimeSpan DefaultNotebookLimit(string profile) => TimeSpan.FromSeconds(profile == "full" ? 7200 : 600);
}
