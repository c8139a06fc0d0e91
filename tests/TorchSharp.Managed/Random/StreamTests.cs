using System.Text.Json;
using TorchSharp.Managed.Tests.Golden;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests;

/// <summary>A seed gives the numbers that it gives in libtorch (tests/golden/random).</summary>
public sealed class StreamTests
{
    private static readonly Lazy<JsonElement> DataFile = new(() =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "golden", "random", "random.json"))).RootElement.GetProperty("plans"));

    public static TheoryData<string> Plans => [.. Streams.Plans.Keys];

    [Theory, MemberData(nameof(Plans))]
    public void Stream_OfASeed_GivesLibtorchsBits(string plan)
    {
        foreach (long seed in Streams.Seeds)
        {
            var expected = DataFile.Value.GetProperty(plan).GetProperty($"{seed}");
            var drawn = Streams.Draw(plan, seed);
            Assert.Equal(expected.GetArrayLength(), drawn.Count);
            foreach (var (wanted, (call, bits)) in expected.EnumerateArray().Zip(drawn))
            {
                string[] digest = Streams.Digest(bits), recorded = wanted.Deserialize<string[]>()!;
                Assert.True(digest.Length == recorded.Length && digest.Zip(recorded).All(pair => Same(call, pair.First, pair.Second)), $"seed {seed}, {call}: {string.Join(' ', digest)}, expected {string.Join(' ', recorded)}");
            }
        }
    }

    public static TheoryData<string> Drawing => [.. NextNumbers.All.Keys];

    /// <summary>Where the generator stands afterwards is part of what a seed gives.</summary>
    [Theory, MemberData(nameof(Drawing))]
    public void Generator_AfterAModuleIsMadeOrAFunctionHasDrawn_StandsWhereLibtorchs(string name)
    {
        string recorded = File.ReadLines(NextNumbers.FilePath).Single(line => line.StartsWith(name + '\t', StringComparison.Ordinal));
        Assert.Equal(recorded, $"{name}\t{NextNumbers.After(name)}");
    }

    [Fact]
    public void XavierNormal_DrawsNormalNumbers()
    {
        manual_seed(3);
        using var drawn = nn.init.xavier_normal_(empty(5, 4));
        manual_seed(3);
        using var expected = empty(5, 4).normal_(0, Math.Sqrt(2.0 / 9));
        Assert.True(drawn.allclose(expected));
    }

    /// <summary>Logarithms and cosines in Float64 are the C library's, whose versions round the last bit differently.</summary>
    private static bool Same(string call, string a, string b) => a == b || (call.EndsWith("Float64", StringComparison.Ordinal) && Int128.Abs((Int128)ulong.Parse(a) - ulong.Parse(b)) <= 2);
}
