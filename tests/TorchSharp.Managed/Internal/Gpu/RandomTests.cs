using TorchSharp.RandomStreams;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Gpu;

public sealed unsafe class RandomTests
{
    /// <summary>The known answers of the authors' library, Random123.</summary>
    [Fact]
    public void Philox_OfKnownCountersAndKeys_GivesKnownWords()
    {
        static uint[] Words(ulong seed, ulong call, ulong thread)
        {
            var block = Philox.Block(seed, call, thread);
            return [block.X, block.Y, block.Z, block.W];
        }

        Assert.Equal([0x6627E8D5u, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8], Words(0, 0, 0));
        Assert.Equal([0x408F276Du, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD], Words(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue));
        Assert.Equal([0xD16CFE09u, 0x94FDCCEB, 0x5001E420, 0x24126EA1], Words(0x299F31D0A4093822, 0x85A308D3243F6A88, 0x0370734413198A2E));
    }

    /// <summary>What PyTorch's users print after torch.manual_seed(0) on CUDA: two calls of rand, and randn.</summary>
    [Fact]
    public void Numbers_AreThoseThatPyTorchPrintsOnCuda()
    {
        var stream = new PhiloxStream(1 << 20);
        stream.Seed(0);
        Assert.Equal([0.3990, 0.5167, 0.0249, 0.9401, 0.9459, 0.7967, 0.4150, 0.8203, 0.2290, 0.9096, 0.1183, 0.0752], Next(12, DrawKind.Uniform, 0, 1));
        Assert.Equal([0.9722, 0.7910, 0.4690, 0.3300, 0.3345, 0.3783, 0.7640, 0.6405, 0.1103, 0.3594], Next(10, DrawKind.Uniform, 0, 1));
        stream.Seed(0);
        Assert.Equal([-0.9247, -0.4253, -2.6438, 0.1452, -0.1209, -0.5797, -0.6229, -0.3284, -1.0745, -0.3631], Next(10, DrawKind.Normal, 0, 1));

        double[] Next(int count, DrawKind kind, double a, double b)
        {
            var call = stream.Next(count, 4);
            return [.. Enumerable.Range(0, count).Select(i => Math.Round(call.Single(kind, a, b, i), 4))];
        }
    }

    /// <summary>More elements than threads: each takes all numbers of its block, then the next block.</summary>
    [Fact]
    public void Draw_OfEveryKind_MatchesReference()
    {
        foreach (var kind in Enum.GetValues<DrawKind>())
        {
            var stream = new PhiloxStream(256);
            stream.Seed(7);
            (double a, double b) = kind == DrawKind.Bernoulli ? (0.3, 1) : (-1, 2);
            for (int round = 0; round < 2; round++)
            {
                PhiloxCall single = stream.Next(1500, 4), wide = stream.Next(1500, 2);
                OnDevice.Same($"{kind}", 2e-6, (x, y) => x.Draw(kind, ScalarType.Float32, y.At(0), 1500, a, b, single), new float[1500]);
                OnDevice.Same($"{kind}", 1e-12, (x, y) => x.Draw(kind, ScalarType.Float64, y.At(0), 1500, a, b, wide), new double[1500]);
            }
        }
    }

    [Fact]
    public void Draws_HaveTheMomentsOfTheirDistributions()
    {
        const int count = 40_000;
        var stream = new PhiloxStream(1024);
        foreach (var (kind, a, b, mean, variance) in new[] { (DrawKind.Uniform, -1.0, 3.0, 1.0, 16 / 12.0), (DrawKind.Normal, 2, 3, 2, 9), (DrawKind.Bernoulli, 0.3, 1, 0.3, 0.21) })
        {
            PhiloxCall single = stream.Next(count, 4), wide = stream.Next(count, 2);
            double[] floats = [.. Enumerable.Range(0, count).Select(i => (double)single.Single(kind, a, b, i))], doubles = [.. Enumerable.Range(0, count).Select(i => wide.Double(kind, a, b, i))];
            foreach (double[] x in new[] { floats, doubles })
            {
                double average = x.Average(), spread = x.Sum(value => (value - average) * (value - average)) / count;
                // Five standard errors of the mean; the variance's is a little larger.
                Assert.True(Math.Abs(average - mean) < 5 * Math.Sqrt(variance / count), $"{kind}: mean {average}");
                Assert.True(Math.Abs(spread - variance) < 0.05 * variance, $"{kind}: variance {spread}");
            }
            Assert.NotEqual(floats, doubles);
        }
    }
}
