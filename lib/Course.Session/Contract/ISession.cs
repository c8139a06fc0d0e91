namespace Course.Session.Contract;

/// <summary>
/// A running C# session with its variables. The runner and the Jupyter front are hosts over it.
/// One cell runs at a time; the other calls may be made while a cell runs.
/// </summary>
public interface ISession : IAsyncDisposable
{
    /// <summary>Completes when the session's process has ended, for whatever reason.</summary>
    Task<SessionEnd> Ended { get; }

    /// <summary>The process that runs the cells.</summary>
    int ProcessId { get; }

    /// <summary>
    /// Called with output that arrives while no cell runs, for example from a thread that an earlier cell left behind.
    /// </summary>
    Action<CellOutput>? StrayOutput { get; set; }

    /// <summary>Answers a cell that reads from standard input, when its request allows that; null means end of file.</summary>
    Func<InputRequest, Task<string?>>? InputRequested { get; set; }

    /// <summary>
    /// Runs one cell. Outputs arrive in order on <paramref name="onOutput"/>, one at a time, all of them before the task completes;
    /// an exception of the cell arrives as <see cref="ErrorOutput"/> and in the result. Never throws for what a cell does:
    /// a session that dies gives <see cref="CellStatus.Died"/>.
    /// </summary>
    Task<CellResult> ExecuteAsync(CellRequest request, Action<CellOutput> onOutput);

    /// <summary>
    /// Asks the running cell to stop; variables survive. Returns at once: the cell's own task tells when and whether it stopped.
    /// Code that never reaches a loop, a call of a cell's method or a wait cannot be stopped like this.
    /// </summary>
    void Interrupt();

    /// <param name="position">UTF-16 offset of the cursor in <paramref name="code"/>.</param>
    Task<Completions> CompleteAsync(string code, int position, CancellationToken cancel = default);

    /// <summary>Describes the symbol under the cursor; null when there is none.</summary>
    Task<Inspection?> InspectAsync(string code, int position, CancellationToken cancel = default);

    Task<Completeness> IsCompleteAsync(string code, CancellationToken cancel = default);

    /// <summary>Ends the process and everything that it started. Disposing does the same.</summary>
    Task ShutdownAsync();
}

/// <param name="Name">How the cell is called in messages and stack traces, such as <c>cell[3]</c>.</param>
/// <param name="Language">The sub-kernel: csharp, markdown, html, mermaid.</param>
/// <param name="AllowInput">Whether the host can answer <see cref="ISession.InputRequested"/>; otherwise reading input is an error.</param>
public sealed record CellRequest(string Code, string Name, string Language = "csharp", bool AllowInput = false);

public enum CellStatus
{
    Ok,

    /// <summary>The cell does not compile, has a wrong directive, or threw.</summary>
    Error,

    /// <summary>Stopped by <see cref="ISession.Interrupt"/>; the session is still usable.</summary>
    Interrupted,

    /// <summary>The session's process ended while the cell ran.</summary>
    Died,

    /// <summary>The session ran into its memory limit; it is still usable only if <see cref="ISession.Ended"/> has not completed.</summary>
    OutOfMemory,
}

/// <param name="Elapsed">From the start of compilation to the end of the cell.</param>
/// <param name="PeakBytes">The largest memory of the process seen while the cell ran.</param>
public sealed record CellResult(CellStatus Status, ErrorOutput? Error, TimeSpan Elapsed, long PeakBytes);

/// <param name="ExitCode">Null where the platform could not tell.</param>
/// <param name="Requested">True when the host ended the session itself.</param>
/// <param name="Message">For a reader: what happened.</param>
public sealed record SessionEnd(int? ExitCode, bool Requested, string Message);

public sealed record InputRequest(string Prompt, bool IsPassword);

/// <param name="Start">Start of the text that a completion replaces, a UTF-16 offset.</param>
/// <param name="End">End of that text.</param>
public sealed record Completions(int Start, int End, IReadOnlyList<Completion> Items);

/// <param name="Kind">Such as method, property, class, keyword, local.</param>
public sealed record Completion(string Text, string Kind, string? Signature = null);

public sealed record Inspection(string PlainText, string Markdown);

public enum Completeness
{
    Complete,
    Incomplete,
    Invalid,
}
