using System.Numerics;
using System.Runtime.CompilerServices;

namespace TorchSharp.Cpu;

/// <summary>
/// y[n, o] = bias[o] + Σ over c, kh, kw of w[o, c, kh, kw] · x[n, c, shifted by (kh, kw)]: the product of the weights with the
/// rows that <see cref="ShiftPack"/> lays out.
/// </summary>
internal static unsafe partial class Convolution<L, V, T>
    where L : ILanes<V, T> where V : struct where T : unmanaged, INumberBase<T>
{
    /// <summary>Bytes of shifted rows that are worked on at a time: half of a small L2 cache.</summary>
    private const long StripBytes = 128 << 10;

    /// <summary>Bytes of weights that are worked on at a time, beside these rows.</summary>
    private const long WeightBytes = 160 << 10;

    /// <summary>A convolution's work in units that do not depend on each other: (image, group, strip of output rows).</summary>
    internal struct Forward
    {
        public ConvShape Shape;
        public T* X, Weight, Bias, Y;
        public long Depth, ChannelBlock;
        public int Strip, Strips;
        public ShiftPack Pack;
        public int* Offsets;

        /// <summary>Multiplications and additions.</summary>
        public readonly double Work => 2.0 * Shape.OutputCount * Depth;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in ConvShape shape, T* x, T* weight, T* bias, T* y)
    {
        var job = Plan(shape, x, weight, bias, y);
        Workers.For(shape.Batch * shape.Groups * job.Strips, job.Work, &Unit, &job);
    }

    /// <summary>How the work is cut up; valid until the next call on this thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static Forward Plan(in ConvShape shape, T* x, T* weight, T* bias, T* y)
    {
        long channels = shape.InChannels / shape.Groups, outputs = shape.OutChannels / shape.Groups;
        long taps = shape.KernelHeight * shape.KernelWidth;
        var job = new Forward { Shape = shape, X = x, Weight = weight, Bias = bias, Y = y, Depth = channels * taps };

        // As many channels at a time as give a depth of about 400 (of which a tile's columns fit into L1), then as many output rows as the budget allows.
        long passes = (channels * taps + 399) / 400;
        job.ChannelBlock = Math.Max(1, (channels + passes - 1) / passes);
        long rowBytes = job.ChannelBlock * shape.KernelWidth * shape.OutWidth * shape.StrideHeight * sizeof(T);
        job.Strip = (int)Math.Clamp(StripBytes / Math.Max(rowBytes, 1) - ShiftPack.MaxShift(shape), 1, shape.OutHeight);
        if (job.Strip < shape.OutHeight)
        {
            job.Strip = (int)Math.Max(job.Strip, Math.Min(shape.OutHeight, 2 + ShiftPack.MaxShift(shape)));
            job.Strip = FewestTiles(job.Strip, shape.OutHeight, shape.OutWidth, Tiles<L, V, T>.ColumnsFor(Math.Min(outputs, Tiles<L, V, T>.Rows)) * L.Count);
        }
        job.Strips = (int)((shape.OutHeight + job.Strip - 1) / job.Strip);

        job.Pack = new ShiftPack(shape, job.Strip);
        job.Offsets = job.Pack.RowOffsets(job.ChannelBlock);
        return job;
    }

    /// <summary>Rows of a strip, at most so many and at least half of it: those whose strips end amid a tile least often.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FewestTiles(int most, long height, long width, long tile)
    {
        int best = most;
        long fewest = long.MaxValue;
        for (int rows = most; rows >= (most + 1) / 2; rows--)
        {
            long tiles = height / rows * ((rows * width + tile - 1) / tile) + (height % rows * width + tile - 1) / tile;
            if (tiles >= fewest)
                continue;
            fewest = tiles;
            best = rows;
        }
        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Unit(long unit, void* state)
    {
        ref readonly var job = ref *(Forward*)state;
        ref readonly var shape = ref job.Shape;
        long strip = unit % job.Strips, group = unit / job.Strips % shape.Groups, image = unit / job.Strips / shape.Groups;
        long firstRow = strip * job.Strip;
        Maps(job, image, group, firstRow, job.Y + (image * shape.OutChannels + group * (shape.OutChannels / shape.Groups)) * shape.OutHeight * shape.OutWidth + firstRow * shape.OutWidth);
    }

    /// <summary>The maps of one group of an image, from an output row on: as many rows as a strip has.</summary>
    /// <param name="y">Where that row of the first map goes; maps are a whole map apart.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Maps(in Forward job, long image, long group, long firstRow, T* y)
    {
        ref readonly var shape = ref job.Shape;
        long channels = shape.InChannels / shape.Groups, outputs = shape.OutChannels / shape.Groups;
        long taps = shape.KernelHeight * shape.KernelWidth;
        int rows = (int)Math.Min(job.Strip, shape.OutHeight - firstRow);
        var shifted = Scratch.Get<T>(Scratch.Slot.Shifted, job.Pack.Size(job.ChannelBlock));

        var x = job.X + (image * shape.InChannels + group * channels) * shape.Height * shape.Width;
        var weights = job.Weight + group * outputs * job.Depth;
        var bias = job.Bias == null ? null : job.Bias + group * outputs;
        for (long c = 0; c < channels; c += job.ChannelBlock)
        {
            long count = Math.Min(job.ChannelBlock, channels - c);
            job.Pack.Fill<L, V, T>(x + c * shape.Height * shape.Width, count, firstRow, shifted);
            var start = c > 0 ? TileStart.Accumulate : bias != null ? TileStart.RowBias : TileStart.Zero;
            Product(outputs, rows * shape.OutWidth, count * taps, weights + c * taps, job.Depth, shifted, job.Offsets, y, shape.OutHeight * shape.OutWidth, start, bias);
        }
    }

    /// <summary>
    /// Tiles of (outputs × pixels). As many outputs as have their weights in L2 beside the shifted rows; for these all outputs of some
    /// pixels before the next pixels, whose rows are in L1 meanwhile.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Product(long outputs, long pixels, long depth, T* weights, long rowWeights, T* shifted, int* offsets, T* y, long ldy, TileStart start, T* bias)
    {
        var blocks = new Blocks(outputs, Tiles<L, V, T>.Rows);
        int columns = Tiles<L, V, T>.ColumnsFor(Math.Min(outputs, Tiles<L, V, T>.Rows)), width = columns * L.Count;
        int group = (int)Math.Max(1, WeightBytes / (Tiles<L, V, T>.Rows * depth * sizeof(T)));
        var tile = stackalloc T[Tiles<L, V, T>.Rows * 4 * L.Count];
        // Blocks have at most two heights, and all but the last tile of a row the full width.
        int highest = blocks.Start(1);
        var higher = Tiles<L, V, T>.Indexed(highest, columns, columnsA: false);
        var lower = Tiles<L, V, T>.Indexed(Math.Max(highest - 1, 1), columns, columnsA: false);
        for (int g = 0; g < blocks.Count; g += group)
            for (long p = 0; p < pixels; p += width)
            {
                int wide = (int)Math.Min(width, pixels - p), used = (wide + L.Count - 1) / L.Count;
                bool partial = wide % L.Count != 0;
                for (int i = g; i < Math.Min(g + group, blocks.Count); i++)
                {
                    int i0 = blocks.Start(i), high = blocks.Start(i + 1) - i0;
                    var target = y + i0 * ldy + p;
                    var offset = bias == null ? null : bias + i0;
                    if (!partial)
                    {
                        var kernel = used < columns ? Tiles<L, V, T>.Indexed(high, used, columnsA: false) : high == highest ? higher : lower;
                        kernel((nint)depth, weights + i0 * rowWeights, (nint)rowWeights, shifted + p, 0, offsets, target, (nint)ldy, start, offset);
                        continue;
                    }
                    if (start == TileStart.Accumulate)
                        for (int r = 0; r < high; r++)
                            for (int j = 0; j < wide; j++)
                                tile[r * width + j] = target[r * ldy + j];
                    Tiles<L, V, T>.Indexed(high, used, columnsA: false)((nint)depth, weights + i0 * rowWeights, (nint)rowWeights, shifted + p, 0, offsets, tile, width, start, offset);
                    for (int r = 0; r < high; r++)
                        for (int j = 0; j < wide; j++)
                            target[r * ldy + j] = tile[r * width + j];
                }
            }
    }
}
