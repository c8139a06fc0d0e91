using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Course;

/// <summary>
/// PNG (ISO/IEC 15948): grey, RGB, grey with alpha and RGBA at 8 and 16 bits, grey and palette at 1 to 8 bits;
/// 16 bits are cut to 8; interlaced images (Adam7) too. Every checksum is verified.
/// </summary>
public static class Png
{
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    internal static bool IsPng(ReadOnlySpan<byte> file) => file.Length >= 8 && file[..8].SequenceEqual(Signature);

    /// <exception cref="InvalidDataException">Damaged, truncated, too large, or not PNG.</exception>
    public static PixelImage Decode(ReadOnlySpan<byte> file, long maximumPixels = PixelImage.MaximumPixels)
    {
        if (!IsPng(file))
            throw new InvalidDataException("not a PNG file: the signature is wrong");
        Header? header = null;
        byte[]? palette = null, transparency = null;
        using var data = new MemoryStream();
        int at = 8;
        while (true)
        {
            var (type, body) = ReadChunk(file, ref at);
            if (header is null && type != "IHDR")
                throw new InvalidDataException($"damaged PNG: it begins with the chunk '{type}' instead of IHDR");
            switch (type)
            {
                case "IHDR":
                    if (header is not null)
                        throw new InvalidDataException("damaged PNG: two headers");
                    header = Header.Parse(body, maximumPixels);
                    break;
                case "PLTE":
                    if (body.Length is 0 or > 768 || body.Length % 3 != 0)
                        throw new InvalidDataException($"damaged PNG: a palette of {body.Length} bytes");
                    palette = body.ToArray();
                    break;
                case "tRNS":
                    transparency = body.ToArray();
                    break;
                case "IDAT":
                    data.Write(body);
                    break;
                case "IEND":
                    if (data.Length == 0)
                        throw new InvalidDataException("damaged PNG: no image data");
                    return Build(header!, data, palette, transparency);
                default:
                    // Bit 5 of the first letter set (lower case) means that a reader may skip the chunk.
                    if (char.IsAsciiLetterUpper(type[0]))
                        throw new InvalidDataException($"damaged PNG: unknown critical chunk '{type}'");
                    break;
            }
        }
    }

