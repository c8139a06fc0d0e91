using System.Runtime.CompilerServices;

namespace Course.Runner.Tests;

/// <summary>The notebooks of the tests, named by behaviour.</summary>
internal static class Files
{
    public static string Folder => Path.Combine(Here(), "files");

    public static string Notebook(string name) => Path.Combine(Folder, name + ".ipynb");

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
