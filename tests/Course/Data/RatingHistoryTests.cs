namespace Course.Tests.Data;

public sealed class RatingHistoryTests
{
    private static readonly Movie[] Movies = [new(1, "A", "Drama"), new(2, "B", "Drama|War"), new(3, "C", "War")];
    private static readonly Rating[] Ratings = [new(1, 1, 5, 0), new(1, 2, 4, 1), new(2, 1, 3, 2), new(2, 2, 2, 3)];

    [Fact]
    public void Biases_AreDampedMeans()
    {
        var history = new RatingHistory(Ratings, Movies, damping: 1);
        Assert.Equal(3.5, history.Mean);
        // Film 1: (1.5 − 0.5) / (2 + 1); user 1: (5 − 3.5 − ⅓ + 4 − 3.5 + ⅓) / 3.
        Assert.Equal(1.0 / 3, history.FilmBias(1), 12);
        Assert.Equal(2.0 / 3, history.UserBias(1), 12);
        Assert.Equal(0, history.FilmBias(3));
        Assert.Equal(3.5 + 1.0 / 3 - 2.0 / 3, history.Bias(2, 1), 12);
    }

    [Fact]
    public void Features_WithoutARating_AreThoseOfAHistoryThatLacksIt()
    {
        // Without damping of the mean itself: the film's mean must be that of the other ratings.
        var history = new RatingHistory(Ratings, Movies, damping: 0);
        float[] features = history.Features(1, 1, without: Ratings[0]);
        Assert.Equal(-0.5f, features[0], 6);
        Assert.Equal(MathF.Log(2), features[3], 6);
        Assert.Equal([1f, 0f], features[^2..]);
        Assert.NotEqual(history.Features(1, 1)[0], features[0]);
        Assert.Equal(history.FeatureNames.Count, features.Length);
    }

    [Fact]
    public void History_OfAStranger_IsTheMeanAndTheFilm() =>
        Assert.Equal(3.5 + new RatingHistory(Ratings, Movies).FilmBias(1), new RatingHistory(Ratings, Movies).Bias(99, 1), 12);

    [Fact]
    public void History_OfNothing_OrOfAnUnknownFilm_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new RatingHistory([], Movies));
        Assert.Contains("Film 7", Assert.Throws<ArgumentException>(() => new RatingHistory([new(1, 7, 3, 0)], Movies)).Message, StringComparison.Ordinal);
    }
}
