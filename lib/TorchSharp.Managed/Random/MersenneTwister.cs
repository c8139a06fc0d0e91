namespace TorchSharp.RandomStreams;

/// <summary>
/// MT19937 of Matsumoto &amp; Nishimura (1998), "Mersenne Twister: a 623-dimensionally equidistributed uniform pseudorandom number
/// generator", with what PyTorch's CPU generator keeps beside it: the second value of the last Box–Muller pair.
/// </summary>
/// <remarks>Not thread-safe: who draws holds the lock of the generator that owns this.</remarks>
internal sealed class MersenneTwister
{
    public const int StateSize = 624;
    private const int Offset = 397;

    private readonly uint[] _state = new uint[StateSize];
    private int _position;

    public MersenneTwister(ulong seed) => Seed(seed);

    public ulong InitialSeed { get; private set; }

    /// <summary>The sine half of a pair whose cosine half was handed out; used by normal samples that are drawn one at a time.</summary>
    public double? CachedNormal { get; set; }

    /// <summary>Starts the stream over. Like PyTorch's, only the lower 32 bits of the seed reach the state.</summary>
    public void Seed(ulong seed)
    {
        InitialSeed = seed;
        CachedNormal = null;
        _state[0] = (uint)seed;
        for (int i = 1; i < StateSize; i++)
            _state[i] = 1812433253u * (_state[i - 1] ^ _state[i - 1] >> 30) + (uint)i;
        _position = StateSize;
    }

    /// <summary>The next 32 random bits.</summary>
    public uint Next()
    {
        if (_position == StateSize)
            Twist();
        uint y = _state[_position++];
        y ^= y >> 11;
        y ^= y << 7 & 0x9D2C5680u;
        y ^= y << 15 & 0xEFC60000u;
        return y ^ y >> 18;
    }

    /// <summary>64 random bits: the first 32 drawn are the upper half.</summary>
    public ulong Next64()
    {
        ulong high = Next();
        return high << 32 | Next();
    }

    private void Twist()
    {
        uint[] s = _state;
        for (int i = 0; i < StateSize - Offset; i++)
            s[i] = Mix(s[i], s[i + 1]) ^ s[i + Offset];
        for (int i = StateSize - Offset; i < StateSize - 1; i++)
            s[i] = Mix(s[i], s[i + 1]) ^ s[i + Offset - StateSize];
        s[StateSize - 1] = Mix(s[StateSize - 1], s[0]) ^ s[Offset - 1];
        _position = 0;
    }

    private static uint Mix(uint upper, uint lower)
    {
        uint y = upper & 0x80000000u | lower & 0x7FFFFFFFu;
        return y >> 1 ^ (0u - (y & 1) & 0x9908B0DFu);
    }

    /// <summary>Everything that decides what comes next: for saving and restoring a stream.</summary>
    public (uint[] State, int Position, double? CachedNormal, ulong Seed) Save() => ((uint[])_state.Clone(), _position, CachedNormal, InitialSeed);

    public void Restore(uint[] saved, int at, double? cachedNormal, ulong seed)
    {
        if (saved.Length != StateSize || at < 0 || at > StateSize)
            throw new ArgumentException($"A generator's state has {StateSize} words and a position of at most {StateSize}; this one has {saved.Length} and {at}.");
        saved.CopyTo(_state, 0);
        _position = at;
        CachedNormal = cachedNormal;
        InitialSeed = seed;
    }
}
