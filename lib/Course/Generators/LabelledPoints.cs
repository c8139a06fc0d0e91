namespace Course;

/// <summary>Points with the number of the class that each belongs to, in random order.</summary>
/// <param name="Points">One array of coordinates for each point.</param>
/// <param name="Labels">Class numbers from 0.</param>
public sealed partial record LabelledPoints(IReadOnlyList<double[]> Points, IReadOnlyList<int> Labels)
{
    public int Count => Points.Count;

    public LabelledPoints this[Range range] => new([.. Points.Take(range)], [.. Labels.Take(range)]);

    /// <summary>The same points with every coordinate vector mapped by <paramref name="map"/>.</summary>
    public LabelledPoints Map(Func<double[], double[]> map) => this with { Points = [.. Points.Select(map)] };

    /// <summary>Three disjoint parts; what <paramref name="train"/> and <paramref name="validation"/> leave is the test part.</summary>
    /// <param name="train">Fraction of the points to train on.</param>
    /// <param name="validation">Fraction to choose settings with.</param>
    public (LabelledPoints Train, LabelledPoints Validation, LabelledPoints Test) Split(double train, double validation)
    {
        if (!(train > 0 && validation >= 0 && train + validation < 1))
            throw new ArgumentException($"Fractions {Numbers.Text(train)} and {Numbers.Text(validation)} leave nothing to train or to test on.");
        int a = (int)Math.Round(train * Count), b = a + (int)Math.Round(validation * Count);
        return (this[..a], this[a..b], this[b..]);
    }
}
