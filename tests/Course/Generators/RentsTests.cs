namespace Course.Tests;

public sealed class RentsTests
{
    [Fact]
    public void Sample_SameSeed_GivesTheSameFlatsWhateverTheCount()
    {
        var few = Rents.Sample(10, 3);
        var many = Rents.Sample(200, 3);
        Assert.Equal(few.Rent, many.Rent[..10]);
        Assert.Equal(few.Area, many.Area[..10]);
        Assert.NotEqual(few.Rent, Rents.Sample(10, 4).Rent);
    }

    [Fact]
    public void Rent_FollowsTheStatedRuleUpToItsNoise()
    {
        var flats = Rents.Sample(4000, 1);
        double[] residuals = [.. Enumerable.Range(0, flats.Rent.Length).Select(i => flats.Rent[i] - Rents.TrueIntercept
            - Enumerable.Range(0, 4).Sum(j => Rents.TrueWeights[j] * flats.Features[i, j]))];
        Assert.InRange(residuals.Average(), -4, 4);
        Assert.InRange(Math.Sqrt(residuals.Average(e => e * e)), 57, 63);
    }

    [Fact]
    public void Rooms_AreCorrelatedWithArea()
    {
        var flats = Rents.Sample(1000, 1);
        double meanArea = flats.Area.Average(), meanRooms = flats.Rooms.Average();
        double together = flats.Area.Zip(flats.Rooms, (a, r) => (a - meanArea) * (r - meanRooms)).Average();
        double apart = Math.Sqrt(flats.Area.Average(a => (a - meanArea) * (a - meanArea)) * flats.Rooms.Average(r => (r - meanRooms) * (r - meanRooms)));
        Assert.InRange(together / apart, 0.8, 0.95);
    }
}
