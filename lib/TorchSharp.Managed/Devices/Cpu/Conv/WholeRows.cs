using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Cpu;

/// <summary>How a row of a few dozen bytes is copied: by one register, or by two of which the second ends where the row does.</summary>
internal unsafe interface IRowCopy
{
    /// <param name="last">Where the second register lies.</param>
    static abstract void Copy(byte* source, byte* target, nint last);
}

/// <summary>
/// What <see cref="ShiftPack"/> does for small images without padding and strides: rows of one length, from which nothing is left out, so
/// that the loops are all there is. Each row is 8 to 32 floats.
/// </summary>
internal static unsafe class WholeRows
{
    private const int Half = 32, Full = 64;

    /// <summary>Whether rows of so many bytes can be copied.</summary>
    public static bool Fit(long bytes) => bytes is >= Half and <= 2 * Full;

    /// <summary>target[c][k][row] = the bytes [k·step, k·step + length) of the row of image c; all sizes are in bytes.</summary>
    /// <param name="plane">From an image to the next.</param>
    /// <param name="rows">Of each image that there are; as many as make <paramref name="allRows"/> are zeros behind them.</param>
    public static void Copy(byte* image, nint plane, long images, nint rowStep, nint step, long steps, nint length, nint rows, nint allRows, byte* target)
    {
        if (length == Half)
            Copy<OneHalf>(image, plane, images, rowStep, step, steps, length, rows, allRows, target);
        else if (length < Full)
            Copy<TwoHalves>(image, plane, images, rowStep, step, steps, length, rows, allRows, target);
        else if (length == Full)
            Copy<OneFull>(image, plane, images, rowStep, step, steps, length, rows, allRows, target);
        else
            Copy<TwoFull>(image, plane, images, rowStep, step, steps, length, rows, allRows, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy<R>(byte* image, nint plane, long images, nint rowStep, nint step, long steps, nint length, nint rows, nint allRows, byte* target) where R : IRowCopy
    {
        nint last = length - (length < Full ? Half : Full);
        uint zeros = (uint)((allRows - rows) * length);
        for (; images > 0; images--, image += plane)
        {
            byte* first = image;
            for (long k = steps; k > 0; k--, first += step)
            {
                byte* source = first;
                for (nint row = rows; row > 0; row--, source += rowStep, target += length)
                    R.Copy(source, target, last);
                if (zeros > 0)
                    Unsafe.InitBlockUnaligned(target, 0, zeros);
                target += zeros;
            }
        }
    }

    private readonly struct OneHalf : IRowCopy
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Copy(byte* source, byte* target, nint last) => Vector256.Load(source).Store(target);
    }

    private readonly struct TwoHalves : IRowCopy
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Copy(byte* source, byte* target, nint last)
        {
            Vector256<byte> first = Vector256.Load(source), second = Vector256.Load(source + last);
            first.Store(target);
            second.Store(target + last);
        }
    }

    private readonly struct OneFull : IRowCopy
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Copy(byte* source, byte* target, nint last) => Vector512.Load(source).Store(target);
    }

    private readonly struct TwoFull : IRowCopy
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Copy(byte* source, byte* target, nint last)
        {
            Vector512<byte> first = Vector512.Load(source), second = Vector512.Load(source + last);
            first.Store(target);
            second.Store(target + last);
        }
    }
}
