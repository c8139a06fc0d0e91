using System.Diagnostics;
using System.Text;
using Course.Base;

namespace Course.Session.Host;

/// <summary>
/// What a session's cells started, also what left its process group and parent (<c>setsid</c>, daemons): on Linux all processes
/// that inherited the session's mark in their environment.
/// </summary>
/// <remarks>
/// Not found are processes that start with an environment of their own making, that another user runs, or that a service
/// starts on a cell's behalf. Elsewhere only the tree of child processes is ended.
/// </remarks>
internal sealed class Descendants(string mark)
{
    /// <summary>A process may start another while it is looked for; beyond so many rounds it is not an accident.</summary>
    private const int MostRounds = 20;

    private readonly byte[] _entry = Encoding.UTF8.GetBytes($"{CourseVariables.Session}={mark}\0");

    public void Kill()
    {
        if (!OperatingSystem.IsLinux())
            return;
        for (int round = 0; round < MostRounds && KillThoseOfNow(); round++)
        {
        }
    }

    /// <summary>False when there was none.</summary>
    private bool KillThoseOfNow()
    {
        bool found = false;
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), out int id) && id != Environment.ProcessId && IsOurs(folder))
                found |= Kill(id);
        return found;
    }

    private bool IsOurs(string folder)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(folder, "environ")).AsSpan().IndexOf(_entry) >= 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
            return true;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
