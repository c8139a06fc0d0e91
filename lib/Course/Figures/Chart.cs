namespace Course;

/// <summary>A figure with an x and a y axis. More can be drawn on it: each method adds a layer and returns the chart.</summary>
public sealed class Chart : Figure
{
    private readonly List<Layer> _layers = [];
    private readonly string _x, _y;
    private readonly Scale _xScale, _yScale;
    private int _styles, _rules;
    private double? _xLow, _xHigh, _yLow, _yHigh;
    private double _plotHeight = 270;

    internal Chart(string title, string x, string y, string alt, Scale xScale = Scale.Linear, Scale yScale = Scale.Linear)
        : base(title, alt)
    {
        if (string.IsNullOrWhiteSpace(x) || string.IsNullOrWhiteSpace(y))
            throw new ArgumentException($"The figure '{title}' needs a label on both axes, with the unit where there is one.");
        (_x, _y, _xScale, _yScale) = (x, y, xScale, yScale);
    }

    /// <summary>Names under the bars instead of numbers.</summary>
    internal string[]? Categories { get; init; }

    /// <summary>Drawn to the edge of the axes, without padding.</summary>
    internal bool Tight { get; init; }

    internal bool FromZero { get; init; }

    internal ColourBar? Bar { get; init; }

    internal int NextStyle() => _styles++;

    /// <summary>Colours up to this one are taken.</summary>
    internal void SkipStyles(int count) => _styles = Math.Max(_styles, count);

    internal void Add(Layer layer)
    {
        Positive(layer, "x", _xScale, layer.X);
        Positive(layer, "y", _yScale, layer.Y);
        _layers.Add(layer);
    }

    private void Positive(Layer layer, string axis, Scale scale, IEnumerable<double> values)
    {
        if (scale != Scale.Log)
            return;
        foreach (double value in values)
            if (!(value > 0))
                throw new ArgumentException($"The figure '{Title}' has a logarithmic {axis} axis, which cannot show {Numbers.Text(value)}{(layer.Label == "" ? "" : $" of '{layer.Label}'")}: use positive values or Scale.Linear.");
    }

    /// <summary>Adds a line through points.</summary>
    public Chart Line(string label, double[] xs, double[] ys, bool markers = false)
    {
        Add(new LineLayer(new(label, xs, ys), markers) { Label = label, Style = NextStyle() });
        return this;
    }

    /// <summary>Adds a solid path with a marker at each point, as an optimiser draws it on a contour plot.</summary>
    public Chart Path(string label, double[] xs, double[] ys)
    {
        int style = NextStyle();
        Add(new LineLayer(new(label, xs, ys), true, Palette.Colour(style), "") { Label = label, Style = style });
        return this;
    }

    /// <summary>Adds separate points.</summary>
    public Chart Points(string label, double[] xs, double[] ys)
    {
        Add(new PointLayer(new(label, xs, ys), 4) { Label = label, Style = NextStyle() });
        return this;
    }

    /// <summary>Adds the area between two curves, in the colour of the line added before it.</summary>
    public Chart Band(string label, double[] xs, double[] low, double[] high)
    {
        Add(new BandLayer(new(label, xs, low), new(label, xs, high)) { Label = label, Style = Math.Max(_styles - 1, 0) });
        return this;
    }

    /// <summary>Adds a dashed horizontal line.</summary>
    /// <exception cref="ArgumentException"><paramref name="at"/> is infinite or no number.</exception>
    public Chart HorizontalLine(double at, string label = "") => Rule(at, label, vertical: false);

    /// <summary>Adds a dashed vertical line.</summary>
    /// <exception cref="ArgumentException"><paramref name="at"/> is infinite or no number.</exception>
    public Chart VerticalLine(double at, string label = "") => Rule(at, label, vertical: true);

    private Chart Rule(double at, string label, bool vertical)
    {
        if (!double.IsFinite(at))
            throw new ArgumentException($"The figure '{Title}' cannot draw a {(vertical ? "vertical" : "horizontal")} line{(label == "" ? "" : $" '{label}'")} at {Numbers.Text(at)}: leave it out where there is no such place.");
        Add(new RuleLayer(at, vertical) { Label = label, Style = _rules++ });
        return this;
    }

    /// <summary>Writes words at a point.</summary>
    public Chart Text(double x, double y, string text)
    {
        Add(new TextLayer(x, y, text));
        return this;
    }

    /// <summary>Fixes the range of the axes where the data's own range would mislead.</summary>
    public Chart Range(double? xLow = null, double? xHigh = null, double? yLow = null, double? yHigh = null)
    {
        if (xLow >= xHigh || yLow >= yHigh)
            throw new ArgumentException($"The figure '{Title}' was given an empty range: the low end must be below the high end.");
        (_xLow, _xHigh, _yLow, _yHigh) = (xLow ?? _xLow, xHigh ?? _xHigh, yLow ?? _yLow, yHigh ?? _yHigh);
        return this;
    }

    /// <summary>Height of the area inside the axes in pixels.</summary>
    public Chart Height(double pixels)
    {
        _plotHeight = pixels;
        return this;
    }

