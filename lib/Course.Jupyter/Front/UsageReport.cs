using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace Course.Jupyter.Front;

/// <summary>Memory and processor time of the kernel with its session, for front ends that show them.</summary>
internal sealed class UsageReport(TimeProvider clock)
{
    private (TimeSpan Cpu, long At) _last = (TimeSpan.Zero, clock.GetTimestamp());

    public JsonObject Reply(int? sessionProcessId)
    {
        long memory = 0L;
        var cpu = TimeSpan.Zero;
        foreach (int id in new[] { Environment.ProcessId, sessionProcessId ?? 0 })
        {
            if (id == 0)
                continue;
            try
            {
                using var process = Process.GetProcessById(id);
                memory += process.WorkingSet64;
                cpu += process.TotalProcessorTime;
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                // The session ended meanwhile.
            }
        }
        var (lastCpu, lastAt) = _last;
        var elapsed = clock.GetElapsedTime(lastAt);
        _last = (cpu, clock.GetTimestamp());
        double percent = elapsed > TimeSpan.Zero && cpu >= lastCpu ? 100 * (cpu - lastCpu) / elapsed : 0;
        var machine = GC.GetGCMemoryInfo();
        return new()
        {
            ["status"] = "ok",
            ["hostname"] = Dns.GetHostName(),
            ["pid"] = Environment.ProcessId,
            ["kernel_cpu"] = Math.Round(percent, 1),
            ["kernel_memory"] = memory,
            ["cpu_count"] = Environment.ProcessorCount,
            ["host_virtual_memory"] = new JsonObject
            {
                ["total"] = machine.TotalAvailableMemoryBytes,
                ["used"] = machine.MemoryLoadBytes,
                ["available"] = Math.Max(0, machine.TotalAvailableMemoryBytes - machine.MemoryLoadBytes),
                ["percent"] = machine.TotalAvailableMemoryBytes > 0 ? Math.Round(100.0 * machine.MemoryLoadBytes / machine.TotalAvailableMemoryBytes, 1) : 0,
            },
        };
    }
}
