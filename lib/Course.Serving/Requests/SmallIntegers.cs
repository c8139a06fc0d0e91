using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Course.Serving;

/// <summary>
/// Reads integers of one to three digits, each with a comma behind it, as long as nothing else comes: pixels, as most clients write
/// them. They are read in blocks of 64 bytes; where the processor can close up chosen bytes of a register (AVX-512 VBMI2) all numbers of
/// a block at once, elsewhere and at the end one by one, so that none has to wait for the end of the one before.
/// </summary>
internal static class SmallIntegers
{
    private const int Block = 64;

    // A number and its comma take two bytes at least.
    private const int MostOfBlock = Block / 2;

    // A block is compared with the bytes before it, to see numbers of four digits.
    private const int Before = 4;

    /// <param name="at">Where a number begins, behind something that is no digit; then it is behind the last comma that was read.</param>
    /// <returns>How many were read; at most as many as <paramref name="to"/> takes.</returns>
    public static int Read(ReadOnlySpan<byte> text, ref int at, Span<float> to)
    {
        int count = Avx512Vbmi2.IsSupported ? ReadAtOnce(text, ref at, to) : 0;
        return count + ReadOneByOne(text, ref at, to[count..]);
    }

    /// <summary>
    /// At each comma the byte before it is a number's ones, and those before that its tens and hundreds as long as there are digits:
    /// the block is laid beside itself, moved by one, two and three bytes, and what is found at the commas is closed up.
    /// </summary>
    internal static int ReadAtOnce(ReadOnlySpan<byte> text, ref int at, Span<float> to)
    {
        int count = 0, block = at;
        for (; block >= Before && text.Length - block >= Block && to.Length - count >= MostOfBlock; block += Block)
        {
            var ones = DigitsAt(text, block - 1);
            var tens = DigitsAt(text, block - 2);
            var hundreds = DigitsAt(text, block - 3);
            var commas = Vector512.Equals(Vector512.Create(text.Slice(block, Block)), Vector512.Create((byte)','));
            var (hasTen, zero) = (IsDigit(ones) & IsDigit(tens), Vector512<byte>.Zero);
            var hasHundred = hasTen & IsDigit(hundreds);
            var wrong = ~IsDigit(ones) | hasHundred & IsDigit(DigitsAt(text, block - 4))
                | Vector512.Equals(Vector512.ConditionalSelect(hasHundred, hundreds, Vector512.ConditionalSelect(hasTen, tens, Vector512<byte>.One)), zero);
            if (((IsDigit(DigitsAt(text, block)) | commas) & ~(commas & wrong)) != Vector512<byte>.AllBitsSet)
                break;
            var small = Avx512Vbmi2.Compress(zero, commas, ones + TenTimes(tens & hasTen));
            var large = Avx512Vbmi2.Compress(zero, commas, hundreds & hasHundred);
            var numbers = Vector512.WidenLower(small) + Vector512.WidenLower(large) * 100;
            Vector512.ConvertToSingle(Vector512.WidenLower(numbers).AsInt32()).CopyTo(to[count..]);
            Vector512.ConvertToSingle(Vector512.WidenUpper(numbers).AsInt32()).CopyTo(to[(count + Vector512<float>.Count)..]);
            count += BitOperations.PopCount(commas.ExtractMostSignificantBits());
        }
        // A number that has begun in the last block is read by others.
        while (block > at && text[block - 1] != ',')
            block--;
        at = block;
        return count;
    }

    /// <summary>The commas of 64 bytes are found at once, so that each number's place is known before its digits are read.</summary>
    internal static int ReadOneByOne(ReadOnlySpan<byte> text, ref int at, Span<float> to)
    {
        int count = 0;
        // The last number of a block is read as four bytes, which may reach beyond it.
        while (text.Length - at >= Block + sizeof(uint))
        {
            var bytes = Vector512.Create(text.Slice(at, Block));
            ulong commas = Vector512.Equals(bytes, Vector512.Create((byte)',')).ExtractMostSignificantBits();
            ulong others = ~(commas | IsDigit(bytes - Vector512.Create((byte)'0')).ExtractMostSignificantBits());
            if (others != 0)
                commas &= (1UL << BitOperations.TrailingZeroCount(others)) - 1;
            int from = 0;
            for (; commas != 0; commas &= commas - 1)
            {
                int end = BitOperations.TrailingZeroCount(commas), length = end - from;
                uint number = BinaryPrimitives.ReadUInt32LittleEndian(text[(at + from)..]);
                if (count == to.Length || length is < 1 or > 3 || length > 1 && (byte)number == '0')
                {
                    at += from;
                    return count;
                }
                // The last digit comes into the highest byte; what is before the first one falls out below.
                number = number << (8 * (4 - length)) & 0x0F0F0F0F;
                to[count++] = (number >> 24) + 10 * (number >> 16 & 0xFF) + 100 * (number >> 8 & 0xFF);
                from = end + 1;
            }
            at += from;
            if (others != 0 || from == 0)
                break;
        }
        return count;
    }

    private static Vector512<byte> DigitsAt(ReadOnlySpan<byte> text, int at) => Vector512.Create(text.Slice(at, Block)) - Vector512.Create((byte)'0');

    private static Vector512<byte> IsDigit(Vector512<byte> digits) => Vector512.LessThan(digits, Vector512.Create((byte)10));

    // Of digits: no bit reaches the next byte.
    private static Vector512<byte> TenTimes(Vector512<byte> digits) => ((digits.AsUInt16() << 3) + (digits.AsUInt16() << 1)).AsByte();
}
