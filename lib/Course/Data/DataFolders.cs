using Course.Base;

namespace Course;

/// <summary>Where files of data sets are looked for and where downloads and generated files are kept.</summary>
/// <param name="Searched">Folders in the order of search; a file lies in <c>folder/data set/file[.gz]</c>.</param>
/// <param name="Cache">Where downloads and generated data go; searched last.</param>
public sealed record DataFolders(IReadOnlyList<string> Searched, string Cache)
{
    /// <summary><c>COURSE_DATA</c>, then <c>data/</c> of the repository, then the user's cache.</summary>
    public static DataFolders FromEnvironment()
    {
        string? root = Repository.Find();
        var named = CourseVariables.DataFolders(root);
        var searched = root is null ? named : named.Append(Path.Combine(root, "data"));
        return new DataFolders([.. searched.Distinct()], UserCache());
    }

    /// <summary>Finds a file, plain or gzip-compressed.</summary>
    /// <returns>Its path, or null when no folder has it.</returns>
    public string? Find(string dataset, string file) =>
        Searched.Append(Cache)
            .Select(folder => Path.Combine(folder, dataset, file))
            .SelectMany(path => new[] { path, path + ".gz" })
            .FirstOrDefault(File.Exists);

    /// <summary>Finds all files of a data set in one and the same folder, so that two versions never mix.</summary>
    /// <returns>Paths in the order of <paramref name="files"/>, or null.</returns>
    public IReadOnlyList<string>? FindAll(string dataset, IEnumerable<string> files)
    {
        foreach (string folder in Searched.Append(Cache))
        {
            var one = new DataFolders([], folder);
            string?[] paths = files.Select(file => one.Find(dataset, file)).ToArray();
            if (paths.All(path => path is not null))
                return paths!;
        }
        return null;
    }

    private static string UserCache()
    {
        const string name = "csharp-deep-learning";
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string root = OperatingSystem.IsWindows()
            ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : OperatingSystem.IsMacOS() && home != "" ? Path.Combine(home, "Library", "Caches")
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg ? xdg
            : home != "" ? Path.Combine(home, ".cache")
            : "";
        return Path.Combine(root == "" ? Path.GetTempPath() : root, name);
    }
}
