using System.Text;

namespace Course;

/// <summary>One thing drawn inside the axes of a chart.</summary>
internal abstract class Layer
{
    public string Label { get; init; } = "";

    /// <summary>Index into the palette's colours, dashes and marker shapes.</summary>
    public int Style { get; init; }

    /// <summary>Values that the axes must cover.</summary>
    public virtual IEnumerable<double> X => [];

    public virtual IEnumerable<double> Y => [];

    public abstract void Draw(Svg svg, Axis x, Axis y);

    /// <summary>A sample of the layer around (x, y), 26 pixels wide, for the legend.</summary>
    public abstract void Sample(Svg svg, double x, double y);

    /// <summary>The layer in words.</summary>
    public virtual string Summary => $"  {(Label == "" ? "values" : Label)}: {Range("x", X)}, {Range("y", Y)}";

    private protected static string Range(string name, IEnumerable<double> values)
    {
        var all = values as ICollection<double> ?? [.. values];
        return all.Count == 0 ? "" : $"{name} {Numbers.Text(all.Min())} to {Numbers.Text(all.Max())}";
    }
}

/// <summary>A line through points, told apart by colour and dash; optionally with markers.</summary>
internal sealed class LineLayer(Series series, bool markers, string? colour = null, string? dash = null) : Layer
{
    private const int Most = 1500;

    private string Colour => colour ?? Palette.Colour(Style);

    private string DashPattern => dash ?? Palette.Dash(Style);

    public override IEnumerable<double> X => series.X;

    public override IEnumerable<double> Y => series.Y;

    public override string Summary => $"  {(Label == "" ? "line" : Label)}: {series.Y.Length} points, {Range("x", X)}, y from {Numbers.Text(series.Y[0])} to {Numbers.Text(series.Y[^1])}";

    public override void Draw(Svg svg, Axis x, Axis y)
    {
        var path = new StringBuilder();
        foreach (int i in Visible())
            path.Append(path.Length == 0 ? 'M' : 'L').Append(Svg.Number(x.Pixel(series.X[i]))).Append(' ').Append(Svg.Number(y.Pixel(series.Y[i])));
        svg.Path(path.ToString(), Colour, 2, DashPattern);
        if (markers)
            for (int i = 0; i < series.X.Length; i++)
                svg.Marker(x.Pixel(series.X[i]), y.Pixel(series.Y[i]), 3.6, Style, Colour);
    }

    public override void Sample(Svg svg, double x, double y)
    {
        svg.Line(x, y, x + 26, y, Colour, 2, DashPattern);
        if (markers)
            svg.Marker(x + 13, y, 3.6, Style, Colour);
    }

    /// <summary>Long series keep the extremes of each stretch, so that no spike is lost.</summary>
    private IEnumerable<int> Visible()
    {
        int n = series.X.Length;
        if (n <= Most)
            return Enumerable.Range(0, n);
        int stretch = (int)Math.Ceiling(2.0 * n / Most);
        var kept = new SortedSet<int> { 0, n - 1 };
        for (int start = 0; start < n; start += stretch)
        {
            int low = start, high = start;
            for (int i = start; i < Math.Min(start + stretch, n); i++)
            {
                if (series.Y[i] < series.Y[low])
                    low = i;
                if (series.Y[i] > series.Y[high])
                    high = i;
            }
            kept.Add(low);
            kept.Add(high);
        }
        return kept;
    }
}

/// <summary>Separate points.</summary>
internal sealed class PointLayer(Series series, double radius) : Layer
{
    public override IEnumerable<double> X => series.X;

    public override IEnumerable<double> Y => series.Y;

    public override string Summary => $"  {(Label == "" ? "points" : Label)}: {series.Y.Length} points, {Range("x", X)}, {Range("y", Y)}";

    public override void Draw(Svg svg, Axis x, Axis y)
    {
        string extra = series.X.Length > 60 ? "fill-opacity=\"0.75\"" : "";
        for (int i = 0; i < series.X.Length; i++)
            svg.Marker(x.Pixel(series.X[i]), y.Pixel(series.Y[i]), radius, Style, Palette.Colour(Style), extra);
    }

