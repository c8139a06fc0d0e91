using System.Diagnostics;
using System.Globalization;

namespace Course.Session.Host;

/// <summary>The memory of another process: sampled everywhere; exact between samples where the system keeps a high-water mark.</summary>
internal sealed class ProcessMemory(Process process)
{
    private long _sampled;

    /// <summary>Starts a new high-water mark.</summary>
    public void Reset()
    {
        _sampled = 0;
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            File.WriteAllText($"/proc/{process.Id}/clear_refs", "5");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            // The kernel may not allow it: then the mark is that of the whole session.
        }
    }

    /// <summary>What the process holds now.</summary>
    public long Sample()
    {
        long now = OperatingSystem.IsLinux() ? Status("VmRSS:") : WorkingSet();
        _sampled = Math.Max(_sampled, now);
        return now;
    }

    /// <summary>The most that the process held since <see cref="Reset"/>.</summary>
    public long Peak()
    {
        if (OperatingSystem.IsLinux())
            return Math.Max(_sampled, Status("VmHWM:"));
        Sample();
        return _sampled;
    }

    private long WorkingSet()
    {
        try
        {
            process.Refresh();
            return process.WorkingSet64;
        }
        catch (InvalidOperationException)
        {
            return 0;
        }
    }

    /// <remarks><see cref="Process"/> would read the state of every thread of the other process.</remarks>
    private long Status(string field)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(l => l.StartsWith(field, StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line[field.Length..].Replace("kB", ""), NumberStyles.Integer, CultureInfo.InvariantCulture) << 10;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            return 0;
        }
    }
}
