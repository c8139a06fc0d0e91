using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Course.Serving;

/// <summary>
/// Versions of one model in a folder, which of them is in service, and who changed that when. A version is a file
/// <c>1.2.0.csmodel</c> that never changes once it is added; the rest is a SQLite database beside them. Any number of processes may
/// use a registry at once. A file is complete and on the disk before the database says that it exists, so that a crash, a full disk
/// or a <c>kill -9</c> leaves either the old state or the new one.
/// </summary>
public sealed class ModelRegistry
{
    private const string Extension = ".csmodel", SetAside = ".unregistered";

    private const string Schema = """
        CREATE TABLE models (
            version TEXT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, bytes INTEGER NOT NULL,
            metrics TEXT NOT NULL, data_hash TEXT NOT NULL, added TEXT NOT NULL, actor TEXT NOT NULL) STRICT;
        CREATE TABLE history (
            number INTEGER PRIMARY KEY AUTOINCREMENT, action TEXT NOT NULL CHECK (action IN ('Add', 'Promote', 'RollBack')),
            version TEXT NOT NULL REFERENCES models (version), time TEXT NOT NULL, actor TEXT NOT NULL,
            counts INTEGER NOT NULL DEFAULT 1) STRICT;
        """;

    private const string InService = "SELECT number, version FROM history WHERE action = 'Promote' AND counts = 1 ORDER BY number DESC LIMIT 2";

    private readonly string _folder, _actor;
    private readonly TimeProvider _time;
    private readonly Database _database;

    /// <param name="folder">Is made when it does not exist; holds nothing but this registry.</param>
    /// <param name="actor">Who works with it, for the history; null names the user and the machine.</param>
    /// <param name="time">The clock of the history.</param>
    public ModelRegistry(string folder, string? actor = null, TimeProvider? time = null)
    {
        _folder = Path.GetFullPath(folder);
        _actor = actor ?? $"{Environment.UserName}@{Environment.MachineName}";
        _time = time ?? TimeProvider.System;
        _database = new(DatabaseFile(_folder), "registry", applicationId: 0x43534d52, Schema);   // "CSMR"
        if (!Directory.Exists(_folder))
            Directory.CreateDirectory(_folder);
    }

    /// <summary>Called with the name of each step of a change; a test stops or kills its process there.</summary>
    internal Action<string> AtStep { get; init; } = _ => { };

    /// <summary>The database's file of a registry in a folder; there is none before the first version is added.</summary>
    public static string DatabaseFile(string folder) => Path.Combine(folder, "registry.db");

    /// <summary>All versions in the order of their names, read from the database alone: no model's file is opened.</summary>
    /// <exception cref="StoreException">The database is damaged, foreign, or cannot be read.</exception>
    public IReadOnlyList<RegisteredModel> Versions => _database.Read([], connection =>
    {
        string? current = Current(connection)?.Version;
        return Database.Query(connection, "SELECT version, checksum, metrics, data_hash, added, actor, bytes FROM models", row =>
            new RegisteredModel(row.GetString(0), row.GetString(1), Metrics(row.GetString(2)), row.GetString(0) == current)
            {
                DataHash = row.GetString(3),
                Added = Timestamps.Parse(row.GetString(4)),
                Actor = row.GetString(5),
                Problem = Problem(FileOf(row.GetString(0)), row.GetInt64(6)),
            }).Order(Comparer<RegisteredModel>.Create((a, b) => VersionOrder.Compare(a.Version, b.Version))).ToArray();
    });

    /// <summary>The version in service, or null before the first promotion.</summary>
    /// <exception cref="StoreException">The database is damaged, foreign, or cannot be read.</exception>
    public string? CurrentVersion => _database.Read(null, connection => Current(connection)?.Version);

    /// <summary>Everything that happened, oldest first.</summary>
    /// <exception cref="StoreException">The database is damaged, foreign, or cannot be read.</exception>
    public IReadOnlyList<RegistryEvent> History => _database.Read([], connection => Database.Query(connection,
        "SELECT number, action, version, time, actor FROM history ORDER BY number",
        row => new RegistryEvent(row.GetInt64(0), Enum.Parse<RegistryAction>(row.GetString(1)), row.GetString(2), Timestamps.Parse(row.GetString(3)), row.GetString(4))));