    public override void Sample(Svg svg, double x, double y) => svg.Marker(x + 13, y, 4.5, Style, Palette.Colour(Style));
}

/// <summary>The area between a lower and an upper curve.</summary>
internal sealed class BandLayer(Series low, Series high) : Layer
{
    public override IEnumerable<double> X => low.X;

    public override IEnumerable<double> Y => low.Y.Concat(high.Y);

    public override void Draw(Svg svg, Axis x, Axis y)
    {
        var path = new StringBuilder();
        for (int i = 0; i < high.X.Length; i++)
            path.Append(i == 0 ? 'M' : 'L').Append(Svg.Number(x.Pixel(high.X[i]))).Append(' ').Append(Svg.Number(y.Pixel(high.Y[i])));
        for (int i = low.X.Length - 1; i >= 0; i--)
            path.Append('L').Append(Svg.Number(x.Pixel(low.X[i]))).Append(' ').Append(Svg.Number(y.Pixel(low.Y[i])));
        svg.Path(path.Append('z').ToString(), "none", 0, "", Palette.Colour(Style), "fill-opacity=\"0.22\"");
    }

    public override void Sample(Svg svg, double x, double y) =>
        svg.Rectangle(x, y - 6, 26, 12, Palette.Colour(Style), "fill-opacity=\"0.22\"");
}

/// <summary>A thin reference line across the whole chart.</summary>
internal sealed class RuleLayer(double at, bool vertical) : Layer
{
    private static readonly string[] Dashes = ["5 4", "2 3", "11 3 2 3"];

    private string Pattern => Dashes[Style % Dashes.Length];

    public override IEnumerable<double> X => vertical ? [at] : [];

    public override IEnumerable<double> Y => vertical ? [] : [at];

    public override string Summary => $"  {(Label == "" ? "reference line" : Label)}: at {(vertical ? "x" : "y")} = {Numbers.Text(at)}";

    public override void Draw(Svg svg, Axis x, Axis y)
    {
        // A pale rim keeps the line visible on bars.
        foreach (var (colour, width) in new[] { (Palette.Paper, 3.2), (Palette.Ink, 1.2) })
            if (vertical)
                svg.Line(x.Pixel(at), y.Pixel(y.Low), x.Pixel(at), y.Pixel(y.High), colour, width, Pattern);
            else
                svg.Line(x.Pixel(x.Low), y.Pixel(at), x.Pixel(x.High), y.Pixel(at), colour, width, Pattern);
    }

    public override void Sample(Svg svg, double x, double y) => svg.Line(x, y, x + 26, y, Palette.Ink, 1.2, Pattern);
}

/// <summary>Bars standing on zero at x = 0, 1, 2, … with an offset inside each category.</summary>
internal sealed class BarLayer(double[] positions, double[] values, double width, double[]? errors = null) : Layer
{
    public override IEnumerable<double> X => positions.SelectMany(p => new[] { p - width / 2, p + width / 2 });

    public override IEnumerable<double> Y => errors is null
        ? values.Append(0)
        : values.SelectMany((value, i) => new[] { value - errors[i], value + errors[i] }).Append(0);

    public override string Summary => $"  {(Label == "" ? "bars" : Label)}: {string.Join(", ", values.Take(12).Select(Numbers.Text))}{(values.Length > 12 ? ", …" : "")}";

