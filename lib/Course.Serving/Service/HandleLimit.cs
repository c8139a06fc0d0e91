using System.Runtime.InteropServices;

namespace Course.Serving;

/// <summary>How many connections the handles of this process leave room for. A process without free handles cannot even refuse a connection.</summary>
internal static partial class HandleLimit
{
    // Assemblies that are still to be loaded, threads' pipes, and connections that are accepted only to be refused.
    private const int Reserved = 112;
    // What a process has in use where the system does not say.
    private const int InUse = 160;
    private const int Fallback = 10_000;
    private const string OpenHandles = "/proc/self/fd";

    /// <summary>At least 16, at most 10,000.</summary>
    public static int Connections()
    {
        if (OperatingSystem.IsWindows())
            return Fallback;
        try
        {
            // RLIMIT_NOFILE is 8 on the BSDs and macOS, 7 on Linux.
            if (GetLimit(OperatingSystem.IsLinux() ? 7 : 8, out var limit) != 0)
                return Fallback;
            int used = Directory.Exists(OpenHandles) ? Directory.EnumerateFileSystemEntries(OpenHandles).Count() : InUse;
            return (int)Math.Clamp((long)Math.Min(limit.Soft, int.MaxValue) - used - Reserved, 16, Fallback);
        }
        catch (Exception fault) when (fault is DllNotFoundException or EntryPointNotFoundException)
        {
            return Fallback;
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limit limit);
}
