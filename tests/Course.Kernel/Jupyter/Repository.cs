namespace Course.Kernel.Tests.Jupyter;

internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "Course.sln")))
                return folder;
        throw new DirectoryNotFoundException($"no Course.sln above {AppContext.BaseDirectory}");
    }
}
