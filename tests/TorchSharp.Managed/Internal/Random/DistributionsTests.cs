using TorchSharp.RandomStreams;

namespace TorchSharp.Managed.Tests;

/// <summary>What StreamTests cannot see: the generator's state, saved and restored.</summary>
public sealed class DistributionsTests
{
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
}
