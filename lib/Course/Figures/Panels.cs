namespace Course;

/// <summary>Several figures as one picture.</summary>
internal sealed class Panels : Figure
{
    private const double PanelWidth = 440;

    private readonly Figure[] _figures;
    private readonly int _columns;

    internal Panels(Figure[] figures, int columns, string title, string alt)
        : base(title, alt)
    {
        if (figures.Length == 0)
            throw new ArgumentException($"The figure '{title}' has no panels.", nameof(figures));
        (_figures, _columns) = (figures, Math.Clamp(columns, 1, figures.Length));
    }

    private protected override double PreferredWidth => 28 + _columns * PanelWidth;

    private protected override IEnumerable<string> Summary() => _figures.Select(figure => "  " + figure.ToString().Replace("\n", "\n  "));

    internal override Drawing Draw(double width)
    {
        var svg = new Svg();
        double y = 12;
        foreach (string line in TextSize.Wrap(Title, width - 28, 17 * TextSize.Bold))
            svg.Text(14, y += 18, line, "start", 17, "font-weight=\"600\"");
        y += 8;
        double each = (width - 28) / _columns;
        foreach (var row in _figures.Chunk(_columns))
        {
            var drawings = row.Select(figure => figure.Draw(each)).ToArray();
            for (int i = 0; i < drawings.Length; i++)
                svg.Raw($"<g transform=\"translate({Svg.Number(14 + i * each)} {Svg.Number(y)})\">").Raw(drawings[i].Body).Raw("</g>");
            y += drawings.Max(drawing => drawing.Height) + 6;
        }
        return new(svg.ToString(), width, y + 4);
    }
}

public static partial class Plot
{
    /// <summary>Figures side by side under one title; <paramref name="alt"/> says what the comparison shows.</summary>
    public static Figure Panels(IEnumerable<Figure> figures, string title, string alt, int columns = 2) =>
        new Panels([.. figures], columns, title, alt);
}
