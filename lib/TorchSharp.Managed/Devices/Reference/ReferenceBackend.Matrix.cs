using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp;

internal unsafe partial class ReferenceBackend
{
    public virtual void MatMul(ScalarType type, long batch, long m, long n, long k, in MatrixRef a, in MatrixRef b, in MatrixRef c, bool accumulate) =>
        OverNumbers(type, new MatMulLoop(batch, m, n, k, a, b, c, accumulate));

    private readonly struct MatMulLoop(long batch, long m, long n, long k, MatrixRef a, MatrixRef b, MatrixRef c, bool accumulate) : INumberAction
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            for (long s = 0; s < batch; s++)
            {
                T* pa = (T*)a.Data + s * a.BatchStride, pb = (T*)b.Data + s * b.BatchStride, pc = (T*)c.Data + s * c.BatchStride;
                for (long i = 0; i < m; i++)
                {
                    if (!accumulate)
                        for (long j = 0; j < n; j++)
                            pc[i * c.RowStride + j * c.ColumnStride] = T.Zero;
                    for (long p = 0; p < k; p++)
                    {
                        var factor = pa[i * a.RowStride + p * a.ColumnStride];
                        for (long j = 0; j < n; j++)
                            pc[i * c.RowStride + j * c.ColumnStride] += factor * pb[p * b.RowStride + j * b.ColumnStride];
                    }
                }
            }
        }
    }

    public virtual void Conv(ScalarType type, in ConvShape shape, void* x, void* weight, void* bias, void* y) => OverFloats(type, new ConvLoop(shape, x, weight, bias, y));

    private readonly struct ConvLoop(ConvShape s, void* x, void* weight, void* bias, void* y) : IFloatAction
    {
        /// <summary>y[b,o,r,q] = bias[o] + Σ x[b, c, r·stride − pad + i·dilation, …] · w[o, c, i, j] over the channels c of o's group.</summary>
        public void Run<T>() where T : unmanaged, IFloatingPointIeee754<T>
        {
            T* px = (T*)x, pw = (T*)weight, pb = (T*)bias, py = (T*)y;
            long inGroup = s.InChannels / s.Groups, outGroup = s.OutChannels / s.Groups;
            for (long b = 0; b < s.Batch; b++)
                for (long o = 0; o < s.OutChannels; o++)
                    for (long r = 0; r < s.OutHeight; r++)
                        for (long q = 0; q < s.OutWidth; q++)
                        {
                            var sum = pb == null ? T.Zero : pb[o];
                            for (long c = 0; c < inGroup; c++)
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
                                        long channel = o / outGroup * inGroup + c;
                                        sum += px[((b * s.InChannels + channel) * s.Height + row) * s.Width + column] * pw[((o * inGroup + c) * s.KernelHeight + i) * s.KernelWidth + j];
                                    }
                                }
                            py[((b * s.OutChannels + o) * s.OutHeight + r) * s.OutWidth + q] = sum;
                        }
        }
    }

    public virtual void ConvBackwardInput(ScalarType type, in ConvShape shape, void* dy, void* weight, void* dx) =>
        OverFloats(type, new ConvBackwardLoop(shape, null, dy, (nint)weight, (nint)dx, 0, 0));

    public virtual void ConvBackwardWeight(ScalarType type, in ConvShape shape, void* x, void* dy, void* dweight, void* dbias) =>
        OverFloats(type, new ConvBackwardLoop(shape, x, dy, 0, 0, (nint)dweight, (nint)dbias));

    /// <summary>Every product of the forward sum, met once: dx += dy·w when dx is wanted, dw += dy·x when dw is.</summary>
    private readonly struct ConvBackwardLoop(ConvShape s, void* x, void* dy, nint weight, nint dx, nint dweight, nint dbias) : IFloatAction
    {
        public void Run<T>() where T : unmanaged, IFloatingPointIeee754<T>
        {
            T* px = (T*)x, pdy = (T*)dy, pw = (T*)weight, pdx = (T*)dx, pdw = (T*)dweight, pdb = (T*)dbias;
            long inGroup = s.InChannels / s.Groups, outGroup = s.OutChannels / s.Groups;
            if (pdx != null)
                Copying.FillRow(pdx, T.Zero, s.Batch * s.InChannels * s.Height * s.Width);
            if (pdw != null)
                Copying.FillRow(pdw, T.Zero, s.OutChannels * inGroup * s.KernelHeight * s.KernelWidth);
            if (pdb != null)
                Copying.FillRow(pdb, T.Zero, s.OutChannels);
            for (long b = 0; b < s.Batch; b++)
                for (long o = 0; o < s.OutChannels; o++)
                    for (long r = 0; r < s.OutHeight; r++)
                        for (long q = 0; q < s.OutWidth; q++)
                        {
                            var gradient = pdy[((b * s.OutChannels + o) * s.OutHeight + r) * s.OutWidth + q];
                            if (pdb != null)
                                pdb[o] += gradient;
                            for (long c = 0; c < inGroup; c++)
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
                                        long atX = ((b * s.InChannels + o / outGroup * inGroup + c) * s.Height + row) * s.Width + column;
                                        long atW = ((o * inGroup + c) * s.KernelHeight + i) * s.KernelWidth + j;
                                        if (pdx != null)
                                            pdx[atX] += gradient * pw[atW];
                                        if (pdw != null)
                                            pdw[atW] += gradient * px[atX];
                                    }
                                }
                        }
        }
    }
}
