using Course.Base;

namespace Course.Notebooks;

/// <summary>Finds the notebooks that a command line names, and the repository they belong to.</summary>
public static class NotebookPaths
{
    /// <summary>
    /// The notebooks named by files and folders (searched recursively), full paths in ordinal order without repetition.
    /// No path means <c>notebooks/</c> of the repository in or above <paramref name="workingFolder"/>.
    /// </summary>
    /// <param name="excluded">A folder that is never searched, such as the one for executed copies.</param>
    /// <exception cref="NotebookPathException">A path does not exist, or no notebook was found.</exception>
    public static IReadOnlyList<string> Find(IReadOnlyList<string> paths, string workingFolder, string? excluded = null)
    {
        if (paths.Count == 0)
            paths = [DefaultFolder(workingFolder)];
        var found = new SortedSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            string full = Path.GetFullPath(path, workingFolder);
            if (Directory.Exists(full))
                found.UnionWith(Search(full, Real(full, full), excluded is null ? null : Path.GetFullPath(excluded, workingFolder), seen));
            else if (File.Exists(full))
                found.Add(full);
            else
                throw new NotebookPathException($"{path} does not exist; name a notebook, a folder, or nothing for the repository's notebooks/.");
        }
        return found.Count > 0 ? [.. found] : throw new NotebookPathException($"There is no notebook (.ipynb) in {string.Join(", ", paths)}.");
    }

    /// <summary>A path as reports show it: relative to the repository with forward slashes, or absolute outside of it.</summary>
    public static string Display(string path, string? repository)
    {
        string relative = repository is null ? path : Path.GetRelativePath(repository, path);
        return (relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? Path.GetFullPath(path) : relative).Replace('\\', '/');
    }

    private static string DefaultFolder(string workingFolder) => Checkout.Above(workingFolder) is { } repository
        ? Path.Combine(repository, "notebooks")
        : throw new NotebookPathException($"There is no repository of the course (Course.sln) in or above {workingFolder}; name a notebook or a folder.");

    // Hidden folders hold editors' copies (.ipynb_checkpoints), not notebooks. Links may lead in circles: what they lead to is taken once.
    private static IEnumerable<string> Search(string folder, string real, string? excluded, HashSet<string> seen)
    {
        if (!seen.Add(real))
            return [];
        string Target(string entry) => Real(entry, Path.Combine(real, Path.GetFileName(entry)));
        return
        [
            .. Directory.EnumerateFiles(folder, "*.ipynb").Order(StringComparer.Ordinal).Where(file => seen.Add(Target(file))),
            .. Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal)
                .Where(sub => !Path.GetFileName(sub).StartsWith('.') && !sub.Equals(excluded, StringComparison.Ordinal))
                .SelectMany(sub => Search(sub, Target(sub), excluded, seen)),
        ];
    }

    /// <summary>What a link finally leads to; the path as it is known otherwise.</summary>
    private static string Real(string entry, string known)
    {
        try
        {
            return (Directory.Exists(entry) ? Directory.ResolveLinkTarget(entry, returnFinalTarget: true) : File.ResolveLinkTarget(entry, returnFinalTarget: true))?.FullName ?? known;
        }
        catch (IOException)
        {
            // A link that leads to itself.
            return known;
        }
    }
}

/// <summary>The command line names notebooks that are not there; the message says what to give instead.</summary>
public sealed class NotebookPathException(string message) : Exception(message);
