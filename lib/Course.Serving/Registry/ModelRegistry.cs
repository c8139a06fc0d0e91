using System.Text.Json;

namespace Course.Serving;

/// <summary>One version in a registry.</summary>
/// <param name="Version">Version of the model.</param>
/// <param name="Checksum">SHA-256 of its file.</param>
/// <param name="Metrics">Numbers measured before it was added.</param>
/// <param name="IsCurrent">True for the version in service.</param>
public sealed record RegisteredModel(string Version, string Checksum, IReadOnlyDictionary<string, double> Metrics, bool IsCurrent);

/// <summary>
/// Versions of one model in a folder, and which of them is in service. Versions are never changed once added; what is in service
/// is a small file that is replaced by renaming, so that a reader finds the old state or the new one, also after a crash in between.
/// </summary>
public sealed class ModelRegistry
{
    private sealed record State(IReadOnlyList<string> Promotions);

    private readonly string folder;
    private readonly Lock gate = new();

    /// <param name="folder">Is created when it does not exist; holds nothing but this registry.</param>
    public ModelRegistry(string folder)
    {
        this.folder = Path.GetFullPath(folder);
        Directory.CreateDirectory(this.folder);
    }

    /// <summary>All versions, oldest first by name.</summary>
    public IReadOnlyList<RegisteredModel> Versions
    {
        get
        {
            var current = CurrentVersion;
            return [.. Directory.EnumerateFiles(folder, "*" + Extension).Order(StringComparer.Ordinal).Select(ModelArtefact.Load)
                .Select(artefact => new RegisteredModel(artefact.Info.Version, artefact.Checksum, artefact.Info.Metrics, artefact.Info.Version == current))];
        }
    }

    /// <summary>The version in service, or null before the first promotion.</summary>
    public string? CurrentVersion => Read().Promotions.LastOrDefault();

    /// <summary>Adds a version; it is not in service before it is promoted.</summary>
    /// <exception cref="InvalidOperationException">The version exists with another content: versions are never overwritten.</exception>
    public void Add(ModelArtefact artefact)
    {
        lock (gate)
        {
            var path = FileOf(artefact.Info.Version);
            if (File.Exists(path))
            {
                if (ModelArtefact.Load(path).Checksum == artefact.Checksum) return;
                throw new InvalidOperationException($"Version {artefact.Info.Version} is in the registry already, with another content. Give the new model a new version.");
            }
            artefact.Save(path);
        }
    }

    /// <summary>Reads and verifies a version.</summary>
    /// <exception cref="ArtefactException">Its file is damaged.</exception>
    public ModelArtefact Load(string version) => ModelArtefact.Load(Existing(version));

    /// <summary>Puts a version into service. Its file is verified first, so that a damaged one never gets there.</summary>
    /// <exception cref="ArtefactException">Its file is damaged; what was in service stays there.</exception>
    public void Promote(string version)
    {
        lock (gate)
        {
            _ = Load(version);
            if (CurrentVersion != version) Write(new State([.. Read().Promotions, version]));
        }
    }

    /// <summary>Puts the version back into service that was there before the last promotion, and returns it.</summary>
    /// <exception cref="InvalidOperationException">There was none before.</exception>
    public string RollBack()
    {
        lock (gate)
        {
            var promotions = Read().Promotions;
            if (promotions.Count < 2) throw new InvalidOperationException("There is no earlier version to go back to.");
            _ = Load(promotions[^2]);
            Write(new State([.. promotions.SkipLast(1)]));
            return promotions[^2];
        }
    }

    private const string Extension = ".csmodel";

    private string StateFile => Path.Combine(folder, "in-service.json");

    private string FileOf(string version)
    {
        if (version.Length == 0 || version.StartsWith('.') || version.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-')))
            throw new ArgumentException($"'{version}' is no version: use letters, digits, '-' and '.', for example 1.2.0.");
        return Path.Combine(folder, version + Extension);
    }

    private string Existing(string version) => FileOf(version) is var path && File.Exists(path)
        ? path
        : throw new InvalidOperationException($"The registry has no version '{version}'. It has: {string.Join(", ", Versions.Select(model => model.Version))}.");

    private State Read()
    {
        if (!File.Exists(StateFile)) return new State([]);
        try
        {
            return JsonSerializer.Deserialize<State>(File.ReadAllText(StateFile)) is { Promotions: not null } state ? state : throw new JsonException("it is empty");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"'{StateFile}' cannot be read: {fault.Message} Restore it, or delete it and promote a version again.", fault);
        }
    }

    private void Write(State state) => AtomicFile.Write(StateFile, stream => JsonSerializer.Serialize(stream, state));
}
