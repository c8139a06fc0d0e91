namespace Course.Kernel.Host;

/// <summary>What an exit code says to a reader.</summary>
static class ProcessEnd
{
    public static string Describe(int exitCode) => exitCode switch
    {
        134 or unchecked((int)0xC0000409) => "the session's process was aborted (a crash in native code, a stack overflow, FailFast or an exception on another thread; its last words are in the output)",
        139 or unchecked((int)0xC0000005) => "the session's process crashed with an invalid memory access",
        unchecked((int)0xC00000FD) => "the session's process overflowed its stack",
        137 => "the session's process was killed from outside (perhaps by the system, for lack of memory)",
        _ => FormattableString.Invariant($"the cell ended the session's process with exit code {exitCode}"),
    };
}
