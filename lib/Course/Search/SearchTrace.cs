namespace Course;

/// <summary>What a search tried, in order.</summary>
/// <param name="Name">The name of the method.</param>
/// <param name="Points">The settings tried, each in the unit cube [0, 1]^d.</param>
/// <param name="Values">The value of each; larger is better.</param>
public sealed record SearchTrace(string Name, IReadOnlyList<double[]> Points, IReadOnlyList<double> Values)
{
    public double Best => Values.Max();

    public double[] BestPoint => Points[Values.ToList().IndexOf(Best)];

    /// <summary>The best value after each evaluation.</summary>
    public double[] BestSoFar
    {
        get
        {
            double best = double.NegativeInfinity;
            return [.. Values.Select(v => best = Math.Max(best, v))];
        }
    }
}
