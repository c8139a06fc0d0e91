using TorchSharp.RandomStreams;

namespace TorchSharp;

public static partial class torch
{
    // Random fillings; the ones without a trailing _ make new tensors.
    public partial class Tensor
    {
        public Tensor uniform_(double from, double to, Generator? generator = null) => RandomTensors.UniformInto(this, from, to, generator);

        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) => RandomTensors.NormalInto(this, mean, std, generator);

        public Tensor exponential_(double lambda = 1, Generator? generator = null) => RandomTensors.EachInto(this, random => Distributions.NextExponential(random, lambda), generator);

        public Tensor cauchy_(double median = 0, double sigma = 1, Generator? generator = null) =>
            RandomTensors.EachInto(this, random => median + sigma * Math.Tan(Math.PI * (Distributions.NextDouble(random) - 0.5)), generator);

        public Tensor log_normal_(double mean = 0, double std = 1, Generator? generator = null) =>
            RandomTensors.EachInto(this, random => Math.Exp(mean + std * Distributions.NextNormal(random)), generator);

        public Tensor geometric_(double p, Generator? generator = null) =>
            RandomTensors.EachInto(this, random => Math.Ceiling(Math.Log(Distributions.NextDouble(random)) / Math.Log(1 - p)), generator);

        public Tensor random_(double from, double to, Generator? generator = null) => RandomTensors.IntegersInto(this, (long)from, (long)to, generator);

        public Tensor bernoulli_(double p = 0.5, Generator? generator = null)
        {
            if (!(p >= 0 && p <= 1))
                throw new System.Runtime.InteropServices.ExternalException($"bernoulli_ expects p to be in [0, 1], but got p={p}");
            return RandomTensors.BernoulliInto(this, p, generator);
        }

        public Tensor bernoulli_(Tensor p, Generator? generator = null) => RandomTensors.BernoulliInto(this, p, generator);

        public Tensor bernoulli(Generator? generator = null) => RandomTensors.BernoulliInto(torch.empty_like(this), this, generator);

        public Tensor poisson(Generator? generator = null) => RandomTensors.Poisson(this, generator);

        public Tensor binomial(Tensor prob, Generator? generator = null) => RandomTensors.Binomial(this, prob, generator);

        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) => RandomTensors.Multinomial(this, num_samples, replacement, generator);

        public Tensor rand_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => RandomTensors.UniformLike(this, dtype, device, requires_grad);

        public Tensor randn_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => RandomTensors.NormalLike(this, dtype, device, requires_grad);

        public Tensor randint_like(long low, long high, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            RandomTensors.Integers(low, high, Layout.Shape, dtype ?? this.dtype, device ?? this.device, requires_grad, null);
    }

    public static Tensor randint(long low, long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        RandomTensors.Integers(low, high, size, dtype, device, requires_grad, generator);

    public static Tensor randint(long low, long high, Size size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        RandomTensors.Integers(low, high, size.Shape, dtype, device, requires_grad, generator);

    public static Tensor randint(int low, int high, int[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        RandomTensors.Integers(low, high, Array.ConvertAll(size, s => (long)s), dtype, device, requires_grad, generator);

    public static Tensor randint(long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        RandomTensors.Integers(0, high, size, dtype, device, requires_grad, generator);

    public static Tensor randint(long high, Size size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        RandomTensors.Integers(0, high, size.Shape, dtype, device, requires_grad, generator);

    public static Tensor randint(int high, int[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        RandomTensors.Integers(0, high, Array.ConvertAll(size, s => (long)s), dtype, device, requires_grad, generator);

    /// <summary>The numbers 0 … n − 1 in random order.</summary>
    public static Tensor randperm(long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) => RandomTensors.Permutation(n, dtype, device, requires_grad, generator);

    public static Tensor normal(double mean, double std, ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null)
    {
        var y = RandomTensors.NormalInto(Factories.Empty(size, dtype, device, false), mean, std, generator);
        return requires_grad ? y.requires_grad_() : y;
    }

    public static Tensor normal(Tensor mean, Tensor std, Generator? generator = null)
    {
        using var scope = DisposeScope.ForTemporaries();
        var noise = RandomTensors.Normal(Layout.Broadcast(mean.Layout, std.Layout).Shape, result_type(mean, std), null, false, generator);
        return scope.MoveToOuter(noise * std + mean);
    }

    /// <summary>Numbers of events, each with the mean that the element of the input gives.</summary>
    public static Tensor poisson(Tensor input, Generator? generator = null) => RandomTensors.Poisson(input, generator);

    /// <summary>Numbers of successes among <paramref name="count"/> trials.</summary>
    public static Tensor binomial(Tensor count, Tensor probs, Generator? generator = null) => RandomTensors.Binomial(count, probs, generator);

    public static int randint_int(int high, Generator? generator = null) => (int)randint_long(0, high, generator);

    public static int randint_int(int low, int high, Generator? generator = null) => (int)randint_long(low, high, generator);

    public static long randint_long(long high, Generator? generator = null) => randint_long(0, high, generator);

    public static long randint_long(long low, long high, Generator? generator = null)
    {
        generator ??= Generator.Default;
        lock (generator.Gate)
            return Distributions.NextInteger(generator.Twister, low, high);
    }

    public static double rand_float(Generator? generator = null)
    {
        generator ??= Generator.Default;
        lock (generator.Gate)
            return Distributions.NextSingle(generator.Twister);
    }

    public static double randn_float(Generator? generator = null)
    {
        generator ??= Generator.Default;
        lock (generator.Gate)
            return Distributions.NextNormal(generator.Twister);
    }

    public static Tensor multinomial(Tensor input, long num_samples, bool replacement = false, Generator? generator = null) => input.multinomial(num_samples, replacement, generator);

    public static Tensor rand_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => input.rand_like(dtype, device, requires_grad);

    public static Tensor randint_like(Tensor input, long low, long high, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => input.randint_like(low, high, dtype, device, requires_grad);

    public static Tensor randn_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => input.randn_like(dtype, device, requires_grad);

    public static Tensor bernoulli(Tensor input, Generator? generator = null) => input.bernoulli(generator);
}