    public override void Draw(Svg svg, Axis x, Axis y)
    {
        double zero = y.Pixel(Math.Clamp(0, y.Low, y.High));
        for (int i = 0; i < values.Length; i++)
        {
            double left = x.Pixel(positions[i] - width / 2), right = x.Pixel(positions[i] + width / 2), top = y.Pixel(values[i]);
            svg.Rectangle(left, Math.Min(top, zero), right - left, Math.Abs(zero - top), Palette.Colour(Style), $"stroke=\"{Palette.Paper}\" stroke-width=\"0.6\"");
            if (errors is null)
                continue;
            double middle = (left + right) / 2, low = y.Pixel(values[i] - errors[i]), high = y.Pixel(values[i] + errors[i]);
            svg.Line(middle, low, middle, high, Palette.Ink, 1.4).Line(middle - 4, low, middle + 4, low, Palette.Ink, 1.4).Line(middle - 4, high, middle + 4, high, Palette.Ink, 1.4);
        }
        if (y.Low < 0 && y.High > 0)
            svg.Line(x.Pixel(x.Low), zero, x.Pixel(x.High), zero, Palette.Ink);
    }

    public override void Sample(Svg svg, double x, double y) => svg.Rectangle(x + 4, y - 6, 18, 12, Palette.Colour(Style));
}

/// <summary>Words at a point of the chart.</summary>
internal sealed class TextLayer(double atX, double atY, string text) : Layer
{
    public override IEnumerable<double> X => [atX];

    public override IEnumerable<double> Y => [atY];

    public override string Summary => $"  note at ({Numbers.Text(atX)}, {Numbers.Text(atY)}): {text}";

    public override void Draw(Svg svg, Axis x, Axis y)
    {
        double px = x.Pixel(atX), width = TextSize.Width(text, 12);
        bool left = px + 6 + width > x.Pixel(x.High);
        svg.Text(left ? px - 6 : px + 6, y.Pixel(atY) - 6, text, left ? "end" : "start", 12,
            $"stroke=\"{Palette.Paper}\" stroke-width=\"3\" paint-order=\"stroke\"");
    }

    public override void Sample(Svg svg, double x, double y)
    {
    }
}

/// <summary>A raster behind everything else: a field of values, or regions of classes.</summary>
internal sealed class RasterLayer(byte[] png, double[] corners) : Layer
{
    public override IEnumerable<double> X => [corners[0], corners[1]];

    public override IEnumerable<double> Y => [corners[2], corners[3]];

    public override string Summary => "";

    public override void Draw(Svg svg, Axis x, Axis y)
    {
        double left = x.Pixel(corners[0]), right = x.Pixel(corners[1]), bottom = y.Pixel(corners[2]), top = y.Pixel(corners[3]);
        svg.Image(left, top, right - left, bottom - top, png);
    }

    public override void Sample(Svg svg, double x, double y)
    {
    }
}

/// <summary>The legend entry of a region colour.</summary>
internal sealed class RegionLayer : Layer
{
    public override string Summary => "";

    public override void Draw(Svg svg, Axis x, Axis y)
    {
    }

    public override void Sample(Svg svg, double x, double y) =>
        svg.Rectangle(x + 4, y - 6, 18, 12, Palette.Hex(Palette.Tint(Style, 0.3)), $"stroke=\"{Palette.Faint}\" stroke-width=\"0.5\"");
}

/// <summary>Lines of equal height, precomputed as segments (x1, y1, x2, y2).</summary>
/// <param name="segments">From (x1, y1) to (x2, y2).</param>
/// <param name="alone">A line that is the only one is what the figure is about: drawn strong.</param>
internal sealed class IsolineLayer(IReadOnlyList<(double, double, double, double)> segments, bool alone) : Layer
{
    public override string Summary => "";

    public override void Draw(Svg svg, Axis x, Axis y)
    {
        var path = new StringBuilder();
        foreach (var (x1, y1, x2, y2) in segments)
            path.Append('M').Append(Svg.Number(x.Pixel(x1))).Append(' ').Append(Svg.Number(y.Pixel(y1)))
                .Append('L').Append(Svg.Number(x.Pixel(x2))).Append(' ').Append(Svg.Number(y.Pixel(y2)));
        if (path.Length > 0)
            svg.Path(path.ToString(), Palette.Ink, alone ? 2.2 : 0.7, "", "none", alone ? "" : "stroke-opacity=\"0.55\"");
    }

    public override void Sample(Svg svg, double x, double y)
    {
    }
}
