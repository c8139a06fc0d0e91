using static TorchSharp.torch;

namespace TorchSharp.IO;

/// <summary>
/// One tensor as TorchSharp stores it: dtype, number of dimensions and each size as LEB128, then the elements in row-major order, little-endian.
/// </summary>
internal static class TensorFile
{
    private const int MostDimensions = 64;

    internal readonly record struct Header(ScalarType Type, long[] Shape)
    {
        /// <summary>Bytes of the elements.</summary>
        internal long Length => checked(Shape.Aggregate(1L, (product, size) => checked(product * size)) * Type.ElementSize());

        public override string ToString() => $"{Type} [{string.Join(", ", Shape)}]";
    }

    internal static void Write(BinaryWriter writer, Tensor tensor)
    {
        writer.Encode((long)tensor.dtype);
        writer.Encode(tensor.dim());
        foreach (long size in tensor.shape)
            writer.Encode(size);
        writer.Flush();
        tensor.WriteBytesToStream(writer.BaseStream);
    }

    /// <exception cref="InvalidDataException">No header stands here, or the file is too short for the elements it announces.</exception>
    internal static Header ReadHeader(BinaryReader reader, string name)
    {
        long code = reader.Decode($"the dtype of {name}");
        if (code > sbyte.MaxValue || !Enum.IsDefined((ScalarType)(sbyte)code))
            throw new InvalidDataException($"The file is damaged: {name} has the unknown dtype {code}.");
        long dimensions = reader.Decode($"the number of dimensions of {name}");
        if (dimensions > MostDimensions)
            throw new InvalidDataException($"The file is damaged: {name} has {dimensions} dimensions.");
        var header = new Header((ScalarType)(sbyte)code, new long[dimensions]);
        for (int i = 0; i < dimensions; i++)
            header.Shape[i] = reader.Decode($"size {i} of {name}");
        try
        {
            RequireBytes(reader, header.Length, name);
        }
        catch (OverflowException)
        {
            throw new InvalidDataException($"The file is damaged: {name} would have the shape [{string.Join(", ", header.Shape)}].");
        }
        return header;
    }

    private static void RequireBytes(BinaryReader reader, long length, string name)
    {
        var stream = reader.BaseStream;
        if (stream.CanSeek && stream.Length - stream.Position < length)
            throw new InvalidDataException($"The file ends within {name}: {length} bytes expected, {stream.Length - stream.Position} there. It was cut off.");
    }

    internal static Tensor ReadData(BinaryReader reader, Header header, string name)
    {
        var tensor = empty(header.Shape, header.Type);
        try
        {
            tensor.ReadBytesFromStream(reader.BaseStream);
            return tensor;
        }
        catch (EndOfStreamException)
        {
            tensor.Discard();
            throw new InvalidDataException($"The file ends within {name}: {header.Length} bytes expected. It was cut off.");
        }
    }

    internal static void Skip(BinaryReader reader, Header header, string name)
    {
        if (reader.BaseStream.CanSeek)
            reader.BaseStream.Seek(header.Length, SeekOrigin.Current);
        else
            ReadData(reader, header, name).Dispose();
    }
}
