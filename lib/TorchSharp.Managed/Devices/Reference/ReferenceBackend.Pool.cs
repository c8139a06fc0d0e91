using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp;

internal unsafe partial class ReferenceBackend
{
    public virtual void MaxPool(ScalarType type, in PoolShape shape, void* x, void* y, long* indices) => OverFloats(type, new MaxPoolLoop(shape, x, y, indices));

    private readonly struct MaxPoolLoop(PoolShape s, void* x, void* y, long* indices) : IFloatAction
    {
        public void Run<T>() where T : unmanaged, IFloatingPointIeee754<T>
        {
            T* from = (T*)x, to = (T*)y;
            for (long plane = 0; plane < s.Planes; plane++)
                for (long r = 0; r < s.OutHeight; r++)
                    for (long q = 0; q < s.OutWidth; q++)
                    {
                        var image = from + plane * s.Height * s.Width;
                        var best = T.NegativeInfinity;
                        long position = -1;
                        for (long i = 0; i < s.KernelHeight; i++)
                        {
                            long row = r * s.StrideHeight - s.PadHeight + i * s.DilationHeight;
                            if (row < 0 || row >= s.Height)
                                continue;
                            for (long j = 0; j < s.KernelWidth; j++)
                            {
                                long column = q * s.StrideWidth - s.PadWidth + j * s.DilationWidth;
                                if (column < 0 || column >= s.Width)
                                    continue;
                                var value = image[row * s.Width + column];
                                if (position >= 0 && !(value > best) && !T.IsNaN(value))
                                    continue;
                                best = value;
                                position = row * s.Width + column;
                            }
                        }
                        long at = (plane * s.OutHeight + r) * s.OutWidth + q;
                        to[at] = best;
                        if (indices != null)
                            indices[at] = position;
                    }
        }
    }

    public virtual void MaxPoolBackward(ScalarType type, long planes, long inputSize, long outputSize, void* dy, long* indices, void* dx) =>
        OverFloats(type, new MaxPoolBackwardLoop(planes, inputSize, outputSize, dy, indices, dx));

    private readonly struct MaxPoolBackwardLoop(long planes, long inputSize, long outputSize, void* dy, long* indices, void* dx) : IFloatAction
    {
        public void Run<T>() where T : unmanaged, IFloatingPointIeee754<T>
        {
            T* gradient = (T*)dy, to = (T*)dx;
            Copying.FillRow(to, T.Zero, planes * inputSize);
            for (long plane = 0; plane < planes; plane++)
                for (long o = 0; o < outputSize; o++)
                    to[plane * inputSize + indices[plane * outputSize + o]] += gradient[plane * outputSize + o];
        }
    }

    public virtual void AvgPool(ScalarType type, in PoolShape shape, bool countIncludePad, long divisor, void* x, void* y) =>
        OverFloats(type, new AvgPoolLoop(shape, countIncludePad, divisor, (nint)x, (nint)y, 0, 0));

    public virtual void AvgPoolBackward(ScalarType type, in PoolShape shape, bool countIncludePad, long divisor, void* dy, void* dx) =>
        OverFloats(type, new AvgPoolLoop(shape, countIncludePad, divisor, 0, 0, (nint)dy, (nint)dx));

    /// <summary>Windows as PyTorch cuts them: padding counts towards the size up to the padded edge, never beyond.</summary>
    private readonly struct AvgPoolLoop(PoolShape s, bool countIncludePad, long divisor, nint x, nint y, nint dy, nint dx) : IFloatAction
    {
        public void Run<T>() where T : unmanaged, IFloatingPointIeee754<T>
        {
            T* from = (T*)x, to = (T*)y, gradient = (T*)dy, back = (T*)dx;
            if (back != null)
                Copying.FillRow(back, T.Zero, s.Planes * s.Height * s.Width);
            for (long plane = 0; plane < s.Planes; plane++)
                for (long r = 0; r < s.OutHeight; r++)
                    for (long q = 0; q < s.OutWidth; q++)
                    {
                        long top = r * s.StrideHeight - s.PadHeight, left = q * s.StrideWidth - s.PadWidth;
                        long bottom = Math.Min(top + s.KernelHeight, s.Height + s.PadHeight), right = Math.Min(left + s.KernelWidth, s.Width + s.PadWidth);
                        long size = (bottom - top) * (right - left);
                        top = Math.Max(top, 0);
                        left = Math.Max(left, 0);
                        bottom = Math.Min(bottom, s.Height);
                        right = Math.Min(right, s.Width);
                        if (!countIncludePad)
                            size = (bottom - top) * (right - left);
                        if (divisor != 0)
                            size = divisor;
                        long at = (plane * s.OutHeight + r) * s.OutWidth + q;
                        double sum = 0;
                        for (long row = top; row < bottom; row++)
                            for (long column = left; column < right; column++)
                            {
                                long pixel = (plane * s.Height + row) * s.Width + column;
                                if (back != null)
                                    back[pixel] += gradient[at] / T.CreateTruncating(size);
                                else
                                    sum += double.CreateTruncating(from[pixel]);
                            }
                        if (back == null)
                            to[at] = T.CreateTruncating(sum / size);
                    }
        }
    }
}
