using System.Globalization;
using Course.Base;

namespace Course.Classroom.Grading;

/// <summary>How the system holds a session to its limits: what is put before its command, what holds, and what does not.</summary>
internal sealed record Confinement(IReadOnlyList<string> Launcher, IReadOnlyList<string> Holds, IReadOnlyList<string> Lacks)
{
    /// <summary>
    /// In a namespace of its own: every file system read-only, but for the session's folder, which lies in memory and ends with it, and
    /// for folders of models and caches, where what it writes is its own and ends with it too. Arguments: the session's folder, its
    /// size, those folders, --, the command, which cannot undo any of it: it has none of the rights that this needs.
    /// </summary>
    private const string Namespace = """
        work="$1"; size="$2"; shift 2
        # Chapter 05 asks a service of its own; this loopback leads nowhere else.
        ip link set lo up 2>/dev/null || ifconfig lo up 2>/dev/null
        # What the folder holds comes along: the shell still stands in it when the other one is put over it.
        cd "$work" && mount -t tmpfs -o "size=$size,mode=700" tmpfs "$work" && cp -r . "$work" || exit 97
        while read -r _ _ _ _ at _; do
          case "$at" in "$work"|/proc|/proc/*|/dev|/dev/*) ;; *) mount -o remount,bind,ro "$at" 2>/dev/null ;; esac
        done < /proc/self/mountinfo
        while [ "$1" != -- ]; do
          layer="$work/.layers/$#"
          [ -d "$1" ] && mkdir -p "$layer/new" "$layer/work" && mount -t overlay -o "userxattr,lowerdir=$1,upperdir=$layer/new,workdir=$layer/work" overlay "$1" 2>/dev/null
          shift
        done
        shift
        cd "$work" && exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs -- "$@"
        """;

    private const long LargestFile = 256L << 20, LargestFolder = 512L << 20;
    public const int MostProcesses = 512;

    private static bool? _hasNamespaces, _hasPrlimit;

    /// <param name="group">In which the session runs, where root is to be limited.</param>
    /// <param name="kept">Folders in which a session may seem to write.</param>
    public static Confinement Of(GradingOptions options, string folder, ProcessGroup? group = null, params IEnumerable<string> kept)
    {
        var launcher = new List<string>(group?.Launcher ?? []);
        List<string> holds = [$"{options.AnswerLimit.TotalSeconds:0.#} s for an answer and for its checks", $"{options.MemoryLimit >> 20} MB of memory", $"{options.OutputLimit:N0} characters of output"], lacks = [];
        if (_hasNamespaces ??= Works("unshare", "--user", "--map-root-user", "--net", "--mount", "sh", "-c", "mount -t tmpfs tmpfs /tmp && setpriv --bounding-set=-all --inh-caps=-all --no-new-privs -- true"))
        {
            launcher.AddRange(["unshare", "--user", "--map-root-user", "--net", "--mount", "sh", "-c", Namespace, "sh", folder, LargestFolder.ToString(CultureInfo.InvariantCulture), .. kept, "--"]);
            holds.AddRange(["no network", $"files: read-only but for a folder of its own of at most {LargestFolder >> 20} MB"]);
        }
        else
        {
            lacks.AddRange(["the network", "files (this system has no user namespaces that this user may make: unshare --user --net --mount)"]);
        }
        if (_hasPrlimit ??= Works("prlimit", "--core=0", "true"))
        {
            launcher.AddRange(["prlimit", "--core=0", $"--cpu={options.ProcessorLimit.TotalSeconds:0}", $"--fsize={LargestFile}", $"--nproc={MostProcesses}"]);
            holds.Add(FormattableString.Invariant($"{options.ProcessorLimit.TotalSeconds:0} s of processor time for a session"));
            if (Environment.UserName == "root" && !ProcessGroup.Works)
                lacks.Add("the number of processes (the system does not count those of root, and makes no control group here; grade as another user)");
            else
                holds.Add($"{MostProcesses} processes and threads");
        }
        else
        {
            lacks.AddRange(["processor time", "the number of processes (this system has no prlimit)"]);
        }
        return new Confinement(launcher, holds, lacks);
    }

    private static bool Works(string command, params string[] arguments)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        try
        {
            return ProcessRun.ToEndAsync(command, arguments).GetAwaiter().GetResult().ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