    private protected override IEnumerable<string> Summary() =>
        new[] { $"  x: {_x}; y: {_y}{(_yScale == Scale.Log ? " (logarithmic)" : "")}" }
            .Concat(_layers.Select(layer => layer.Summary).Where(line => line != ""));

    internal override Drawing Draw(double width)
    {
        if (_layers.Count == 0)
            throw new InvalidOperationException($"The figure '{Title}' has nothing to draw.");
        var xAxis = Axis.Around(_layers.SelectMany(layer => layer.X), _xScale, false, Tight ? 0 : 0.03).Between(_xLow, _xHigh);
        var yAxis = Axis.Around(_layers.SelectMany(layer => layer.Y), _yScale, FromZero, Tight ? 0 : 0.05).Between(_yLow, _yHigh);

        var svg = new Svg();
        double top = Heading(svg, width);
        var yTicks = yAxis.Ticks((int)(_plotHeight / 45));
        double left = 34 + yTicks.Max(tick => TextSize.Width(tick.Label, 12)) + 8;
        double right = width - (Bar is null ? 20 : 20 + Bar.Width);
        double bottom = top + _plotHeight;
        xAxis = xAxis.At(left, right);
        yAxis = yAxis.At(bottom, top);

        foreach (var (value, label) in yTicks)
        {
            svg.Line(left, yAxis.Pixel(value), right, yAxis.Pixel(value), Palette.Grid);
            svg.Text(left - 7, yAxis.Pixel(value) + 4, label, "end", 12);
        }
        double below = Categories is null ? NumbersBelow(svg, xAxis, top, bottom) : NamesBelow(svg, xAxis, bottom);

        // An inner svg clips what lies outside the axes, without needing an id.
        svg.Raw($"<svg x=\"{Svg.Number(left)}\" y=\"{Svg.Number(top)}\" width=\"{Svg.Number(right - left)}\" height=\"{Svg.Number(_plotHeight)}\" viewBox=\"{Svg.Number(left)} {Svg.Number(top)} {Svg.Number(right - left)} {Svg.Number(_plotHeight)}\">");
        foreach (var layer in _layers)
            layer.Draw(svg, xAxis, yAxis);
        svg.Raw("</svg>");
        svg.Line(left, bottom, right, bottom, Palette.Ink).Line(left, top, left, bottom, Palette.Ink);
        Bar?.Draw(svg, right + 16, top, _plotHeight);

        double middle = (top + bottom) / 2;
        svg.Text((left + right) / 2, below + 18, _x, "middle");
        svg.Text(0, 0, _y, "middle", 13, $"transform=\"translate(18 {Svg.Number(middle)}) rotate(-90)\"");
        return new(svg.ToString(), width, below + 30);
    }

    /// <summary>Title and legend; both stand above the axes, so that they never cover data.</summary>
    private double Heading(Svg svg, double width)
    {
        double y = 10;
        foreach (string line in TextSize.Wrap(Title, width - 28, 15 * TextSize.Bold))
            svg.Text(14, y += 16, line, "start", 15, "font-weight=\"600\"");
        var entries = _layers.Where(layer => layer.Label != "").ToList();
        if (entries.Count == 0)
            return y + 16;
        double x = 16;
        y += 22;
        foreach (var layer in entries)
        {
            double needed = 26 + 6 + TextSize.Width(layer.Label, 12.5) + 16;
            if (x > 16 && x + needed > width - 10)
                (x, y) = (16, y + 19);
            layer.Sample(svg, x, y - 4);
            svg.Text(x + 32, y, layer.Label, "start", 12.5);
            x += needed;
        }
        return y + 14;
    }

    private static double NumbersBelow(Svg svg, Axis axis, double top, double bottom)
    {
        double room = axis.Pixel(axis.High) - axis.Pixel(axis.Low);
        int about = (int)(room / 70);
        var ticks = axis.Ticks(about);
        while (about > 2 && ticks.Sum(tick => TextSize.Width(tick.Label, 12) + 12) > room)
            ticks = axis.Ticks(--about);
        foreach (var (value, label) in ticks)
        {
            svg.Line(axis.Pixel(value), top, axis.Pixel(value), bottom + 5, Palette.Grid);
            svg.Text(axis.Pixel(value), bottom + 18, label, "middle", 12);
        }
        return bottom + 22;
    }

    private double NamesBelow(Svg svg, Axis axis, double bottom)
    {
        double slot = axis.Pixel(1) - axis.Pixel(0);
        double widest = Categories!.Max(name => TextSize.Width(name, 12));
        bool slanted = widest > slot - 6;
        for (int i = 0; i < Categories!.Length; i++)
        {
            string at = $"{Svg.Number(axis.Pixel(i) + (slanted ? 4 : 0))} {Svg.Number(bottom + (slanted ? 14 : 18))}";
            svg.Text(0, 0, Categories[i], slanted ? "end" : "middle", 12, $"transform=\"translate({at}){(slanted ? " rotate(-32)" : "")}\"");
        }
        return bottom + (slanted ? 18 + widest * 0.53 : 22);
    }
}
