namespace Course;

/// <summary>A named sequence of points.</summary>
public sealed class Series
{
    /// <param name="label">Name in the legend.</param>
    /// <param name="xs">Positions along x.</param>
    /// <param name="ys">Values, as many as positions.</param>
    /// <exception cref="ArgumentException">Nothing to draw, unequal lengths, or a value that is NaN or infinite.</exception>
    public Series(string label, double[] xs, double[] ys)
    {
        ArgumentNullException.ThrowIfNull(xs);
        ArgumentNullException.ThrowIfNull(ys);
        if (ys.Length == 0)
            throw new ArgumentException($"{Named(label)} is empty: there is nothing to draw.");
        if (xs.Length != ys.Length)
            throw new ArgumentException($"{Named(label)} has {xs.Length} x values but {ys.Length} y values.");
        Finite(label, "x", xs);
        Finite(label, "y", ys);
        (Label, X, Y) = (label, xs, ys);
    }

    /// <summary>Points at x = 0, 1, 2, …</summary>
    public Series(string label, double[] ys)
        : this(label, [.. Enumerable.Range(0, ys.Length).Select(i => (double)i)], ys)
    {
    }

    /// <inheritdoc cref="Series(string, double[])"/>
    public Series(string label, float[] ys)
        : this(label, [.. ys.Select(y => (double)y)])
    {
    }

    public string Label { get; }

    public double[] X { get; }

    public double[] Y { get; }

    private static void Finite(string label, string axis, double[] values)
    {
        int bad = Array.FindIndex(values, value => !double.IsFinite(value));
        if (bad >= 0)
            throw new ArgumentException($"{Named(label)} has {axis}[{bad}] = {Numbers.Text(values[bad])}, which cannot be drawn: cut the sequence before it, or find out why the computation left the real numbers.");
    }

    private static string Named(string label) => label == "" ? "The series" : $"The series '{label}'";
}
