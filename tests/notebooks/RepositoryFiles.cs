namespace Notebooks.Tests;

/// <summary>Finds the repository that these tests were built from.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = FindRoot();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Course.sln")))
                return folder.FullName;
        throw new InvalidOperationException($"No Course.sln in or above {AppContext.BaseDirectory}: run the tests from a build inside the repository.");
    }
}
