namespace Course.Tests.Experiments;

public sealed class McNemarTests
{
    /// <summary>
    /// A. Agresti, Categorical Data Analysis, 2nd edition 2002, section 10.1: of 1,600 Britons 944 approved of the Prime Minister
    /// in a first survey and 880 in a second; 150 only in the first, 86 only in the second. Standard error 0.0095, interval 0.04 ± 0.019.
    /// </summary>
    [Fact]
    public void Interval_OfAPublishedExample_IsThePublishedOne()
    {
        var interval = new McNemar(1600, OnlyFirst: 86, OnlySecond: 150).Interval;
        Assert.Equal(0.04, interval.Mean, 12);
        Assert.Equal(0.0095, (interval.High - interval.Low) / 2 / 1.96, 4);
        Assert.Equal((0.021, 0.059), (Math.Round(interval.Low, 3), Math.Round(interval.High, 3)));
    }

    [Theory]
    [InlineData(100, 5, 15)]
    [InlineData(1000, 40, 0)]
    [InlineData(20, 10, 10)]
    public void Interval_HasTheStandardErrorOfTheDifferencesOneByOne(int examples, int onlyFirst, int onlySecond)
    {
        double[] differences = [.. Enumerable.Repeat(-1.0, onlyFirst), .. Enumerable.Repeat(1.0, onlySecond), .. Enumerable.Repeat(0.0, examples - onlyFirst - onlySecond)];
        double mean = differences.Average();
        double error = Math.Sqrt(differences.Average(d => (d - mean) * (d - mean)) / examples);
        var interval = new McNemar(examples, onlyFirst, onlySecond).Interval;
        Assert.Equal(mean, interval.Mean, 12);
        Assert.Equal(mean - 1.96 * error, interval.Low, 12);
        Assert.Equal(mean + 1.96 * error, interval.High, 12);
    }

    /// <summary>Of many studies of two classifiers whose true difference is 0.1, about 95 in a hundred get an interval that holds it.</summary>
    [Fact]
    public void Interval_OfManyStudies_HoldsTheTruthAsOftenAsItSays()
    {
        var random = new Random(1);
        double covered = Enumerable.Range(0, 2000).Average(_ =>
        {
            double[] u = [.. Enumerable.Range(0, 300).Select(_ => random.NextDouble())];
            var interval = new McNemar(300, u.Count(v => v < 0.05), u.Count(v => v is >= 0.05 and < 0.2)).Interval;
            return interval.Low <= 0.1 && 0.1 <= interval.High ? 1.0 : 0;
        });
        Assert.InRange(covered, 0.935, 0.965);
    }

    [Fact]
    public void Interval_WithoutADisagreement_HasNoWidth()
    {
        Assert.Equal(new Interval(0, 0, 0), new McNemar(50, 0, 0).Interval);
    }
}
