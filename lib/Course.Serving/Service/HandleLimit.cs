using System.Runtime.InteropServices;

namespace Course.Serving;

/// <summary>How many connections the handles of this process leave room for. A process without free handles cannot even refuse a connection.</summary>
internal static partial class HandleLimit
{
    // Files, pipes, timers and the assemblies of the process itself, and connections that are accepted only to be refused.
    private const int Reserved = 192;
    private const int Fallback = 10_000;

    /// <summary>At least 16, at most 10,000.</summary>
    public static int Connections()
    {
        if (OperatingSystem.IsWindows()) return Fallback;
        try
        {
            // RLIMIT_NOFILE is 8 on the BSDs and macOS, 7 on Linux.
            if (GetLimit(OperatingSystem.IsLinux() ? 7 : 8, out var limit) != 0) return Fallback;
            return (int)Math.Clamp((long)Math.Min(limit.Soft, int.MaxValue) - Reserved, 16, Fallback);
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
