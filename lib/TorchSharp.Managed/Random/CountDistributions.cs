namespace TorchSharp.RandomStreams;

/// <summary>Numbers of events, drawn as PyTorch's CPU kernels draw them: the same uniform numbers, the same tests.</summary>
internal static class CountDistributions
{
    /// <summary>Few expected events: products of uniform numbers. Many: transformed rejection (Hörmann, 1993).</summary>
    public static double NextPoisson(MersenneTwister random, double rate)
    {
        if (rate == 0)
            return 0;
        if (rate < 10)
        {
            double limit = Math.Exp(-rate), product = Distributions.NextDouble(random);
            long count = 0;
            for (; product > limit; count++)
                product *= Distributions.NextDouble(random);
            return count;
        }
        double root = Math.Sqrt(rate), b = 0.931 + 2.53 * root, a = -0.059 + 0.02483 * b, inverse = 1.1239 + 1.1328 / (b - 3.4), accept = 0.9277 - 3.6224 / (b - 2);
        while (true)
        {
            double u = Distributions.NextDouble(random) - 0.5, v = Distributions.NextDouble(random), s = 0.5 - Math.Abs(u);
            double k = Math.Floor((2 * a / s + b) * u + rate + 0.43);
            if (s >= 0.07 && v <= accept)
                return k;
            if (k < 0 || s < 0.013 && v > s)
                continue;
            if (Math.Log(v) + Math.Log(inverse) - Math.Log(a / (s * s) + b) <= -rate + k * Math.Log(rate) - SpecialFunctions.Lgamma(k + 1))
                return k;
        }
    }

    public static double NextBinomial(MersenneTwister random, double count, double probability)
    {
        if (count <= 0 || probability <= 0)
            return 0;
        if (probability >= 1)
            return count;
        if (double.IsNaN(probability))
            return double.NaN;
        double p = Math.Min(probability, 1 - probability);
        double successes = count * p >= 10 ? Rejection(random, count, p) : Gaps(random, count, p);
        return probability <= 0.5 ? successes : count - successes;
    }

    /// <summary>Few expected successes: the gaps between them are geometric.</summary>
    private static double Gaps(MersenneTwister random, double count, double p)
    {
        double at = 0, log = Math.Log(1 - p);
        for (double successes = 0; ; successes++)
        {
            at += Math.Ceiling(Math.Log(Distributions.NextDouble(random)) / log);
            if (at > count)
                return successes;
        }
    }

    /// <summary>Many: transformed rejection with squeeze (Hörmann, 1993, algorithm BTRS).</summary>
    private static double Rejection(MersenneTwister random, double count, double p)
    {
        double deviation = Math.Sqrt(count * p * (1 - p)), b = 1.15 + 2.53 * deviation, a = -0.0873 + 0.0248 * b + 0.01 * p;
        double centre = count * p + 0.5, accept = 0.92 - 4.2 / b, odds = p / (1 - p), alpha = (2.83 + 5.1 / b) * deviation, mode = Math.Floor((count + 1) * p);
        while (true)
        {
            double u = Distributions.NextDouble(random) - 0.5, v = Distributions.NextDouble(random), s = 0.5 - Math.Abs(u);
            double k = Math.Floor((2 * a / s + b) * u + centre);
            if (s >= 0.07 && v <= accept)
                return k;
            if (k < 0 || k > count)
                continue;
            double bound = (mode + 0.5) * Math.Log((mode + 1) / (odds * (count - mode + 1))) + (count + 1) * Math.Log((count - mode + 1) / (count - k + 1))
                + (k + 0.5) * Math.Log(odds * (count - k + 1) / (k + 1)) + Tail(mode) + Tail(count - mode) - Tail(k) - Tail(count - k);
            if (Math.Log(v * alpha / (a / (s * s) + b)) <= bound)
                return k;
        }
    }

    private static readonly double[] Tails =
    [
        0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.02079067210376509, 0.0166446911898211,
        0.0138761288230707, 0.0118967099458917, 0.0104112652619720, 0.00925546218271273, 0.00833056343336287,
    ];

    /// <summary>What Stirling's formula leaves out of ln k!.</summary>
    private static double Tail(double k)
    {
        if (k <= 9)
            return Tails[(int)k];
        double square = (k + 1) * (k + 1);
        return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / (k + 1);
    }
}
