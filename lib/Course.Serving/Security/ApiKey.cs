using System.Security.Cryptography;

namespace Course.Serving;

/// <summary>What a key allows.</summary>
[Flags]
public enum KeyScopes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>To ask for predictions.</summary>
    Predict = 1,

    /// <summary>To say what the right answer was.</summary>
    Feedback = 2,

    /// <summary>To read metrics.</summary>
    Admin = 4,
}

/// <summary>A key as it is stored: never the key itself, only a slow hash of it, so that a stolen file opens nothing.</summary>
/// <param name="Id">The key's public part, by which it is found and named in logs.</param>
/// <param name="Salt">Sixteen random bytes.</param>
/// <param name="Hash">PBKDF2 with SHA-256 of the secret part.</param>
/// <param name="Iterations">Of PBKDF2.</param>
/// <param name="Scopes">What it allows.</param>
/// <param name="RequestsPerSecond">On average; twice as many may come at once. 0 means any number.</param>
public sealed record ApiKey(string Id, byte[] Salt, byte[] Hash, int Iterations, KeyScopes Scopes, int RequestsPerSecond = 0)
{
    // OWASP's recommendation for PBKDF2 with SHA-256 (2023).
    private const int DefaultIterations = 600_000;

    /// <summary>Makes a key.</summary>
    /// <param name="secret">What the client sends, "ck_id_secret"; it is told once and stored nowhere.</param>
    /// <param name="iterations">Of the slow hash.</param>
    /// <exception cref="ArgumentException">No scope, a negative rate or fewer than 1,000 iterations.</exception>
    public static ApiKey Create(KeyScopes scopes, out string secret, int requestsPerSecond = 0, int iterations = DefaultIterations)
    {
        if (scopes == KeyScopes.None)
            throw new ArgumentException("A key needs at least one scope: predict, feedback or admin.", nameof(scopes));
        ArgumentOutOfRangeException.ThrowIfNegative(requestsPerSecond);
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1000);
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        secret = $"ck_{id}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24))}";
        byte[] salt = RandomNumberGenerator.GetBytes(16);
        return new ApiKey(id, salt, HashOf(secret, salt, iterations), iterations, scopes, requestsPerSecond);
    }

    /// <summary>Whether this is the secret; takes as long for a wrong one as for the right one.</summary>
    internal bool Fits(string secret) => CryptographicOperations.FixedTimeEquals(HashOf(secret, Salt, Iterations), Hash);

    /// <summary>The public part of a secret; null when it has none.</summary>
    internal static string? IdOf(string secret) => secret.Length is > 16 and <= 128 && secret.StartsWith("ck_", StringComparison.Ordinal) && secret[15] == '_' ? secret[3..15] : null;

    private static byte[] HashOf(string secret, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(secret, salt, iterations, HashAlgorithmName.SHA256, 32);
}
