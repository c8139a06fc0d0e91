using System.Globalization;
using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>
/// What a seed gives, call after call, as bits: tests/golden/random/random.json. The calls of a plan share their stream, so that one that
/// takes a number too many shows in the next.
/// </summary>
internal static class Streams
{
    internal const ScalarType F4 = ScalarType.Float32, F8 = ScalarType.Float64;

    internal sealed record Call(string Name, Func<Tensor> Draw);

    private static Call Of(string name, ScalarType type, long count, Func<Tensor, Tensor> fill, params double[] arguments) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{name}({string.Join(", ", arguments)}) of {count} {type}"), () => fill(empty(count, type)));

    private static Call Uniform(long count, double low = 0, double high = 1, ScalarType type = F4) => Of("uniform_", type, count, x => x.uniform_(low, high), low, high);

    private static Call Normal(long count, double mean = 0, double std = 1, ScalarType type = F4) => Of("normal_", type, count, x => x.normal_(mean, std), mean, std);

    private static Call Integers(long count, long low, long high, ScalarType type = ScalarType.Int64) => Of("randint", type, count, _ => randint(low, high, count, dtype: type), low, high);

    private static Call Permutation(long count) => Of("randperm", ScalarType.Int64, count, _ => randperm(count));

    private static Call Bernoulli(long count, double p, ScalarType type = F4) => Of("bernoulli_", type, count, x => x.bernoulli_(p), p);

    private static Call Exponential(long count, double rate = 1, ScalarType type = F4) => Of("exponential_", type, count, x => x.exponential_(rate), rate);

    internal static readonly long[] Seeds = [0, 1, 42, 123456789];

    internal static readonly IReadOnlyDictionary<string, Call[]> Plans = new Dictionary<string, Call[]>
    {
        ["uniform"] = [Uniform(5), Uniform(3, -2.5, 7.25), Uniform(4, type: F8), Uniform(700), Uniform(33, -0.1767767, 0.1767767), Uniform(20, -1.5, 3.25, F8)],
        ["normal"] = [Normal(1), Normal(3), Normal(15, 2, 0.5), Normal(16), Normal(17), Normal(64, -1, 3), Normal(1000), Normal(5), Uniform(4)],
        ["normal in Float64"] = [Normal(7, type: F8), Normal(16, type: F8), Normal(29, 1.5, 2, F8), Normal(1, type: F8), Uniform(2)],
        ["integers"] = [Integers(10, 0, 10), Integers(6, -5, 5), Integers(40, 0, 2, ScalarType.Int32), Integers(8, 0, 1 << 20), Integers(5, 0, 1L << 40), Uniform(2)],
        ["permutations"] = [Permutation(1), Permutation(10), Permutation(60000), Permutation(2), Uniform(2)],
        ["bernoulli"] = [Bernoulli(64, 0.5), Bernoulli(1000, 0.2), Bernoulli(10, 0.75, F8), Uniform(2)],
        ["exponential"] = [Exponential(5), Exponential(40, 2.5), Exponential(6, 0.5, F8), Normal(3), Uniform(2)],
        ["cauchy"] = [Of("cauchy_", F4, 7, x => x.cauchy_()), Of("cauchy_", F8, 9, x => x.cauchy_(1, 2), 1, 2), Uniform(2)],
        ["log_normal"] = [Of("log_normal_", F4, 7, x => x.log_normal_()), Of("log_normal_", F8, 20, x => x.log_normal_(0.5, 0.25), 0.5, 0.25), Uniform(2)],
        ["multinomial"] = [Of("multinomial without", ScalarType.Int64, 3, _ => multinomial(Weights(), 3)), Of("multinomial with", ScalarType.Int64, 30, _ => multinomial(Weights(), 30, true)), Uniform(2)],
        ["functions"] = [Of("rand", F4, 5, _ => rand(5)), Of("randn", F4, 20, _ => randn(20)), Of("randn", F8, 3, _ => randn(3, F8)), Of("rand_like", F8, 4, x => rand_like(x)), Of("randn_like", F4, 4, x => randn_like(x)), Uniform(2)],
        ["random"] = [Of("random_", ScalarType.Int64, 6, x => x.random_(-3, 9), -3, 9), Uniform(2)],
    };

    private static Tensor Weights() => tensor(new[] { 0.1f, 0.4f, 0.2f, 0.3f });

    /// <summary>Plan, seed, and for each call its name and its numbers' bits.</summary>
    internal static List<(string call, ulong[] bits)> Draw(string plan, long seed)
    {
        using var scope = NewDisposeScope();
        manual_seed(seed);
        return [.. Plans[plan].Select(call => (call.Name, Bits(call.Draw())))];
    }

    private static ulong[] Bits(Tensor x) => x.dtype switch
    {
        F4 => [.. x.data<float>().ToArray().Select(value => (ulong)BitConverter.SingleToUInt32Bits(value))],
        F8 => [.. x.data<double>().ToArray().Select(BitConverter.DoubleToUInt64Bits)],
        _ => [.. x.to_type(ScalarType.Int64).data<long>().ToArray().Select(value => (ulong)value)],
    };

    /// <summary>All numbers up to 64; else the first and last 8 and Σ (i + 1)·bits modulo 2⁶¹.</summary>
    internal static string[] Digest(ulong[] bits)
    {
        if (bits.Length <= 64)
            return [.. bits.Select(value => value.ToString(CultureInfo.InvariantCulture))];
        var sum = bits.Select((value, i) => (BigInteger)(i + 1) * value).Aggregate(BigInteger.Add) % (1L << 61);
        return [.. Digest(bits[..8]), .. Digest(bits[^8..]), sum.ToString(CultureInfo.InvariantCulture)];
    }
}
