using System.Runtime.CompilerServices;

namespace TorchSharp.Cpu;

/// <summary>
/// dw[o, c, kh, kw] = Σ over images and pixels of dy[n, o] · x[n, c, shifted by (kh, kw)]: dot products along the pixels, over
/// the same shifted rows as the forward pass; several images are summed in registers before each horizontal sum.
/// </summary>
internal static unsafe partial class Convolution<L, V, T>
{
    private struct Weights
    {
        public ConvShape Shape;
        public T* X, Dy;
        public T* Partial;
        public long Depth;
        public long ChannelBlock;
        public int Parts, Strip, Segments;
        public ShiftPack Pack;
        public int* Offsets;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BackwardWeight(in ConvShape shape, T* x, T* dy, T* dweight, T* dbias)
    {
        long channels = shape.InChannels / shape.Groups, depth = channels * shape.KernelHeight * shape.KernelWidth;
        long size = shape.OutChannels * depth;
        double work = 2.0 * shape.Batch * shape.OutHeight * shape.OutWidth * size;
        var job = new Weights { Shape = shape, X = x, Dy = dy, Depth = depth };

        // A segment of at least 512 pixels (rows of one image, or several images) makes its horizontal sums cheap; then as many channels as the budget allows.
        const long pixels = 512;
        long plane = Math.Max(shape.OutHeight * shape.OutWidth, 1), perRow = Math.Max(shape.OutWidth, 1);
        job.Strip = (int)Math.Clamp((pixels + perRow - 1) / perRow, 1, Math.Max(shape.OutHeight, 1));
        job.Segments = job.Strip < shape.OutHeight ? 1 : (int)Math.Clamp(pixels / plane, 1, 8);
        long channelBytes = shape.KernelWidth * perRow * (job.Strip + ShiftPack.MaxShift(shape)) * shape.StrideHeight * job.Segments * sizeof(T);
        job.ChannelBlock = Math.Clamp(StripBytes / channelBytes, 1, channels);

        job.Pack = new ShiftPack(shape, job.Strip);
        job.Offsets = job.Pack.RowOffsets(job.ChannelBlock);

        // Each part sums its images into a copy of its own; the copies are added in order, so that a result does not depend on which thread was faster.
        job.Parts = (int)Math.Clamp(Workers.PartsFor(work), 1, Math.Max(shape.Batch, 1));
        job.Partial = job.Parts == 1 ? dweight : Scratch.Get<T>(Scratch.Slot.Result, size * job.Parts);
        Workers.For(job.Parts, work, &Part, &job);
        if (job.Parts > 1)
        {
            new Span<T>(job.Partial, checked((int)size)).CopyTo(new Span<T>(dweight, (int)size));
            for (int part = 1; part < job.Parts; part++)
                for (long i = 0; i < size; i++)
                    dweight[i] += job.Partial[part * size + i];
        }
        if (dbias != null)
            BiasGradient(shape, dy, dbias);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BiasGradient(in ConvShape shape, T* dy, T* dbias)
    {
        long pixels = shape.OutHeight * shape.OutWidth;
        for (long o = 0; o < shape.OutChannels; o++)
        {
            var total = T.Zero;
            for (long n = 0; n < shape.Batch; n++)
            {
                var row = dy + (n * shape.OutChannels + o) * pixels;
                V sum = default, other = default;
                long i = 0;
                for (; i <= pixels - 2 * L.Count; i += 2 * L.Count)
                {
                    sum = L.Add(sum, L.Load(row + i));
                    other = L.Add(other, L.Load(row + i + L.Count));
                }
                var part = L.Sum(L.Add(sum, other));
                for (; i < pixels; i++)
                    part += row[i];
                total += part;
            }
            dbias[o] = total;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Part(long part, void* state)
    {
        ref readonly var job = ref *(Weights*)state;
        ref readonly var shape = ref job.Shape;
        long size = shape.OutChannels * job.Depth, from = shape.Batch * part / job.Parts, to = shape.Batch * (part + 1) / job.Parts;
        var dweight = job.Partial + part * size;
        for (long g = 0; g < shape.Groups; g++)
        {
            bool first = true;
            for (long row = 0; row < shape.OutHeight; row += job.Strip)
                for (long n = from; n < to; n += job.Segments)
                {
                    Strip(job, g, n, (int)Math.Min(job.Segments, to - n), row, dweight, !first);
                    first = false;
                }
            if (first)
                new Span<T>(dweight + g * size / shape.Groups, checked((int)(size / shape.Groups))).Clear();
        }
    }

    /// <summary>Adds what a strip of output rows of a few images contributes to one group's weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Strip(in Weights job, long group, long image, int images, long firstRow, T* dweight, bool accumulate)
    {
        ref readonly var shape = ref job.Shape;
        long channels = shape.InChannels / shape.Groups, outputs = shape.OutChannels / shape.Groups;
        long taps = shape.KernelHeight * shape.KernelWidth, plane = shape.OutHeight * shape.OutWidth;
        int rows = (int)Math.Min(job.Strip, shape.OutHeight - firstRow);
        long pixels = rows * shape.OutWidth;
        ref readonly var pack = ref job.Pack;
        var dy = job.Dy + (image * shape.OutChannels + group * outputs) * plane + firstRow * shape.OutWidth;
        long rowDy = plane, imageDy = shape.OutChannels * plane;
        if (pixels < L.Count)
        {
            dy = Widen(dy, images, outputs, pixels, rowDy, imageDy);
            rowDy = L.Count;
            imageDy = outputs * L.Count;
        }
        long full = pixels / L.Count * L.Count, rest = pixels - full;
        var mask = Scratch.Get<T>(Scratch.Slot.Mask, L.Count);
        for (int i = 0; i < L.Count; i++)
            mask[i] = Mask<T>.Of(pixels < L.Count ? i < rest : i >= L.Count - rest);
        long tailAt = Math.Max(pixels - L.Count, 0);

        long block = job.ChannelBlock;
        var shifted = Scratch.Get<T>(Scratch.Slot.Shifted, pack.Size(block) * images + L.Count);
        var outputBlocks = new Blocks(outputs, Tiles<L, V, T>.DotRows);
        for (long c = 0; c < channels; c += block)
        {
            long count = Math.Min(block, channels - c), segment = pack.Size(count);
            for (int s = 0; s < images; s++)
                pack.Fill<L, V, T>(job.X + ((image + s) * shape.InChannels + group * channels + c) * shape.Height * shape.Width, count, firstRow, shifted + s * segment);
            var rowBlocks = new Blocks(count * taps, Tiles<L, V, T>.DotColumns);
            var target = dweight + group * outputs * job.Depth + c * taps;
            // A few rows of dy stay in L1 while the shifted rows pass, of which those of one channel are mostly the same memory.
            for (int i = 0; i < outputBlocks.Count; i++)
            {
                int i0 = outputBlocks.Start(i), high = outputBlocks.Start(i + 1) - i0;
                for (int j = 0; j < rowBlocks.Count; j++)
                {
                    int j0 = rowBlocks.Start(j), columns = rowBlocks.Start(j + 1) - j0;
                    Tiles<L, V, T>.Dot(high, columns)((nint)full, images, dy + i0 * rowDy, (nint)rowDy, (nint)imageDy, shifted, job.Offsets + j0, (nint)segment,
                        (nint)tailAt, rest == 0 ? null : mask, target + i0 * job.Depth + j0, (nint)job.Depth, accumulate);
                }
            }
        }
    }

    /// <summary>Copies rows that are shorter than a register to rows that are not, so that no load leaves the tensor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T* Widen(T* dy, int images, long outputs, long pixels, long row, long image)
    {
        var wide = Scratch.Get<T>(Scratch.Slot.Gradient, images * outputs * L.Count);
        for (int s = 0; s < images; s++)
            for (long o = 0; o < outputs; o++)
                for (int i = 0; i < L.Count; i++)
                    wide[(s * outputs + o) * L.Count + i] = i < pixels ? dy[s * image + o * row + i] : T.Zero;
        return wide;
    }
}
