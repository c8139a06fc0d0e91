using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Course.Notebooks;
using Course.Session.Packages;

namespace Course.Runner;

/// <summary>
/// Decides whether a cell tagged <c>requires:&lt;id&gt;</c> can run: <c>gpu</c> needs one with an engine that uses it,
/// <c>data:&lt;name&gt;</c> a data set of the catalogue on this machine, anything else is a package, which must be restorable
/// at the version that the cell or the repository pins.
/// </summary>
internal sealed partial class Requirements(RunOptions options, CancellationToken stop)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<string?>>> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Starts the look-ups of a notebook, so that they are done when its cells are reached.</summary>
    public void Prepare(Notebook notebook)
    {
        foreach (var cell in notebook.Cells.Where(c => c.IsCode))
            _ = MissingAsync(cell);
    }

    /// <summary>Why the cell cannot run here; null when it can.</summary>
    public async Task<string?> MissingAsync(NotebookCell cell)
    {
        foreach (string id in cell.Tags.Where(t => t.StartsWith(CellTags.RequiresPrefix, StringComparison.Ordinal)).Select(t => t[CellTags.RequiresPrefix.Length..]))
        {
            string key = id == CellTags.Gpu || id.StartsWith(CellTags.DataPrefix, StringComparison.Ordinal) ? id : $"{id}, {Version(id, cell)}";
            if (await _known.GetOrAdd(key, _ => new Lazy<Task<string?>>(() => Missing(id, cell))).Value is { } missing)
                return missing;
        }
        return null;
    }

    private Task<string?> Missing(string id, NotebookCell cell) =>
        id == CellTags.Gpu ? Task.FromResult(Gpu())
        : id.StartsWith(CellTags.DataPrefix, StringComparison.Ordinal) ? Task.FromResult(options.MissingData(id[CellTags.DataPrefix.Length..]))
        : Package(id, Version(id, cell));

    private string? Gpu()
    {
        if (options.Device == "cpu")
            return "needs a GPU, and the device is set to cpu";
        // A run that asks the managed engine for a GPU fails at its preflight where there is none.
        if (options.Engine == "managed")
            return options.Device == RunOptions.DefaultDevice ? "needs a GPU, which engine managed takes when it is asked to (--device cuda or opencl)" : null;
        if (options.Engine != "torchsharp-cuda")
            return $"needs a GPU, which engine {options.Engine} does not use (try --device cuda with engine managed)";
        string path = Environment.GetEnvironmentVariable("PATH") ?? "";
        string[] names = new[] { "nvidia-smi", "nvidia-smi.exe" };
        return path.Split(Path.PathSeparator).Any(folder => names.Any(n => File.Exists(Path.Combine(folder, n)))) ? null : "needs a GPU, and none is found here";
    }

    private async Task<string?> Package(string id, string? version)
    {
        if (version is null)
            return $"needs package {id}, whose version neither the cell (#r \"nuget: {id}, <version>\") nor Directory.Packages.props pins";
        try
        {
            await PackageRestore.RestoreAsync([new PackageId(id, version)], [], stop);
            return null;
        }
        catch (PackageRestoreException e)
        {
            return $"needs package {id} {version}, which cannot be restored here: {e.Message}";
        }
    }

    private string? Version(string id, NotebookCell cell)
    {
        foreach (Match match in PackageDirective().Matches(cell.Source))
        {
            if (match.Groups["id"].Value.Equals(id, StringComparison.OrdinalIgnoreCase))
                return match.Groups["version"].Value;
        }
        string? pins = options.Repository is null ? null : Path.Combine(options.Repository, "Directory.Packages.props");
        return pins is null || !File.Exists(pins) ? null : XDocument.Load(pins).Descendants("PackageVersion")
            .FirstOrDefault(p => string.Equals((string?)p.Attribute("Include"), id, StringComparison.OrdinalIgnoreCase))?.Attribute("Version")?.Value;
    }

    [GeneratedRegex("""^#r\s+"nuget:\s*(?<id>[\w.-]+)\s*,\s*(?<version>[^\s"]+)\s*""", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex PackageDirective();
}
