using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.RandomStreams;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Tensors of random numbers, drawn in the order in which PyTorch draws them.</summary>
internal static unsafe class RandomTensors
{
    internal static Tensor Uniform(ReadOnlySpan<long> size, ScalarType? type, Device? device, bool requiresGrad, Generator? generator) =>
        Finish(UniformInto(Factories.Empty(size, Floating(type, "rand"), device, false), 0, 1, generator), requiresGrad);

    internal static Tensor Normal(ReadOnlySpan<long> size, ScalarType? type, Device? device, bool requiresGrad, Generator? generator) =>
        Finish(NormalInto(Factories.Empty(size, Floating(type, "randn"), device, false), 0, 1, generator), requiresGrad);

    internal static Tensor UniformLike(Tensor x, ScalarType? type, Device? device, bool requiresGrad) =>
        Finish(UniformInto(Factories.Empty(x.Layout.Shape, type ?? x.dtype, device ?? x.device, false), 0, 1, null), requiresGrad);

    internal static Tensor NormalLike(Tensor x, ScalarType? type, Device? device, bool requiresGrad) =>
        Finish(NormalInto(Factories.Empty(x.Layout.Shape, type ?? x.dtype, device ?? x.device, false), 0, 1, null), requiresGrad);

    private static ScalarType? Floating(ScalarType? type, string name) => type is { } given && !given.IsFloating()
        ? throw new ArgumentException($"torch.{name}() was passed a bad dtype: {given}. It must be floating point.", "dtype") : type;

    private static Tensor Finish(Tensor y, bool requiresGrad)
    {
        if (requiresGrad)
            y.requires_grad = true;
        return y;
    }

    /// <summary>On a device from its own stream, where it has what is drawn and nobody gave a generator; else null.</summary>
    private static Tensor? Draw(Tensor x, DrawKind kind, double a, double b, Generator? generator)
    {
        if (generator is not null || x.Place is not DevicePlace place)
            return null;
        x.CheckInPlace();
        if (x.HasData)
        {
            var type = x.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
            bool isPlain = x.dtype == type && x.Layout.IsContiguous;
            using var buffer = isPlain ? null : x.NewEmpty(Layout.Of(x.Layout.Shape), type).AsTemporary();
            var y = buffer ?? x;
            var call = place.Stream.Next(x.Layout.Count, type == ScalarType.Float64 ? 2 : 4);
            y.Backend.Draw(kind, type, y.On(y), x.Layout.Count, a, b, call);
            if (buffer is not null)
                Transfers.Copy(buffer, x);
        }
        GC.KeepAlive(x);
        return x.Changed(Operations.Records(x) ? Operations.Filled(x) : null);
    }

    /// <summary>Fills x by the CPU's stream, through a contiguous double or float buffer on the host where it is not one itself.</summary>
    private static Tensor Fill(Tensor x, Action<MersenneTwister, Tensor> draw, Generator? generator, ScalarType type)
    {
        x.CheckInPlace();
        if (x.IsMeta)
            return x.Changed(Operations.Records(x) ? Operations.Filled(x) : null);
        generator ??= Generator.Default;
        lock (generator.Gate)
        {
            if (x.dtype == type && x.Layout.IsContiguous && x.Storage.OnHost)
                draw(generator.Twister, x);
            else
            {
                using var buffer = Tensor.Allocate(Layout.Of(x.Layout.Shape), type).AsTemporary();
                draw(generator.Twister, buffer);
                Transfers.Copy(buffer, x);
            }
        }
        GC.KeepAlive(x);
        return x.Changed(Operations.Records(x) ? Operations.Filled(x) : null);
    }

    private static ScalarType FloatType(Tensor x, string name)
    {
        if (!x.dtype.IsFloating())
            throw new ExternalException($"\"{name}\" not implemented for '{x.dtype}'");
        return x.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
    }

    internal static Tensor UniformInto(Tensor x, double from, double to, Generator? generator)
    {
        if (from > to)
            throw new ExternalException($"uniform_ expects to return a [from, to) range, but found from={from} > to={to}");
        var type = FloatType(x, "uniform_");
        return Draw(x, DrawKind.Uniform, from, to, generator) ?? Fill(x, (random, y) =>
        {
            if (y.dtype == ScalarType.Float64)
                Distributions.Uniform(random, (double*)y.Data, y.numel(), from, to);
            else if (x.dtype.IsReduced())
                new ReducedNumbers(x.dtype).Uniform(random, (float*)y.Data, y.numel(), from, to);
            else
                Distributions.Uniform(random, (float*)y.Data, y.numel(), (float)from, (float)to);
        }, generator, type);
    }

