namespace TorchSharp.IO;

/// <summary>Unsigned numbers in groups of 7 bits, lowest first; the top bit of a byte says that another follows.</summary>
internal static class Leb128
{
    internal static void Encode(this BinaryWriter writer, long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        writer.Write7BitEncodedInt64(value);
    }

    /// <exception cref="InvalidDataException">No number of at most 63 bits stands here, or the file ends.</exception>
    internal static long Decode(this BinaryReader reader, string what)
    {
        try
        {
            long value = reader.Read7BitEncodedInt64();
            return value >= 0 ? value : throw new InvalidDataException($"The file is damaged: {what} is {value}.");
        }
        catch (FormatException)
        {
            throw new InvalidDataException($"The file is damaged: {what} is no number.");
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException($"The file ends before {what}: it was cut off.");
        }
    }
}
