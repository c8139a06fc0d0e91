namespace TorchSharp.Managed.Fuzz;

/// <summary>Random numbers that depend on a text only, so that a case is the same whatever was run before it, and on each engine (SplitMix64).</summary>
internal sealed class Draws
{
    private ulong _state;

    internal Draws(string text, int seed)
    {
        _state = 14695981039346656037UL ^ (uint)seed;
        foreach (char c in text)
            _state = (_state ^ c) * 1099511628211UL;
    }

    private ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 to below <paramref name="end"/>.</summary>
    internal int Below(int end) => (int)(Next() % (ulong)end);

    /// <summary>From −1 to below 1.</summary>
    internal double Real() => (Next() >> 11) * (2.0 / (1UL << 53)) - 1;

    internal T Of<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];
}
