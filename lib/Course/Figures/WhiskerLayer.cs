namespace Course;

/// <summary>Means with a whisker for their interval.</summary>
internal sealed class WhiskerLayer(double[] at, Interval[] intervals) : Layer
{
    public override IEnumerable<double> X => at.SelectMany(x => new[] { x - 0.6, x + 0.5 });

    public override IEnumerable<double> Y => intervals.SelectMany(i => new[] { i.Low, i.High });

    public override string Summary => $"  {Label}: {string.Join("; ", intervals.Select(i => i.ToString()))}";

    public override void Draw(Svg svg, Axis x, Axis y)
    {
        for (int i = 0; i < at.Length; i++)
            Whisker(svg, x.Pixel(at[i]), y.Pixel(intervals[i].Low), y.Pixel(intervals[i].Mean), y.Pixel(intervals[i].High));
    }

    public override void Sample(Svg svg, double x, double y) => Whisker(svg, x + 13, y + 8, y, y - 8);

    private static void Whisker(Svg svg, double x, double low, double mean, double high) =>
        svg.Line(x, low, x, high, Palette.Ink, 1.6).Line(x - 5, low, x + 5, low, Palette.Ink, 1.6).Line(x - 5, high, x + 5, high, Palette.Ink, 1.6)
            .Rectangle(x - 4, mean - 4, 8, 8, Palette.Colour(1));
}
