using System.Buffers.Binary;

namespace Course;

/// <summary>One colour component: its samples, at its own resolution, and the tables of its scan.</summary>
internal sealed class JpegComponent(byte id, int horizontal, int vertical, int quantisationId)
{
    public byte Id => id;
    public int Horizontal => horizontal;
    public int Vertical => vertical;
    public int QuantisationId => quantisationId;
    public JpegHuffman? Dc, Ac;
    public int[]? Quantisation;
    public bool Seen;
    public int Predicted;

    /// <summary>Whole 8 × 8 blocks across and down, padded to full units of the frame.</summary>
    public int BlocksAcross, BlocksDown;
    public byte[] Samples = [];
}

/// <summary>The picture that a JPEG's header describes, being filled block by block.</summary>
internal sealed class JpegFrame
{
    private readonly int _width, _height, _largestH, _largestV;

    private JpegFrame(int width, int height, JpegComponent[] components)
    {
        (_width, _height, Components) = (width, height, components);
        (_largestH, _largestV) = (components.Max(c => c.Horizontal), components.Max(c => c.Vertical));
    }

    public JpegComponent[] Components { get; }

    public int Width => _width;

    public int Height => _height;

    /// <summary>Scans that a progressive file has had so far.</summary>
    public int Scans { get; set; }

    /// <summary>Whether the components are called R, G and B, which says it where no marker does.</summary>
    public bool IsNamedRgb => Components is [{ Id: (byte)'R' }, { Id: (byte)'G' }, { Id: (byte)'B' }];

