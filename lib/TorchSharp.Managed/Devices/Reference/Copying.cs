using System.Numerics;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Moving elements between memory of any strides and types. Booleans are bytes 0 and 1.</summary>
internal static unsafe class Copying
{
    /// <summary>One row: y[i·strideY] = (type of y)x[i·strideX]. Conversion to Bool asks "is it not zero"; to integers it truncates.</summary>
    internal static void Row(ScalarType typeX, void* x, long strideX, ScalarType typeY, void* y, long strideY, long count)
    {
        if (typeX == typeY)
        {
            switch (typeX.Size())
            {
                case 1: SameRow((byte*)x, strideX, (byte*)y, strideY, count); break;
                case 2: SameRow((ushort*)x, strideX, (ushort*)y, strideY, count); break;
                case 4: SameRow((uint*)x, strideX, (uint*)y, strideY, count); break;
                default: SameRow((ulong*)x, strideX, (ulong*)y, strideY, count); break;
            }
            return;
        }
        switch (typeX)
        {
            case ScalarType.Bool:
            case ScalarType.Byte: From((byte*)x, strideX, typeY, y, strideY, count); break;
            case ScalarType.Int8: From((sbyte*)x, strideX, typeY, y, strideY, count); break;
            case ScalarType.Int16: From((short*)x, strideX, typeY, y, strideY, count); break;
            case ScalarType.Int32: From((int*)x, strideX, typeY, y, strideY, count); break;
            case ScalarType.Int64: From((long*)x, strideX, typeY, y, strideY, count); break;
            case ScalarType.Float16: From((Half*)x, strideX, typeY, y, strideY, count); break;
            case ScalarType.BFloat16: FromBFloat16((BFloat16*)x, strideX, typeY, y, strideY, count); break;
            case ScalarType.Float32: From((float*)x, strideX, typeY, y, strideY, count); break;
            case ScalarType.Float64: From((double*)x, strideX, typeY, y, strideY, count); break;
            default: throw ScalarTypes.Unsupported(typeX);
        }
    }

    private static void From<T>(T* x, long strideX, ScalarType typeY, void* y, long strideY, long count) where T : unmanaged, INumber<T>
    {
        switch (typeY)
        {
            case ScalarType.Bool: ToBool(x, strideX, (byte*)y, strideY, count); break;
            case ScalarType.Byte: Narrow(x, strideX, (byte*)y, strideY, count); break;
            case ScalarType.Int8: Narrow(x, strideX, (sbyte*)y, strideY, count); break;
            case ScalarType.Int16: Narrow(x, strideX, (short*)y, strideY, count); break;
            case ScalarType.Int32: Convert(x, strideX, (int*)y, strideY, count); break;
            case ScalarType.Int64: Convert(x, strideX, (long*)y, strideY, count); break;
            case ScalarType.Float16: Convert(x, strideX, (Half*)y, strideY, count); break;
            case ScalarType.BFloat16: ToBFloat16(x, strideX, (BFloat16*)y, strideY, count); break;
            case ScalarType.Float32: Convert(x, strideX, (float*)y, strideY, count); break;
            case ScalarType.Float64: Convert(x, strideX, (double*)y, strideY, count); break;
            default: throw ScalarTypes.Unsupported(typeY);
        }
    }

    /// <summary>By way of floats, a few at a time.</summary>
    private static void FromBFloat16(BFloat16* x, long strideX, ScalarType typeY, void* y, long strideY, long count)
    {
        const int part = 256;
        float* floats = stackalloc float[part];
        for (long at = 0; at < count; at += part)
        {
            long n = Math.Min(part, count - at);
            float* to = typeY == ScalarType.Float32 && strideY == 1 ? (float*)y + at : floats;
            for (long i = 0; i < n; i++)
                to[i] = x[(at + i) * strideX].ToSingle();
            if (to == floats)
                Row(ScalarType.Float32, floats, 1, typeY, (byte*)y + at * strideY * typeY.Size(), strideY, n);
        }
    }

