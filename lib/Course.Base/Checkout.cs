namespace Course.Base;

/// <summary>A checkout of the course: the folder that holds <see cref="Solution"/>.</summary>
internal static class Checkout
{
    public const string Solution = "Course.sln";

    /// <summary>The nearest one in or above a path; null outside of any.</summary>
    public static string? Above(string path)
    {
        for (var folder = new DirectoryInfo(Path.GetFullPath(path)); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, Solution)))
                return folder.FullName;
        return null;
    }
}
