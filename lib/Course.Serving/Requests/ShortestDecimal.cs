using System.Buffers.Text;

namespace Course.Serving;

/// <summary>
/// Writes a float with as few digits as read back as the same float. Nine always do (IEEE 754: 1 + ⌈24·log₁₀2⌉), and between 0.0001 and 1
/// the value times the power of ten that makes nine digits of it is exact in a double, so six to nine digits are just tried; up to six, a
/// float has room for one decimal at most. Other values are written by the framework, which gives the same text and takes longer.
/// </summary>
internal static class ShortestDecimal
{
    /// <summary>No float is longer in its shortest form, with sign and exponent.</summary>
    public const int Longest = 16;

    private static readonly double[] Powers = [1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12];

    /// <returns>How many bytes were written.</returns>
    public static int Write(Span<byte> to, float value)
    {
        if (value is >= 0.0001f and < 1)
        {
            int zeros = value >= 0.1 ? 0 : value >= 0.01 ? 1 : value >= 0.001 ? 2 : 3;
            for (int digits = 6; digits <= 9; digits++)
            {
                double power = Powers[digits - 6 + zeros], scaled = Math.Round(value * power);
                if ((float)(scaled / power) == value)
                    return Write(to, zeros, digits, (long)scaled);
            }
        }
        Utf8Formatter.TryFormat(value, to, out int written);
        return written;
    }

    private static int Write(Span<byte> to, int zeros, int digits, long number)
    {
        while (number % 10 == 0)
            (number, digits) = (number / 10, digits - 1);
        "0.000"u8[..(2 + zeros)].CopyTo(to);
        int end = 2 + zeros + digits;
        for (int at = end - 1; at >= 2 + zeros; at--)
            (to[at], number) = ((byte)('0' + number % 10), number / 10);
        return end;
    }
}