    internal static Tensor NormalInto(Tensor x, double mean, double deviation, Generator? generator)
    {
        if (deviation < 0)
            throw new ExternalException($"normal expects std >= 0.0, but found std {deviation}");
        var type = FloatType(x, "normal_");
        return Draw(x, DrawKind.Normal, mean, deviation, generator) ?? Fill(x, (random, y) =>
        {
            if (y.dtype == ScalarType.Float64)
                Distributions.Normal(random, (double*)y.Data, y.numel(), mean, deviation);
            else if (x.dtype.IsReduced())
                new ReducedNumbers(x.dtype).Normal(random, (float*)y.Data, y.numel(), mean, deviation);
            else
                Distributions.Normal(random, (float*)y.Data, y.numel(), mean, deviation);
        }, generator, type);
    }

    /// <summary>Each element by a function of the stream, in double precision.</summary>
    internal static Tensor EachInto(Tensor x, Func<MersenneTwister, double> next, Generator? generator) => Fill(x, (random, y) =>
    {
        double* p = (double*)y.Data;
        for (long i = 0, n = y.numel(); i < n; i++)
            p[i] = next(random);
    }, generator, ScalarType.Float64);

    internal static Tensor IntegersInto(Tensor x, long low, long high, Generator? generator)
    {
        if (low >= high)
            throw new ExternalException($"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}");
        return Fill(x, (random, y) =>
        {
            long* p = (long*)y.Data;
            for (long i = 0, n = y.numel(); i < n; i++)
                p[i] = Distributions.NextInteger(random, low, high);
        }, generator, ScalarType.Int64);
    }

    internal static Tensor Integers(long low, long high, ReadOnlySpan<long> size, ScalarType? type, Device? device, bool requiresGrad, Generator? generator) =>
        Finish(IntegersInto(Factories.Empty(size, type ?? ScalarType.Int64, device, false), low, high, generator), requiresGrad);

    internal static Tensor Permutation(long n, ScalarType? type, Device? device, bool requiresGrad, Generator? generator)
    {
        if (n < 0)
            throw new ExternalException($"n must be non-negative, got {n}");
        return Finish(Fill(Factories.Empty([n], type ?? ScalarType.Int64, device, false), (random, y) => Distributions.Permutation(random, (long*)y.Data, n), generator, ScalarType.Int64), requiresGrad);
    }

    /// <summary>1 with probability p, else 0.</summary>
    [MethodImpl(Fallbacks.Named)]
    internal static Tensor BernoulliInto(Tensor x, double p, Generator? generator) =>
        Draw(x, DrawKind.Bernoulli, p, 1, generator) ?? EachInto(x, random => Distributions.NextBernoulli(random, p) ? 1 : 0, generator);

    /// <summary>1 with the probability that the element of p says, else 0.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static Tensor BernoulliInto(Tensor x, Tensor p, Generator? generator)
    {
        using var probabilities = Operations.Packed(p, ScalarType.Float64).expand(x.Layout.Shape).contiguous().alias().AsTemporary();
        double* at = (double*)probabilities.Data;
        for (long i = 0; i < probabilities.numel(); i++)
            if (!(at[i] >= 0 && at[i] <= 1))
                throw new ExternalException($"Expected p_in >= 0 && p_in <= 1 to be true, but got p_in = {at[i]}");
        return Fill(x, (random, y) =>
        {
            double* to = (double*)y.Data;
            bool wide = p.dtype == ScalarType.Float64;
            for (long i = 0, n = y.numel(); i < n; i++)
                to[i] = (wide ? Distributions.NextDouble(random) : Distributions.NextSingle(random)) < at[i] ? 1 : 0;
            GC.KeepAlive(probabilities);
        }, generator, ScalarType.Float64);
    }

