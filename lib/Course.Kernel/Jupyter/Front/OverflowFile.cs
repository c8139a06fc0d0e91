using System.Text;

namespace Course.Kernel.Jupyter.Front;

/// <summary>Takes what a cell prints beyond what is shown.</summary>
internal sealed class OverflowFile(OutputPolicy policy, string name) : IDisposable
{
    private FileStream? _file;
    private bool _failed;

    public string Path { get; } = System.IO.Path.Combine(policy.Folder, name);

    /// <summary>Bytes given to <see cref="Write"/>, whether or not they fitted.</summary>
    public long Bytes { get; private set; }

    public long BytesKept { get; private set; }

    public void Write(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Bytes += bytes.Length;
        if (_failed || BytesKept + bytes.Length > policy.FileBytes)
            return;
        try
        {
            _file ??= Create(Path);
            _file.Write(bytes);
            _file.Flush();
            BytesKept += bytes.Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _failed = true;
        }
    }

    private static FileStream Create(string path)
    {
        var folder = System.IO.Path.GetDirectoryName(path)!;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
    }

    public void Dispose() => _file?.Dispose();
}
