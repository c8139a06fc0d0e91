namespace Course.Tests.Data;

public sealed class SyntheticRatingsTests
{
    private static readonly SyntheticRatings Audience = SyntheticRatings.Generate(120, 400);

    [Fact]
    public void Generate_Twice_IsTheSameAndSaysThatItIsGenerated()
    {
        Assert.Equal(Audience.Ratings.Ratings, SyntheticRatings.Generate(120, 400).Ratings.Ratings);
        Assert.False(Audience.Ratings.IsCanonical);
        Assert.StartsWith("Ratings of a generated audience", Audience.Ratings.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_FollowsItsDescription()
    {
        var ratings = Audience.Ratings.Ratings;
        Assert.All(ratings, r => Assert.True(r.Stars is >= 0.5 and <= 5 && r.Stars * 2 == Math.Round(r.Stars * 2)));
        Assert.Equal(ratings.Count, ratings.Select(r => (r.UserId, r.MovieId)).Distinct().Count());
        Assert.Equal(ratings.OrderBy(r => r.Timestamp), ratings);
        // Noise 0.75 and rounding: what is left when the truth is taken off.
        double rest = Math.Sqrt(ratings.Average(r => Math.Pow(r.Stars - Audience.Expected(r.UserId, r.MovieId), 2)));
        Assert.InRange(rest, 0.68, 0.80);
        // A film in the first tenth has more ratings than one in the last half.
        var counts = ratings.CountBy(r => r.MovieId).ToDictionary(c => c.Key, c => c.Value);
        Assert.True(Enumerable.Range(1, 40).Average(i => counts.GetValueOrDefault(i)) > 3 * Enumerable.Range(201, 200).Average(i => counts.GetValueOrDefault(i)));
    }

    [Fact]
    public void Generate_TooSmall_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticRatings.Generate(users: 5));
}
