using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Course.Serving.Tests;

/// <summary>
/// What each fault did, and how soon the service was back. A test prints its line; COURSE_RECOVERY_TABLE names a file that keeps them all,
/// as JSON, for chapter 05d (<c>data/last-recovery.json</c>).
/// </summary>
internal static class RecoveryTable
{
    /// <param name="fault">What was done to the service.</param>
    /// <param name="meanwhile">What others saw while it lasted.</param>
    /// <param name="back">From the end of the fault until it works again.</param>
    public static void Add(string fault, string meanwhile, TimeSpan back, [CallerFilePath] string file = "", [CallerMemberName] string test = "")
    {
        double ms = Math.Round(back.TotalMilliseconds, 1);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{fault}: {meanwhile}; back after {ms} ms"));
        if (Environment.GetEnvironmentVariable("COURSE_RECOVERY_TABLE") is not { Length: > 0 } path)
            return;
        var own = new RecoveredFault(fault, meanwhile, ms, $"{Path.GetFileNameWithoutExtension(file)}.{test}");
        // Tests of several processes write to it.
        using var gate = FileLock.Take(Path.Combine(Path.GetTempPath(), "course-recovery-table.lock"));
        var known = File.Exists(path) ? RecoveryRecord.Parse(File.ReadAllText(path)).Faults : [];
        var table = new RecoveryRecord(DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), $"{Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}",
            [.. known.Where(other => other.Name != fault).Append(own).OrderBy(other => other.Name, StringComparer.Ordinal)]);
        File.WriteAllText(path + ".new", table.ToJson());
        File.Move(path + ".new", path, overwrite: true);
    }
}
