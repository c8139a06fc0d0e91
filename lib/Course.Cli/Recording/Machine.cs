using System.Globalization;
using System.Runtime.InteropServices;

namespace Course.Cli.Recording;

/// <summary>What numbers were measured on.</summary>
internal sealed record Machine(string Processor, int Cores, int MemoryGb, string System, string Runtime)
{
    public static Machine This() => new(
        ProcessorName(),
        Environment.ProcessorCount,
        (int)Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30)),
        $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}",
        RuntimeInformation.FrameworkDescription);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Processor}, {Cores} cores, {MemoryGb} GB, {System}, {Runtime}");

    private static string ProcessorName()
    {
        const string Linux = "/proc/cpuinfo";
        string? name = null;
        if (OperatingSystem.IsMacOS())
            name = CommandOutput.FirstLine("sysctl", ["-n", "machdep.cpu.brand_string"]);
        else if (File.Exists(Linux))
            name = File.ReadLines(Linux).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[^1].Trim();
        return name ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown processor";
    }
}
