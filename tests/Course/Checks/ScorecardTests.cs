namespace Course.Tests;

public sealed class ScorecardTests
{
    private static Scorecard Card() => new("digits", new("accurate", "accuracy", "fraction", 0.98, true), new("fast", "latency", "ms", 10, false));

    [Fact]
    public void New_HasNothingMeasuredAndHasNotLanded()
    {
        var card = Card();
        Assert.Equal((0, 0, false), (card.Measured, card.Met, card.HasLanded));
        Assert.Null(card.IsMet("fast"));
        Assert.Contains("not yet", card.ToString());
    }

    [Theory]
    [InlineData(0.98, 10, true)]
    [InlineData(0.979, 10, false)]
    [InlineData(0.99, 10.1, false)]
    public void Landed_OnlyWhenEveryThresholdIsMet(double accuracy, double latency, bool landed) =>
        Assert.Equal(landed, Card().Enter("accurate", accuracy, "4.3").Enter("fast", latency, "5.5").HasLanded);

    [Fact]
    public void Enter_UnknownQualityOrNaN_IsRefused()
    {
        Assert.Contains("it has: accurate, fast", Assert.Throws<ArgumentException>(() => Card().Enter("cheap", 1, "")).Message);
        Assert.Throws<ArgumentException>(() => Card().Enter("fast", double.NaN, ""));
        Assert.Throws<ArgumentException>(() => new Scorecard("none"));
    }

    [Fact]
    public void Landing_HasTheSixQualitiesOfTheThesis() =>
        Assert.Equal(["accurate", "generalises", "robust", "explainable", "fast enough", "safe to operate"],
            Scorecard.Landing("digits").Requirements.Select(r => r.Quality).ToArray());
}