    /// <summary>Model files in the folder that were never added: copied there by hand, or left by an interrupted addition.</summary>
    public IReadOnlyList<string> UnregisteredFiles
    {
        get
        {
            var known = Versions.Select(model => model.Version + Extension).ToHashSet(StringComparer.Ordinal);
            return [.. Directory.EnumerateFiles(_folder, "*" + Extension).Select(path => Path.GetFileName(path)!).Where(name => !known.Contains(name)).Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>
    /// Adds a version; it is not in service before it is promoted. Adding the same content again changes nothing. A file of that
    /// name that nobody added is set aside, not overwritten.
    /// </summary>
    /// <exception cref="InvalidOperationException">The version exists with another content (versions are never overwritten), or the model has another name than those of this registry.</exception>
    /// <exception cref="StoreException">The disk is full or read-only, or the database is damaged; nothing was added.</exception>
    public void Add(ModelArtefact artefact)
    {
        var (info, path) = (artefact.Info, FileOf(artefact.Info.Version));
        _database.Write(connection =>
        {
            Sweep();
            var known = Find(connection, info.Version);
            if (known is { } row && row.Checksum != artefact.Checksum)
                throw new InvalidOperationException($"Version {info.Version} is in the registry already, with another content. Give the new model a new version.");
            if (known is { } same && Problem(path, same.Bytes) is null)
                return false;
            if (Database.Query(connection, "SELECT name FROM models LIMIT 1", r => r.GetString(0)) is [var name] && name != info.Name)
                throw new InvalidOperationException($"The registry '{_folder}' holds versions of '{name}', this model is '{info.Name}'. Give each model a registry of its own.");
            Place(artefact, path);
            AtStep("file in place");
            if (known is not null)
                return true;   // its file was lost; now it is back
            Database.Execute(connection, "INSERT INTO models VALUES ($version, $name, $checksum, $bytes, $metrics, $hash, $time, $actor)",
                ("$version", info.Version), ("$name", info.Name), ("$checksum", artefact.Checksum), ("$bytes", new FileInfo(path).Length),
                ("$metrics", JsonSerializer.Serialize(info.Metrics)), ("$hash", info.DataHash), ("$time", Timestamps.Text(_time.GetUtcNow())), ("$actor", _actor));
            Log(connection, RegistryAction.Add, info.Version);
            AtStep("before commit");
            return true;
        });
        AtStep("after commit");
    }

    /// <summary>Reads and verifies a version.</summary>
    /// <exception cref="ArtefactException">Its file is missing, damaged, or not the one that was added.</exception>
    /// <exception cref="InvalidOperationException">There is no such version.</exception>
    public ModelArtefact Load(string version)
    {
        string path = FileOf(version);
        var row = _database.Read(null, connection => Find(connection, version)) ?? throw Unknown(version);
        // The length is asked first: a pipe or a huge file of that name is never opened.
        if (Problem(path, row.Bytes) is { } problem)
            throw new ArtefactException(ArtefactFault.WrongLength, $"Version {version} cannot be loaded: '{path}' {problem}. Add the same model again, or go on with another version.");
        var artefact = ModelArtefact.Load(path);
        if (artefact.Checksum != row.Checksum || artefact.Info.Version != version)
            throw new ArtefactException(ArtefactFault.Mismatch, $"'{path}' is a sound model, '{artefact.Info.Name}' {artefact.Info.Version} {artefact.Checksum[..12]}, but not the one that was added as {version} ({row.Checksum[..12]}). Put that one back.");
        return artefact;
    }

    /// <summary>Puts a version into service. Its file is verified first, so that a damaged one never gets there.</summary>
    /// <param name="insteadOf">Only while this one is in service; null whatever is.</param>
    /// <exception cref="ArtefactException">Its file is damaged; what was in service stays there.</exception>
    /// <exception cref="InvalidOperationException">There is no such version, or another one than <paramref name="insteadOf"/> is in service.</exception>
    /// <exception cref="StoreException">The disk is full or read-only, or the database is damaged; nothing was changed.</exception>
    public void Promote(string version, string? insteadOf = null)
    {
        _ = Load(version);
        AtStep("verified");
        _database.Write(connection =>
        {
            Sweep();
            AtStep("begun");
            string? current = Current(connection)?.Version;
            if (insteadOf is not null && current != insteadOf)
                throw new InvalidOperationException($"Version {version} was to replace {insteadOf}, but {current ?? "nothing"} is in service. Compare it with that one.");
            if (current == version)
                return false;
            Log(connection, RegistryAction.Promote, version);
            AtStep("before commit");
            return true;
        });
        AtStep("after commit");
    }

    /// <summary>Puts the version back into service that was there before the last promotion that still counts, and returns it.</summary>
    /// <exception cref="InvalidOperationException">There was none before.</exception>
    /// <exception cref="ArtefactException">That version's file is damaged; what was in service stays there.</exception>
    /// <exception cref="StoreException">The disk is full or read-only, or the database is damaged; nothing was changed.</exception>
    public string RollBack()
    {
        string back = _database.Write(connection =>
        {
            if (Promotions(connection) is not [var (last, _), var (_, before)])
                throw new InvalidOperationException("There is no earlier version to go back to.");
            _ = Load(before);
            Database.Execute(connection, "UPDATE history SET counts = 0 WHERE number = $number", ("$number", last));
            Log(connection, RegistryAction.RollBack, before);
            AtStep("before commit");
            return before;
        });
        AtStep("after commit");
        return back;
    }

    /// <summary>Only a writer that holds the database makes such files, so whoever holds it now may clear those of the dead.</summary>
    private void Sweep()
    {
        foreach (string leftover in Directory.EnumerateFiles(_folder, $"*{Database.Unfinished}*"))
            File.Delete(leftover);
    }

    private void Place(ModelArtefact artefact, string path)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}{Database.Unfinished}";
        try
        {
            artefact.Save(temporary);
            AtStep("file written");
            if (File.Exists(path))
                File.Move(path, $"{path}.{Guid.NewGuid().ToString("N")[..8]}{SetAside}");
            File.Move(temporary, path);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private void Log(SqliteConnection connection, RegistryAction action, string version) => Database.Execute(connection,
        "INSERT INTO history (action, version, time, actor) VALUES ($action, $version, $time, $actor)",
        ("$action", action.ToString()), ("$version", version), ("$time", Timestamps.Text(_time.GetUtcNow())), ("$actor", _actor));

    private static (long Number, string Version)? Current(SqliteConnection connection) => Promotions(connection) is [var last, ..] ? last : null;

    private static List<(long Number, string Version)> Promotions(SqliteConnection connection) =>
        Database.Query(connection, InService, row => (row.GetInt64(0), row.GetString(1)));

    private sealed record Row(string Checksum, long Bytes);

    private static Row? Find(SqliteConnection connection, string version) => Database.Query(connection,
        "SELECT checksum, bytes FROM models WHERE version = $version", row => new Row(row.GetString(0), row.GetInt64(1)), ("$version", version)).FirstOrDefault();

    private static IReadOnlyDictionary<string, double> Metrics(string json) => JsonSerializer.Deserialize<Dictionary<string, double>>(json)!;

    private static string? Problem(string path, long bytes) => new FileInfo(path) switch
    {
        { Exists: false } => "is missing",
        { Length: var length } when length != bytes => $"has {length:N0} bytes instead of {bytes:N0}",
        _ => null,
    };

    private string FileOf(string version)
    {
        if (version.Length is 0 or > 100 || version.StartsWith('.') || version.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-')))
            throw new ArgumentException($"'{version}' is no version: use letters, digits, '-' and '.', for example 1.2.0.");
        return Path.Combine(_folder, version + Extension);
    }

    private InvalidOperationException Unknown(string version) => new(Versions is { Count: > 0 } known
        ? $"The registry has no version '{version}'. It has: {string.Join(", ", known.Select(model => model.Version))}."
        : $"The registry '{_folder}' has no version '{version}': it is empty. Add one first.");
}
