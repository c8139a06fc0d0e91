namespace Course.Session.Host;

/// <summary>What the end of a process says to a reader.</summary>
internal static class ProcessEnd
{
    private static readonly (string Start, string Meaning)[] Known =
    [
        ("Stack overflow", "the cell overflowed its stack"),
        ("Unhandled exception. ", "an exception that nobody caught, on another thread, ended the session's process: "),
        ("Process terminated. ", "the session's process was ended by FailFast: "),
        ("Process terminated.", "the session's process was ended by FailFast"),
        ("Out of memory.", "the session's process ran out of memory"),
    ];

    /// <summary>What the runtime says on standard error before it gives up; null for any other text.</summary>
    public static string? LastWords(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            foreach (var (start, meaning) in Known)
            {
                if (line.StartsWith(start, StringComparison.Ordinal))
                    return meaning.EndsWith(": ", StringComparison.Ordinal) ? meaning + line[start.Length..].TrimEnd() : meaning;
            }
        }
        return null;
    }

    public static string Describe(int exitCode, string? lastWords) => exitCode switch
    {
        134 or unchecked((int)0xC0000409) or unchecked((int)0xE0434352) => lastWords ?? "the session's process was aborted, as by a crash in native code",
        139 or unchecked((int)0xC0000005) => "the session's process crashed with an invalid memory access",
        unchecked((int)0xC00000FD) => "the cell overflowed its stack",
        137 => "the session's process was killed from outside (perhaps by the system, for lack of memory)",
        _ => FormattableString.Invariant($"the cell ended the session's process with exit code {exitCode}"),
    };
}
