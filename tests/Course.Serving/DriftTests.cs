namespace Course.Serving.Tests;

public sealed class DriftTests
{
    private static double[] Normal(Random random, int count, double mean = 0) =>
        [.. Enumerable.Range(0, count).Select(_ => mean + Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];

    [Fact]
    public void Measures_OfTheSameNumbers_AreZeroAndOfOthersAreWhatTheFormulaSays()
    {
        double[] reference = [.. Enumerable.Range(0, 100).Select(i => (double)i)];
        Assert.Equal(0, Drift.PopulationStability(reference, reference), 1e-12);
        Assert.Equal(0, Drift.KolmogorovSmirnov(reference, reference));
        Assert.Equal(0, Drift.ConfidenceFall(reference, reference), 1e-12);

        // Two bins; half a count is added to each: (50.5, 50.5) of 101 against (0.5, 100.5).
        double[] upper = [.. Enumerable.Repeat(75.0, 100)];
        double p = 0.5, q = 0.5 / 101, r = 100.5 / 101;
        Assert.Equal((q - p) * Math.Log(q / p) + (r - p) * Math.Log(r / p), Drift.PopulationStability(reference, upper, 2), 1e-12);
        Assert.Equal(0.75, Drift.KolmogorovSmirnov(reference, upper), 1e-12);
        Assert.Equal(0.25, Drift.KolmogorovSmirnov([1, 2, 3, 4], [2, 3, 4, 5]), 1e-12);
    }

    [Fact]
    public void KolmogorovSmirnovP_IsTheShareOfEqualSamplesThatAreSoFarApart()
    {
        var random = new Random(1);
        double[] distances = [.. Enumerable.Range(0, 2000).Select(_ => Drift.KolmogorovSmirnov(Normal(random, 80), Normal(random, 120)))];
        foreach (double p in new[] { 0.5, 0.1, 0.02 })
            Assert.Equal(p, distances.Average(d => Drift.KolmogorovSmirnovP(d, 80, 120) <= p ? 1.0 : 0), 0.25 * p + 0.02);
        Assert.Equal(1, Drift.KolmogorovSmirnovP(0, 10, 10));
    }

    [Fact]
    public void Hysteresis_RisesAndFallsOnlyAfterSeveralInARow()
    {
        var alarm = new Hysteresis(raise: 1, clear: 0.5, raiseAfter: 2, clearAfter: 3);
        double[] values = [2, 0, 2, 2, 0.7, 0.4, 0.4, 0.7, 0.4, 0.4, 0.4, 0.4];
        Assert.Equal([false, false, false, true, true, true, true, true, true, true, false, false], values.Select(alarm.Update));
    }

    [Theory]
    [InlineData(DriftMeasure.PopulationStability)]
    [InlineData(DriftMeasure.KolmogorovSmirnov)]
    [InlineData(DriftMeasure.ConfidenceFall)]
    public void Monitor_OnQuietData_RingsAboutAsOftenAsPromisedAndFindsADrift(DriftMeasure measure)
    {
        int exceeded = 0, rung = 0, windows = 0;
        for (int seed = 1; seed <= 5; seed++)
        {
            var random = new Random(seed);
            var monitor = new DriftMonitor(Normal(random, 4000), 100, measure, exceeded: 0.05, seed);
            bool before = false;
            for (int day = 0; day < 200; day++, windows++)
            {
                bool now = monitor.Observe(Normal(random, 100));
                if (monitor.Last > monitor.Threshold)
                    exceeded++;
                if (now && !before)
                    rung++;
                before = now;
            }

            // The mean moves by 0.8 deviations; downwards, for that is what a fall of confidence is.
            int noticed = 0;
            while (!monitor.Observe(Normal(random, 100, mean: -0.8)))
                Assert.True(++noticed < 5, $"{measure}, seed {seed}: not noticed in five windows");
            for (int day = 0; day < 20; day++)
                Assert.True(monitor.Observe(Normal(random, 100, mean: -0.8)), "the alarm flickers");
        }
        // 1000 windows, 5 % of them above the threshold (±4 standard deviations, and the reference's own chance); two in a row: 0.25 %.
        Assert.InRange((double)exceeded / windows, 0.015, 0.095);
        Assert.InRange(rung, 0, 12);
    }
}
