using System.Buffers.Binary;

namespace Course;

/// <summary>Writes baseline JPEG with the example tables of T.81, annex K, without subsampling: small, readable, good enough for data sets.</summary>
public static class JpegEncoder
{
    private static readonly byte[] DcCounts = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
    private static readonly byte[] DcSymbols = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

    // Annex K's AC table is long; a code of 8 bits for the commonest symbols and 12 for all others is as valid.
    private static readonly byte[] AcCounts = [0, 0, 0, 0, 0, 0, 0, 128, 0, 0, 0, 34, 0, 0, 0, 0];
    private static readonly byte[] AcSymbols = [.. Enumerable.Range(0, 16).SelectMany(run => Enumerable.Range(0, 11).Select(size => (run, size)))
        .Where(s => s.size > 0 || s.run is 0 or 15).OrderBy(s => s.run + 2 * s.size).Select(s => (byte)(s.run << 4 | s.size))];

    private static readonly byte[] BaseQuantisation =
    [
        16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
    ];

    /// <param name="quality">1 … 100; 90 hardly shows.</param>
    /// <param name="restartInterval">Units between restart markers, 0 for none.</param>
    public static byte[] Encode(PixelImage image, int quality = 90, int restartInterval = 0)
    {
        if (quality is < 1 or > 100)
            throw new ArgumentOutOfRangeException(nameof(quality), quality, "A quality is between 1 and 100.");
        image = image.To(image.Channels >= 3 ? PixelLayout.Rgb : PixelLayout.Grey);
        int scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
        int[] table = BaseQuantisation.Select(q => Math.Clamp((q * scale + 50) / 100, 1, 255)).ToArray();
        var output = new MemoryStream();
        output.Write([0xff, 0xd8]);
        Segment(output, 0xdb, [0, .. JpegFrame.ZigZag.ToArray().Select(at => (byte)table[at])]);
        var (h, w) = (new byte[2], new byte[2]);
        BinaryPrimitives.WriteUInt16BigEndian(h, (ushort)image.Height);
        BinaryPrimitives.WriteUInt16BigEndian(w, (ushort)image.Width);
        Segment(output, 0xc0, [8, .. h, .. w, (byte)image.Channels, .. Enumerable.Range(1, image.Channels).SelectMany(id => new byte[] { (byte)id, 0x11, 0 })]);
        Segment(output, 0xc4, [0x00, .. DcCounts, .. DcSymbols, 0x10, .. AcCounts, .. AcSymbols]);
        if (restartInterval > 0)
            Segment(output, 0xdd, [(byte)(restartInterval >> 8), (byte)restartInterval]);
        Segment(output, 0xda, [(byte)image.Channels, .. Enumerable.Range(1, image.Channels).SelectMany(id => new byte[] { (byte)id, 0 }), 0, 63, 0]);
        WritePixels(image, table, restartInterval, output);
        output.Write([0xff, 0xd9]);
        return output.ToArray();
    }

    private static void Segment(Stream output, byte marker, byte[] body)
    {
        output.Write([0xff, marker, (byte)((body.Length + 2) >> 8), (byte)(body.Length + 2)]);
        output.Write(body);
    }

    private static void WritePixels(PixelImage image, int[] table, int restartInterval, Stream output)
    {
        var (dc, ac) = (Codes(DcCounts, DcSymbols), Codes(AcCounts, AcSymbols));
        var bits = new BitWriter(output);
        int[] predicted = new int[image.Channels];
        float[] block = new float[64];
        var (across, down) = ((image.Width + 7) / 8, (image.Height + 7) / 8);
        for (int unit = 0; unit < across * down; unit++)
        {
            if (restartInterval > 0 && unit > 0 && unit % restartInterval == 0)
            {
                bits.Flush();
                output.Write([0xff, (byte)(0xd0 + (unit / restartInterval - 1) % 8)]);
                Array.Clear(predicted);
            }
            for (int c = 0; c < image.Channels; c++)
            {
                for (int i = 0; i < 64; i++)
                    block[i] = Component(image, Math.Min(unit % across * 8 + i % 8, image.Width - 1), Math.Min(unit / across * 8 + i / 8, image.Height - 1), c) - 128;
                JpegTransform.Forward(block);
                int level = (int)MathF.Round(block[0] / table[0]);
                Number(bits, dc, 0, level - predicted[c]);
                predicted[c] = level;
                int zeros = 0;
                for (int i = 1; i < 64; i++)
                {
                    byte at = JpegFrame.ZigZag[i];
                    int value = (int)MathF.Round(block[at] / table[at]);
                    if (value == 0)
                    {
                        zeros++;
                        continue;
                    }
                    for (; zeros > 15; zeros -= 16)
                        bits.Write(ac[0xf0]);
                    Number(bits, ac, zeros << 4, value);
                    zeros = 0;
                }
                if (zeros > 0)
                    bits.Write(ac[0]);
            }
        }
        bits.Flush();
    }

    private static float Component(PixelImage image, int x, int y, int c)
    {
        if (image.Channels == 1)
            return image[x, y, 0];
        float r = image[x, y, 0], g = image[x, y, 1], b = image[x, y, 2];
        return c switch
        {
            0 => 0.299f * r + 0.587f * g + 0.114f * b,
            1 => 128 - 0.168736f * r - 0.331264f * g + 0.5f * b,
            _ => 128 + 0.5f * r - 0.418688f * g - 0.081312f * b,
        };
    }

    private static void Number(BitWriter bits, (int Code, int Length)[] codes, int high, int value)
    {
        int size = 32 - System.Numerics.BitOperations.LeadingZeroCount((uint)Math.Abs(value));
        bits.Write(codes[high | size]);
        if (size > 0)
            bits.Write(((value < 0 ? value - 1 : value) & ((1 << size) - 1), size));
    }

    private static (int Code, int Length)[] Codes(byte[] counts, byte[] symbols)
    {
        var codes = new (int, int)[256];
        var (code, index) = (0, 0);
        for (int length = 1; length <= 16; length++, code <<= 1)
            for (int i = 0; i < counts[length - 1]; i++)
                codes[symbols[index++]] = (code++, length);
        return codes;
    }

    private sealed class BitWriter(Stream output)
    {
        private int _buffer, _count;

        public void Write((int Code, int Length) part)
        {
            for (int bit = part.Length - 1; bit >= 0; bit--)
            {
                _buffer = (_buffer << 1) | ((part.Code >> bit) & 1);
                if (++_count < 8)
                    continue;
                output.WriteByte((byte)_buffer);
                if (_buffer == 0xff)
                    output.WriteByte(0); // so that it cannot be taken for a marker
                (_buffer, _count) = (0, 0);
            }
        }

        /// <summary>Fills the last byte with ones.</summary>
        public void Flush()
        {
            while (_count > 0)
                Write((1, 1));
        }
    }
}
