namespace Course;

/// <summary>What was found of one file of a data set.</summary>
public enum FileStatus
{
    Missing,
    Verified,
    WrongContent,
    Unreadable,
    /// <summary>There, but in a form of which no hash was published.</summary>
    Unverifiable,
}

/// <summary>The state of one file on this machine.</summary>
public sealed record FileReport(string Dataset, string File, FileStatus Status, string? Path, string Detail);

/// <summary>The data sets on this machine: find, download, verify.</summary>
public sealed class DataStore(Catalogue catalogue, DataFolders folders, Downloader? downloader = null)
{
    private readonly Downloader _downloader = downloader ?? new Downloader();

    public Catalogue Catalogue { get; } = catalogue;

    public DataFolders Folders { get; } = folders;

    /// <summary>Paths of all files of a data set, all in one folder, or null when it is not here.</summary>
    public IReadOnlyList<string>? Find(CatalogueEntry entry) => Folders.FindAll(entry.Name, entry.Files.Select(file => file.Name));

    /// <summary>Downloads what is missing or wrong into the cache.</summary>
    /// <returns>The folder with the files.</returns>
    public async Task<string> Get(CatalogueEntry entry, IProgress<DownloadProgress>? progress = null, CancellationToken cancel = default)
    {
        string folder = Path.Combine(Folders.Cache, entry.Name);
        foreach (var file in entry.Files)
        {
            string path = Path.Combine(folder, file.StoredName);
            if (!File.Exists(path) || Verify(entry, file, path).Status != FileStatus.Verified)
                await _downloader.Get(file, path, progress, cancel);
        }
        return folder;
    }

    /// <summary>Compares every file of a data set with the catalogue, wherever it is found first.</summary>
    public IReadOnlyList<FileReport> Verify(CatalogueEntry entry)
    {
        var paths = Find(entry);
        return [.. entry.Files.Select((file, i) => Verify(entry, file, paths?[i] ?? Folders.Find(entry.Name, file.Name)))];
    }

    /// <exception cref="InvalidDataException">A file is not the published one; names file and both hashes.</exception>
    public IReadOnlyList<string>? FindVerified(CatalogueEntry entry)
    {
        var paths = Find(entry);
        if (paths is null)
            return null;
        foreach (var report in entry.Files.Select((file, i) => Verify(entry, file, paths[i])))
            if (report.Status != FileStatus.Verified)
                throw new InvalidDataException($"{report.Path}: {report.Detail}. Delete the file and run: course data get {entry.Name}");
        return paths;
    }

    private static FileReport Verify(CatalogueEntry entry, CatalogueFile file, string? path)
    {
        FileReport Report(FileStatus status, string detail) => new(entry.Name, file.Name, status, path, detail);
        if (path is null)
            return Report(FileStatus.Missing, "not on this machine");
        try
        {
            if (file.Sha256 is null)
                return VerifyCompressed(file, path, Report);
            var variants = file.Variants ?? [];
            long largest = variants.Select(v => v.Size).Append(file.Size).Max();
            var (size, hash) = Unpacker.Measure(path, largest);
            if (size == file.Size && hash.Equals(file.Sha256, StringComparison.OrdinalIgnoreCase))
                return Report(FileStatus.Verified, $"SHA-256 {hash}");
            if (variants.FirstOrDefault(v => v.Size == size && v.Sha256.Equals(hash, StringComparison.OrdinalIgnoreCase)) is { } known)
                return Report(FileStatus.Verified, $"SHA-256 {hash}, {known.Note}");
            return Report(FileStatus.WrongContent, FormattableString.Invariant($"SHA-256 is {hash} over {size:N0} bytes, expected {file.Sha256} over {file.Size:N0}"));
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return Report(FileStatus.Unreadable, e.Message);
        }
    }

    private static FileReport VerifyCompressed(CatalogueFile file, string path, Func<FileStatus, string, FileReport> report)
    {
        if (!Unpacker.IsGzip(path))
            return report(FileStatus.Unverifiable, $"only the MD5 of the compressed file was published ({file.Md5}), and this one is decompressed: keep {file.StoredName} instead");
        string md5 = Unpacker.Md5(path);
        if (!md5.Equals(file.Md5, StringComparison.OrdinalIgnoreCase))
            return report(FileStatus.WrongContent, $"MD5 of the compressed file is {md5}, expected {file.Md5}");
        var (size, _) = Unpacker.Measure(path, file.Size);
        return size == file.Size
            ? report(FileStatus.Verified, $"MD5 {md5} of the compressed file; of its content no hash was published")
            : report(FileStatus.WrongContent, FormattableString.Invariant($"its content has {size:N0} bytes or more, expected {file.Size:N0}"));
    }
}
