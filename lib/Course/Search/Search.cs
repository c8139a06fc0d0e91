namespace Course;

/// <summary>
/// Four ways to spend a budget of evaluations on settings in the unit cube [0, 1]^d. The objective is maximised;
/// map a coordinate to the scale of its setting inside the objective, for example a learning rate as 10^(-4 + 3u).
/// </summary>
public static class Search
{
    /// <summary>Random points among which Bayesian optimisation looks for the most promising one.</summary>
    private const int Candidates = 512;

    /// <summary>The centres of a regular grid with as many levels a side as the budget allows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No dimension, or no evaluation.</exception>
    public static SearchTrace Grid(Func<double[], double> objective, int dimensions, int budget)
    {
        Validate(dimensions, budget);
        int side = (int)Math.Floor(Math.Pow(budget, 1.0 / dimensions) + 1e-9);
        var points = Enumerable.Range(0, (int)Math.Pow(side, dimensions))
            .Select(n => Enumerable.Range(0, dimensions).Select(d => (n / (int)Math.Pow(side, d) % side + 0.5) / side).ToArray());
        return Evaluate("grid", objective, points);
    }

    /// <summary>Uniform points (Bergstra and Bengio 2012: every evaluation tries a new value of every setting).</summary>
    /// <inheritdoc cref="Grid" path="/exception"/>
    public static SearchTrace Random(Func<double[], double> objective, int dimensions, int budget, int seed)
    {
        Validate(dimensions, budget);
        var random = new Random(seed);
        return Evaluate("random", objective, Enumerable.Range(0, budget).Select(_ => Uniform(random, dimensions)));
    }

    /// <summary>
    /// A (1+1) evolution strategy: mutate the best point by Gaussian steps; the step grows after a success and shrinks
    /// after a failure so that about one in five succeeds (Rechenberg's rule).
    /// </summary>
    /// <inheritdoc cref="Grid" path="/exception"/>
    public static SearchTrace Evolution(Func<double[], double> objective, int dimensions, int budget, int seed, double step = 0.3)
    {
        Validate(dimensions, budget);
        var random = new Random(seed);
        double[] parent = Uniform(random, dimensions);
        List<double[]> points = [parent];
        List<double> values = [objective(parent)];
        double best = values[0];
        while (points.Count < budget)
        {
            double[] child = [.. parent.Select(u => Math.Clamp(u + step * Gaussian(random), 0, 1))];
            double value = objective(child);
            points.Add(child);
            values.Add(value);
            if (value >= best)
                (parent, best, step) = (child, value, step * 1.5);
            else
                step *= Math.Pow(1.5, -0.25);
        }
        return new SearchTrace("evolution", points, values);
    }

    /// <summary>
    /// Bayesian optimisation: a Gaussian process is fitted to what was seen, and the next point is the one of 512 random
    /// candidates with the largest expected improvement (Jones, Schonlau and Welch 1998). A third of the budget is random.
    /// </summary>
    /// <inheritdoc cref="Grid" path="/exception"/>
    public static SearchTrace Bayesian(Func<double[], double> objective, int dimensions, int budget, int seed)
    {
        Validate(dimensions, budget);
        var random = new Random(seed);
        var points = new List<double[]>();
        var values = new List<double>();
        while (points.Count < budget)
        {
            double[] next = points.Count < Math.Max(2, budget / 3)
                ? Uniform(random, dimensions)
                : MostPromising(new GaussianProcess(points, values), values.Max(), Enumerable.Range(0, Candidates).Select(_ => Uniform(random, dimensions)));
            points.Add(next);
            values.Add(objective(next));
        }
        return new SearchTrace("Bayesian", points, values);
    }

    private static double[] MostPromising(GaussianProcess process, double best, IEnumerable<double[]> candidates) =>
        candidates.MaxBy(c => process.ExpectedImprovement(c, best))!;

    private static SearchTrace Evaluate(string name, Func<double[], double> objective, IEnumerable<double[]> points)
    {
        double[][] tried = [.. points];
        return new SearchTrace(name, tried, [.. tried.Select(objective)]);
    }

    private static double[] Uniform(Random random, int dimensions) => [.. Enumerable.Range(0, dimensions).Select(_ => random.NextDouble())];

    // Box and Muller: two uniform numbers give one standard normal.
    private static double Gaussian(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static void Validate(int dimensions, int budget)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(budget, 1);
    }
}
