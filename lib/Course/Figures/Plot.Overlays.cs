namespace Course;

public static partial class Plot
{
    /// <summary>One picture, and beside it the same picture once under each map: the larger the map's value, the stronger the orange tint.</summary>
    /// <param name="picture">Grey values, row 0 on top.</param>
    /// <param name="maps">Of the picture's size; values below zero count as zero, each map is scaled by its own largest value.</param>
    /// <param name="title">The finding.</param>
    /// <param name="alt">The picture in words.</param>
    /// <param name="captions">A line under each map.</param>
    public static Figure Overlays(double[,] picture, IEnumerable<double[,]> maps, string title, string alt, string[] captions)
    {
        int height = picture.GetLength(0), width = picture.GetLength(1);
        var (low, high) = (picture.Cast<double>().Min(), picture.Cast<double>().Max());
        var rasters = new List<Raster> { Raster.Of(picture, low, high, ColourMap.Grey) };
        foreach (double[,] map in maps)
        {
            if (map.GetLength(0) != height || map.GetLength(1) != width)
                throw new ArgumentException($"A map of the figure '{title}' is {map.GetLength(0)} × {map.GetLength(1)}; the picture is {height} × {width}.", nameof(maps));
            double top = Math.Max(map.Cast<double>().Max(), 1e-12);
            rasters.Add(new(width, height, Png.Encode(width, height, (column, row) => Tinted(picture[row, column], map[row, column] / top))));
        }
        return new ImageGrid(rasters, title, alt, ["input", .. captions], rasters.Count);

        (byte R, byte G, byte B) Tinted(double grey, double strength)
        {
            double ground = high > low ? (grey - low) / (high - low) * 255 : 0, share = 0.85 * Math.Clamp(strength, 0, 1);
            byte Mix(int tint) => (byte)Math.Round(ground + (tint - ground) * share);
            return (Mix(230), Mix(120), Mix(0));
        }
    }
}
