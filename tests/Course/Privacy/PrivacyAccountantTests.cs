namespace Course.Tests.Privacy;

public class PrivacyAccountantTests
{
    private const double Delta = 1e-5;

    [Fact]
    public void FullBatches_CostWhatZeroConcentratedPrivacySays()
    {
        // Bun and Steinke 2016: ρ = 100/2 = 50, ε = 50 + 2√(50 · ln 100000).
        Assert.Equal(97.985, PrivacyAccountant.Epsilon(noise: 1, steps: 100, Delta), 3);
        Assert.Equal(97.985, PrivacyAccountant.Epsilon(noise: 10, steps: 10_000, Delta), 3);
    }

    [Theory]
    [InlineData(4, 10_000, 0.01, 1.26)]                       // Abadi et al. 2016, section 3.2: moments accountant
    [InlineData(1.12, 60 * 234, 256 / 60_000.0, 2.92)]        // the table in tutorials/README.md of github.com/tensorflow/privacy
    [InlineData(1.2, 10 * 234, 256 / 60_000.0, 1.20)]
    public void SampledBatches_CostWhatWasPublished(double noise, int steps, double rate, double published) =>
        Assert.Equal(published, PrivacyAccountant.Epsilon(noise, steps, Delta, rate), 0.005);

    [Fact]
    public void IntegerOrdersAlone_PromiseALittleLess()
    {
        // The same table has 9.74: there the best order lies between two integers.
        Assert.InRange(PrivacyAccountant.Epsilon(0.6, 30 * 234, Delta, 256 / 60_000.0), 9.74, 9.74 * 1.005);
    }

    [Fact]
    public void Sampling_IsCheaperThanFullBatchesAndNeverDearer()
    {
        double full = PrivacyAccountant.Epsilon(10, 100, Delta);
        Assert.InRange(PrivacyAccountant.Epsilon(10, 100, Delta, 0.1), 0, full / 5);
        Assert.InRange(PrivacyAccountant.Epsilon(10, 100, Delta, 0.999) / full, 0.9, 1.01);
    }

    [Fact]
    public void MoreNoise_CostsLess_MoreStepsCostMore()
    {
        double[] byNoise = [.. new[] { 0.5, 1, 2, 4, 8 }.Select(s => PrivacyAccountant.Epsilon(s, 50, Delta, 0.2))];
        Assert.Equal(byNoise.OrderDescending(), byNoise);
        double[] bySteps = [.. new[] { 1, 10, 100 }.Select(t => PrivacyAccountant.Epsilon(3, t, Delta, 0.2))];
        Assert.Equal(bySteps.Order(), bySteps);
    }

    [Fact]
    public void NoNoise_PromisesNothing_NoStepTellsNothing()
    {
        Assert.Equal(double.PositiveInfinity, PrivacyAccountant.Epsilon(0, 1, Delta));
        Assert.Equal(0, PrivacyAccountant.Epsilon(1, 0, Delta));
    }

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(3, 0.1)]
    [InlineData(50, 1)]
    public void NoiseFor_IsTheLeastThatKeepsThePromise(double epsilon, double rate)
    {
        double noise = PrivacyAccountant.NoiseFor(epsilon, 100, Delta, rate);
        Assert.True(PrivacyAccountant.Epsilon(noise, 100, Delta, rate) <= epsilon);
        Assert.True(PrivacyAccountant.Epsilon(0.99 * noise, 100, Delta, rate) > epsilon);
    }

    [Fact]
    public void ArgumentsThatMakeNoSense_AreNamed()
    {
        Assert.Equal("delta", Assert.Throws<ArgumentOutOfRangeException>(() => PrivacyAccountant.Epsilon(1, 1, 0)).ParamName);
        Assert.Equal("sampleRate", Assert.Throws<ArgumentOutOfRangeException>(() => PrivacyAccountant.Epsilon(1, 1, Delta, 1.5)).ParamName);
        Assert.Equal("noise", Assert.Throws<ArgumentOutOfRangeException>(() => PrivacyAccountant.Epsilon(-1, 1, Delta)).ParamName);
        Assert.Equal("epsilon", Assert.Throws<ArgumentOutOfRangeException>(() => PrivacyAccountant.NoiseFor(0, 1, Delta)).ParamName);
    }
}
