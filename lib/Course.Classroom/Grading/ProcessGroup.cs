using System.Diagnostics;
using System.Globalization;

namespace Course.Classroom.Grading;

/// <summary>
/// A control group with a limit of processes and threads: the system's other limit does not count those of root. Everything that is
/// still in the group when it is disposed of is ended.
/// </summary>
internal sealed class ProcessGroup : IDisposable
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    /// <summary>What moves a shell into the group and makes it the command behind. Arguments: the group's file, the command.</summary>
    private const string Enter = "echo $$ > \"$1\" && shift && exec \"$@\"";

    private readonly string _folder;

    private ProcessGroup(string folder) => _folder = folder;

    /// <summary>Whether this user may make such groups here.</summary>
    public static bool Works { get; } = Worked();

    /// <summary>A process is put one level below the limit, so that a namespace of its own does not show it the limit.</summary>
    private string Inner => Path.Combine(_folder, "session");

    /// <summary>Put before a command, it makes the command run in the group.</summary>
    public IReadOnlyList<string> Launcher => ["sh", "-c", Enter, "sh", Path.Combine(Inner, "cgroup.procs")];

    /// <summary>Null where there can be none.</summary>
    public static ProcessGroup? Make(int most)
    {
        const string Root = "/sys/fs/cgroup";
        // Of version 2, all controllers are in one hierarchy, and a group has those that the one above hands down.
        bool unified = File.Exists($"{Root}/cgroup.controllers");
        string hierarchy = unified ? Root : $"{Root}/pids";
        if (!OperatingSystem.IsLinux() || !Directory.Exists(hierarchy))
            return null;
        var group = new ProcessGroup($"{hierarchy}/course-grade-{Guid.NewGuid():N}");
        try
        {
            if (unified)
                File.WriteAllText($"{Root}/cgroup.subtree_control", "+pids");
            Directory.CreateDirectory(group._folder);
            if (File.Exists(Path.Combine(group._folder, "pids.max")))
            {
                File.WriteAllText(Path.Combine(group._folder, "pids.max"), most.ToString(CultureInfo.InvariantCulture));
                Directory.CreateDirectory(group.Inner);
                return group;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another hierarchy's rules, or another user's.
        }
        group.Dispose();
        return null;
    }

    public void Dispose()
    {
        var clock = Stopwatch.StartNew();
        foreach (string part in (string[])[Inner, _folder])
            while (Directory.Exists(part) && !Removed(part) && clock.Elapsed < EndLimit)
                End(part);
    }

    /// <summary>A group can be removed when nothing is in it.</summary>
    private static bool Removed(string part)
    {
        try
        {
            Directory.Delete(part);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void End(string part)
    {
        try
        {
            foreach (string line in File.ReadAllLines(Path.Combine(part, "cgroup.procs")))
            {
                using var process = Process.GetProcessById(int.Parse(line, CultureInfo.InvariantCulture));
                process.Kill();
                process.WaitForExit(EndLimit);
            }
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            // It ended meanwhile.
        }
    }

    private static bool Worked()
    {
        using var group = Make(1);
        return group is not null;
    }
}
