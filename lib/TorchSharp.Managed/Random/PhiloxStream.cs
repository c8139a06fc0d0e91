namespace TorchSharp.RandomStreams;

/// <summary>What a device draws for each element of a tensor.</summary>
internal enum DrawKind
{
    /// <summary>In [a, b).</summary>
    Uniform,

    /// <summary>With mean a and standard deviation b.</summary>
    Normal,

    /// <summary>b with probability a, else 0.</summary>
    Bernoulli,
}

/// <summary>Where a call's numbers begin: so many threads draw, each from its own stream, and share the elements in turn.</summary>
internal readonly struct PhiloxCall(ulong seed, ulong first, int threads)
{
    private readonly ulong _seed = seed, _first = first;
    private readonly int _threads = threads;

    /// <summary>The number for element <paramref name="i"/>.</summary>
    internal float Single(DrawKind kind, double a, double b, int i)
    {
        int turn = i / _threads, slot = turn & 3;
        var block = Philox.Block(_seed, _first + (ulong)(turn >> 2), (ulong)(i % _threads));
        if (kind == DrawKind.Normal)
            return block.Normal(slot) * (float)b + (float)a;
        float uniform = block.Uniform(slot);
        if (kind == DrawKind.Bernoulli)
            return uniform < (float)a ? (float)b : 0;
        float value = uniform * ((float)b - (float)a) + (float)a;
        return value == (float)b ? (float)a : value;
    }

    /// <inheritdoc cref="Single"/>
    internal double Double(DrawKind kind, double a, double b, int i)
    {
        int turn = i / _threads, slot = turn & 1;
        var block = Philox.Block(_seed, _first + (ulong)(turn >> 1), (ulong)(i % _threads));
        if (kind == DrawKind.Normal)
            return block.WideNormal(slot) * b + a;
        double uniform = block.WideUniform(slot);
        if (kind == DrawKind.Bernoulli)
            return uniform < a ? b : 0;
        double value = uniform * (b - a) + a;
        return value == b ? a : value;
    }
}

/// <summary>
/// A device's stream of random numbers. <c>rand</c>, <c>randn</c>, <c>uniform_</c>, <c>normal_</c> and <c>bernoulli_</c> with a number give
/// what PyTorch gives on CUDA for the same seed, call by call, but for the last bits of logarithm, sine and cosine.
/// </summary>
/// <remarks>
/// Compared with numbers that PyTorch's users published (they are in the tests), not with PyTorch on a GPU. From 256 times the
/// threads of a multiprocessor times their number on, PyTorch's numbers depend on the GPU: here on CUDA likewise; other devices draw as an
/// H100 does. Not PyTorch's: dropout, whose masks are <c>bernoulli_</c>'s here and a fused kernel's there; <c>bernoulli</c> of a tensor of
/// probabilities; and what the CPU draws for every device, from its own stream: whole numbers, permutations and all other distributions.
/// </remarks>
internal sealed class PhiloxStream(int threads)
{
    private const int Group = 256;

    private static ulong _commonSeed = 67280421310721;
    private static int _commonVersion;

    private readonly Lock _gate = new();
    private ulong _seed;
    private ulong _drawn;
    private int _version = -1;

    /// <summary>Starts the streams of all devices anew, also of those that nobody has asked for yet.</summary>
    internal static void SeedAll(ulong seed)
    {
        _commonSeed = seed;
        Interlocked.Increment(ref _commonVersion);
    }

    internal void Seed(ulong seed)
    {
        lock (_gate)
            (_seed, _drawn, _version) = (seed, 0, Volatile.Read(ref _commonVersion));
    }

    /// <summary>The numbers of the next call.</summary>
    /// <param name="numbers">That a thread gets from one block: 4 floats or 2 doubles.</param>
    internal PhiloxCall Next(long count, int numbers)
    {
        lock (_gate)
        {
            int version = Volatile.Read(ref _commonVersion);
            if (_version != version)
                (_seed, _drawn, _version) = (_commonSeed, 0, version);
            int share = (int)Math.Min((count + Group - 1) / Group * Group, threads / Group * Group);
            var call = new PhiloxCall(_seed, _drawn, share);
            _drawn += (ulong)((count - 1) / ((long)share * numbers) + 1);
            return call;
        }
    }
}
