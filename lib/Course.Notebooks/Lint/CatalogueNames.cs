using System.Text.Json;
using System.Text.Json.Nodes;

namespace Course.Notebooks.Lint;

/// <summary>The names of the data sets in <c>data/catalogue.json</c>.</summary>
public static class CatalogueNames
{
    public const string FileName = "data/catalogue.json";

    /// <summary>Reads the nearest catalogue in or above a folder; null where there is none.</summary>
    /// <exception cref="InvalidDataException">The file is no JSON.</exception>
    public static IReadOnlySet<string>? FindAbove(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            if (Path.Combine(at.FullName, FileName) is var file && File.Exists(file))
                return Read(file);
        return null;
    }

    private static HashSet<string> Read(string file)
    {
        try
        {
            return [.. JsonNode.Parse(File.ReadAllText(file))?["datasets"]?.AsArray().Select(entry => (string?)entry?["name"] ?? "") ?? []];
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{file}: is no JSON ({e.Message}); names of data sets are read from it", e);
        }
    }
}
