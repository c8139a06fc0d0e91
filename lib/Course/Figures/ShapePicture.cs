namespace Course;

/// <summary>Tensors as grids beside one another, with signs between them: what an operation does to shapes.</summary>
internal sealed class ShapePicture : Figure
{
    private const double CellHeight = 24, SheetOffset = 14, Gap = 14, Line = 15;

    private readonly ShapeSketch[] _parts;

    internal ShapePicture(ShapeSketch[] parts, string title, string alt)
        : base(title, alt)
    {
        if (parts.All(part => part.IsSign))
            throw new ArgumentException($"The figure '{title}' has no shapes.", nameof(parts));
        _parts = parts;
    }

    private protected override IEnumerable<string> Summary() => _parts.Select(part => part.IsSign
        ? $"  {part.Name}"
        : $"  {part.Name}: {Caption(part)}{string.Concat(Axes(part).Select(axis => "; " + axis))}");

    private static string Caption(ShapeSketch part) => part.Shape.SequenceEqual(part.Drawn)
        ? $"{ShapeSketch.Text(part.Shape)} {part.Type}"
        : $"{ShapeSketch.Text(part.Shape)} as {ShapeSketch.Text(part.Drawn)}";

    /// <summary>A line for each axis: its number, the way it runs in the picture, what it counts.</summary>
    private static IEnumerable<string> Axes(ShapeSketch part) => part.Axes.Select((name, axis) =>
        $"axis {axis} {(part.Shape.Length - axis) switch { 1 => "→", 2 => "↓", _ => "↗" }} {name}");

    internal override Drawing Draw(double width)
    {
        var svg = new Svg();
        double y = 10;
        foreach (string line in TextSize.Wrap(Title, width - 28, 15 * TextSize.Bold))
            svg.Text(14, y += 16, line, "start", 15, "font-weight=\"600\"");
        y += 14;
        foreach (var row in Rows(width - 28))
        {
            // All grids of a row share their middle, where the signs stand.
            double tallest = row.Max(part => GridHeight(part)), x = 14;
            foreach (var part in row)
            {
                Draw(svg, part, x, y, tallest);
                x += Width(part) + Gap;
            }
            y += Line + tallest + row.Max(CaptionHeight) + Gap;
        }
        return new(svg.ToString(), width, y);
    }

    private List<List<ShapeSketch>> Rows(double room)
    {
        List<List<ShapeSketch>> rows = [[]];
        double used = 0;
        foreach (var part in _parts)
        {
            if (rows[^1].Count > 0 && used + Width(part) > room)
            {
                rows.Add([]);
                used = 0;
            }
            rows[^1].Add(part);
            used += Width(part) + Gap;
        }
        return rows;
    }

    private static void Draw(Svg svg, ShapeSketch part, double x, double top, double tallest)
    {
        double middle = top + Line + tallest / 2, width = Width(part);
        if (part.IsSign)
        {
            svg.Text(x + width / 2, middle + 6, part.Name, "middle", 17);
            return;
        }
        double grid = middle - GridHeight(part) / 2, below = top + Line + tallest + Line;
        svg.Text(x + width / 2, grid - 6, part.Name, "middle", 13, "font-weight=\"600\"");
        DrawSheets(svg, part, x + (width - GridWidth(part)) / 2, grid);
        svg.Text(x + width / 2, below, Caption(part), "middle", 12);
        foreach (string axis in Axes(part))
            svg.Text(x + width / 2, below += Line, axis, "middle", 12, $"fill=\"{Palette.Faint}\"");
    }

    /// <summary>The first sheet in front, the others behind it, upwards to the right; only the front shows its values.</summary>
    private static void DrawSheets(Svg svg, ShapeSketch part, double x, double y)
    {
        var (sheets, rows, columns) = Size(part);
        double cell = CellWidth(part);
        for (int sheet = sheets - 1; sheet >= 0; sheet--)
            for (int row = 0; row < rows; row++)
                for (int column = 0; column < columns; column++)
                {
                    int at = (sheet * rows + row) * columns + column;
                    DrawCell(svg, part, at, x + sheet * SheetOffset + column * cell, y + (sheets - 1 - sheet) * SheetOffset + row * CellHeight, sheet == 0);
                }
    }

    private static void DrawCell(Svg svg, ShapeSketch part, int at, double x, double y, bool front)
    {
        bool repeated = part.Repeated[at], marked = part.Marked.Length > 0 && part.Marked[at];
        string fill = marked ? Palette.Hex(Palette.Tint(4, 0.55)) : repeated ? Palette.Paper : Palette.Hex(Palette.Tint(5, 0.25));
        string border = repeated ? $"stroke=\"{Palette.Faint}\" stroke-width=\"0.8\" stroke-dasharray=\"3 3\"" : $"stroke=\"{Palette.Faint}\" stroke-width=\"1\"";
        svg.Rectangle(x, y, CellWidth(part), CellHeight, fill, border);
        if (front && part.Values.Length > 0)
            svg.Text(x + CellWidth(part) / 2, y + CellHeight / 2 + 4, part.Values[at], "middle", 12, repeated ? $"fill=\"{Palette.Faint}\"" : "");
    }

    private static (int Sheets, int Rows, int Columns) Size(ShapeSketch part)
    {
        int Length(int fromTheEnd) => part.Drawn.Length >= fromTheEnd ? (int)part.Drawn[^fromTheEnd] : 1;
        return (Length(3), Length(2), Length(1));
    }

    private static double CellWidth(ShapeSketch part) => part.Values.Length == 0
        ? Math.Clamp(240.0 / Size(part).Columns, 2, CellHeight)
        : Math.Max(CellHeight, part.Values.Max(value => TextSize.Width(value, 12)) + 8);

    private static double GridWidth(ShapeSketch part) => Size(part).Columns * CellWidth(part) + (Size(part).Sheets - 1) * SheetOffset;

    private static double GridHeight(ShapeSketch part) => part.IsSign ? 0 : Size(part).Rows * CellHeight + (Size(part).Sheets - 1) * SheetOffset;

    private static double Width(ShapeSketch part) => part.IsSign
        ? TextSize.Width(part.Name, 17)
        : Math.Max(Math.Max(GridWidth(part), TextSize.Width(part.Name) * TextSize.Bold), Axes(part).Append(Caption(part)).Max(line => TextSize.Width(line, 12)));

    private static double CaptionHeight(ShapeSketch part) => part.IsSign ? 0 : Line * (1 + part.Axes.Length) + 4;
}

public static partial class Plot
{
    /// <summary>Tensors drawn as grids of cells with signs between them: <c>Plot.Shapes([a.Sketch("a"), "+", b.Sketch("b")], …)</c>.</summary>
    /// <param name="parts">Sketches of tensors, and texts as signs.</param>
    /// <param name="title">The finding.</param>
    /// <param name="alt">The picture in words.</param>
    /// <exception cref="ArgumentException">No tensor among the parts.</exception>
    public static Figure Shapes(IEnumerable<ShapeSketch> parts, string title, string alt) => new ShapePicture([.. parts], title, alt);
}
