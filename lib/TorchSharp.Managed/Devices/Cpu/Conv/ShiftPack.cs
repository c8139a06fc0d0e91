using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Cpu;

/// <summary>
/// The rows of a convolution's virtual im2col matrix, without that matrix.
/// </summary>
/// <remarks>
/// <para>For each channel and each kernel column the image's rows are copied, shifted by that column. Row (channel, kernel row,
/// kernel column) of the im2col matrix is then one contiguous slice of the copy, because a kernel row only moves its start by
/// whole image rows. The copy is KernelHeight times smaller than im2col and stays in the L1 or L2 cache.</para>
/// <para>A vertical stride S splits the rows into S phases (row mod S), each of them contiguous again; padding is written as zeros;
/// dilation only changes the shifts.</para>
/// <para>Layout: [channel][kernel column][phase][row][OutWidth].</para>
/// </remarks>
internal readonly unsafe struct ShiftPack
{
    /// <summary>Bytes of a cache line; and of images whose next channel is asked for ahead of time.</summary>
    private const long Line = 64, FarPlane = 4096;

    private readonly ConvShape _shape;

    /// <summary>Rows of each phase for a strip of output rows.</summary>
    public readonly int Rows;
    public readonly int Phases;
    /// <summary>Elements of one (channel, kernel column), all phases.</summary>
    public readonly long Plane;

    public ShiftPack(in ConvShape shape, int outputRows)
    {
        _shape = shape;
        Phases = (int)Math.Min(shape.StrideHeight, (shape.KernelHeight - 1) * shape.DilationHeight + 1);
        Rows = outputRows + MaxShift(shape);
        Plane = (long)Phases * Rows * shape.OutWidth;
    }

    /// <summary>By how many rows of its phase the last kernel row lies below the first.</summary>
    public static int MaxShift(in ConvShape shape) => (int)((shape.KernelHeight - 1) * shape.DilationHeight / shape.StrideHeight);

    public long Size(long channels) => channels * _shape.KernelWidth * Plane;

    /// <summary>Where each row (channel, kernel row, kernel column) of the virtual matrix starts; valid until the next call on this thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int* RowOffsets(long channels)
    {
        int* offsets = Scratch.Get<int>(Scratch.Slot.Offsets, channels * _shape.KernelHeight * _shape.KernelWidth);
        int height = (int)_shape.KernelHeight, width = (int)_shape.KernelWidth, taps = height * width;
        for (int kh = 0; kh < height; kh++)
        {
            long moved = kh * _shape.DilationHeight, phase = moved % _shape.StrideHeight, shift = moved / _shape.StrideHeight;
            long row = (phase * Rows + shift) * _shape.OutWidth;
            for (int kw = 0; kw < width; kw++, row += Plane)
                offsets[kh * width + kw] = (int)row;
        }
        // The next channel's rows lie as many planes behind as there are kernel columns.
        int plane = (int)(width * Plane);
        for (int i = taps; i < channels * taps; i++)
            offsets[i] = offsets[i - taps] + plane;
        return offsets;
    }

    /// <summary>Copies channels of an image (<paramref name="image"/> is the first one) for the strip that starts at an output row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill<L, V, T>(T* image, long channels, long firstRow, T* packed)
        where L : ILanes<V, T> where V : struct where T : unmanaged, INumberBase<T>
    {
        long width = _shape.Width, outWidth = _shape.OutWidth, step = _shape.StrideWidth, rowStep = _shape.StrideHeight * width;
        long plane = _shape.Height * width;
        if (_shape is { StrideHeight: 1, StrideWidth: 1, PadHeight: 0, PadWidth: 0 } && plane * sizeof(T) < FarPlane && WholeRows.Fit(outWidth * sizeof(T)))
        {
            long rows = Math.Min(Rows, _shape.Height - firstRow);
            WholeRows.Copy((byte*)(image + firstRow * width), (nint)plane * sizeof(T), channels, (nint)width * sizeof(T), (nint)_shape.DilationWidth * sizeof(T), _shape.KernelWidth,
                (nint)outWidth * sizeof(T), (nint)rows, Rows, (byte*)packed);
            return;
        }
        long h0 = Math.Max(firstRow * _shape.StrideHeight - _shape.PadHeight, 0), h1 = Math.Min((firstRow + Rows) * _shape.StrideHeight - _shape.PadHeight, _shape.Height);
        for (long c = 0; c < channels; c++, image += plane)
        {
            // The processor does not foresee the jump to the next channel's rows, which are in an outer cache at best.
            if (c + 1 < channels && plane * sizeof(T) >= FarPlane)
                for (T* line = image + plane + h0 * width, end = image + plane + h1 * width; line < end; line += Line / sizeof(T))
                    L.Prefetch(line);
            for (long kw = 0; kw < _shape.KernelWidth; kw++)
            {
                // Output columns [from, to) read inside the image; w = column · stride + offset.
                long offset = kw * _shape.DilationWidth - _shape.PadWidth;
                long from = Math.Clamp(Up(-offset, step), 0, outWidth), to = Math.Clamp(Up(width - offset, step), from, outWidth);
                for (int phase = 0; phase < Phases; phase++)
                {
                    // Rows [top, bottom) lie inside the image; h = row · stride + start.
                    long start = firstRow * _shape.StrideHeight + phase - _shape.PadHeight;
                    long top = Math.Clamp(Up(-start, _shape.StrideHeight), 0, Rows), bottom = Math.Clamp(Up(_shape.Height - start, _shape.StrideHeight), top, Rows);
                    Zero(packed, top * outWidth);
                    var source = image + (start + top * _shape.StrideHeight) * width + offset + from * step;
                    var target = packed + top * outWidth;
                    if (step == 2 && to - from >= 8 && sizeof(T) == 4 && Avx2.IsSupported)
                        CopyEveryOther((float*)source, rowStep, (float*)target, bottom - top, from, to, outWidth);
                    else if (step == 1 && to - from >= L.Count)
                        CopyRows<L, V, T>(source, rowStep, target, bottom - top, from, to, outWidth);
                    else if (step == 1 && to - from >= 8 && sizeof(T) == 4)
                        CopyShortRows((float*)source, rowStep, (float*)target, bottom - top, from, to, outWidth);
                    else
                        for (long q = top; q < bottom; q++, source += rowStep, target += outWidth)
                        {
                            Zero(target, from);
                            for (long i = from; i < to; i++)
                                target[i] = source[(i - from) * step];
                            Zero(target + to, outWidth - to);
                        }
                    Zero(packed + bottom * outWidth, (Rows - bottom) * outWidth);
                    packed += Rows * outWidth;
                }
            }
        }
    }

    /// <summary>x / step, rounded up for x above 0; the usual step of 1 needs no division, of which there would be four for each few rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Up(long x, long step) => step == 1 ? x : (x + step - 1) / step;

    /// <summary>Copies the columns [from, to) of rows, the others as zeros. A row's last register overlaps the one before, so that nothing outside is touched.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyRows<L, V, T>(T* source, long rowStep, T* target, long rows, long from, long to, long width)
        where L : ILanes<V, T> where V : struct where T : unmanaged, INumberBase<T>
    {
        long last = to - from - L.Count;
        if (to - from == width && last <= 2 * L.Count)
        {
            // Short whole rows, one to three registers each: the usual case of small images.
            long middle = Math.Min(last, L.Count);
            if (last == 0)
                for (long q = 0; q < rows; q++, source += rowStep, target += width)
                    L.Store(L.Load(source), target);
            else
                for (long q = 0; q < rows; q++, source += rowStep, target += width)
                {
                    V first = L.Load(source), second = L.Load(source + middle), third = L.Load(source + last);
                    L.Store(first, target);
                    L.Store(second, target + middle);
                    L.Store(third, target + last);
                }
            return;
        }
        for (long q = 0; q < rows; q++, source += rowStep, target += width)
        {
            var row = target + from;
            for (long i = 0; i < last; i += L.Count)
                L.Store(L.Load(source + i), row + i);
            L.Store(L.Load(source + last), row + last);
            for (long i = 0; i < from; i++)
                target[i] = T.Zero;
            for (long i = to; i < width; i++)
                target[i] = T.Zero;
        }
    }

    /// <summary>As <see cref="CopyRows"/>, of 8 to 15 columns: too few for a register of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyShortRows(float* source, long rowStep, float* target, long rows, long from, long to, long width)
    {
        long last = to - from - 8;
        for (long q = 0; q < rows; q++, source += rowStep, target += width)
        {
            Zero(target, from);
            Vector256<float> first = Vector256.Load(source), second = Vector256.Load(source + last);
            first.Store(target + from);
            second.Store(target + from + last);
            Zero(target + to, width - to);
        }
    }

    /// <summary>As <see cref="CopyRows"/>, every second element: of 15 neighbours eight are kept, so that nothing behind the last one is read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyEveryOther(float* source, long rowStep, float* target, long rows, long from, long to, long width)
    {
        long last = to - from - 8;
        for (long q = 0; q < rows; q++, source += rowStep, target += width)
        {
            Zero(target, from);
            float* row = target + from;
            for (long i = 0; i < last; i += 8)
                EveryOther(source + 2 * i).Store(row + i);
            EveryOther(source + 2 * last).Store(row + last);
            Zero(target + to, width - to);
        }
    }

    /// <summary>Elements 0, 2, … 14. Each half of a register is chosen from for itself, so that pairs are put in order afterwards.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> EveryOther(float* x)
    {
        const byte order = 0b11_01_10_00;
        return Avx2.Permute4x64(Avx.Shuffle(Vector256.Load(x), Vector256.Load(x + 7), order).AsDouble(), order).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Zero<T>(T* target, long count) where T : unmanaged, INumberBase<T>
    {
        for (long i = 0; i < count; i++)
            target[i] = T.Zero;
    }
}
