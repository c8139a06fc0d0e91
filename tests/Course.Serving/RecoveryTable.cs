using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Course.Serving.Tests;

/// <summary>
/// What each fault did, and how soon the service was back. A test prints its line; COURSE_RECOVERY_TABLE names a file that keeps them all,
/// as JSON, for chapter 05d (<c>data/last-recovery.json</c>).
/// </summary>
internal static class RecoveryTable
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="fault">What was done to the service.</param>
    /// <param name="meanwhile">What others saw while it lasted.</param>
    /// <param name="back">From the end of the fault until it works again.</param>
    public static void Add(string fault, string meanwhile, TimeSpan back, [CallerFilePath] string file = "", [CallerMemberName] string test = "")
    {
        double ms = Math.Round(back.TotalMilliseconds, 1);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{fault}: {meanwhile}; back after {ms} ms"));
        if (Environment.GetEnvironmentVariable("COURSE_RECOVERY_TABLE") is not { Length: > 0 } path) return;
        var own = new Fault(fault, meanwhile, ms, $"{Path.GetFileNameWithoutExtension(file)}.{test}");
        // Tests of several processes write to it.
        using var gate = FileLock.Take(Path.Combine(Path.GetTempPath(), "course-recovery-table.lock"));
        var known = File.Exists(path) ? JsonSerializer.Deserialize<Table>(File.ReadAllText(path), Json)!.Faults : [];
        var table = new Table(DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), $"{Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}",
            [.. known.Where(other => other.Name != fault).Append(own).OrderBy(other => other.Name, StringComparer.Ordinal)]);
        File.WriteAllText(path + ".new", JsonSerializer.Serialize(table, Json) + "\n");
        File.Move(path + ".new", path, overwrite: true);
    }

    private sealed record Table(string Date, string Machine, IReadOnlyList<Fault> Faults);

    private sealed record Fault(string Name, string Meanwhile, double BackMs, string Test);
}