    /// <summary>Position in the 8 × 8 block of the i-th stored coefficient.</summary>
    public static ReadOnlySpan<byte> ZigZag =>
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    ];

    public static JpegFrame Parse(ReadOnlySpan<byte> body, long fileSize, bool isProgressive, long maximumPixels)
    {
        if (body.Length < 6 || body.Length != 6 + 3 * body[5])
            throw new InvalidDataException("damaged JPEG: frame header");
        if (body[0] != 8)
            throw new InvalidDataException($"JPEG with {body[0]} bits per sample is not supported, expected 8");
        int height = BinaryPrimitives.ReadUInt16BigEndian(body[1..]), width = BinaryPrimitives.ReadUInt16BigEndian(body[3..]);
        if (width == 0 || height == 0)
            throw new InvalidDataException("damaged JPEG: an image without pixels");
        PixelImage.CheckSize(width, height, maximumPixels);
        // A block of 64 samples takes at least two bits (one code each for DC and AC; a progressive file may leave AC out) and
        // subsampling hides at most 16 pixels behind a sample: the file's size bounds the memory.
        if ((long)width * height / 64 > fileSize * 8L / (isProgressive ? 1 : 2) * 16)
            throw new InvalidDataException(FormattableString.Invariant($"damaged JPEG: {fileSize:N0} bytes cannot hold {width} × {height} pixels"));
        if (body[5] is not (1 or 3))
            throw new InvalidDataException($"JPEG with {body[5]} components (CMYK?) is not supported: save the image as RGB");
        var components = new JpegComponent[body[5]];
        for (int i = 0; i < components.Length; i++)
        {
            var part = body.Slice(6 + 3 * i, 3);
            var (h, v) = (part[1] >> 4, part[1] & 15);
            if (h is 0 or > 4 || v is 0 or > 4 || part[2] > 3)
                throw new InvalidDataException("damaged JPEG: sampling factors");
            // The factors of a single component say nothing: its blocks follow each other row by row.
            components[i] = body[5] == 1 ? new JpegComponent(part[0], 1, 1, part[2]) : new JpegComponent(part[0], h, v, part[2]);
        }
        var frame = new JpegFrame(width, height, components);
        foreach (var c in components)
        {
            c.BlocksAcross = frame.UnitsAcross * c.Horizontal;
            c.BlocksDown = frame.UnitsDown * c.Vertical;
        }
        return frame;
    }

    private int UnitsAcross => (_width + 8 * _largestH - 1) / (8 * _largestH);

    private int UnitsDown => (_height + 8 * _largestV - 1) / (8 * _largestV);

    /// <summary>Decodes the entropy-coded data that follows a scan header.</summary>
    /// <returns>How many bytes it took.</returns>
    public int DecodeScan(List<JpegComponent> parts, ReadOnlySpan<byte> data, int restartInterval)
    {
        var bits = new JpegBits(data);
        Span<float> block = stackalloc float[64];
        // One component alone is stored without padding; several are interleaved unit by unit.
        var alone = parts.Count == 1 ? parts[0] : null;
        int across = alone is null ? UnitsAcross : (_width * alone.Horizontal + 8 * _largestH - 1) / (8 * _largestH);
        int down = alone is null ? UnitsDown : (_height * alone.Vertical + 8 * _largestV - 1) / (8 * _largestV);
        foreach (var c in parts)
            c.Predicted = 0;
        for (int unit = 0; unit < across * down; unit++)
        {
            if (restartInterval > 0 && unit > 0 && unit % restartInterval == 0)
            {
                bits.Restart();
                foreach (var c in parts)
                    c.Predicted = 0;
            }
            var (x, y) = (unit % across, unit / across);
            foreach (var c in parts)
            {
                var (h, v) = alone is null ? (c.Horizontal, c.Vertical) : (1, 1);
                for (int j = 0; j < v; j++)
                    for (int i = 0; i < h; i++)
                    {
                        DecodeBlock(c, ref bits, block);
                        JpegTransform.Inverse(block);
                        Store(c, x * h + i, y * v + j, block);
                    }
            }
        }
        return bits.Position;
    }

    private static void DecodeBlock(JpegComponent c, ref JpegBits bits, scoped Span<float> block)
    {
        block.Clear();
        c.Predicted += bits.NextNumber(c.Dc!.Next(ref bits));
        block[0] = c.Predicted * c.Quantisation![0];
        for (int i = 1; i < 64; i++)
        {
            byte symbol = c.Ac!.Next(ref bits);
            var (zeros, size) = (symbol >> 4, symbol & 15);
            if (size == 0)
            {
                if (zeros != 15)
                    break; // end of block
                i += 15;
                continue;
            }
            i += zeros;
            if (i > 63)
                throw new InvalidDataException("damaged JPEG: a block with more than 64 coefficients");
            block[ZigZag[i]] = bits.NextNumber(size) * c.Quantisation[ZigZag[i]];
        }
    }

    private static void Store(JpegComponent c, int column, int row, ReadOnlySpan<float> block)
    {
        int stride = c.BlocksAcross * 8;
        for (int y = 0; y < 8; y++)
            for (int x = 0; x < 8; x++)
                c.Samples[(row * 8 + y) * stride + column * 8 + x] = (byte)Math.Clamp(MathF.Round(block[y * 8 + x] + 128), 0, 255);
    }

    /// <summary>Brings the components to full resolution and converts them to RGB (JFIF, ITU-R BT.601).</summary>
    public PixelImage ToImage(bool isRgb)
    {
        int channels = Components.Length;
        byte[] pixels = new byte[_width * _height * channels];
        for (int y = 0; y < _height; y++)
            for (int x = 0; x < _width; x++)
            {
                var p = pixels.AsSpan((y * _width + x) * channels, channels);
                if (channels == 1)
                {
                    p[0] = Components[0].Samples[y * Components[0].BlocksAcross * 8 + x];
                    continue;
                }
                float a = Sample(Components[0], x, y), b = Sample(Components[1], x, y), r = Sample(Components[2], x, y);
                if (isRgb)
                    (p[0], p[1], p[2]) = (Byte(a), Byte(b), Byte(r));
                else
                {
                    (b, r) = (b - 128, r - 128);
                    (p[0], p[1], p[2]) = (Byte(a + 1.402f * r), Byte(a - 0.344136f * b - 0.714136f * r), Byte(a + 1.772f * b));
                }
            }
        return new PixelImage(_width, _height, channels == 1 ? PixelLayout.Grey : PixelLayout.Rgb, pixels);
    }

    // Linear interpolation between the samples of a component with fewer of them.
    private float Sample(JpegComponent c, int x, int y)
    {
        int stride = c.BlocksAcross * 8;
        if (c.Horizontal == _largestH && c.Vertical == _largestV)
            return c.Samples[y * stride + x];
        var (u, v) = ((x + 0.5f) * c.Horizontal / _largestH - 0.5f, (y + 0.5f) * c.Vertical / _largestV - 0.5f);
        int right = Math.Max(0, (_width * c.Horizontal + _largestH - 1) / _largestH - 1), bottom = Math.Max(0, (_height * c.Vertical + _largestV - 1) / _largestV - 1);
        int x0 = Math.Clamp((int)MathF.Floor(u), 0, right), x1 = Math.Min(x0 + 1, right);
        int y0 = Math.Clamp((int)MathF.Floor(v), 0, bottom), y1 = Math.Min(y0 + 1, bottom);
        float s = Math.Clamp(u - x0, 0, 1), t = Math.Clamp(v - y0, 0, 1);
        float top = c.Samples[y0 * stride + x0] * (1 - s) + c.Samples[y0 * stride + x1] * s;
        float low = c.Samples[y1 * stride + x0] * (1 - s) + c.Samples[y1 * stride + x1] * s;
        return top * (1 - t) + low * t;
    }

    private static byte Byte(float value) => (byte)Math.Clamp(value + 0.5f, 0, 255);
}
