namespace TorchSharp.RandomStreams;

/// <summary>
/// Philox4x32-10: 128 random bits out of a counter and a key, without a state (Salmon, Moraes, Dror and Shaw: Parallel random numbers: as
/// easy as 1, 2, 3; 2011). Every thread of a device makes its own. Arithmetic that kernels can do.
/// </summary>
internal static class Philox
{
    /// <param name="call">The low half of the counter: how many blocks the thread has drawn.</param>
    /// <param name="thread">The high half: a stream for each thread.</param>
    internal static PhiloxBlock Block(ulong seed, ulong call, ulong thread)
    {
        uint x = (uint)call, y = (uint)(call >> 32), z = (uint)thread, w = (uint)(thread >> 32), key0 = (uint)seed, key1 = (uint)(seed >> 32);
        for (int round = 0; round < 10; round++)
        {
            ulong left = 0xD2511F53UL * x, right = 0xCD9E8D57UL * z;
            x = (uint)(right >> 32) ^ y ^ key0;
            z = (uint)(left >> 32) ^ w ^ key1;
            y = (uint)right;
            w = (uint)left;
            key0 += 0x9E3779B9;
            key1 += 0xBB67AE85;
        }
        return new PhiloxBlock(x, y, z, w);
    }
}

/// <summary>Four words, and the numbers that cuRAND makes of them: four floats or two doubles.</summary>
internal readonly struct PhiloxBlock(uint x, uint y, uint z, uint w)
{
    private const float Single = 1f / 4294967296;
    private const double Double = 1.0 / 9007199254740992;

    internal readonly uint X = x, Y = y, Z = z, W = w;

    /// <summary>In (0, 1].</summary>
    internal float Uniform(int slot) => Uniform(slot == 0 ? X : slot == 1 ? Y : slot == 2 ? Z : W);

    /// <summary>By the transform of Box and Muller (1958): two words make two numbers.</summary>
    internal float Normal(int slot)
    {
        float radius = MathF.Sqrt(-2 * MathF.Log(Uniform(slot < 2 ? X : Z))), angle = 6.2831855f * Uniform(slot < 2 ? Y : W);
        return (slot & 1) == 0 ? radius * MathF.Sin(angle) : radius * MathF.Cos(angle);
    }

    /// <summary>In (0, 1].</summary>
    internal double WideUniform(int slot) => slot == 0 ? WideUniform(X, Y) : WideUniform(Z, W);

    internal double WideNormal(int slot)
    {
        double radius = Math.Sqrt(-2 * Math.Log(WideUniform(X, Y))), angle = 6.283185307179586 * WideUniform(Z, W);
        return slot == 0 ? radius * Math.Sin(angle) : radius * Math.Cos(angle);
    }

    private static float Uniform(uint word) => word * Single + Single / 2;

    private static double WideUniform(uint low, uint high) => (low ^ (ulong)high << 21) * Double + Double / 2;
}
