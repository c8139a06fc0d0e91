namespace Course;

/// <summary>
/// One process at a time: whoever holds the lock file open. The operating system lets go of it when a process dies, so that no lock
/// is left behind; the empty file stays.
/// </summary>
public sealed class FileLock : IDisposable
{
    private readonly FileStream _stream;

    private FileLock(FileStream stream) => _stream = stream;

    /// <summary>Waits until nobody else holds the lock.</summary>
    /// <param name="path">The lock's own file; its folder is made when it is missing.</param>
    /// <param name="onWait">Called once when it must wait.</param>
    /// <exception cref="IOException">The file cannot be opened, for another reason than that somebody holds it.</exception>
    public static FileLock Take(string path, Action? onWait = null)
    {
        path = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (bool waiting = false; ; waiting = true)
        {
            try
            {
                return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException fault) when (IsHeld(fault))
            {
                if (!waiting)
                    onWait?.Invoke();
                Thread.Sleep(100);
            }
        }
    }

    public void Dispose() => _stream.Dispose();

    // A sharing violation; on Unix .NET locks by flock, which says that it would have to wait.
    private static bool IsHeld(IOException fault) => fault.HResult == (OperatingSystem.IsWindows() ? unchecked((int)0x80070020) : OperatingSystem.IsLinux() ? 11 : 35);
}
