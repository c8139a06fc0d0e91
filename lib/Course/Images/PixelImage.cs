using Course.Base;

namespace Course;

/// <summary>How many colour values a pixel has, and what they are.</summary>
public enum PixelLayout
{
    Grey = 1,
    GreyAlpha = 2,
    Rgb = 3,
    Rgba = 4,
}

/// <summary>An image in memory: rows from the top, pixels from the left, 8 bits for each colour value.</summary>
public sealed class PixelImage
{
    /// <summary>Images with more pixels than this are refused before memory is taken for them.</summary>
    public const long MaximumPixels = 50_000_000;

    /// <param name="pixels">height × width × channels values.</param>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public PixelImage(int width, int height, PixelLayout layout, byte[] pixels)
    {
        if (width <= 0 || height <= 0 || (long)width * height > MaximumPixels || pixels.Length != width * height * (int)layout)
            throw new ArgumentException(FormattableString.Invariant($"{pixels.Length:N0} bytes do not make an image of {width} × {height} pixels with {(int)layout} channels."));
        (Width, Height, Layout, Pixels) = (width, height, layout, pixels);
    }

    public int Width { get; }

    public int Height { get; }

    public PixelLayout Layout { get; }

    public int Channels => (int)Layout;

    public byte[] Pixels { get; }

    /// <summary>Value of one channel of one pixel, 0 … 255.</summary>
    public byte this[int x, int y, int channel] => Pixels[(y * Width + x) * Channels + channel];

    /// <summary>Reads a PNG or JPEG file; the content decides, not the name.</summary>
    /// <exception cref="InvalidDataException">Neither, damaged, or of a kind that is not supported; names the file.</exception>
    public static PixelImage Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > 200_000_000)
                throw new InvalidDataException("the file is larger than 200 MB");
            return Decode(File.ReadAllBytes(path));
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }

    /// <inheritdoc cref="Read"/>
    /// <param name="file">The whole file.</param>
    /// <param name="maximumPixels">An image with more is refused by its header, before memory is taken for it.</param>
    public static PixelImage Decode(ReadOnlySpan<byte> file, long maximumPixels = MaximumPixels)
    {
        if (Png.IsPng(file))
            return Png.Decode(file, maximumPixels);
        if (file is [0xff, 0xd8, ..])
            return Jpeg.Decode(file, maximumPixels);
        throw new InvalidDataException(file.IsEmpty ? "the file is empty" : $"neither PNG nor JPEG: it begins with {Convert.ToHexStringLower(file[..Math.Min(4, file.Length)])}");
    }

    internal static void CheckSize(long width, long height, long maximumPixels)
    {
        if (width > maximumPixels || height > maximumPixels || width * height > maximumPixels)
            throw new InvalidDataException(FormattableString.Invariant($"the image has {width:N0} × {height:N0} pixels, more than the {maximumPixels:N0} that are read"));
    }

    /// <summary>Writes a PNG file.</summary>
    public void Save(string path) => AtomicFile.Write(path, stream => stream.Write(Png.Encode(this)));

    /// <summary>The same picture in another layout: colours to grey by luminance (ITU-R BT.601).</summary>
    /// <param name="ground">The grey that shows through where the picture is transparent, when the layout has no transparency.</param>
    public PixelImage To(PixelLayout layout, byte ground = 0)
    {
        if (layout == Layout)
            return this;
        byte[] result = new byte[Width * Height * (int)layout];
        var (from, to) = (Channels, (int)layout);
        for (int i = 0; i < Width * Height; i++)
        {
            var p = Pixels.AsSpan(i * from, from);
            byte alpha = from is 2 or 4 ? p[^1] : (byte)255;
            bool keep = to is 2 or 4;
            byte Shade(byte value) => keep ? value : (byte)((value * alpha + ground * (255 - alpha) + 127) / 255);
            var (r, g, b) = from >= 3 ? (Shade(p[0]), Shade(p[1]), Shade(p[2])) : (Shade(p[0]), Shade(p[0]), Shade(p[0]));
            var q = result.AsSpan(i * to, to);
            if (to >= 3)
                (q[0], q[1], q[2]) = (r, g, b);
            else
                q[0] = from >= 3 ? (byte)((299 * r + 587 * g + 114 * b + 500) / 1000) : r;
            if (keep)
                q[^1] = alpha;
        }
        return new PixelImage(Width, Height, layout, result);
    }

    /// <summary>Another size: the mean of the covered pixels when shrinking, linear interpolation when growing.</summary>
    public PixelImage Resize(int width, int height)
    {
        if (width == Width && height == Height)
            return this;
        if (width <= 0 || height <= 0)
            throw new ArgumentOutOfRangeException(nameof(width), $"An image cannot be {width} × {height} pixels.");
        var (columns, rows) = (Weights(Width, width), Weights(Height, height));
        float[] wide = new float[Height * width * Channels];
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < width; x++)
                foreach (var (source, weight) in columns[x])
                    for (int c = 0; c < Channels; c++)
                        wide[(y * width + x) * Channels + c] += weight * Pixels[(y * Width + source) * Channels + c];
        byte[] result = new byte[height * width * Channels];
        float[] sums = new float[width * Channels];
        for (int y = 0; y < height; y++)
        {
            Array.Clear(sums);
            foreach (var (source, weight) in rows[y])
                for (int i = 0; i < sums.Length; i++)
                    sums[i] += weight * wide[source * sums.Length + i];
            for (int i = 0; i < sums.Length; i++)
                result[y * sums.Length + i] = (byte)Math.Clamp(sums[i] + 0.5f, 0, 255);
        }
        return new PixelImage(width, height, Layout, result);
    }

    // Which source pixels make a target pixel: a triangle as wide as the larger of the two pixel sizes.
    private static (int Source, float Weight)[][] Weights(int from, int to)
    {
        double scale = (double)from / to;
        double reach = Math.Max(1, scale);
        return [.. Enumerable.Range(0, to).Select(i =>
        {
            double centre = (i + 0.5) * scale - 0.5;
            var sources = Enumerable.Range((int)Math.Floor(centre - reach), (int)(2 * reach) + 3)
                .Select(s => (Source: Math.Clamp(s, 0, from - 1), Weight: Math.Max(0, 1 - Math.Abs(s - centre) / reach)))
                .Where(s => s.Weight > 0).ToArray();
            double total = sources.Sum(s => s.Weight);
            return sources.Select(s => (s.Source, (float)(s.Weight / total))).ToArray();
        })];
    }
}
