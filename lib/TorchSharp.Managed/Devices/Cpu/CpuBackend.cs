using System.Numerics;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace TorchSharp.Cpu;

/// <summary>
/// The fast kernels behind the same interface as the readable ones. What is not overridden here (rare types and functions) runs as
/// the reference defines it.
/// </summary>
internal sealed unsafe partial class CpuBackend : ReferenceBackend, IFusedKernels
{
    /// <summary>AVX-512 registers are used where the machine has them; 512-bit code without them would run at half speed.</summary>
    private static bool Wide => System.Runtime.Intrinsics.X86.Avx512F.IsSupported;

    public override void MatMul(ScalarType type, long batch, long m, long n, long k, in MatrixRef a, in MatrixRef b, in MatrixRef c, bool accumulate)
    {
        if (batch == 0 || m == 0 || n == 0)
            return;
        // Rows of C must be contiguous; when its columns are, Cᵀ = Bᵀ·Aᵀ has contiguous rows.
        if (c.ColumnStride != 1 && n > 1)
        {
            if (c.RowStride == 1)
                MatMul(type, batch, n, m, k, Transposed(b), Transposed(a), Transposed(c), accumulate);
            else
                base.MatMul(type, batch, m, n, k, a, b, c, accumulate);
            return;
        }
        switch (type)
        {
            case ScalarType.Float32 when Wide: BatchedProduct<WideLanes<float>, Vector512<float>, float>.Run(batch, m, n, k, a, b, c, accumulate); break;
            case ScalarType.Float32: BatchedProduct<PortableLanes<float>, Vector<float>, float>.Run(batch, m, n, k, a, b, c, accumulate); break;
            case ScalarType.Float64 when Wide: BatchedProduct<WideLanes<double>, Vector512<double>, double>.Run(batch, m, n, k, a, b, c, accumulate); break;
            case ScalarType.Float64: BatchedProduct<PortableLanes<double>, Vector<double>, double>.Run(batch, m, n, k, a, b, c, accumulate); break;
            default: base.MatMul(type, batch, m, n, k, a, b, c, accumulate); break;
        }
    }

    private static MatrixRef Transposed(in MatrixRef m) => new(m.Data, m.ColumnStride, m.RowStride, m.BatchStride);

    public override void Conv(ScalarType type, in ConvShape shape, void* x, void* weight, void* bias, void* y)
    {
        switch (type)
        {
            case ScalarType.Float32 when Wide: Convolution<WideLanes<float>, Vector512<float>, float>.Run(shape, (float*)x, (float*)weight, (float*)bias, (float*)y); break;
            case ScalarType.Float32: Convolution<PortableLanes<float>, Vector<float>, float>.Run(shape, (float*)x, (float*)weight, (float*)bias, (float*)y); break;
            case ScalarType.Float64 when Wide: Convolution<WideLanes<double>, Vector512<double>, double>.Run(shape, (double*)x, (double*)weight, (double*)bias, (double*)y); break;
            case ScalarType.Float64: Convolution<PortableLanes<double>, Vector<double>, double>.Run(shape, (double*)x, (double*)weight, (double*)bias, (double*)y); break;
            default: base.Conv(type, shape, x, weight, bias, y); break;
        }
    }

    public bool TryConvPool(ScalarType type, in ConvShape shape, in PoolShape pool, bool relu, void* x, void* weight, void* bias, void* y) => type == ScalarType.Float32
        && (Wide ? PooledConvolution<WideLanes<float>, Vector512<float>>.TryRun(shape, pool, relu, (float*)x, (float*)weight, (float*)bias, (float*)y)
            : PooledConvolution<PortableLanes<float>, Vector<float>>.TryRun(shape, pool, relu, (float*)x, (float*)weight, (float*)bias, (float*)y));

