namespace Course.Tests.Search;

public class SearchTests
{
    // One smooth hill with its top at (0.7, 0.2).
    private static double Hill(double[] u) => -Math.Pow(u[0] - 0.7, 2) - Math.Pow(u[1] - 0.2, 2);

    [Fact]
    public void Grid_SpendsTheLargestSquareWithinTheBudget()
    {
        var trace = Course.Search.Grid(Hill, dimensions: 2, budget: 10);
        Assert.Equal(9, trace.Points.Count);
        Assert.Equal(9, trace.Points.Select(p => (p[0], p[1])).Distinct().Count());
    }

    [Fact]
    public void EveryMethod_StaysInTheUnitCubeAndWithinItsBudget()
    {
        foreach (var trace in All(budget: 20, seed: 1))
        {
            Assert.InRange(trace.Points.Count, 1, 20);
            Assert.All(trace.Points, p => Assert.All(p, u => Assert.InRange(u, 0, 1)));
            Assert.Equal(trace.Best, Hill(trace.BestPoint));
        }
    }

    [Fact]
    public void SameSeed_SameTrace() =>
        Assert.Equal(All(20, 3).Select(t => t.Best), All(20, 3).Select(t => t.Best));

    [Fact]
    public void Bayesian_OnASmoothHill_BeatsRandomOnAverage()
    {
        double bayesian = Enumerable.Range(0, 10).Average(s => Course.Search.Bayesian(Hill, 2, 20, s).Best);
        double random = Enumerable.Range(0, 10).Average(s => Course.Search.Random(Hill, 2, 20, s).Best);
        Assert.True(bayesian > random, $"Bayesian {bayesian:E2}, random {random:E2}");
        Assert.True(bayesian > -1e-3, $"Bayesian {bayesian:E2} from the top");
    }

    [Fact]
    public void BestSoFar_NeverFalls()
    {
        double[] best = Course.Search.Evolution(Hill, 2, 30, seed: 5).BestSoFar;
        Assert.Equal(best.Order(), best);
    }

    private static SearchTrace[] All(int budget, int seed) =>
    [
        Course.Search.Grid(Hill, 2, budget), Course.Search.Random(Hill, 2, budget, seed),
        Course.Search.Evolution(Hill, 2, budget, seed), Course.Search.Bayesian(Hill, 2, budget, seed),
    ];
}