    private static void ToBFloat16<T>(T* x, long strideX, BFloat16* y, long strideY, long count) where T : unmanaged, INumber<T>
    {
        for (long i = 0; i < count; i++)
            y[i * strideY] = new BFloat16(float.CreateTruncating(x[i * strideX]));
    }

    private static void SameRow<T>(T* x, long strideX, T* y, long strideY, long count) where T : unmanaged
    {
        if (strideX == 1 && strideY == 1)
            Buffer.MemoryCopy(x, y, count * sizeof(T), count * sizeof(T));
        else if (strideX == 0 && strideY == 1)
            FillRow(y, *x, count);
        else
            for (long i = 0; i < count; i++)
                y[i * strideY] = x[i * strideX];
    }

    internal static void FillRow<T>(T* y, T value, long count) where T : unmanaged
    {
        while (count > 0)
        {
            int part = (int)Math.Min(count, 1 << 30);
            new Span<T>(y, part).Fill(value);
            y += part;
            count -= part;
        }
    }

    private static void ToBool<T>(T* x, long strideX, byte* y, long strideY, long count) where T : unmanaged, INumber<T>
    {
        for (long i = 0; i < count; i++)
            y[i * strideY] = T.IsZero(x[i * strideX]) ? (byte)0 : (byte)1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Convert<TX, TY>(TX* x, long strideX, TY* y, long strideY, long count)
        where TX : unmanaged, INumber<TX> where TY : unmanaged, INumber<TY>
    {
        if (strideX == 1 && strideY == 1)
            for (long i = 0; i < count; i++)
                y[i] = TY.CreateTruncating(x[i]);
        else
            for (long i = 0; i < count; i++)
                y[i * strideY] = TY.CreateTruncating(x[i * strideX]);
    }

    /// <summary>To a small integer: a real number goes by way of a whole one, whose last bits are taken (−1.5 → −1 → 255), as C compilers do it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow<TX, TY>(TX* x, long strideX, TY* y, long strideY, long count)
        where TX : unmanaged, INumber<TX> where TY : unmanaged, INumber<TY>
    {
        if (typeof(TX) != typeof(float) && typeof(TX) != typeof(double) && typeof(TX) != typeof(Half))
            Convert(x, strideX, y, strideY, count);
        else
            for (long i = 0; i < count; i++)
                y[i * strideY] = TY.CreateTruncating(int.CreateTruncating(x[i * strideX]));
    }

    /// <summary>y = x, converted, over a shape: see <see cref="IBackend.Copy"/>.</summary>
    internal static void Run(ScalarType from, byte* x, ReadOnlySpan<long> stridesX, ScalarType to, byte* y, ReadOnlySpan<long> stridesY, ReadOnlySpan<long> shape)
    {
        var loop = new StridedLoop(shape, stridesX, stridesY);
        int sizeX = from.Size(), sizeY = to.Size();
        if (from == to && loop.InnerStride(1) == 1 && loop.InnerStride(0) > 1 && loop.InnerSize >= 4 && loop.OuterAlong(0) is var along and >= 0 && loop.Size(along) >= 4)
        {
            long width = loop.Size(along), row = loop.Stride(along, 1);
            loop.Take(along);
            do
                Transpose(sizeX, x + loop.Offset(0) * sizeX, loop.InnerStride(0), y + loop.Offset(1) * sizeX, row, width, loop.InnerSize);
            while (loop.Next());
            return;
        }
        do
        {
            Row(from, x + loop.Offset(0) * sizeX, loop.InnerStride(0), to, y + loop.Offset(1) * sizeY, loop.InnerStride(1), loop.InnerSize);
        }
        while (loop.Next());
    }

    private static void Transpose(int size, byte* x, long rowX, byte* y, long rowY, long width, long height)
    {
        switch (size)
        {
            case 1: Cpu.Transposition.Copy(x, rowX, y, rowY, width, height); break;
            case 2: Cpu.Transposition.Copy((ushort*)x, rowX, (ushort*)y, rowY, width, height); break;
            case 4: Cpu.Transposition.Copy((uint*)x, rowX, (uint*)y, rowY, width, height); break;
            default: Cpu.Transposition.Copy((ulong*)x, rowX, (ulong*)y, rowY, width, height); break;
        }
    }
}
