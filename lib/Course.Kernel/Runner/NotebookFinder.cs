namespace Course.Kernel.Runner;

/// <summary>Turns the paths of a command line into notebooks.</summary>
public static class NotebookFinder
{
    static readonly EnumerationOptions Recursive = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>The repository in or above a folder, recognised by its solution; null outside one.</summary>
    public static string? FindRepository(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Course.sln")))
                return at.FullName;
        }
        return null;
    }

    /// <summary>The notebooks that the paths name, each once: files as given, folders recursively and in order.</summary>
    /// <param name="paths">None means <c>notebooks/</c> of the repository.</param>
    /// <param name="exclude">A folder that is never scanned, such as that of executed copies.</param>
    /// <exception cref="FileNotFoundException">A path does not exist, or there is no notebook; the message says which.</exception>
    public static IReadOnlyList<string> Find(IReadOnlyList<string> paths, string workingDirectory, string? exclude)
    {
        if (paths.Count == 0)
        {
            var repository = FindRepository(workingDirectory)
                ?? throw new FileNotFoundException($"There is no repository of the course in or above {workingDirectory}; name a notebook or a folder.");
            paths = [Path.Combine(repository, "notebooks")];
        }
        var found = new List<string>();
        foreach (var path in paths)
        {
            var full = Path.GetFullPath(path, workingDirectory);
            if (File.Exists(full))
                found.Add(full);
            else if (Directory.Exists(full))
                found.AddRange(Scan(full, exclude));
            else
                throw new FileNotFoundException($"{path} does not exist.");
        }
        return found.Count > 0 ? [.. found.Distinct()] : throw new FileNotFoundException($"There is no notebook (.ipynb) in {string.Join(", ", paths)}.");
    }

    static IEnumerable<string> Scan(string folder, string? exclude)
    {
        // Executed copies are results, unless somebody asks for that very folder.
        var skipped = exclude is null ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(exclude)) + Path.DirectorySeparatorChar;
        return Directory.EnumerateFiles(folder, "*.ipynb", Recursive)
            .Where(f => skipped is null || !f.StartsWith(skipped, StringComparison.Ordinal))
            .Where(f => !Path.GetRelativePath(folder, f).Split(Path.DirectorySeparatorChar).Any(part => part.StartsWith('.')))
            .Order(StringComparer.Ordinal);
    }
}
