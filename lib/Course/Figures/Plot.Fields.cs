namespace Course;

public static partial class Plot
{
    private const int Grid = 121;

    /// <summary>Regions have hard borders, whose steps would show on the coarser grid.</summary>
    private const int FineGrid = 301;

    /// <summary>Lines of equal height of f over a rectangle, on a coloured field.</summary>
    /// <param name="f">Height at (x, y).</param>
    /// <param name="xRange">From, to.</param>
    /// <param name="yRange">From, to.</param>
    /// <param name="title">The finding.</param>
    /// <param name="x">Label of the x axis.</param>
    /// <param name="y">Label of the y axis.</param>
    /// <param name="alt">The picture in words.</param>
    /// <param name="value">Label of the colour scale.</param>
    /// <param name="levels">Number of contour lines.</param>
    /// <param name="valueScale">Log spaces the lines by equal factors: right for losses.</param>
    public static Chart Contour(Func<double, double, double> f, (double From, double To) xRange, (double From, double To) yRange,
        string title, string x, string y, string alt, string value = "", int levels = 12, Scale valueScale = Scale.Linear)
    {
        double[,] heights = new double[Grid, Grid];
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        for (int row = 0; row < Grid; row++)
            for (int column = 0; column < Grid; column++)
            {
                double height = f(At(xRange, column), At(yRange, row));
                if (!double.IsFinite(height) || (valueScale == Scale.Log && height <= 0))
                    throw new ArgumentException($"The figure '{title}' cannot show f({Numbers.Text(At(xRange, column))}, {Numbers.Text(At(yRange, row))}) = {Numbers.Text(height)}{(valueScale == Scale.Log ? " on a logarithmic scale" : "")}.", nameof(f));
                heights[row, column] = height;
                (low, high) = (Math.Min(low, height), Math.Max(high, height));
            }
        if (low == high)
            high = low + 1;
        var axis = new Axis(low, high, valueScale, 0, 1);
        var chart = new Chart(title, x, y, alt) { Tight = true, Bar = new(low, high, ColourMap.Pale, value, valueScale) };
        chart.SkipStyles(1); // blue would drown in the field
        byte[] png = Png.Encode(Grid, Grid, (column, row) => Palette.Map(ColourMap.Pale, axis.Pixel(heights[Grid - 1 - row, column])));
        chart.Add(new RasterLayer(png, [xRange.From, xRange.To, yRange.From, yRange.To]));
        for (int k = 1; k <= levels; k++)
            chart.Add(new IsolineLayer(Isolines(heights, axis.Value(k / (levels + 1.0)), xRange, yRange), levels == 1));
        return chart.Height(340);
    }

    /// <summary>The class that a model gives to each point of a rectangle, with data points on top if wanted.</summary>
    /// <param name="classify">Class 0, 1, … at (x, y).</param>
    /// <param name="xRange">From, to.</param>
    /// <param name="yRange">From, to.</param>
    /// <param name="title">The finding.</param>
    /// <param name="x">Label of the x axis.</param>
    /// <param name="y">Label of the y axis.</param>
    /// <param name="alt">The picture in words.</param>
    /// <param name="xs">Data points along x.</param>
    /// <param name="ys">Data points along y.</param>
    /// <param name="classes">True class of each data point.</param>
    /// <param name="labels">A name for each class.</param>
    public static Chart Regions(Func<double, double, int> classify, (double From, double To) xRange, (double From, double To) yRange,
        string title, string x, string y, string alt, double[]? xs = null, double[]? ys = null, int[]? classes = null, string[]? labels = null)
    {
        var chart = new Chart(title, x, y, alt) { Tight = true };
        byte[] png = Png.Encode(FineGrid, FineGrid, (column, row) => Palette.Tint(classify(At(xRange, column, FineGrid), At(yRange, FineGrid - 1 - row, FineGrid)), 0.3));
        chart.Add(new RasterLayer(png, [xRange.From, xRange.To, yRange.From, yRange.To]));
        if (xs is not null && ys is not null)
            AddPoints(chart, xs, ys, classes, labels);
        else
            for (int k = 0; k < (labels?.Length ?? 0); k++)
                chart.Add(new RegionLayer { Label = labels![k], Style = k });
        return chart.Height(340).Range(xRange.From, xRange.To, yRange.From, yRange.To);
    }

    private static double At((double From, double To) range, int index, int grid = Grid) => range.From + (range.To - range.From) * index / (grid - 1);

    /// <summary>Marching squares: in each cell the line crosses the edges whose ends lie on different sides of the level.</summary>
    private static List<(double, double, double, double)> Isolines(double[,] heights, double level, (double From, double To) xRange, (double From, double To) yRange)
    {
        var segments = new List<(double, double, double, double)>();
        var crossings = new List<(double X, double Y)>(4);
        for (int row = 0; row + 1 < Grid; row++)
            for (int column = 0; column + 1 < Grid; column++)
            {
                crossings.Clear();
                Cross(column, row, column + 1, row);
                Cross(column + 1, row, column + 1, row + 1);
                Cross(column + 1, row + 1, column, row + 1);
                Cross(column, row + 1, column, row);
                for (int i = 0; i + 1 < crossings.Count; i += 2)
                    segments.Add((crossings[i].X, crossings[i].Y, crossings[i + 1].X, crossings[i + 1].Y));
            }
        return segments;

        void Cross(int c1, int r1, int c2, int r2)
        {
            double a = heights[r1, c1], b = heights[r2, c2];
            if (a < level == b < level)
                return;
            double t = (level - a) / (b - a);
            crossings.Add((At(xRange, c1) + t * (At(xRange, c2) - At(xRange, c1)), At(yRange, r1) + t * (At(yRange, r2) - At(yRange, r1))));
        }
    }
}
