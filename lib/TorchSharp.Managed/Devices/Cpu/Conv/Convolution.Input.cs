using System.Runtime.CompilerServices;

namespace TorchSharp.Cpu;

/// <summary>
/// dx: the transpose of the forward pass, in two steps. First the gradient of each shifted row,
/// ds[c, kw][q] = Σ over o, kh of w[o, c, kh, kw] · dy[o][q − shift(kh)], a product with contiguous rows of a dy that has zero rows
/// above and below; then dx = the sum over kw of ds moved back by its shift, in registers. Nothing is scattered.
/// </summary>
internal static unsafe partial class Convolution<L, V, T>
{
    private struct Input
    {
        public ConvShape Shape;
        public T* Dy, Dx;
        public T* Packed;
        public T* Masks;
        public int* Columns;
        /// <summary>Rows of dx, as padded and divided by the stride, that a strip makes.</summary>
        public int Strip, Strips, Phases, Shift;
        public long ChannelBlock;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BackwardInput(in ConvShape shape, T* dy, T* weight, T* dx)
    {
        long channels = shape.InChannels / shape.Groups, outputs = shape.OutChannels / shape.Groups;
        var job = new Input { Shape = shape, Dy = dy, Dx = dx };
        job.Phases = (int)shape.StrideHeight;
        job.Shift = ShiftPack.MaxShift(shape);
        long rows = (shape.Height + shape.PadHeight + shape.StrideHeight - 1) / shape.StrideHeight;
        job.ChannelBlock = Math.Min(channels, Math.Max(1, 192 / shape.KernelWidth));
        long rowBytes = job.ChannelBlock * shape.KernelWidth * job.Phases * shape.OutWidth * sizeof(T);
        rowBytes = Math.Max(rowBytes, outputs * shape.OutWidth * sizeof(T));
        job.Strip = (int)Math.Clamp(StripBytes / Math.Max(rowBytes, 1), Math.Min(4 + job.Shift, rows), rows);
        job.Strips = (int)((rows + job.Strip - 1) / job.Strip);

        long size = channels * outputs * shape.KernelHeight * shape.KernelWidth;
        job.Packed = Scratch.Get<T>(Scratch.Slot.Weights, size * shape.Groups);
        for (long g = 0; g < shape.Groups; g++)
            PackInputWeights(job, weight + g * size, job.Packed + g * size);
        FindSources(ref job);

        double work = 2.0 * shape.Batch * shape.OutHeight * shape.OutWidth * size * shape.Groups;
        Workers.For(shape.Batch * shape.Groups, work, &InputUnit, &job);
    }

    /// <summary>Kernel rows whose shifted rows fall into a phase: [first, first + step, …), and their number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int KernelRowsOf(in ConvShape shape, int phase, int* kernelRows)
    {
        int count = 0;
        for (int kh = 0; kh < shape.KernelHeight; kh++)
            if (kh * shape.DilationHeight % shape.StrideHeight == phase)
                kernelRows[count++] = kh;
        return count;
    }

