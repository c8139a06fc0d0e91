namespace TorchSharp.Managed.Tests;

/// <summary>Where the repository lies, seen from the folder of the running tests.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Course.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"No Course.sln above {AppContext.BaseDirectory}: run the tests from a checkout.");
    }
}
