using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Course.Base;

namespace Course.Classroom.Hub;

/// <param name="Uid">The user id of the learner's processes and files; no account belongs to it.</param>
internal sealed record Learner(int Uid, string Salt, string Hash);

/// <summary>
/// The learners of a hub, in its file <c>learners.json</c>: a name, a user id and the hash of a password, which is drawn once and told
/// once. Where the hash is empty, the next start draws another one; user id and folder stay.
/// </summary>
internal sealed partial class Learners
{
    public const int Iterations = 200_000;
    private const int FirstUid = 70_000, Length = 12;

    /// <summary>Without letters and digits that look alike.</summary>
    private const string Alphabet = "abcdefghijkmnpqrstuvwxyz23456789";

    private readonly SortedDictionary<string, Learner> _all;

    private Learners(SortedDictionary<string, Learner> all) => _all = all;

    public IReadOnlyDictionary<string, Learner> All => _all;

    /// <summary>The passwords of those that were not known before.</summary>
    public IReadOnlyDictionary<string, string> Drawn { get; private init; } = new Dictionary<string, string>();

    /// <param name="names">One on each line; empty lines and those that begin with # are skipped.</param>
    /// <param name="known">The file of an earlier start, which may not exist. A learner who is no longer named is left out of it.</param>
    /// <exception cref="ClassroomException">A name cannot be one, or the file is none.</exception>
    public static Learners Of(string names, string known)
    {
        string[] lines = File.ReadAllLines(names);
        var named = new List<string>();
        for (int i = 0; i < lines.Length; i++)
        {
            string name = lines[i].Trim();
            if (name.Length == 0 || name.StartsWith('#'))
                continue;
            if (!Name().IsMatch(name))
                throw new ClassroomException($"{names}, line {i + 1}: '{name}' is no name for a learner; use 1 to 32 small letters, digits, '-' and '_', beginning with a letter.");
            if (named.Contains(name))
                throw new ClassroomException($"{names}, line {i + 1}: {name} is there twice; give each learner a name of their own.");
            named.Add(name);
        }
        if (named.Count == 0)
            throw new ClassroomException($"{names} names no learner; write one name on each line.");
        var earlier = Read(known);
        // A user id is never given to somebody else: it owns files.
        int next = earlier.Values.Select(l => l.Uid).DefaultIfEmpty(FirstUid - 1).Max() + 1;
        var (all, drawn) = (new SortedDictionary<string, Learner>(earlier, StringComparer.Ordinal), new SortedDictionary<string, string>(StringComparer.Ordinal));
        foreach (string gone in earlier.Where(e => !named.Contains(e.Key)).Select(e => e.Key))
            all[gone] = all[gone] with { Hash = "" };
        foreach (string name in named.Where(n => !all.TryGetValue(n, out var learner) || learner.Hash.Length == 0))
        {
            string password = RandomNumberGenerator.GetString(Alphabet, Length);
            byte[] salt = RandomNumberGenerator.GetBytes(16);
            byte[] hash = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, Iterations, HashAlgorithmName.SHA256, 32);
            all[name] = new Learner(all.TryGetValue(name, out var before) ? before.Uid : next++, Convert.ToHexStringLower(salt), Convert.ToHexStringLower(hash));
            drawn[name] = password;
        }
        return new Learners(all) { Drawn = drawn };
    }

    public void Write(string path) => AtomicFile.WriteAllText(path, JsonSerializer.Serialize(_all, JsonSerializerOptions.Web) + "\n");

    private static Dictionary<string, Learner> Read(string path)
    {
        if (!File.Exists(path))
            return [];
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, Learner>>(File.ReadAllText(path), JsonSerializerOptions.Web) ?? [];
        }
        catch (JsonException e)
        {
            throw new ClassroomException($"{path} is not what `course hub` wrote there ({e.Message}); restore it, or remove it to draw all passwords anew.", e);
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9_-]{0,31}$")]
    private static partial Regex Name();
}
