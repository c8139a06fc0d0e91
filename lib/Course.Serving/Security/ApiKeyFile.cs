using System.Text.Json;
using System.Text.Json.Serialization;
using Course.Base;

namespace Course.Serving;

/// <summary>Keys in a JSON file: ids, salts, slow hashes, scopes and rates.</summary>
public static class ApiKeyFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <exception cref="InvalidDataException">The file is no list of keys.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IReadOnlyList<ApiKey> Read(string path)
    {
        try
        {
            var keys = JsonSerializer.Deserialize<ApiKey[]>(File.ReadAllText(path), Json) ?? [];
            if (keys.Any(key => key is not { Id.Length: 12, Salt.Length: >= 16, Hash.Length: 32, Iterations: >= 1000 }))
                throw new JsonException("a key lacks its id, salt, hash or iterations");
            return keys;
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"'{path}' is no file of keys: {fault.Message} Make one with: course serve key --keys {path}", fault);
        }
    }

    /// <summary>Adds a key; a file that does not exist is made.</summary>
    public static void Add(string path, ApiKey key)
    {
        ApiKey[] keys = [.. File.Exists(path) ? Read(path) : [], key];
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, keys, Json));
    }
}
