using System.Text.Json;
using System.Text.Json.Serialization;

namespace Course;

/// <summary>One file of a data set; size and SHA-256 are those of the decompressed content.</summary>
/// <param name="Sha256">Null when only the MD5 of the compressed file was published.</param>
/// <param name="Md5">Of the gzip file that the mirrors hold, as its authors publish it; null when they publish none.</param>
/// <param name="Member">Path inside the archive when the mirrors hold a ZIP file.</param>
/// <param name="Variants">Other known forms of the same file that readers understand.</param>
public sealed record CatalogueFile(string Name, long Size, IReadOnlyList<string> Mirrors,
    string? Sha256 = null, string? Md5 = null, string? Member = null, IReadOnlyList<CatalogueVariant>? Variants = null)
{
    /// <summary>What a download is called here: it stays compressed when only its compressed form can be verified again later.</summary>
    [JsonIgnore]
    public string StoredName => Sha256 is null ? Name + ".gz" : Name;
}

/// <summary>Another known form of a file, accepted where the file is found but not what a download yields.</summary>
public sealed record CatalogueVariant(long Size, string Sha256, string Note);

/// <summary>A data set: where it comes from, under which terms, and whose consent was asked.</summary>
public sealed record CatalogueEntry(string Name, string Title, string Summary, string Licence, string Citation,
    string Consent, IReadOnlyList<CatalogueFile> Files)
{
    /// <summary>Bytes of all files, decompressed.</summary>
    [JsonIgnore]
    public long Size => Files.Sum(file => file.Size);

    /// <summary>What is compared when a file is called verified.</summary>
    [JsonIgnore]
    public string VerifiedBy => Files.All(file => file.Sha256 is not null) ? "SHA-256" : "MD5 of the compressed files";
}

/// <summary>The list of data sets that the course uses (<c>data/catalogue.json</c>, built into this library).</summary>
public sealed class Catalogue
{
    private const int Version = 1;
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    private Catalogue(IReadOnlyList<CatalogueEntry> entries) => Entries = entries;

    public IReadOnlyList<CatalogueEntry> Entries { get; }

    /// <summary>The course's own catalogue.</summary>
    public static Catalogue Default { get; } = ReadEmbedded();

    /// <exception cref="KeyNotFoundException">No such data set; the message lists those there are.</exception>
    public CatalogueEntry this[string name] =>
        Entries.FirstOrDefault(entry => entry.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new KeyNotFoundException($"No data set is named '{name}'. Known: {string.Join(", ", Entries.Select(e => e.Name))}.");

    /// <exception cref="InvalidDataException">Not JSON, a key is missing, or a value makes no sense; names the source.</exception>
    public static Catalogue Parse(string json, string source)
    {
        Document document;
        try
        {
            document = JsonSerializer.Deserialize<Document>(json, Json) ?? throw new JsonException("the document is null");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{source}: not a valid catalogue: {e.Message}", e);
        }
        if (document.Version != Version)
            throw new InvalidDataException($"{source}: catalogue version {document.Version} is unknown, expected {Version}.");
        foreach (var entry in document.Datasets)
        {
            CheckName(entry.Name, source);
            foreach (var file in entry.Files)
            {
                CheckName(file.Name, source);
                if (file.Size < 0 || !IsHash(file.Sha256, 64) || !IsHash(file.Md5, 32) || (file.Sha256 ?? file.Md5) is null)
                    throw new InvalidDataException($"{source}: {entry.Name}/{file.Name} needs a size, and a SHA-256 of 64 hex digits or (of the compressed file) an MD5 of 32.");
            }
        }
        return new Catalogue(document.Datasets);
    }

    private static bool IsHash(string? text, int digits) => text is null || (text.Length == digits && text.All(char.IsAsciiHexDigit));

    // Names become folder and file names, so they must not lead anywhere else.
    private static void CheckName(string name, string source)
    {
        if (name is "" or "." or ".." || name.IndexOfAny(['/', '\\', ':', '\0']) >= 0)
            throw new InvalidDataException($"{source}: '{name}' cannot be used as a file name.");
    }

    private static Catalogue ReadEmbedded()
    {
        using var stream = typeof(Catalogue).Assembly.GetManifestResourceStream("catalogue.json")!;
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd(), "data/catalogue.json");
    }

    private sealed record Document(int Version, IReadOnlyList<CatalogueEntry> Datasets);
}
