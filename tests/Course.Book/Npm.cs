using System.Diagnostics;

namespace Course.Book.Tests;

/// <summary>Whether npm can be started here.</summary>
internal static class Npm
{
    public static bool IsHere { get; } = Find();

    private static bool Find()
    {
        try
        {
            using var npm = Process.Start(new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["--version"]) { RedirectStandardOutput = true });
            npm!.WaitForExit();
            return npm.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