    public override void ConvBackwardInput(ScalarType type, in ConvShape shape, void* dy, void* weight, void* dx)
    {
        switch (type)
        {
            case ScalarType.Float32 when Wide: Convolution<WideLanes<float>, Vector512<float>, float>.BackwardInput(shape, (float*)dy, (float*)weight, (float*)dx); break;
            case ScalarType.Float32: Convolution<PortableLanes<float>, Vector<float>, float>.BackwardInput(shape, (float*)dy, (float*)weight, (float*)dx); break;
            case ScalarType.Float64 when Wide: Convolution<WideLanes<double>, Vector512<double>, double>.BackwardInput(shape, (double*)dy, (double*)weight, (double*)dx); break;
            case ScalarType.Float64: Convolution<PortableLanes<double>, Vector<double>, double>.BackwardInput(shape, (double*)dy, (double*)weight, (double*)dx); break;
            default: base.ConvBackwardInput(type, shape, dy, weight, dx); break;
        }
    }

    public override void ConvBackwardWeight(ScalarType type, in ConvShape shape, void* x, void* dy, void* dweight, void* dbias)
    {
        switch (type)
        {
            case ScalarType.Float32 when Wide: Convolution<WideLanes<float>, Vector512<float>, float>.BackwardWeight(shape, (float*)x, (float*)dy, (float*)dweight, (float*)dbias); break;
            case ScalarType.Float32: Convolution<PortableLanes<float>, Vector<float>, float>.BackwardWeight(shape, (float*)x, (float*)dy, (float*)dweight, (float*)dbias); break;
            case ScalarType.Float64 when Wide: Convolution<WideLanes<double>, Vector512<double>, double>.BackwardWeight(shape, (double*)x, (double*)dy, (double*)dweight, (double*)dbias); break;
            case ScalarType.Float64: Convolution<PortableLanes<double>, Vector<double>, double>.BackwardWeight(shape, (double*)x, (double*)dy, (double*)dweight, (double*)dbias); break;
            default: base.ConvBackwardWeight(type, shape, x, dy, dweight, dbias); break;
        }
    }

    public override void MaxPool(ScalarType type, in PoolShape shape, void* x, void* y, long* indices)
    {
        switch (type)
        {
            case ScalarType.Float32: MaxPooling.Run(shape, (float*)x, (float*)y, indices); break;
            case ScalarType.Float64: MaxPooling.Run(shape, (double*)x, (double*)y, indices); break;
            default: base.MaxPool(type, shape, x, y, indices); break;
        }
    }

    public override void AvgPool(ScalarType type, in PoolShape shape, bool countIncludePad, long divisor, void* x, void* y)
    {
        switch (type)
        {
            case ScalarType.Float32: AveragePooling.Run(shape, countIncludePad, divisor, (float*)x, (float*)y); break;
            case ScalarType.Float64: AveragePooling.Run(shape, countIncludePad, divisor, (double*)x, (double*)y); break;
            default: base.AvgPool(type, shape, countIncludePad, divisor, x, y); break;
        }
    }

    public override void AvgPoolBackward(ScalarType type, in PoolShape shape, bool countIncludePad, long divisor, void* dy, void* dx)
    {
        switch (type)
        {
            case ScalarType.Float32: AveragePooling.Backward(shape, countIncludePad, divisor, (float*)dy, (float*)dx); break;
            case ScalarType.Float64: AveragePooling.Backward(shape, countIncludePad, divisor, (double*)dy, (double*)dx); break;
            default: base.AvgPoolBackward(type, shape, countIncludePad, divisor, dy, dx); break;
        }
    }

    public override void MaxPoolBackward(ScalarType type, long planes, long inputSize, long outputSize, void* dy, long* indices, void* dx)
    {
        switch (type)
        {
            case ScalarType.Float32: MaxPooling.Backward(planes, inputSize, outputSize, (float*)dy, indices, (float*)dx); break;
            case ScalarType.Float64: MaxPooling.Backward(planes, inputSize, outputSize, (double*)dy, indices, (double*)dx); break;
            default: base.MaxPoolBackward(type, planes, inputSize, outputSize, dy, indices, dx); break;
        }
    }
}