    /// <summary>Compresses an image; each row is filtered by the predictor that leaves the smallest residuals.</summary>
    public static byte[] Encode(PixelImage image)
    {
        var result = new MemoryStream();
        result.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], image.Height);
        header[8] = 8;
        header[9] = image.Layout switch { PixelLayout.Grey => 0, PixelLayout.Rgb => 2, PixelLayout.GreyAlpha => 4, _ => 6 };
        header[10..].Clear();
        WriteChunk(result, "IHDR", header);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            PngFilter.Apply(image, zlib);
        WriteChunk(result, "IDAT", packed.GetBuffer().AsSpan(0, (int)packed.Length));
        WriteChunk(result, "IEND", []);
        return result.ToArray();
    }

    /// <summary>Compresses an RGB image given by the colour at (column, row), row 0 on top.</summary>
    internal static byte[] Encode(int width, int height, Func<int, int, (byte R, byte G, byte B)> pixel)
    {
        byte[] pixels = new byte[width * height * 3];
        for (int i = 0; i < width * height; i++)
            (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]) = pixel(i % width, i / width);
        return Encode(new PixelImage(width, height, PixelLayout.Rgb, pixels));
    }

    private static (string Type, byte[] Body) ReadChunk(ReadOnlySpan<byte> file, ref int at)
    {
        if (file.Length - at < 12)
            throw new InvalidDataException("truncated PNG: the file ends before the chunk IEND");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
        if (length > file.Length - at - 12)
            throw new InvalidDataException("truncated PNG: a chunk is longer than the file");
        var checkedPart = file.Slice(at + 4, 4 + (int)length);
        string type = Encoding.Latin1.GetString(checkedPart[..4]);
        if (!type.All(char.IsAsciiLetter))
            throw new InvalidDataException("damaged PNG: a chunk has no proper name");
        uint crc = BinaryPrimitives.ReadUInt32BigEndian(file[(at + 8 + (int)length)..]);
        if (crc != Crc32.Of(checkedPart))
            throw new InvalidDataException($"damaged PNG: wrong checksum in the chunk {type}");
        at += 12 + (int)length;
        return (type, checkedPart[4..].ToArray());
    }

    private static void WriteChunk(Stream stream, string type, ReadOnlySpan<byte> body)
    {
        byte[] chunk = new byte[12 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, body.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        body.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + body.Length), Crc32.Of(chunk.AsSpan(4, 4 + body.Length)));
        stream.Write(chunk);
    }

    /// <summary>The seven pictures that an interlaced one consists of: first column and row, and the steps to the next ones.</summary>
    private static readonly (int X, int Y, int StepX, int StepY)[] Passes =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private static PixelImage Build(Header header, MemoryStream data, byte[]? palette, byte[]? transparency)
    {
        // The compressed size bounds the memory: deflate expands at most 1032 times.
        if ((header.Stride + 1L) * header.Height > data.Length * 1032L + 64)
            throw new InvalidDataException(FormattableString.Invariant($"damaged PNG: {data.Length:N0} compressed bytes cannot hold {header.Width} × {header.Height} pixels"));
        data.Position = 0;
        using var zlib = new ZLibStream(data, CompressionMode.Decompress);
        if (!header.IsInterlaced)
            return Build(header, Inflate(zlib, header), palette, transparency);
        PixelImage? whole = null;
        foreach (var (x0, y0, stepX, stepY) in Passes)
        {
            var part = header with { Width = (header.Width - x0 + stepX - 1) / stepX, Height = (header.Height - y0 + stepY - 1) / stepY };
            if (part.Width == 0 || part.Height == 0)
                continue;
            var image = Build(part, Inflate(zlib, part), palette, transparency);
            whole ??= new PixelImage(header.Width, header.Height, image.Layout, new byte[header.Width * header.Height * image.Channels]);
            for (int y = 0; y < part.Height; y++)
                for (int x = 0; x < part.Width; x++)
                    image.Pixels.AsSpan((y * part.Width + x) * image.Channels, image.Channels)
                        .CopyTo(whole.Pixels.AsSpan(((y0 + y * stepY) * header.Width + x0 + x * stepX) * image.Channels));
        }
        return whole!;
    }

    // Exactly the bytes that the header asks for are read, so a decompression bomb stays folded.
    private static byte[] Inflate(ZLibStream zlib, Header header)
    {
        int stride = header.Stride;
        byte[] rows = new byte[(stride + 1) * header.Height];
        int read = zlib.ReadAtLeast(rows, rows.Length, throwOnEndOfStream: false);
        if (read < rows.Length)
            throw new InvalidDataException(FormattableString.Invariant($"truncated PNG: pixels end after {read:N0} of {rows.Length:N0} bytes"));
        PngFilter.Undo(rows, stride, header.BytesPerPixel);
        return rows;
    }

    private static PixelImage Build(Header header, byte[] rows, byte[]? palette, byte[]? transparency)
    {
        if (header.ColourType == 3 && palette is null)
            throw new InvalidDataException("damaged PNG: palette image without a palette");
        var layout = header.ColourType switch
        {
            0 => transparency is null ? PixelLayout.Grey : PixelLayout.GreyAlpha,
            2 => transparency is null ? PixelLayout.Rgb : PixelLayout.Rgba,
            3 => transparency is null ? PixelLayout.Rgb : PixelLayout.Rgba,
            4 => PixelLayout.GreyAlpha,
            _ => PixelLayout.Rgba,
        };
        // Without a palette the chunk names one colour, two bytes a sample, that is transparent all over.
        if (header.ColourType is 0 or 2 && transparency is not null && transparency.Length != 2 * header.Samples)
            throw new InvalidDataException($"damaged PNG: a transparent colour of {transparency.Length} bytes, expected {2 * header.Samples}");
        byte[] pixels = new byte[header.Width * header.Height * (int)layout];
        var (stride, samples, depth) = (header.Stride, header.Width * header.Samples, header.Depth);
        for (int y = 0; y < header.Height; y++)
        {
            var row = rows.AsSpan(y * (stride + 1) + 1, stride);
            var target = pixels.AsSpan(y * header.Width * (int)layout, header.Width * (int)layout);
            // Where alpha comes behind the samples, a pixel of the picture is longer than one of the row.
            int added = transparency is not null && header.ColourType is 0 or 2 ? 1 : 0;
            for (int i = 0; i < samples; i++)
            {
                int value = depth switch
                {
                    8 => row[i],
                    16 => row[2 * i],
                    _ => (row[i * depth / 8] >> (8 - depth - i * depth % 8)) & ((1 << depth) - 1),
                };
                if (header.ColourType != 3)
                    target[i + added * (i / header.Samples)] = (byte)(depth < 8 ? value * 255 / ((1 << depth) - 1) : value);
                else
                {
                    if (value * 3 >= palette!.Length)
                        throw new InvalidDataException($"damaged PNG: colour {value} of a palette with {palette.Length / 3}");
                    palette.AsSpan(value * 3, 3).CopyTo(target[(i * (int)layout)..]);
                    if (transparency is not null)
                        target[i * 4 + 3] = value < transparency.Length ? transparency[value] : (byte)255;
                }
            }
            for (int x = 0; added > 0 && x < header.Width; x++)
                target[(x + 1) * (int)layout - 1] = header.IsColour(row, x, transparency) ? (byte)0 : (byte)255;
        }
        return new PixelImage(header.Width, header.Height, layout, pixels);
    }

    private sealed record Header(int Width, int Height, int Depth, int ColourType, bool IsInterlaced)
    {
        public int Samples => ColourType switch { 0 or 3 => 1, 2 => 3, 4 => 2, _ => 4 };

        public int Stride => (int)(((long)Width * Samples * Depth + 7) / 8);

        public int BytesPerPixel => Math.Max(1, Samples * Depth / 8);

        /// <summary>Whether a pixel of a row has a colour, compared as it is stored and not as it is shown.</summary>
        /// <param name="colour">Two bytes a sample.</param>
        public bool IsColour(ReadOnlySpan<byte> row, int x, ReadOnlySpan<byte> colour)
        {
            for (int i = 0; i < Samples; i++)
            {
                int at = x * Samples + i;
                int value = Depth switch
                {
                    8 => row[at],
                    16 => BinaryPrimitives.ReadUInt16BigEndian(row[(2 * at)..]),
                    _ => (row[at * Depth / 8] >> (8 - Depth - at * Depth % 8)) & ((1 << Depth) - 1),
                };
                if (value != BinaryPrimitives.ReadUInt16BigEndian(colour[(2 * i)..]))
                    return false;
            }
            return true;
        }

        public static Header Parse(ReadOnlySpan<byte> body, long maximumPixels)
        {
            if (body.Length != 13)
                throw new InvalidDataException($"damaged PNG: a header of {body.Length} bytes");
            var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(body), BinaryPrimitives.ReadUInt32BigEndian(body[4..]));
            if (width == 0 || height == 0)
                throw new InvalidDataException("damaged PNG: an image without pixels");
            PixelImage.CheckSize(width, height, maximumPixels);
            var (depth, type) = ((int)body[8], (int)body[9]);
            bool allowed = type switch { 0 => depth is 1 or 2 or 4 or 8 or 16, 3 => depth is 1 or 2 or 4 or 8, 2 or 4 or 6 => depth is 8 or 16, _ => false };
            if (!allowed || body[10] != 0 || body[11] != 0)
                throw new InvalidDataException($"damaged PNG: colour type {type} with {depth} bits");
            if (body[12] > 1)
                throw new InvalidDataException($"damaged PNG: interlacing {body[12]}");
            return new Header((int)width, (int)height, depth, type, body[12] == 1);
        }
    }
}
