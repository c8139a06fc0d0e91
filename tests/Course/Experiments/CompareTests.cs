namespace Course.Tests.Experiments;

public sealed class CompareTests
{
    private static readonly double[] Before = [0.901, 0.884, 0.923, 0.897, 0.911];
    private static readonly double[] After = [0.913, 0.899, 0.930, 0.912, 0.921];

    private static Plan Listed(string name, double[] values, int tried = 1) => new(name, seed => values[seed - 1], tried);

    private static Comparison Of(params Plan[] plans) => Compare.Plans(plans, [1, 2, 3, 4, 5], "accuracy");

    [Fact]
    public void Interval_OfFiveValues_IsStudentsOne()
    {
        // t(0.975, 4) = 2.776445 (tables of Student's distribution); mean 3, standard deviation √2.5.
        var interval = Interval.Of([1, 2, 3, 4, 5]);
        Assert.Equal(3, interval.Mean);
        Assert.Equal(3 - 2.776445 * Math.Sqrt(2.5 / 5), interval.Low, 5);
        Assert.Equal(3 + 2.776445 * Math.Sqrt(2.5 / 5), interval.High, 5);
    }

    [Theory]
    [InlineData(2, 12.7062047, 1)]   // tables: t(0.975, 1)
    [InlineData(11, 2.2281389, 10)]
    [InlineData(31, 2.0422725, 30)]
    public void Interval_HalfWidth_FollowsTheTable(int count, double t, int freedom)
    {
        double[] values = [.. Enumerable.Range(0, count).Select(i => (double)(i % 2))];
        double mean = values.Average();
        double error = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / freedom / count);
        Assert.Equal(t * error, Interval.Of(values).High - mean, 6);
    }

    [Fact]
    public void Difference_OfPairedRuns_FindsWhatTheSeedsLuckHides()
    {
        var paired = Of(Listed("before", Before), Listed("after", After)).Difference("after", "before");
        // The five gains are 12, 15, 7, 15, 10 thousandths: t = 0.0118 / (0.0034205/√5) = 7.714, four degrees of freedom, p = 0.00153.
        Assert.Equal(0.0118, paired.Gain.Mean, 6);
        Assert.Equal(0.00153, paired.P, 4);
        Assert.True(paired.IsBetter);
        // Unpaired the intervals of the means overlap.
        Assert.True(Interval.Of(Before).High > Interval.Of(After).Low);
    }

    [Fact]
    public void Difference_WhereLowerIsBetter_TurnsTheSign()
    {
        var losses = Compare.Plans([Listed("before", Before), Listed("after", After)], [1, 2, 3, 4, 5], "loss", higherIsBetter: false);
        Assert.Equal(-0.0118, losses.Difference("after", "before").Gain.Mean, 6);
        Assert.False(losses.Difference("after", "before").IsBetter);
    }

    [Fact]
    public void Difference_OfNoise_IsSaidToBeNoise()
    {
        var comparison = Of(Listed("a", [0.90, 0.92, 0.91, 0.93, 0.90]), Listed("b", [0.91, 0.90, 0.93, 0.91, 0.92]));
        Assert.True(comparison.Difference("b", "a").WithinNoise);
        Assert.Contains("within noise", comparison.ToString());
    }

    [Fact]
    public void Differences_OfManyPlans_AreCorrectedForTheirNumber()
    {
        var random = new Random(1);
        var noise = Enumerable.Range(0, 60).Select(k => Listed($"plan {k}", [.. Enumerable.Range(0, 5).Select(_ => random.NextDouble())])).ToArray();
        var comparison = Of(noise);
        Assert.Contains(comparison.Names.Skip(1), name => !comparison.Difference(name, "plan 0").WithinNoise);
        Assert.All(comparison.Differences(), d => Assert.True(d.WithinNoise, d.ToString()));
    }

    [Fact]
    public void Plans_OfUnequalTuning_AreRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => Of(Listed("constant", Before), Listed("schedule", After, tried: 9)));
        Assert.Contains("constant: 1, schedule: 9", error.Message);
    }

    [Fact]
    public void Tuned_TakesTheBestSettingByItsChoosingValue()
    {
        var plan = Plan.Tuned("rate", [0.1, 0.3, 1.0], choose: rate => rate > 0.5 ? double.NaN : Math.Abs(rate - 0.28), measure: (rate, seed) => rate + seed, higherIsBetter: false);
        Assert.Equal((3, "0.3", 2.3), (plan.Tried, plan.Setting, plan.Measure(2)));
    }

    [Fact]
    public void Plans_WithTooFewSeedsOrNaN_SayWhatIsWrong()
    {
        Assert.Contains("three different seeds", Assert.Throws<ArgumentException>(() => Compare.Plans([Listed("a", Before), Listed("b", After)], [1, 1, 2], "accuracy")).Message);
        Assert.Contains("'b' gave NaN with seed 1", Assert.Throws<ArgumentException>(() => Of(Listed("a", Before), new("b", _ => double.NaN))).Message);
    }

    [Fact]
    public void Figure_ShowsEveryRunAndTheIntervals()
    {
        var figure = Of(Listed("before", Before), Listed("after", After)).ToFigure("After is better", "Two groups of five points.");
        Assert.Contains("10 points", figure.ToString());
        Assert.Contains("mean and 95 % interval: 0.9032 [", figure.ToString());
        Assert.Contains("before</text>", figure.ToSvg());
    }

    [Fact]
    public void Classifiers_AreComparedByTheirDisagreements()
    {
        // 100 examples, 5 only the first gets right, 15 only the second: p = 2·P(X ≤ 5 | n = 20) = 2·21700/2²⁰.
        bool[] first = [.. Enumerable.Range(0, 100).Select(i => i >= 15)];
        bool[] second = [.. Enumerable.Range(0, 100).Select(i => i is < 15 or >= 20)];
        var test = Compare.Classifiers(first, second);
        Assert.Equal((15, 5), (test.OnlySecond, test.OnlyFirst));
        Assert.Equal(2 * 21700 / Math.Pow(2, 20), test.P, 9);
        Assert.Equal(0.10, test.Difference, 12);
        Assert.False(test.WithinNoise);
    }

    [Fact]
    public void Classifiers_ThatNeverDisagree_AreEqual()
    {
        var test = Compare.Classifiers([true, false], [true, false]);
        Assert.Equal((1.0, true), (test.P, test.WithinNoise));
    }
}
