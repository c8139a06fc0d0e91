namespace Course.Tests.Search;

public class GaussianProcessTests
{
    private static readonly GaussianProcess Belief = new([[0.2], [0.6]], [1, 3]);

    [Fact]
    public void Predict_WhereItWasLooked_IsWhatWasFoundAndNearlyCertain()
    {
        var (mean, deviation) = Belief.Predict([0.6]);
        Assert.Equal(3, mean, 0.05);
        Assert.InRange(deviation, 0, 0.1);
    }

    [Fact]
    public void Predict_FarFromEveryPoint_IsTheMeanOfAllAndAsUncertainAsTheyDiffer()
    {
        var (mean, deviation) = Belief.Predict([5]);
        Assert.Equal(2, mean, 1e-6);
        Assert.Equal(1, deviation, 1e-3);
    }

    [Fact]
    public void ExpectedImprovement_OfCertainAndOfUnknownPoints_GrowsWithMeanAndUncertainty()
    {
        Assert.InRange(Belief.ExpectedImprovement([0.2], best: 3), 0, 1e-3);
        // mean 2, deviation 1, so z = −1: −Φ(−1) + φ(−1) = −0.15866 + 0.24197
        Assert.Equal(0.08332, Belief.ExpectedImprovement([5], best: 3), 1e-3);
    }

    [Fact]
    public void Belief_OfNothing_IsRefused() =>
        Assert.Contains("1 points and 0 values", Assert.Throws<ArgumentException>(() => new GaussianProcess([[0.5]], [])).Message);
}
