using System.Numerics;
using System.Text.Json;
using TorchSharp.RandomStreams;

namespace TorchSharp.Managed.Tests;

/// <summary>Streams against PyTorch's, recorded by tests/golden/random/make_random.py.</summary>
public sealed class DistributionsTests
{
    public static TheoryData<int> Cases()
    {
        var data = new TheoryData<int>();
        for (int i = 0; i < Golden().GetArrayLength(); i++) data.Add(i);
        return data;
    }

    [Theory, MemberData(nameof(Cases))]
    public void Stream_SameSeed_GivesPyTorchsBits(int index)
    {
        JsonElement golden = Golden()[index];
        var random = new MersenneTwister(golden.GetProperty("seed").GetUInt64());
        foreach (JsonElement call in golden.GetProperty("calls").EnumerateArray())
        {
            ulong[] actual = Draw(random, call);
            string where = $"seed {random.InitialSeed}, {call.GetProperty("call")} of {actual.Length} {call.GetProperty("dtype")}";
            if (call.TryGetProperty("values", out JsonElement values))
            {
                Assert.True(Words(values).SequenceEqual(actual), $"{where}: expected {values}, got {string.Join(", ", actual)}");
                continue;
            }
            Assert.True(Words(call.GetProperty("first")).SequenceEqual(actual.Take(8)), $"{where}: the first 8 differ");
            Assert.True(Words(call.GetProperty("last")).SequenceEqual(actual.TakeLast(8)), $"{where}: the last 8 differ");
            BigInteger sum = actual.Select((value, i) => (BigInteger)(i + 1) * value).Aggregate(BigInteger.Add);
            Assert.Equal(call.GetProperty("checksum").GetString(), (sum % (1L << 61)).ToString());
        }
    }

    [Fact]
    public void Restore_SavedState_ContinuesTheStream()
    {
        var random = new MersenneTwister(7);
        Distributions.NextNormal(random);
        var (state, position, cached, seed) = random.Save();
        double[] expected = [Distributions.NextNormal(random), Distributions.NextDouble(random)];
        var other = new MersenneTwister(0);
        other.Restore(state, position, cached, seed);
        double[] actual = [Distributions.NextNormal(other), Distributions.NextDouble(other)];
        Assert.Equal(expected, actual);
    }

    private static IEnumerable<ulong> Words(JsonElement list) => list.EnumerateArray().Select(v => ulong.Parse(v.GetString()!));

    private static unsafe ulong[] Draw(MersenneTwister random, JsonElement call)
    {
        int count = call.GetProperty("count").GetInt32();
        bool single = call.GetProperty("dtype").GetString() == "float32";
        double Number(string name) => call.GetProperty(name).GetDouble();
        var singles = new float[count];
        var doubles = new double[count];
        var integers = new long[count];
        fixed (float* f = singles)
        fixed (double* d = doubles)
        fixed (long* n = integers)
            switch (call.GetProperty("call").GetString())
            {
                case "uniform" when single: Distributions.Uniform(random, f, count, (float)Number("low"), (float)Number("high")); break;
                case "uniform": Distributions.Uniform(random, d, count, Number("low"), Number("high")); break;
                case "normal" when single: Distributions.Normal(random, f, count, Number("mean"), Number("std")); break;
                case "normal": Distributions.Normal(random, d, count, Number("mean"), Number("std")); break;
                case "randperm":
                    Distributions.Permutation(random, n, count);
                    return integers.Select(v => (ulong)v).ToArray();
                case "randint":
                    for (int i = 0; i < count; i++)
                        n[i] = Distributions.NextInteger(random, call.GetProperty("low").GetInt64(), call.GetProperty("high").GetInt64());
                    return integers.Select(v => (ulong)v).ToArray();
                case "bernoulli":
                    for (int i = 0; i < count; i++) f[i] = (float)(d[i] = Distributions.NextBernoulli(random, Number("p")) ? 1 : 0);
                    break;
                case "exponential":
                    for (int i = 0; i < count; i++) f[i] = (float)(d[i] = Distributions.NextExponential(random, Number("rate")));
                    break;
                case var unknown: throw new InvalidDataException($"random.json has a call '{unknown}' that this test does not know.");
            }
        return single ? singles.Select(v => (ulong)BitConverter.SingleToUInt32Bits(v)).ToArray() : doubles.Select(BitConverter.DoubleToUInt64Bits).ToArray();
    }

    private static JsonElement Golden()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Course.sln"))) folder = Path.GetDirectoryName(folder);
        string path = Path.Combine(folder ?? throw new DirectoryNotFoundException($"No Course.sln above {AppContext.BaseDirectory}."), "tests", "golden", "random", "random.json");
        return JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("cases");
    }
}
