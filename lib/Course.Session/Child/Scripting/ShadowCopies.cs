using System.Security.Cryptography;
using System.Text;

namespace Course.Session.Child.Scripting;

/// <summary>
/// Copies of a notebook's libraries, which sessions load instead of the originals, so that these may be built again beside an
/// open notebook: a loaded file cannot be replaced on Windows, and overwriting it elsewhere crashes who has it mapped.
/// </summary>
internal static class ShadowCopies
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    private static readonly string Folder = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create) is { Length: > 0 } local ? local : Path.GetTempPath(),
        "deep-learning-course", "loaded");

    /// <summary>A copy of the file as it is now; the file itself where no copy can be made. Sessions share the copies.</summary>
    public static string Of(string path, TimeProvider? clock = null)
    {
        try
        {
            while (true)
            {
                var before = Version(path);
                string copy = Path.Combine(Folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{path}|{before}")))[..24], Path.GetFileName(path));
                if (!File.Exists(copy) && !Make(path, before, copy, clock ?? TimeProvider.System))
                    continue;
                Directory.SetLastWriteTimeUtc(Path.GetDirectoryName(copy)!, (clock ?? TimeProvider.System).GetUtcNow().UtcDateTime);
                return copy;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }

    private static (long Length, long Time) Version(string path) => (new FileInfo(path).Length, File.GetLastWriteTimeUtc(path).Ticks);

    /// <returns>False when the file was written meanwhile.</returns>
    private static bool Make(string path, (long Length, long Time) version, string copy, TimeProvider clock)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        string partial = $"{copy}.{Guid.NewGuid():N}";
        File.Copy(path, partial);
        if (Version(path) != version || new FileInfo(partial).Length != version.Length)
        {
            File.Delete(partial);
            return false;
        }
        File.Move(partial, copy, overwrite: true);
        DeleteOld(clock.GetUtcNow().UtcDateTime);
        return true;
    }

    private static void DeleteOld(DateTime now)
    {
        foreach (string folder in Directory.EnumerateDirectories(Folder).Where(f => now - Directory.GetLastWriteTimeUtc(f) > Kept))
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A session still has it.
            }
        }
    }
}
