using System.Runtime.InteropServices;
using ILGPU;
using static TorchSharp.torch;

namespace TorchSharp.Gpu;

internal sealed unsafe partial class GpuBackend
{
    public void Unary(UnaryKind kind, ScalarType type, void* x, void* y, long count)
    {
        Require(nameof(Unary), type);
        if (type == ScalarType.Float32)
            OverUnary(kind, new UnaryFloats(this, x, y, count));
        else if (type == ScalarType.Float64)
            OverUnary(kind, new UnaryDoubles(this, x, y, count));
        else
            OverIntegers(type, new UnaryIntegers(this, kind, x, y, count));
    }

    private interface IUnaryAction
    {
        void Run<TFunction>() where TFunction : struct, IUnary;
    }

    private readonly struct UnaryFloats(GpuBackend on, void* x, void* y, long count) : IUnaryAction
    {
        public void Run<TFunction>() where TFunction : struct, IUnary =>
            on._device.Run<ArrayView<float>, ArrayView<float>>(PointwiseKernels.Unary<TFunction>, count, on.View<float>(x), on.View<float>(y));
    }

    private readonly struct UnaryDoubles(GpuBackend on, void* x, void* y, long count) : IUnaryAction
    {
        public void Run<TFunction>() where TFunction : struct, IUnary =>
            on._device.Run<ArrayView<double>, ArrayView<double>>(PointwiseKernels.Unary<TFunction>, count, on.View<double>(x), on.View<double>(y));
    }

    private readonly struct UnaryIntegers(GpuBackend on, UnaryKind kind, void* x, void* y, long count) : IIntegerAction
    {
        public void Run<T, TElement>() where T : unmanaged where TElement : struct, IElement<T, long>
        {
            switch (kind)
            {
                case UnaryKind.Neg: Of<T, TElement, UnaryFunctions.Neg>(); break;
                case UnaryKind.Abs: Of<T, TElement, UnaryFunctions.Abs>(); break;
                case UnaryKind.Sign: Of<T, TElement, UnaryFunctions.Sign>(); break;
                case UnaryKind.Square: Of<T, TElement, UnaryFunctions.Square>(); break;
                case UnaryKind.Relu: Of<T, TElement, UnaryFunctions.Relu>(); break;
                case UnaryKind.Ceil: Of<T, TElement, UnaryFunctions.Ceil>(); break;
                case UnaryKind.Floor: Of<T, TElement, UnaryFunctions.Floor>(); break;
                case UnaryKind.Round: Of<T, TElement, UnaryFunctions.Round>(); break;
                case UnaryKind.Trunc: Of<T, TElement, UnaryFunctions.Trunc>(); break;
                default: throw new ExternalException($"{kind} is not implemented for integers");
            }
        }

        private void Of<T, TElement, TFunction>() where T : unmanaged where TElement : struct, IElement<T, long> where TFunction : struct, IIntegerUnary =>
            on._device.Run<ArrayView<T>, ArrayView<T>>(PointwiseKernels.IntegerUnary<T, TElement, TFunction>, count, on.View<T>(x), on.View<T>(y));
    }

    private static void OverUnary<TAction>(UnaryKind kind, in TAction action) where TAction : IUnaryAction, allows ref struct
    {
        switch (kind)
        {
            case UnaryKind.Neg: action.Run<UnaryFunctions.Neg>(); break;
            case UnaryKind.Abs: action.Run<UnaryFunctions.Abs>(); break;
            case UnaryKind.Sign: action.Run<UnaryFunctions.Sign>(); break;
            case UnaryKind.Square: action.Run<UnaryFunctions.Square>(); break;
            case UnaryKind.Relu: action.Run<UnaryFunctions.Relu>(); break;
            case UnaryKind.Reciprocal: action.Run<UnaryFunctions.Reciprocal>(); break;
            case UnaryKind.Sqrt: action.Run<UnaryFunctions.Sqrt>(); break;
            case UnaryKind.Rsqrt: action.Run<UnaryFunctions.Rsqrt>(); break;
            case UnaryKind.Exp: action.Run<UnaryFunctions.Exp>(); break;
            case UnaryKind.Exp2: action.Run<UnaryFunctions.Exp2>(); break;
            case UnaryKind.Expm1: action.Run<Wide<UnaryFunctions.Expm1>>(); break;
            case UnaryKind.Log: action.Run<UnaryFunctions.Log>(); break;
            case UnaryKind.Log2: action.Run<Wide<UnaryFunctions.Log2>>(); break;
            case UnaryKind.Log10: action.Run<UnaryFunctions.Log10>(); break;
            case UnaryKind.Log1p: action.Run<Wide<UnaryFunctions.Log1p>>(); break;
            case UnaryKind.Sin: action.Run<UnaryFunctions.Sin>(); break;
            case UnaryKind.Cos: action.Run<UnaryFunctions.Cos>(); break;
            case UnaryKind.Tan: action.Run<UnaryFunctions.Tan>(); break;
            case UnaryKind.Asin: action.Run<Wide<UnaryFunctions.Asin>>(); break;
            case UnaryKind.Acos: action.Run<Wide<UnaryFunctions.Acos>>(); break;
            case UnaryKind.Atan: action.Run<Wide<UnaryFunctions.Atan>>(); break;
            case UnaryKind.Sinh: action.Run<Wide<UnaryFunctions.Sinh>>(); break;
            case UnaryKind.Cosh: action.Run<Wide<UnaryFunctions.Cosh>>(); break;
            case UnaryKind.Tanh: action.Run<UnaryFunctions.Tanh>(); break;
            case UnaryKind.Asinh: action.Run<Wide<UnaryFunctions.Asinh>>(); break;
            case UnaryKind.Acosh: action.Run<Wide<UnaryFunctions.Acosh>>(); break;
            case UnaryKind.Atanh: action.Run<Wide<UnaryFunctions.Atanh>>(); break;
            case UnaryKind.Sigmoid: action.Run<UnaryFunctions.Sigmoid>(); break;
            case UnaryKind.LogSigmoid: action.Run<Wide<UnaryFunctions.LogSigmoid>>(); break;
            case UnaryKind.Silu: action.Run<UnaryFunctions.Silu>(); break;
            case UnaryKind.Gelu: action.Run<Wide<UnaryFunctions.Gelu>>(); break;
            case UnaryKind.GeluTanh: action.Run<Wide<UnaryFunctions.GeluTanh>>(); break;
            case UnaryKind.Erf: action.Run<Wide<UnaryFunctions.Erf>>(); break;
            case UnaryKind.Erfc: action.Run<Wide<UnaryFunctions.Erfc>>(); break;
            case UnaryKind.Erfinv: action.Run<Wide<UnaryFunctions.Erfinv>>(); break;
            case UnaryKind.Lgamma: action.Run<Wide<UnaryFunctions.Lgamma>>(); break;
            case UnaryKind.Digamma: action.Run<Wide<UnaryFunctions.Digamma>>(); break;
            case UnaryKind.Ceil: action.Run<UnaryFunctions.Ceil>(); break;
            case UnaryKind.Floor: action.Run<UnaryFunctions.Floor>(); break;
            case UnaryKind.Round: action.Run<UnaryFunctions.Round>(); break;
            case UnaryKind.Trunc: action.Run<UnaryFunctions.Trunc>(); break;
            case UnaryKind.I0: action.Run<Wide<UnaryFunctions.I0>>(); break;
            case UnaryKind.Sinc: action.Run<Wide<UnaryFunctions.Sinc>>(); break;
            default: throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }
}
