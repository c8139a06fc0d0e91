namespace TorchSharp.IO;

/// <summary>Files that appear complete or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Writes to a temporary name beside the file, and renames when all went well.</summary>
    internal static void Write(string location, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(location);
        string full = Path.GetFullPath(location), temporary = $"{full}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
                write(stream);
            File.Move(temporary, full, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
