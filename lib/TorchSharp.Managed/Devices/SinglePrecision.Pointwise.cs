using static TorchSharp.torch;

namespace TorchSharp;

internal sealed unsafe partial class SinglePrecision
{
    public void Unary(UnaryKind kind, ScalarType type, void* x, void* y, long count)
    {
        if (!type.IsReduced())
        {
            inner.Unary(kind, type, x, y, count);
            return;
        }
        long size = Math.Min(count, room.Part);
        using var part = new Widened(room, type, size);
        for (long at = 0; at < count; at += size)
        {
            long n = Math.Min(size, count - at);
            room.Convert(type, (ushort*)x + at, 1, Wide, part.Data, 1, n);
            inner.Unary(kind, Wide, part.Data, part.Data, n);
            room.Convert(Wide, part.Data, 1, type, (ushort*)y + at, 1, n);
        }
    }

    public void Binary(BinaryKind kind, ScalarType type, void* a, long strideA, void* b, long strideB, void* y, long count)
    {
        if (!type.IsReduced())
        {
            inner.Binary(kind, type, a, strideA, b, strideB, y, count);
            return;
        }
        if (kind == BinaryKind.Nextafter)
        {
            RequireHost(nameof(BinaryKind.Nextafter), type);
            Nextafter(type, (ushort*)a, strideA, (ushort*)b, strideB, (ushort*)y, count);
            return;
        }
        long size = Math.Min(count, room.Part);
        using Widened left = new(room, type, size), right = new(room, type, size);
        for (long at = 0; at < count; at += size)
        {
            long n = Math.Min(size, count - at);
            room.Convert(type, (ushort*)a + at * strideA, strideA, Wide, left.Data, 1, n);
            room.Convert(type, (ushort*)b + at * strideB, strideB, Wide, right.Data, 1, n);
            inner.Binary(kind, Wide, left.Data, 1, right.Data, 1, left.Data, n);
            room.Convert(Wide, left.Data, 1, type, (ushort*)y + at, 1, n);
        }
    }

    /// <summary>What follows pointers by itself.</summary>
    private void RequireHost(string operation, ScalarType type)
    {
        if (!ReferenceEquals(room, Room.Host))
            throw new NotOnDeviceException(operation, type);
    }

    /// <summary>The neighbour of a number is one of its own type: the next bit pattern, away from zero or towards it.</summary>
    private static void Nextafter(ScalarType type, ushort* a, long strideA, ushort* b, long strideB, ushort* y, long count)
    {
        const int sign = 0x8000;
        for (long i = 0; i < count; i++)
        {
            ushort from = a[i * strideA], to = b[i * strideB];
            float x = Number(type, from), towards = Number(type, to);
            y[i] = float.IsNaN(x) ? from
                : x == towards || float.IsNaN(towards) ? to
                : x == 0 ? (ushort)(to & sign | 1)
                : (ushort)(x < towards == x > 0 ? from + 1 : from - 1);
        }
    }

    private static float Number(ScalarType type, ushort bits) => type == ScalarType.Float16 ? (float)BitConverter.UInt16BitsToHalf(bits) : BFloat16.FromRawValue(bits).ToSingle();

    public void BinaryRows(BinaryKind kind, ScalarType type, void* a, long strideA, long rowA, void* b, long strideB, long rowB, void* y, long rowY, long count, long rows)
    {
        if (!type.IsReduced())
            inner.BinaryRows(kind, type, a, strideA, rowA, b, strideB, rowB, y, rowY, count, rows);
        else if (!ReferenceEquals(room, Room.Host))
            BinaryStrided(kind, type, a, [rowA, strideA], b, [rowB, strideB], y, [rowY, 1], [rows, count]);
        else
            for (long r = 0; r < rows; r++)
                Binary(kind, type, (ushort*)a + r * rowA, strideA, (ushort*)b + r * rowB, strideB, (ushort*)y + r * rowY, count);
    }

    /// <summary>On the host row by row, which the cache holds; on a device all at once.</summary>
    public void BinaryStrided(BinaryKind kind, ScalarType type, void* a, ReadOnlySpan<long> stridesA, void* b, ReadOnlySpan<long> stridesB, void* y, ReadOnlySpan<long> stridesY, ReadOnlySpan<long> shape)
    {
        if (!type.IsReduced())
            inner.BinaryStrided(kind, type, a, stridesA, b, stridesB, y, stridesY, shape);
        else if (ReferenceEquals(room, Room.Host))
            StridedRows.Binary(this, kind, type, a, stridesA, b, stridesB, y, stridesY, shape);
        else
        {
            if (kind == BinaryKind.Nextafter)
                RequireHost(nameof(BinaryKind.Nextafter), type);
            using Widened left = new(room, type, a, stridesA, shape), right = new(room, type, b, stridesB, shape);
            inner.Binary(kind, Wide, left.Data, 1, right.Data, 1, left.Data, Layout.CountOf(shape));
            left.Narrow(y, stridesY, shape);
        }
    }

    public void CompareStrided(CompareKind kind, ScalarType type, void* a, ReadOnlySpan<long> stridesA, void* b, ReadOnlySpan<long> stridesB, byte* y, ReadOnlySpan<long> shape)
    {
        if (!type.IsReduced())
        {
            inner.CompareStrided(kind, type, a, stridesA, b, stridesB, y, shape);
            return;
        }
        using Widened left = new(room, type, a, stridesA, shape), right = new(room, type, b, stridesB, shape);
        inner.Compare(kind, Wide, left.Data, 1, right.Data, 1, y, Layout.CountOf(shape));
    }

    public void Compare(CompareKind kind, ScalarType type, void* a, long strideA, void* b, long strideB, byte* y, long count)
    {
        if (!type.IsReduced())
        {
            inner.Compare(kind, type, a, strideA, b, strideB, y, count);
            return;
        }
        using Widened left = new(room, type, a, count, strideA), right = new(room, type, b, count, strideB);
        inner.Compare(kind, Wide, left.Data, 1, right.Data, 1, y, count);
    }
}
