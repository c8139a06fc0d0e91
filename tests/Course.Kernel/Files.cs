using System.Runtime.CompilerServices;

namespace Course.Kernel.Tests;

/// <summary>The notebooks of the tests, named by behaviour, and folders that go away again.</summary>
internal static class Files
{
    public static string Folder => Path.Combine(Here(), "files");

    public static string Notebook(string name) => Path.Combine(Folder, name + ".ipynb");

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("course-test-").FullName;

    public string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
