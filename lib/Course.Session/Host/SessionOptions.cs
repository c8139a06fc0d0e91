namespace Course.Session.Host;

public sealed record SessionOptions
{
    /// <summary>Where cells run: the notebook's folder.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>The program that runs the cells; null is this kernel's own.</summary>
    public string? Program { get; init; }

    /// <summary>A command that starts the session's program, which is added to it: to put it into limits of the system's. It must become the program.</summary>
    public IReadOnlyList<string> Launcher { get; init; } = [];

    /// <summary>Added to the environment of the host; null removes a variable.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>The session is stopped when it holds more than this; null is without limit.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Whether the start includes that of the compiler, so that this is no cell's time; else the first cell may come sooner.</summary>
    public bool StartWarm { get; init; } = true;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How long the process may take to answer for the first time.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(60);
}
