namespace Course;

/// <summary>PNG's row filters: each byte is stored as its difference from a prediction (ISO/IEC 15948, clause 9).</summary>
internal static class PngFilter
{
    /// <summary>Restores the rows in place; each row is one filter byte and <paramref name="stride"/> values.</summary>
    public static void Undo(byte[] rows, int stride, int bytesPerPixel)
    {
        byte[] zero = new byte[stride];
        for (int at = 0; at < rows.Length; at += stride + 1)
        {
            var row = rows.AsSpan(at + 1, stride);
            ReadOnlySpan<byte> above = at == 0 ? zero : rows.AsSpan(at - stride, stride);
            byte filter = rows[at];
            if (filter > 4)
                throw new InvalidDataException($"damaged PNG: row filter {filter}");
            for (int i = 0; i < stride; i++)
            {
                int left = i < bytesPerPixel ? 0 : row[i - bytesPerPixel];
                int corner = i < bytesPerPixel ? 0 : above[i - bytesPerPixel];
                row[i] += (byte)Predict(filter, left, above[i], corner);
            }
        }
    }

    /// <summary>Writes the filtered rows of an image.</summary>
    public static void Apply(PixelImage image, Stream output)
    {
        var (stride, step) = (image.Width * image.Channels, image.Channels);
        byte[] zero = new byte[stride];
        var (best, trial) = (new byte[stride + 1], new byte[stride + 1]);
        for (int y = 0; y < image.Height; y++)
        {
            var row = image.Pixels.AsSpan(y * stride, stride);
            ReadOnlySpan<byte> above = y == 0 ? zero : image.Pixels.AsSpan((y - 1) * stride, stride);
            long smallest = long.MaxValue;
            for (byte filter = 0; filter <= 4; filter++)
            {
                trial[0] = filter;
                long size = 0;
                for (int i = 0; i < stride; i++)
                {
                    int left = i < step ? 0 : row[i - step];
                    int corner = i < step ? 0 : above[i - step];
                    trial[i + 1] = (byte)(row[i] - Predict(filter, left, above[i], corner));
                    size += Math.Abs((int)(sbyte)trial[i + 1]);
                }
                if (size < smallest)
                    (smallest, best, trial) = (size, trial, best);
            }
            output.Write(best);
        }
    }

    private static int Predict(int filter, int left, int above, int corner) => filter switch
    {
        0 => 0,
        1 => left,
        2 => above,
        3 => (left + above) / 2,
        _ => Paeth(left, above, corner),
    };

    private static int Paeth(int left, int above, int corner)
    {
        int estimate = left + above - corner;
        var (a, b, c) = (Math.Abs(estimate - left), Math.Abs(estimate - above), Math.Abs(estimate - corner));
        return a <= b && a <= c ? left : b <= c ? above : corner;
    }
}
