using ILGPU;

namespace TorchSharp.Gpu;

/// <summary><see cref="PoolShape"/> in 32 bits.</summary>
internal readonly struct PoolWindow(PoolShape s, bool countPad, long divisor)
{
    internal readonly int Height = (int)s.Height, Width = (int)s.Width, OutHeight = (int)s.OutHeight, OutWidth = (int)s.OutWidth;
    internal readonly int KernelHeight = (int)s.KernelHeight, KernelWidth = (int)s.KernelWidth, StrideHeight = (int)s.StrideHeight, StrideWidth = (int)s.StrideWidth;
    internal readonly int PadHeight = (int)s.PadHeight, PadWidth = (int)s.PadWidth, DilationHeight = (int)s.DilationHeight, DilationWidth = (int)s.DilationWidth;
    internal readonly int CountPad = countPad ? 1 : 0, Divisor = (int)divisor;

    internal int Top(int r) => r * StrideHeight - PadHeight;

    internal int Left(int q) => q * StrideWidth - PadWidth;

    /// <summary>By how much the window at (r, q) is divided. Padding counts up to the padded edge, never beyond.</summary>
    internal int Size(int r, int q)
    {
        if (Divisor != 0)
            return Divisor;
        int top = Top(r), left = Left(q);
        int bottom = Math.Min(top + KernelHeight, Height + PadHeight), right = Math.Min(left + KernelWidth, Width + PadWidth);
        if (CountPad == 0)
        {
            top = Math.Max(top, 0);
            left = Math.Max(left, 0);
            bottom = Math.Min(bottom, Height);
            right = Math.Min(right, Width);
        }
        return (bottom - top) * (right - left);
    }
}

/// <summary>Pooling, a thread an output; its gradients, a thread an input or a plane: no atomic additions, so the same sums every time.</summary>
internal static class PoolKernels
{
    internal static void Max<T, TReal>(Index1D output, ArrayView<T> x, ArrayView<T> y, ArrayView<long> indices, PoolWindow s, int hasIndices) where T : unmanaged where TReal : struct, IReal<T>
    {
        int q = output % s.OutWidth, r = output / s.OutWidth % s.OutHeight, plane = output / s.OutWidth / s.OutHeight;
        long image = (long)plane * s.Height * s.Width;
        double best = double.NegativeInfinity;
        int position = -1;
        for (int i = 0; i < s.KernelHeight; i++)
        {
            int row = s.Top(r) + i * s.DilationHeight;
            if (row < 0 || row >= s.Height)
                continue;
            for (int j = 0; j < s.KernelWidth; j++)
            {
                int column = s.Left(q) + j * s.DilationWidth;
                if (column < 0 || column >= s.Width)
                    continue;
                double value = TReal.Widen(x[image + row * s.Width + column]);
                if (position >= 0 && !(value > best) && !double.IsNaN(value))
                    continue;
                best = value;
                position = row * s.Width + column;
            }
        }
        y[output] = TReal.Narrow(best);
        if (hasIndices != 0)
            indices[output] = position;
    }

    internal static void MaxBackward<T, TReal>(Index1D plane, ArrayView<T> dy, ArrayView<long> indices, ArrayView<T> dx, int inputs, int outputs) where T : unmanaged where TReal : struct, IReal<T>
    {
        long index = plane.X, to = index * inputs, from = index * outputs;
        for (int i = 0; i < inputs; i++)
            dx[to + i] = TReal.Narrow(0);
        for (int o = 0; o < outputs; o++)
        {
            long at = to + indices[from + o];
            dx[at] = TReal.Narrow(TReal.Widen(dx[at]) + TReal.Widen(dy[from + o]));
        }
    }

    internal static void Average<T, TReal>(Index1D output, ArrayView<T> x, ArrayView<T> y, PoolWindow s) where T : unmanaged where TReal : struct, IReal<T>
    {
        int q = output % s.OutWidth, r = output / s.OutWidth % s.OutHeight, plane = output / s.OutWidth / s.OutHeight;
        long image = (long)plane * s.Height * s.Width;
        int top = Math.Max(s.Top(r), 0), bottom = Math.Min(s.Top(r) + s.KernelHeight, s.Height), left = Math.Max(s.Left(q), 0), right = Math.Min(s.Left(q) + s.KernelWidth, s.Width);
        double sum = 0;
        for (int row = top; row < bottom; row++)
            for (int column = left; column < right; column++)
                sum += TReal.Widen(x[image + row * s.Width + column]);
        y[output] = TReal.Narrow(sum / s.Size(r, q));
    }

    /// <summary>A pixel's gradient: from all windows that cover it.</summary>
    internal static void AverageBackward<T, TReal>(Index1D input, ArrayView<T> dy, ArrayView<T> dx, PoolWindow s) where T : unmanaged where TReal : struct, IReal<T>
    {
        int column = input % s.Width, row = input / s.Width % s.Height, plane = input / s.Width / s.Height;
        int firstR = Math.Max(0, (row + s.PadHeight - s.KernelHeight + s.StrideHeight) / s.StrideHeight), lastR = Math.Min(s.OutHeight - 1, (row + s.PadHeight) / s.StrideHeight);
        int firstQ = Math.Max(0, (column + s.PadWidth - s.KernelWidth + s.StrideWidth) / s.StrideWidth), lastQ = Math.Min(s.OutWidth - 1, (column + s.PadWidth) / s.StrideWidth);
        double sum = 0;
        for (int r = firstR; r <= lastR; r++)
            for (int q = firstQ; q <= lastQ; q++)
            {
                // Rounded division of small numbers may have begun one window too early.
                if (s.Top(r) + s.KernelHeight <= row || s.Left(q) + s.KernelWidth <= column)
                    continue;
                sum += TReal.Widen(dy[((long)plane * s.OutHeight + r) * s.OutWidth + q]) / s.Size(r, q);
            }
        dx[input] = TReal.Narrow(sum);
    }
}
