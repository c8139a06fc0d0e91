using System.Numerics;
using ILGPU;

namespace TorchSharp.Gpu;

/// <summary>What a convolution needs beside a product where the processor is a CPU: patches written out, and their gradients brought home. A thread a plane.</summary>
internal static class PatchKernels
{
    /// <summary>The pixels under each tap, neighbours beside one another: [block, channels·taps, images of the block·positions]; zero in the padding.</summary>
    internal static void ByTap<T>(ArrayView<T> x, ArrayView<T> patches, ConvWindow s, int images) where T : unmanaged, INumber<T>
    {
        int channel = Grid.IdxX, image = Grid.IdxY;
        long from = ((long)image * s.Channels + channel) * s.Pixels;
        for (int tap = 0; tap < s.Taps; tap++)
        {
            int i = tap / s.KernelWidth, j = tap % s.KernelWidth;
            long to = (((long)(image / images) * s.Channels + channel) * s.Taps + tap) * images * s.OutPixels + image % images * s.OutPixels;
            for (int r = 0; r < s.OutHeight; r++)
                for (int q = 0; q < s.OutWidth; q++)
                {
                    int row = s.Row(r, i), column = s.Column(q, j);
                    patches[to + r * s.OutWidth + q] = s.Covers(row, column) ? x[from + row * s.Width + column] : T.Zero;
                }
        }
    }

    /// <summary>The same with the taps beside one another: [image, group, positions, channels of the group·taps].</summary>
    internal static void ByPosition<T>(ArrayView<T> x, ArrayView<T> patches, ConvWindow s) where T : unmanaged, INumber<T>
    {
        int channel = Grid.IdxX, image = Grid.IdxY;
        long from = ((long)image * s.Channels + channel) * s.Pixels, width = (long)s.InGroup * s.Taps;
        long to = ((long)image * s.Channels / s.InGroup + channel / s.InGroup) * s.OutPixels * width + channel % s.InGroup * s.Taps;
        for (int r = 0; r < s.OutHeight; r++)
            for (int q = 0; q < s.OutWidth; q++)
                for (int i = 0; i < s.KernelHeight; i++)
                    for (int j = 0; j < s.KernelWidth; j++)
                    {
                        int row = s.Row(r, i), column = s.Column(q, j);
                        patches[to + (r * s.OutWidth + q) * width + i * s.KernelWidth + j] = s.Covers(row, column) ? x[from + row * s.Width + column] : T.Zero;
                    }
    }

    /// <summary>A pixel's gradient is the sum over the patches that it lies in: dx[image, channel] from [image, channel, taps, positions].</summary>
    internal static void Home<T>(ArrayView<T> patches, ArrayView<T> dx, ConvWindow s) where T : unmanaged, INumber<T>
    {
        long plane = (long)Grid.IdxY * s.Channels + Grid.IdxX, to = plane * s.Pixels;
        for (int pixel = 0; pixel < s.Pixels; pixel++)
            dx[to + pixel] = T.Zero;
        for (int tap = 0; tap < s.Taps; tap++)
        {
            int i = tap / s.KernelWidth, j = tap % s.KernelWidth;
            long from = (plane * s.Taps + tap) * s.OutPixels;
            for (int r = 0; r < s.OutHeight; r++)
                for (int q = 0; q < s.OutWidth; q++)
                {
                    int row = s.Row(r, i), column = s.Column(q, j);
                    if (s.Covers(row, column))
                        dx[to + row * s.Width + column] += patches[from + r * s.OutWidth + q];
                }
        }
    }

    /// <summary>sums[c] = Σ x[s, c, i]: the gradient of a bias. A thread a channel.</summary>
    internal static void ChannelSums<T, TReal>(ArrayView<T> x, ArrayView<T> sums, int batch, int channels, int positions) where T : unmanaged where TReal : struct, IReal<T>
    {
        double sum = 0;
        for (int image = 0; image < batch; image++)
        {
            long from = ((long)image * channels + Grid.IdxX) * positions;
            for (int i = 0; i < positions; i++)
                sum += TReal.Widen(x[from + i]);
        }
        sums[Grid.IdxX] = TReal.Narrow(sum);
    }
}
