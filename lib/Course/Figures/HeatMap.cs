namespace Course;

/// <summary>A matrix as coloured cells, row 0 on top.</summary>
internal sealed class HeatMap : Figure
{
    private readonly double[,] _values;
    private readonly string _x, _y, _value;
    private readonly string[]? _rows, _columns;
    private readonly ColourMap _map;
    private readonly bool _numbers;
    private readonly double _low, _high;

    internal HeatMap(double[,] values, string title, string x, string y, string alt, string[]? rows, string[]? columns, ColourMap map, bool? numbers, string value)
        : base(title, alt)
    {
        int height = values.GetLength(0), width = values.GetLength(1);
        if (values.Length == 0)
            throw new ArgumentException($"The figure '{title}' has no cells.", nameof(values));
        if ((rows?.Length ?? height) != height || (columns?.Length ?? width) != width)
            throw new ArgumentException($"The figure '{title}' has {height} rows and {width} columns, but {rows?.Length ?? height} row names and {columns?.Length ?? width} column names.");
        (_low, _high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (double cell in values)
        {
            if (!double.IsFinite(cell))
                throw new ArgumentException($"The figure '{title}' has a cell with the value {Numbers.Text(cell)}, which has no colour.", nameof(values));
            (_low, _high) = (Math.Min(_low, cell), Math.Max(_high, cell));
        }
        if (map == ColourMap.Diverging)
            (_low, _high) = (-Math.Max(Math.Abs(_low), Math.Abs(_high)), Math.Max(Math.Abs(_low), Math.Abs(_high)));
        if (_low == _high)
            _high = _low + 1;
        (_values, _x, _y, _rows, _columns, _map, _value) = (values, x, y, rows, columns, map, value);
        _numbers = numbers ?? (width <= 12 && height <= 14);
    }

    private protected override IEnumerable<string> Summary()
    {
        yield return $"  {_values.GetLength(0)} rows ({_y}) × {_values.GetLength(1)} columns ({_x}), values {Numbers.Text(_low)} to {Numbers.Text(_high)}";
    }

    internal override Drawing Draw(double width)
    {
        int rows = _values.GetLength(0), columns = _values.GetLength(1);
        var svg = new Svg();
        double top = 10;
        foreach (string line in TextSize.Wrap(Title, width - 28, 15 * TextSize.Bold))
            svg.Text(14, top += 16, line, "start", 15, "font-weight=\"600\"");
        top += 14;
        var bar = new ColourBar(_low, _high, _map, _value);
        double names = _rows?.Max(name => TextSize.Width(name, 12)) ?? TextSize.Width($"{rows}", 12);
        double left = 34 + names + 8, room = width - left - 20 - bar.Width;
        double cellWidth = room / columns, cellHeight = Math.Clamp(Math.Min(cellWidth, 360.0 / rows), Math.Min(26, 520.0 / rows), 60);
        double height = cellHeight * rows, bottom = top + height;

        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
            {
                var colour = Palette.Map(_map, (_values[row, column] - _low) / (_high - _low));
                svg.Rectangle(left + column * cellWidth, top + row * cellHeight, cellWidth + 0.3, cellHeight + 0.3, Palette.Hex(colour));
                if (_numbers)
                    svg.Text(left + (column + 0.5) * cellWidth, top + (row + 0.5) * cellHeight + 4, Numbers.Text(_values[row, column]), "middle", 12, $"fill=\"{Palette.TextOn(colour)}\"");
            }
        double below = Names(svg, left, top, bottom, cellWidth, cellHeight);
        bar.Draw(svg, left + room + 16, top, height);
        svg.Text(left + room / 2, below + 18, _x, "middle");
        svg.Text(0, 0, _y, "middle", 13, $"transform=\"translate(18 {Svg.Number((top + bottom) / 2)}) rotate(-90)\"");
        return new(svg.ToString(), width, below + 30);
    }

    private double Names(Svg svg, double left, double top, double bottom, double cellWidth, double cellHeight)
    {
        int rows = _values.GetLength(0), columns = _values.GetLength(1);
        int everyRow = (int)Math.Ceiling(14 / cellHeight);
        for (int row = 0; row < rows; row += everyRow)
            svg.Text(left - 6, top + (row + 0.5) * cellHeight + 4, _rows?[row] ?? $"{row}", "end", 12);
        double widest = _columns?.Max(name => TextSize.Width(name, 12)) ?? TextSize.Width($"{columns}", 12);
        bool slanted = _columns is not null && widest > cellWidth - 4;
        int everyColumn = slanted ? (int)Math.Ceiling(14 / cellWidth) : (int)Math.Ceiling((widest + 4) / cellWidth);
        for (int column = 0; column < columns; column += everyColumn)
        {
            string at = $"{Svg.Number(left + (column + 0.5) * cellWidth + (slanted ? 4 : 0))} {Svg.Number(bottom + (slanted ? 13 : 16))}";
            svg.Text(0, 0, _columns?[column] ?? $"{column}", slanted ? "end" : "middle", 12, $"transform=\"translate({at}){(slanted ? " rotate(-32)" : "")}\"");
        }
        return bottom + (slanted ? 18 + widest * 0.53 : 20);
    }
}

public static partial class Plot
{
    /// <summary>A matrix as coloured cells, row 0 on top: confusion matrices, weights, correlations.</summary>
    /// <param name="values">Rows and columns.</param>
    /// <param name="title">The finding.</param>
    /// <param name="x">What the columns are.</param>
    /// <param name="y">What the rows are.</param>
    /// <param name="alt">The picture in words.</param>
    /// <param name="rows">Row names; 0, 1, … if left out.</param>
    /// <param name="columns">Column names; 0, 1, … if left out.</param>
    /// <param name="map">Diverging maps are symmetric around zero.</param>
    /// <param name="numbers">Write the values into the cells; by default when there are few.</param>
    /// <param name="value">Label of the colour scale, with unit.</param>
    public static Figure Heatmap(double[,] values, string title, string x, string y, string alt, string[]? rows = null, string[]? columns = null,
        ColourMap map = ColourMap.Blues, bool? numbers = null, string value = "") =>
        new HeatMap(values, title, x, y, alt, rows, columns, map, numbers, value);
}
