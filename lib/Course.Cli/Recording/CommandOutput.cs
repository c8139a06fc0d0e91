using System.ComponentModel;
using System.Diagnostics;

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
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder ?? "",
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
