using StbImageSharp;

namespace Course;

/// <summary>
/// Progressive JPEG (T.81, annex G), whose pixels StbImageSharp decodes. It forgives what we refuse, and works in memory that it has
/// not cleared: so a file gets there only when its size is allowed, it is whole, and its scans give every component from the start.
/// </summary>
internal static class ProgressiveJpeg
{
    /// <summary>Encoders write about ten; each costs a walk over the whole picture, however short it is.</summary>
    private const int MostScans = 100;

    /// <summary>The decoder stops at a marker that it does not know, and gives what it has: memory that nobody wrote.</summary>
    /// <exception cref="InvalidDataException">It is such a marker.</exception>
    public static void CheckMarker(int marker)
    {
        if (!(marker is 0xc0 or 0xc1 or 0xc2 or 0xc4 or 0xda or 0xdb or 0xdd or 0xfe or >= 0xe0 and <= 0xef))
            throw new InvalidDataException($"damaged JPEG: unexpected marker {marker:x2}");
    }

    /// <summary>Passes a scan, once its header is known to be one that can follow those before it.</summary>
    /// <returns>How many bytes of <paramref name="data"/> it took.</returns>
    /// <exception cref="InvalidDataException">The scan is damaged, truncated or one too many.</exception>
    public static int SkipScan(ReadOnlySpan<byte> header, ReadOnlySpan<byte> data, JpegFrame frame)
    {
        if (header.IsEmpty || header[0] is 0 or > 4 || header.Length != 4 + 2 * header[0])
            throw new InvalidDataException("damaged JPEG: scan header");
        if (++frame.Scans > MostScans)
            throw new InvalidDataException($"damaged JPEG: more than {MostScans} scans");
        var (start, refines) = (header[^3], header[^1] >> 4 != 0);
        for (int i = 0; i < header[0]; i++)
        {
            byte id = header[1 + 2 * i];
            var component = frame.Components.FirstOrDefault(c => c.Id == id) ?? throw new InvalidDataException($"damaged JPEG: scan of unknown component {id}");
            if (start == 0 && !refines)
                component.Seen = true;
            else if (!component.Seen)
                throw new InvalidDataException($"damaged JPEG: component {id} is refined before it is there");
        }
        for (int at = 0; at + 1 < data.Length; at++)
            if (data[at] == 0xff && data[at + 1] is not (0 or 0xff))
                return at;
        throw Jpeg.Truncated();
    }

    /// <exception cref="InvalidDataException">The pixels are damaged.</exception>
    public static PixelImage Decode(ReadOnlySpan<byte> file, JpegFrame frame)
    {
        ImageResult image;
        try
        {
            image = ImageResult.FromMemory(file.ToArray());
        }
        catch (Exception e) when (e is InvalidOperationException or IndexOutOfRangeException or IOException)
        {
            throw new InvalidDataException($"damaged JPEG: {e.Message}", e);
        }
        if ((image.Width, image.Height, (int)image.Comp) != (frame.Width, frame.Height, frame.Components.Length))
            throw new InvalidDataException($"damaged JPEG: its pixels are {image.Width} × {image.Height}, its header says {frame.Width} × {frame.Height}");
        return new PixelImage(image.Width, image.Height, frame.Components.Length == 1 ? PixelLayout.Grey : PixelLayout.Rgb, image.Data);
    }
}
