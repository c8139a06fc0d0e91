using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;

namespace Course.Serving;

/// <summary>
/// Decides who may do what. The slow hash is computed once for each key: a key that has been verified is known again by a fast digest,
/// keyed with random bytes of this process, so that throughput does not suffer. Wrong keys are verified one at a time and a few a
/// second, so that guessing costs the guesser and not the service.
/// </summary>
internal sealed class KeyRing : IDisposable
{
    private const int GuessesPerSecond = 10;

    private readonly Dictionary<string, ApiKey> _keys;
    private readonly Dictionary<string, RateLimiter> _rates;
    private readonly ConcurrentDictionary<string, byte[]> _verified = new();
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private readonly SemaphoreSlim _one = new(1);
    private readonly TokenBucketRateLimiter _guesses = Bucket(GuessesPerSecond);

    public KeyRing(IEnumerable<ApiKey> keys)
    {
        _keys = keys.ToDictionary(key => key.Id, StringComparer.Ordinal);
        _rates = _keys.Values.Where(key => key.RequestsPerSecond > 0).ToDictionary(key => key.Id, key => (RateLimiter)Bucket(key.RequestsPerSecond), StringComparer.Ordinal);
    }

    /// <summary>Null when this secret allows the scope now.</summary>
    public async ValueTask<Refusal?> CheckAsync(string? secret, KeyScopes scope)
    {
        if (string.IsNullOrEmpty(secret))
            return Unknown;
        if (ApiKey.IdOf(secret) is not { } id || !_keys.TryGetValue(id, out var key))
            return Unknown;
        if (!IsKnown(id, secret))
        {
            using var guess = _guesses.AttemptAcquire();
            if (!guess.IsAcquired)
                return new(429, "Too many wrong keys", "Too many unverified keys arrived; try again in a moment.") { RetryAfter = 1 };
            await _one.WaitAsync();
            try
            {
                if (!IsKnown(id, secret))
                {
                    if (!await Task.Run(() => key.Fits(secret)))
                        return Unknown;
                    _verified[id] = DigestOf(secret);
                }
            }
            finally
            {
                _one.Release();
            }
        }
        if (!key.Scopes.HasFlag(scope))
            return new(403, "Not allowed", $"This key does not allow '{scope.ToString().ToLowerInvariant()}'.");
        if (!_rates.TryGetValue(id, out var rate))
            return null;
        using var lease = rate.AttemptAcquire();
        return lease.IsAcquired ? null : new(429, "Too many requests", $"This key allows {key.RequestsPerSecond} requests a second.") { RetryAfter = 1 };
    }

    public void Dispose()
    {
        _guesses.Dispose();
        foreach (var rate in _rates.Values)
            rate.Dispose();
    }

    // The same words for a missing, an unknown and a wrong key: nobody learns which keys exist.
    private static Refusal Unknown { get; } = new(401, "No valid key", "Send a valid key in the header 'Authorization: Bearer …' or 'X-Api-Key'.");

    private bool IsKnown(string id, string secret) =>
        _verified.TryGetValue(id, out byte[]? digest) && CryptographicOperations.FixedTimeEquals(digest, DigestOf(secret));

    private byte[] DigestOf(string secret) => HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(secret));

    private static TokenBucketRateLimiter Bucket(int perSecond) => new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = 2 * perSecond,
        TokensPerPeriod = Math.Max(1, perSecond / 10),
        ReplenishmentPeriod = perSecond < 10 ? TimeSpan.FromSeconds(1.0 / perSecond) : TimeSpan.FromMilliseconds(100),
        QueueLimit = 0,
    });
}

/// <summary>On an endpoint: what a key must allow.</summary>
internal sealed record NeedsScope(KeyScopes Scope);