    /// <summary>Each element by a function of the stream and of the elements of two parameters at its place.</summary>
    internal static Tensor Counts(Tensor first, Tensor second, Func<MersenneTwister, double, double, double> next, Generator? generator)
    {
        if (!first.dtype.IsFloating())
            throw new ExternalException($"expected a floating point tensor, but got {first.dtype}");
        using var scope = DisposeScope.ForTemporaries();
        var layout = Layout.Broadcast(first.Layout, second.Layout);
        Tensor a = Operations.Packed(first.detach(), ScalarType.Float64).expand(layout.Shape).contiguous(), b = Operations.Packed(second.detach(), ScalarType.Float64).expand(layout.Shape).contiguous();
        var y = first.NewEmpty(layout.Packed, first.dtype);
        Fill(y, (random, values) =>
        {
            double* to = (double*)values.Data, p = (double*)a.Data, q = (double*)b.Data;
            for (long i = 0, n = values.numel(); i < n; i++)
                to[i] = next(random, p[i], q[i]);
            GC.KeepAlive(a);
            GC.KeepAlive(b);
        }, generator, ScalarType.Float64);
        return scope.MoveToOuter(y);
    }

    [MethodImpl(Fallbacks.Named)]
    internal static Tensor Poisson(Tensor rate, Generator? generator)
    {
        using var scope = DisposeScope.ForTemporaries();
        if (rate.lt(0).any().ToBoolean())
            throw new ExternalException("invalid Poisson rate, expected rate to be non-negative");
        return scope.MoveToOuter(Counts(rate, rate, static (random, mean, _) => CountDistributions.NextPoisson(random, mean), generator));
    }

    [MethodImpl(Fallbacks.Named)]
    internal static Tensor Binomial(Tensor count, Tensor probability, Generator? generator) => Counts(count, probability, CountDistributions.NextBinomial, generator);

    /// <summary>Row by row: indices drawn with the row's weights; without replacement by the largest of weight/exponential.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static Tensor Multinomial(Tensor x, long samples, bool replacement, Generator? generator)
    {
        if (x.Layout.Rank is 0 or > 2)
            throw new ExternalException($"prob_dist must be 1 or 2 dim, got shape {x.Layout}");
        if (!x.dtype.IsFloating())
            throw new ExternalException($"multinomial only supports floating-point dtypes for input, got: {x.dtype}");
        if (samples <= 0)
            throw new ExternalException("cannot sample n_sample <= 0 samples");
        long classes = x.Layout.Shape[^1], rows = x.Layout.Rank == 2 ? x.Layout.Shape[0] : 1;
        if (!replacement && samples > classes)
            throw new ExternalException("cannot sample n_sample > prob_dist.size(-1) samples without replacement");
        using var weights = Operations.Packed(x.detach(), ScalarType.Float64).alias().AsTemporary();
        double* p = (double*)weights.Data;
        for (long r = 0; r < rows; r++)
        {
            double sum = 0;
            for (long c = 0; c < classes; c++)
            {
                double w = p[r * classes + c];
                if (!(w >= 0) || double.IsInfinity(w))
                    throw new ExternalException("probability tensor contains either `inf`, `nan` or element < 0");
                sum += w;
            }
            if (sum <= 0)
                throw new ExternalException("invalid multinomial distribution (sum of probabilities <= 0)");
        }
        if (!replacement || samples == 1)
        {
            using var noise = x.NewEmpty(Layout.Of(x.Layout.Shape), x.dtype).AsTemporary();
            using var scope = DisposeScope.ForTemporaries();
            EachInto(noise, static random => Distributions.NextExponential(random, 1), generator);
            return scope.MoveToOuter((x.detach() / noise).topk((int)samples, -1).indexes);
        }
        var y = Tensor.Allocate(x.Layout.Rank == 2 ? [rows, samples] : new[] { samples }, ScalarType.Int64);
        generator ??= Generator.Default;
        lock (generator.Gate)
            for (long r = 0; r < rows; r++)
            {
                double[] cumulative = new double[classes];
                double sum = 0;
                for (long c = 0; c < classes; c++)
                    cumulative[c] = sum += p[r * classes + c];
                for (long s = 0; s < samples; s++)
                {
                    double u = Distributions.NextDouble(generator.Twister) * sum;
                    int at = Array.BinarySearch(cumulative, u);
                    at = at < 0 ? ~at : at + 1;
                    while (at < classes - 1 && p[r * classes + at] == 0)
                        at++;
                    ((long*)y.Data)[r * samples + s] = Math.Min(at, classes - 1);
                }
            }
        GC.KeepAlive(y);
        if (x.Storage.OnHost)
            return y;
        using (y.AsTemporary())
            return Operations.Move(y, ScalarType.Int64, x.Place);
    }
}
