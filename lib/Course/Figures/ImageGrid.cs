namespace Course;

/// <summary>Small pictures in rows, each with a caption.</summary>
internal sealed class ImageGrid : Figure
{
    private readonly IReadOnlyList<Raster> _images;
    private readonly string[]? _captions;
    private readonly int _columns;

    internal ImageGrid(IReadOnlyList<Raster> images, string title, string alt, string[]? captions, int columns)
        : base(title, alt)
    {
        if (images.Count == 0)
            throw new ArgumentException($"The figure '{title}' has no images.", nameof(images));
        if (captions is not null && captions.Length != images.Count)
            throw new ArgumentException($"The figure '{title}' has {images.Count} images but {captions.Length} captions.", nameof(captions));
        if (columns < 1)
            throw new ArgumentOutOfRangeException(nameof(columns), columns, "A grid needs at least one column.");
        (_images, _captions, _columns) = (images, captions, Math.Min(columns, images.Count));
    }

    private protected override IEnumerable<string> Summary()
    {
        yield return $"  {_images.Count} images of {_images[0].Width} × {_images[0].Height} pixels{(_captions is null ? "" : ": " + string.Join(", ", _captions.Take(20)))}";
    }

    internal override Drawing Draw(double width)
    {
        var svg = new Svg();
        double y = 10;
        foreach (string line in TextSize.Wrap(Title, width - 28, 15 * TextSize.Bold))
            svg.Text(14, y += 16, line, "start", 15, "font-weight=\"600\"");
        y += 12;
        double slot = (width - 28) / _columns, side = Math.Min(slot - 8, 150);
        slot = Math.Min(slot, side + 40);
        var captions = _captions?.Select(caption => TextSize.Wrap(caption, slot - 6, 12)).ToArray();
        for (int first = 0; first < _images.Count; first += _columns)
        {
            int last = Math.Min(first + _columns, _images.Count), lines = 0;
            double tallest = 0;
            for (int i = first; i < last; i++)
            {
                var image = _images[i];
                double scale = side / Math.Max(image.Width, image.Height);
                double w = image.Width * scale, h = image.Height * scale, x = 14 + (i - first) * slot + (slot - w) / 2;
                svg.Image(x, y, w, h, image.Png);
                svg.Rectangle(x, y, w, h, "none", $"stroke=\"{Palette.Grid}\"");
                tallest = Math.Max(tallest, h);
            }
            for (int i = first; i < last && captions is not null; i++)
            {
                for (int k = 0; k < captions[i].Count; k++)
                    svg.Text(14 + (i - first + 0.5) * slot, y + tallest + 15 + 15 * k, captions[i][k], "middle", 12);
                lines = Math.Max(lines, captions[i].Count);
            }
            y += tallest + 15 * lines + 12;
        }
        return new(svg.ToString(), width, y + 4);
    }
}

/// <summary>A picture ready to be embedded.</summary>
internal sealed record Raster(int Width, int Height, byte[] Png)
{
    /// <param name="values">Grey values, row 0 on top.</param>
    /// <param name="low">Shown as the lowest colour.</param>
    /// <param name="high">Shown as the highest colour.</param>
    /// <param name="map">Colours.</param>
    public static Raster Of(double[,] values, double low, double high, ColourMap map)
    {
        int height = values.GetLength(0), width = values.GetLength(1);
        if (width == 0 || height == 0)
            throw new ArgumentException("An image has no pixels.", nameof(values));
        double range = high > low ? high - low : 1;
        return new(width, height, Course.Png.Encode(width, height, (column, row) => Palette.Map(map, (values[row, column] - low) / range)));
    }
}

public static partial class Plot
{
    /// <summary>Pictures side by side, each a matrix of grey values with row 0 on top.</summary>
    /// <param name="images">Rows and columns of pixels.</param>
    /// <param name="title">The finding.</param>
    /// <param name="alt">The picture in words.</param>
    /// <param name="captions">A line under each image.</param>
    /// <param name="columns">Images in a row.</param>
    /// <param name="range">Values shown as black and white; by default each image uses its own smallest and largest.</param>
    /// <param name="map">Colours; diverging ones are symmetric around zero.</param>
    public static Figure Images(IEnumerable<double[,]> images, string title, string alt, string[]? captions = null, int columns = 8,
        (double Low, double High)? range = null, ColourMap map = ColourMap.Grey)
    {
        var rasters = images.Select((image, i) =>
        {
            if (image.Cast<double>().Any(double.IsNaN))
                throw new ArgumentException($"Image {i} of the figure '{title}' has a pixel that is NaN.", nameof(images));
            var (low, high) = range ?? (image.Length == 0 ? (0, 1) : (image.Cast<double>().Min(), image.Cast<double>().Max()));
            if (range is null && map == ColourMap.Diverging)
                (low, high) = (-Math.Max(Math.Abs(low), Math.Abs(high)), Math.Max(Math.Abs(low), Math.Abs(high)));
            return Raster.Of(image, low, high, map);
        }).ToList();
        return new ImageGrid(rasters, title, alt, captions, columns);
    }
}
