using System.Numerics;
using System.Runtime.CompilerServices;

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
    private readonly ConvShape shape;

    /// <summary>Rows of each phase for a strip of output rows.</summary>
    public readonly int Rows;
    public readonly int Phases;
    /// <summary>Elements of one (channel, kernel column), all phases.</summary>
    public readonly long Plane;

    public ShiftPack(in ConvShape shape, int outputRows)
    {
        this.shape = shape;
        Phases = (int)Math.Min(shape.StrideHeight, (shape.KernelHeight - 1) * shape.DilationHeight + 1);
        Rows = outputRows + MaxShift(shape);
        Plane = (long)Phases * Rows * shape.OutWidth;
    }

    /// <summary>By how many rows of its phase the last kernel row lies below the first.</summary>
    public static int MaxShift(in ConvShape shape) => (int)((shape.KernelHeight - 1) * shape.DilationHeight / shape.StrideHeight);

    public long Size(long channels) => channels * shape.KernelWidth * Plane;

    /// <summary>Where each row (channel, kernel row, kernel column) of the virtual matrix starts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void RowOffsets(long channels, int* offsets)
    {
        int at = 0;
        for (long c = 0; c < channels; c++)
            for (long kh = 0; kh < shape.KernelHeight; kh++)
                for (long kw = 0; kw < shape.KernelWidth; kw++)
                {
                    long moved = kh * shape.DilationHeight, phase = moved % shape.StrideHeight, shift = moved / shape.StrideHeight;
                    offsets[at++] = (int)((c * shape.KernelWidth + kw) * Plane + (phase * Rows + shift) * shape.OutWidth);
                }
    }

    /// <summary>Copies channels of an image (<paramref name="image"/> is the first one) for the strip that starts at an output row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill<L, V, T>(T* image, long channels, long firstRow, T* packed)
        where L : ILanes<V, T> where V : struct where T : unmanaged, INumberBase<T>
    {
        long width = shape.Width, outWidth = shape.OutWidth, stride = shape.StrideWidth;
        for (long c = 0; c < channels; c++, image += shape.Height * width)
            for (long kw = 0; kw < shape.KernelWidth; kw++)
            {
                // Output columns [from, to) read inside the image; w = column · stride + offset.
                long offset = kw * shape.DilationWidth - shape.PadWidth;
                long from = Math.Clamp((-offset + stride - 1) / stride, 0, outWidth);
                long to = Math.Clamp((width - offset + stride - 1) / stride, from, outWidth);
                for (int phase = 0; phase < Phases; phase++)
                    for (int q = 0; q < Rows; q++, packed += outWidth)
                    {
                        long h = (firstRow + q) * shape.StrideHeight + phase - shape.PadHeight;
                        if (h < 0 || h >= shape.Height)
                        {
                            for (long i = 0; i < outWidth; i++) packed[i] = T.Zero;
                            continue;
                        }
                        for (long i = 0; i < from; i++) packed[i] = T.Zero;
                        T* source = image + h * width + offset;
                        if (stride == 1)
                            CopyRow<L, V, T>(source + from, packed + from, to - from);
                        else
                            for (long i = from; i < to; i++) packed[i] = source[i * stride];
                        for (long i = to; i < outWidth; i++) packed[i] = T.Zero;
                    }
            }
    }

    /// <summary>Copies a short row; the last register overlaps the one before, so that nothing outside is read or written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyRow<L, V, T>(T* source, T* target, long count)
        where L : ILanes<V, T> where V : struct where T : unmanaged, INumberBase<T>
    {
        if (count >= L.Count)
        {
            for (long i = 0; i < count - L.Count; i += L.Count) L.Store(L.Load(source + i), target + i);
            L.Store(L.Load(source + count - L.Count), target + count - L.Count);
            return;
        }
        for (long i = 0; i < count; i++) target[i] = source[i];
    }
}
