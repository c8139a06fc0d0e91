namespace Course;

/// <summary>A small random stream with a seed per item: the same numbers on every machine, in any order of items.</summary>
/// <remarks>SplitMix64; G. Steele, D. Lea, C. Flood: Fast splittable pseudorandom number generators, OOPSLA 2014, figure 17.</remarks>
public struct SplitMix
{
    private ulong _state;

    /// <param name="stream">Which item of which family the numbers are for.</param>
    public SplitMix(ulong seed, ulong stream = 0)
    {
        _state = seed;
        _state = NextBits() ^ (stream * 0xD1B54A32D192ED03UL);
        NextBits();
    }

    public ulong NextBits()
    {
        ulong z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Next() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [low, high).</summary>
    public double Next(double low, double high) => low + (high - low) * Next();

    /// <summary>Uniform in 0 … bound − 1.</summary>
    public int Next(int bound) => (int)Math.BigMul(NextBits(), (ulong)bound, out _);

    /// <summary>Standard normal (Box and Muller 1958).</summary>
    public double NextNormal() => Math.Sqrt(-2 * Math.Log(1 - Next())) * Math.Cos(2 * Math.PI * Next());

    /// <summary>A permutation of 0 … count − 1 (Fisher and Yates).</summary>
    public int[] Permutation(int count)
    {
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
            order[i] = i;
        for (int i = count - 1; i > 0; i--)
        {
            int j = Next(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }
}
