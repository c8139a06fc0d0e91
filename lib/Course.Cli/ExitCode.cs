namespace Course.Cli;

/// <summary>What a command's exit code says.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUse = 2;
    public const int OwnFault = 3;

    /// <summary>Ended by Ctrl-C.</summary>
    public const int Interrupted = 130;
}

/// <summary>The command line asks for something that cannot be; the message says what to give instead.</summary>
internal sealed class WrongUseException(string message) : Exception(message);
