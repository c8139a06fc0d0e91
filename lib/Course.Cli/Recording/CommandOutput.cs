using System.ComponentModel;
using Course.Base;

namespace Course.Cli.Recording;

/// <summary>Asks another program for what it prints.</summary>
internal static class CommandOutput
{
    /// <summary>The first line of a program's output, empty when it prints nothing; null when it is not there or fails.</summary>
    public static string? FirstLine(string program, IEnumerable<string> arguments, string? folder = null) =>
        All(program, arguments, folder)?.Split('\n')[0].Trim();

    /// <summary>All that a program prints; null when it is not there or fails.</summary>
    public static string? All(string program, IEnumerable<string> arguments, string? folder = null)
    {
        try
        {
            var ended = ProcessRun.ToEndAsync(program, arguments, folder).GetAwaiter().GetResult();
            return ended.ExitCode == 0 ? ended.Output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
