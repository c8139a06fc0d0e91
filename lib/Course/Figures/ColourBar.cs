namespace Course;

/// <summary>The scale beside a field of colours.</summary>
internal sealed class ColourBar(double low, double high, ColourMap map, string label, Scale scale = Scale.Linear)
{
    private const int Steps = 64;

    private readonly Axis _axis = new(low, high, scale);

    /// <summary>Room it takes to the right of the axes.</summary>
    public double Width => 16 + 16 + 6 + _axis.Ticks(5).Max(tick => TextSize.Width(tick.Label, 12)) + (label == "" ? 0 : 22);

    public void Draw(Svg svg, double x, double top, double height)
    {
        byte[] png = Png.Encode(1, Steps, (_, row) => Palette.Map(map, 1 - row / (Steps - 1.0)));
        svg.Image(x, top, 16, height, png, smooth: true);
        svg.Rectangle(x, top, 16, height, "none", $"stroke=\"{Palette.Faint}\" stroke-width=\"0.7\"");
        var axis = _axis.At(top + height, top);
        var ticks = axis.Ticks(5);
        foreach (var (value, text) in ticks)
            svg.Text(x + 21, axis.Pixel(value) + 4, text, "start", 12);
        if (label != "")
        {
            double right = x + 16 + 6 + ticks.Max(tick => TextSize.Width(tick.Label, 12)) + 16;
            svg.Text(0, 0, label, "middle", 12, $"transform=\"translate({Svg.Number(right)} {Svg.Number(top + height / 2)}) rotate(-90)\"");
        }
    }
}