    /// <summary>[phase][channel block][block of rows (c, kw)][kh of the phase][o][row of the block].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackInputWeights(in Input job, T* weight, T* packed)
    {
        ref readonly var shape = ref job.Shape;
        long channels = shape.InChannels / shape.Groups, outputs = shape.OutChannels / shape.Groups;
        int kernelWidth = (int)shape.KernelWidth, taps = (int)(shape.KernelHeight * shape.KernelWidth);
        int* kernelRows = stackalloc int[(int)shape.KernelHeight];
        for (int phase = 0; phase < job.Phases; phase++)
        {
            int count = KernelRowsOf(shape, phase, kernelRows);
            for (long c0 = 0; c0 < channels; c0 += job.ChannelBlock)
            {
                long rows = Math.Min(job.ChannelBlock, channels - c0) * kernelWidth;
                var blocks = new Blocks(rows, Tiles<L, V, T>.Rows);
                for (int b = 0; b < blocks.Count; b++)
                {
                    int first = blocks.Start(b), size = blocks.Start(b + 1) - first;
                    for (int m = first; m < first + size; m++)
                    {
                        var source = weight + (c0 + m / kernelWidth) * taps + m % kernelWidth;
                        var target = packed + (m - first);
                        for (int h = 0; h < count; h++)
                        {
                            var row = source + kernelRows[h] * kernelWidth;
                            for (long o = 0; o < outputs; o++, target += size, row += channels * taps)
                                *target = *row;
                        }
                    }
                    packed += size * count * outputs;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InputUnit(long unit, void* state)
    {
        ref readonly var job = ref *(Input*)state;
        ref readonly var shape = ref job.Shape;
        long group = unit % shape.Groups, image = unit / shape.Groups;
        long channels = shape.InChannels / shape.Groups, outputs = shape.OutChannels / shape.Groups;
        long plane = shape.OutHeight * shape.OutWidth;
        var dy = job.Dy + (image * shape.OutChannels + group * outputs) * plane;
        // Enough behind the last row for the widest tile.
        var padded = Scratch.Get<T>(Scratch.Slot.Gradient, outputs * (job.Strip + job.Shift) * shape.OutWidth + 4 * L.Count);
        int* offsets = Scratch.Get<int>(Scratch.Slot.Table, shape.KernelHeight * outputs);
        var weights = job.Packed + group * channels * outputs * shape.KernelHeight * shape.KernelWidth;
        var dx = job.Dx + (image * shape.InChannels + group * channels) * shape.Height * shape.Width;
        for (int s = 0; s < job.Strips; s++)
        {
            PadRows(dy, outputs, s * job.Strip - job.Shift, job.Strip + job.Shift, shape.OutHeight, shape.OutWidth, padded);
            for (long c = 0; c < channels; c += job.ChannelBlock)
                InputStrip(job, s * job.Strip, c, Math.Min(job.ChannelBlock, channels - c), weights, padded, offsets, dx);
        }
    }

    /// <summary>Rows [first, first + count) of each plane of dy, those outside as zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PadRows(T* dy, long planes, long first, long count, long height, long width, T* padded)
    {
        long from = Math.Clamp(first, 0, height), to = Math.Clamp(first + count, from, height);
        uint above = checked((uint)(Math.Min(from - first, count) * width * sizeof(T))), inside = (uint)((to - from) * width * sizeof(T));
        uint below = checked((uint)(count * width * sizeof(T))) - above - inside;
        for (long o = 0; o < planes; o++, dy += height * width, padded += count * width)
        {
            byte* target = (byte*)padded;
            Unsafe.InitBlockUnaligned(target, 0, above);
            Unsafe.CopyBlockUnaligned(target + above, dy + from * width, inside);
            Unsafe.InitBlockUnaligned(target + above + inside, 0, below);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InputStrip(in Input job, int firstRow, long firstChannel, long count, T* weights, T* padded, int* offsets, T* dx)
    {
        ref readonly var shape = ref job.Shape;
        long channels = shape.InChannels / shape.Groups, outputs = shape.OutChannels / shape.Groups;
        int width = (int)shape.OutWidth, kernelWidth = (int)shape.KernelWidth, outHeight = (int)shape.OutHeight;
        long tall = (job.Strip + (long)job.Shift) * width;
        // A strip's rows beyond the last row that any kernel row reaches are zero and need no work.
        int rows = Math.Min(job.Strip, outHeight + job.Shift - firstRow);
        var blocks = new Blocks(count * kernelWidth, Tiles<L, V, T>.Rows);
        int columns = Tiles<L, V, T>.ColumnsFor(Math.Min(count * kernelWidth, Tiles<L, V, T>.Rows)), tileWidth = columns * L.Count;
        long stride = rows <= 0 ? 0 : ((long)rows * width + tileWidth - 1) / tileWidth * tileWidth;
        long phaseSize = count * kernelWidth * stride;
        var ds = Scratch.Get<T>(Scratch.Slot.Shifted, phaseSize * job.Phases + 2 * (width + L.Count)) + width + L.Count;
        int* kernelRows = stackalloc int[(int)shape.KernelHeight];
        for (int phase = 0; phase < job.Phases && rows > 0; phase++)
        {
            int kernels = KernelRowsOf(shape, phase, kernelRows);
            var target = ds + phase * phaseSize;
            if (kernels == 0)
            {
                new Span<T>(target, checked((int)phaseSize)).Clear();
                continue;
            }
            for (int h = 0; h < kernels; h++)
            {
                int shift = (int)(kernelRows[h] * shape.DilationHeight / shape.StrideHeight);
                for (int o = 0; o < outputs; o++)
                    offsets[h * outputs + o] = (int)(o * tall + (job.Shift - shift) * (long)width);
            }
            var packed = weights + kernelWidth * firstChannel * kernels * outputs;
            for (long p = 0; p < (long)rows * width; p += tileWidth)
            {
                // Kernel rows that meet a row of dy somewhere in this tile; the others would multiply zeros.
                int top = firstRow + (int)(p / width), bottom = firstRow + (int)Math.Min((p + tileWidth - 1) / width, rows - 1);
                int low = 0, high = kernels;
                while (low < high && kernelRows[low] * shape.DilationHeight / shape.StrideHeight < top - outHeight + 1)
                    low++;
                while (high > low && kernelRows[high - 1] * shape.DilationHeight / shape.StrideHeight > bottom)
                    high--;
                for (int b = 0; b < blocks.Count; b++)
                {
                    int b0 = blocks.Start(b), size = blocks.Start(b + 1) - b0;
                    Tiles<L, V, T>.Indexed(size, columns, columnsA: true)((nint)((high - low) * outputs), packed + (b0 * (long)kernels + (long)low * size) * outputs, size,
                        padded + p, 0, offsets + low * outputs, target + b0 * stride + p, (nint)stride, TileStart.Zero, null);
                }
            }
            weights += kernelWidth * channels * kernels * outputs;
        }
        for (long c = 0; c < count; c++)
            Gather(job, firstRow, rows, ds + c * kernelWidth * stride, stride, phaseSize, dx + (firstChannel + c) * shape.Height * shape.Width);
    }

    /// <summary>dx[h, w] = Σ over kw of ds[kw][row of h][(w + pad − kw·dilation) / stride], where that is a column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(in Input job, int firstRow, int rows, T* ds, long stride, long phaseSize, T* dx)
    {
        ref readonly var shape = ref job.Shape;
        int width = (int)shape.Width, outWidth = (int)shape.OutWidth, kernelWidth = (int)shape.KernelWidth;
        int dilation = (int)shape.DilationWidth, pad = (int)shape.PadWidth, step = (int)shape.StrideWidth;
        for (int q = 0; q < job.Strip; q++)
            for (int phase = 0; phase < job.Phases; phase++)
            {
                long h = (firstRow + q) * shape.StrideHeight + phase - shape.PadHeight;
                if (h < 0 || h >= shape.Height)
                    continue;
                var target = dx + h * width;
                var source = ds + phase * phaseSize + (long)q * outWidth;
                if (q >= rows)
                {
                    for (int w = 0; w < width; w++)
                        target[w] = T.Zero;
                }
                else if (job.Masks != null)
                {
                    var mask = job.Masks;
                    int* column = job.Columns;
                    for (int w = 0; w < width; w += L.Count)
                    {
                        V sum = default;
                        var shifted = source;
                        for (int kw = 0; kw < kernelWidth; kw++, mask += L.Count, shifted += stride)
                            sum = L.Add(sum, L.And(L.Load(mask), L.Load(shifted + *column++)));
                        L.Store(sum, target + Math.Min(w, width - L.Count));
                    }
                }
                else
                {
                    for (int w = 0; w < width; w++)
                        target[w] = T.Zero;
                    for (int kw = 0; kw < kernelWidth; kw++)
                        for (int i = 0; i < outWidth; i++)
                        {
                            int w = i * step + kw * dilation - pad;
                            if (w >= 0 && w < width)
                                target[w] += source[kw * stride + i];
                        }
                }
            }
    }

    /// <summary>For each register of a row of dx and each kernel column: where its sources start and which elements have one. None where rows are too short or strided.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FindSources(ref Input job)
    {
        ref readonly var shape = ref job.Shape;
        if (shape.StrideWidth != 1 || shape.Width < L.Count)
            return;
        int width = (int)shape.Width, registers = (width + L.Count - 1) / L.Count;
        var mask = job.Masks = Scratch.Get<T>(Scratch.Slot.Mask, registers * shape.KernelWidth * L.Count);
        int* column = job.Columns = Scratch.Get<int>(Scratch.Slot.Columns, registers * shape.KernelWidth);
        for (int w = 0; w < width; w += L.Count)
            for (int kw = 0; kw < shape.KernelWidth; kw++)
            {
                long first = Math.Min(w, width - L.Count) + shape.PadWidth - kw * shape.DilationWidth;
                // A register without any source reads just outside the row, and drops it.
                *column++ = (int)Math.Clamp(first, -L.Count, shape.OutWidth);
                for (int i = 0; i < L.Count; i++)
                    *mask++ = Mask<T>.Of(first + i >= 0 && first + i < shape.OutWidth);
            }
    }
}
