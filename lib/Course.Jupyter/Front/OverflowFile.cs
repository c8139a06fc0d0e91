using System.Globalization;
using System.Text;

namespace Course.Jupyter.Front;

/// <summary>Takes what a cell prints beyond what is shown.</summary>
internal sealed class OverflowFile : IDisposable
{
    /// <summary>A name that others could foresee would let them put a link in its place.</summary>
    private static readonly Lazy<string> OwnFolder = new(() => Directory.CreateTempSubdirectory("course-kernel-").FullName, LazyThreadSafetyMode.PublicationOnly);

    private readonly OutputPolicy _policy;
    private readonly FileStream? _file;

    /// <param name="name">A file of this name that is there already is kept.</param>
    public OverflowFile(OutputPolicy policy, string name)
    {
        _policy = policy;
        try
        {
            _file = Create(policy.Folder ?? OwnFolder.Value, name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Problem = e.Message;
        }
    }

    /// <summary>Null when no file could be made.</summary>
    public string? Path => _file?.Name;

    /// <summary>Why nothing more is kept; null while all is well.</summary>
    public string? Problem { get; private set; }

    /// <summary>For a reader: what becomes of the text that follows.</summary>
    public string Whither => _file is null ? $"is lost: {Problem}" : $"goes to {Path}";

    /// <summary>Bytes given to <see cref="Write"/>, whether or not they fitted.</summary>
    public long Bytes { get; private set; }

    public long BytesKept { get; private set; }

    public void Write(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Bytes += bytes.Length;
        if (_file is null || Problem is not null)
            return;
        if (BytesKept + bytes.Length > _policy.FileBytes)
        {
            Problem = string.Create(CultureInfo.InvariantCulture, $"a cell's file may take {_policy.FileBytes} bytes");
            return;
        }
        try
        {
            _file.Write(bytes);
            _file.Flush();
            BytesKept += bytes.Length;
        }
        catch (IOException e)
        {
            Problem = e.Message;
        }
    }

    private static FileStream Create(string folder, string name)
    {
        for (int n = 1; ; n++)
        {
            string path = System.IO.Path.Combine(folder, n == 1 ? name : FormattableString.Invariant($"{System.IO.Path.GetFileNameWithoutExtension(name)}-{n}{System.IO.Path.GetExtension(name)}"));
            try
            {
                return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
            }
            catch (IOException) when (File.Exists(path))
            {
                // A cell that ran without being counted has the same number.
            }
        }
    }

    public void Dispose() => _file?.Dispose();
}
