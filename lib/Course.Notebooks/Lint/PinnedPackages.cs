using System.Xml.Linq;

namespace Course.Notebooks.Lint;

/// <summary>The package versions that <c>Directory.Packages.props</c> pins.</summary>
public static class PinnedPackages
{
    public const string FileName = "Directory.Packages.props";

    /// <summary>Reads the nearest file in or above a folder; null where there is none.</summary>
    public static IReadOnlyDictionary<string, string>? FindAbove(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            if (Path.Combine(at.FullName, FileName) is var file && File.Exists(file))
                return Read(file);
        return null;
    }

    /// <exception cref="InvalidDataException">The file is no XML.</exception>
    public static IReadOnlyDictionary<string, string> Read(string file)
    {
        try
        {
            return XDocument.Load(file).Descendants("PackageVersion")
                .Where(e => e.Attribute("Include") is not null)
                .ToDictionary(e => e.Attribute("Include")!.Value, e => e.Attribute("Version")?.Value ?? "", StringComparer.OrdinalIgnoreCase);
        }
        catch (System.Xml.XmlException e)
        {
            throw new InvalidDataException($"{file}({e.LineNumber}): is no XML ({e.Message}); package versions are read from it", e);
        }
    }
}
