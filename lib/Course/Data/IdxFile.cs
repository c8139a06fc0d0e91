using System.Buffers.Binary;
using System.IO.Compression;
using Course.Base;

namespace Course;

/// <summary>An array of bytes with its shape, as IDX files hold it.</summary>
public sealed record IdxArray(IReadOnlyList<int> Shape, byte[] Values)
{
    /// <summary>Number of items along the first axis.</summary>
    public int Count => Shape[0];

    /// <summary>Bytes of one item.</summary>
    public int ItemSize => Count == 0 ? 0 : Values.Length / Count;

    /// <summary>The bytes of item <paramref name="index"/>.</summary>
    public ReadOnlySpan<byte> Item(int index) => Values.AsSpan(index * ItemSize, ItemSize);

    /// <summary>The first <paramref name="count"/> items.</summary>
    public IdxArray Take(int count) => count >= Count ? this
        : new IdxArray([count, .. Shape.Skip(1)], Values[..(count * ItemSize)]);
}

/// <summary>
/// Reads and writes IDX, the format of MNIST: two zero bytes, the element type (8 = unsigned byte), the number of
/// axes, each axis length as a big-endian 32-bit integer, then the values, last axis fastest.
/// </summary>
public static class IdxFile
{
    private const int UnsignedByte = 8;

    /// <summary>Reads a plain or gzip-compressed file.</summary>
    /// <param name="axes">The number of axes expected: 3 for images, 1 for labels.</param>
    /// <exception cref="InvalidDataException">Not IDX, another element type or number of axes, too short or too long; names the file.</exception>
    public static IdxArray Read(string path, int axes)
    {
        using var file = File.OpenRead(path);
        bool compressed = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        if (!compressed)
            return Read(file, path, axes, file.Length);
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        // A deflate stream expands at most 1032 times, so a header cannot ask for more than that.
        return Read(unzipped, path, axes, file.Length * 1032);
    }

    /// <summary>Writes to a temporary file and renames it, so that a reader never sees half of it.</summary>
    public static void Write(string path, IdxArray array)
    {
        byte[] header = new byte[4 + 4 * array.Shape.Count];
        header[2] = UnsignedByte;
        header[3] = (byte)array.Shape.Count;
        for (int axis = 0; axis < array.Shape.Count; axis++)
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * axis), array.Shape[axis]);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            stream.Write(array.Values);
        });
    }

    internal static IdxArray Read(Stream stream, string source, int axes, long largest)
    {
        try
        {
            Span<byte> header = stackalloc byte[4 + 4 * axes];
            stream.ReadExactly(header[..4]);
            if (header[0] != 0 || header[1] != 0)
                throw new InvalidDataException($"{source}: not an IDX file: it begins with {header[0]:x2} {header[1]:x2}, expected 00 00.");
            if (header[2] != UnsignedByte)
                throw new InvalidDataException($"{source}: element type {header[2]} is not supported, expected 8 (unsigned byte).");
            if (header[3] != axes)
                throw new InvalidDataException($"{source}: {header[3]} axes, expected {axes}. Were images and labels swapped?");
            stream.ReadExactly(header[4..]);
            int[] shape = new int[axes];
            long size = 1;
            for (int axis = 0; axis < axes; axis++)
            {
                shape[axis] = BinaryPrimitives.ReadInt32BigEndian(header[(4 + 4 * axis)..]);
                if (shape[axis] < 0 || (size *= shape[axis]) > Array.MaxLength || size > largest)
                    throw new InvalidDataException($"{source}: the header asks for an array of {string.Join(" × ", shape.Take(axis + 1))}, more than the file can hold.");
            }
            byte[] values = new byte[size];
            stream.ReadExactly(values);
            if (stream.ReadByte() >= 0)
                throw new InvalidDataException(FormattableString.Invariant($"{source}: bytes follow after the {size:N0} values that the header announces."));
            return new IdxArray(shape, values);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException($"{source}: the file ends too early; it was cut off. Get it again with: course data get mnist", e);
        }
        catch (InvalidDataException e) when (!e.Message.StartsWith(source, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{source}: damaged gzip data ({e.Message}). Get it again with: course data get mnist", e);
        }
    }
}
