namespace Course.Serving.Tests;

public class ProportionsTests
{
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.841344746068543)]
    [InlineData(-1.959963984540054, 0.025)]
    [InlineData(-2.999, 0.0013543365337271066)]
    [InlineData(-3.001, 0.0013454728250849683)]
    [InlineData(-6, 9.865876450377e-10)]
    public void NormalCdf_AtTabulatedPoints_AgreesWithTheTable(double x, double expected) =>
        Assert.Equal(expected, Proportions.NormalCdf(x), expected < 1e-6 ? 1e-18 : 1e-12);

    [Fact]
    public void NormalQuantile_InvertsTheCdf()
    {
        foreach (double p in new[] { 1e-6, 0.01, 0.3, 0.5, 0.975, 0.9999 })
            Assert.Equal(p, Proportions.NormalCdf(Proportions.NormalQuantile(p)), 1e-12);
    }

    [Fact]
    public void PValue_OfEqualRates_IsOne() => Assert.Equal(1, Proportions.PValue(10, 100, 20, 200), 1e-12);

    [Fact]
    public void PValue_IsTheSameInBothDirections()
    {
        Assert.Equal(Proportions.PValue(40, 100, 60, 100), Proportions.PValue(60, 100, 40, 100), 1e-15);
        Assert.Equal(0.004678, Proportions.PValue(40, 100, 60, 100), 1e-5);
    }

    [Fact]
    public void PValue_WithoutAnyVariation_IsOne() => Assert.Equal(1, Proportions.PValue(0, 50, 0, 70));

    [Fact]
    public void SampleSize_GivesThePowerThatItPromises()
    {
        int n = Proportions.SampleSize(0.10, 0.14);
        var random = new Random(1);
        int Successes(double rate) => Enumerable.Range(0, n).Count(_ => random.NextDouble() < rate);

        int found = Enumerable.Range(0, 400).Count(_ => Proportions.PValue(Successes(0.10), n, Successes(0.14), n) < 0.05);
        int falsely = Enumerable.Range(0, 400).Count(_ => Proportions.PValue(Successes(0.10), n, Successes(0.10), n) < 0.05);

        Assert.InRange(found, 290, 350);
        Assert.InRange(falsely, 5, 40);
    }

    [Theory]
    [InlineData(5, 4, 1, 2)]
    [InlineData(-1, 4, 1, 2)]
    [InlineData(0, 0, 1, 2)]
    public void PValue_OfImpossibleCounts_IsRefused(int s1, int n1, int s2, int n2) =>
        Assert.Throws<ArgumentException>(() => Proportions.PValue(s1, n1, s2, n2));
}
