using System.Buffers.Binary;

namespace Course;

/// <summary>How a camera was held when it took a picture (EXIF 2.3, tag 0x0112), and the picture turned upright.</summary>
internal static class JpegOrientation
{
    private const int Tag = 0x0112;

    /// <summary>1 to 8 from an EXIF segment (APP1); null where it says nothing that can be read.</summary>
    public static int? Of(ReadOnlySpan<byte> segment)
    {
        if (segment.Length < 14 || !segment[..6].SequenceEqual("Exif\0\0"u8))
            return null;
        var tiff = segment[6..];
        bool little = tiff[0] == (byte)'I';
        int directory = Int(tiff[4..]);
        if (directory < 8 || directory > tiff.Length - 2)
            return null;
        var entries = tiff[directory..];
        int count = Short(entries);
        for (int i = 0; i < count && entries.Length >= 2 + 12 * (i + 1); i++)
        {
            var entry = entries.Slice(2 + 12 * i, 12);
            if (Short(entry) == Tag)
                return Short(entry[8..]) is >= 1 and <= 8 and var found ? found : null;
        }
        return null;

        int Short(ReadOnlySpan<byte> at) => little ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);

        long Wide(ReadOnlySpan<byte> at) => little ? BinaryPrimitives.ReadUInt32LittleEndian(at) : BinaryPrimitives.ReadUInt32BigEndian(at);

        int Int(ReadOnlySpan<byte> at) => (int)Math.Min(Wide(at), int.MaxValue);
    }

    /// <summary>The picture as the photographer saw it.</summary>
    public static PixelImage Upright(PixelImage image, int orientation)
    {
        if (orientation == 1)
            return image;
        var (w, h, size) = (image.Width, image.Height, (int)image.Layout);
        // From 5 on rows and columns change places.
        var (width, height) = orientation >= 5 ? (h, w) : (w, h);
        byte[] pixels = new byte[image.Pixels.Length];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                var (column, row) = orientation switch
                {
                    2 => (w - 1 - x, y),
                    3 => (w - 1 - x, h - 1 - y),
                    4 => (x, h - 1 - y),
                    5 => (y, x),
                    6 => (y, h - 1 - x),
                    7 => (w - 1 - y, h - 1 - x),
                    _ => (w - 1 - y, x),
                };
                image.Pixels.AsSpan((row * w + column) * size, size).CopyTo(pixels.AsSpan((y * width + x) * size));
            }
        return new PixelImage(width, height, image.Layout, pixels);
    }
}
