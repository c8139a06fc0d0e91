namespace TorchSharp.RandomStreams;

/// <summary>
/// Fills contiguous memory with samples, taking from the stream exactly what PyTorch's CPU kernels take, in the same order, so that
/// the numbers are the same bit for bit.
/// </summary>
/// <remarks>
/// Checked against PyTorch 1.13 without Intel's MKL (Debian's). Known differences of other builds: PyTorch 2.x draws 64 bits for
/// integers from a range of 2²⁸ on (1.13: 2³²): this follows 2.x; PyTorch 2.x writes ln(1 − u) as log1p(−u), which may differ in
/// the last bit of a double; official x86 builds take Bernoulli and exponential samples from MKL's own generator, seeded by
/// one draw: this does not, as Arm builds and Debian's do not either.
/// </remarks>
internal static unsafe class Distributions
{
    /// <summary>[0, 1): 24 random bits.</summary>
    public static float NextSingle(MersenneTwister random) => (random.Next() & 0xFFFFFF) * (1f / (1 << 24));

    /// <summary>[0, 1): 53 random bits.</summary>
    public static double NextDouble(MersenneTwister random) => (random.Next64() & (1UL << 53) - 1) * (1.0 / (1L << 53));

    /// <summary>One normal number in double precision; the pair's other one is kept for the next call.</summary>
    public static double NextNormal(MersenneTwister random)
    {
        if (random.CachedNormal is { } cached)
        {
            random.CachedNormal = null;
            return cached;
        }
        double u1 = NextDouble(random), u2 = NextDouble(random);
        double radius = Math.Sqrt(-2 * Math.Log(1 - u2)), angle = 2 * Math.PI * u1;
        random.CachedNormal = radius * Math.Sin(angle);
        return radius * Math.Cos(angle);
    }

    public static void Uniform(MersenneTwister random, float* values, long count, float from, float to)
    {
        float range = to - from;
        for (long i = 0; i < count; i++)
            values[i] = MathF.FusedMultiplyAdd(NextSingle(random), range, from);
    }

    public static void Uniform(MersenneTwister random, double* values, long count, double from, double to)
    {
        double range = to - from;
        for (long i = 0; i < count; i++)
            values[i] = Math.FusedMultiplyAdd(NextDouble(random), range, from);
    }

    /// <summary>Fewer than 16 one at a time; from 16 on in groups of 16, the last group redrawn so that it ends with the data.</summary>
    public static void Normal(MersenneTwister random, float* values, long count, double mean, double deviation)
    {
        if (count < 16)
        {
            for (long i = 0; i < count; i++)
                values[i] = (float)(NextNormal(random) * deviation + mean);
            return;
        }
        Uniform(random, values, count, 0, 1);
        for (long i = 0; i <= count - 16; i += 16)
            BoxMuller.Transform(values + i, (float)mean, (float)deviation);
        if (count % 16 == 0)
            return;
        Uniform(random, values + count - 16, 16, 0, 1);
        BoxMuller.Transform(values + count - 16, (float)mean, (float)deviation);
    }

    /// <inheritdoc cref="Normal(MersenneTwister, float*, long, double, double)"/>
    public static void Normal(MersenneTwister random, double* values, long count, double mean, double deviation)
    {
        if (count < 16)
        {
            for (long i = 0; i < count; i++)
                values[i] = NextNormal(random) * deviation + mean;
            return;
        }
        Uniform(random, values, count, 0, 1);
        for (long i = 0; i <= count - 16; i += 16)
            Pairs(values + i, mean, deviation);
        if (count % 16 == 0)
            return;
        Uniform(random, values + count - 16, 16, 0, 1);
        Pairs(values + count - 16, mean, deviation);
    }

    private static void Pairs(double* values, double mean, double deviation)
    {
        for (int i = 0; i < 8; i++)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - values[i])), angle = 2.0 * Math.PI * values[i + 8];
            values[i] = radius * Math.Cos(angle) * deviation + mean;
            values[i + 8] = radius * Math.Sin(angle) * deviation + mean;
        }
    }

    /// <summary>An integer of [low, high), by remainder, as PyTorch does it (slightly uneven for huge ranges).</summary>
    public static long NextInteger(MersenneTwister random, long low, long high)
    {
        ulong range = unchecked((ulong)high - (ulong)low);
        ulong value = range >= 1UL << 28 ? random.Next64() : random.Next();
        return unchecked((long)(value % range + (ulong)low));
    }

    /// <summary>0 … count − 1 in random order: the draw for each place is a remainder of 32 bits.</summary>
    public static void Permutation(MersenneTwister random, long* values, long count)
    {
        for (long i = 0; i < count; i++)
            values[i] = i;
        bool wide = count >= uint.MaxValue / 20;
        for (long i = 0; i < count - 1; i++)
        {
            long other = i + (long)((wide ? random.Next64() : random.Next()) % (ulong)(count - i));
            (values[i], values[other]) = (values[other], values[i]);
        }
    }

    /// <summary>True with a probability.</summary>
    public static bool NextBernoulli(MersenneTwister random, double probability) => NextDouble(random) < probability;

    /// <summary>Density rate·exp(−rate·x).</summary>
    public static double NextExponential(MersenneTwister random, double rate) => -1.0 / rate * Math.Log(1 - NextDouble(random));
}
