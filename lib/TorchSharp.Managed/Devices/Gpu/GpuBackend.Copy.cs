using ILGPU;
using static TorchSharp.torch;

namespace TorchSharp.Gpu;

internal sealed unsafe partial class GpuBackend
{
    public void Copy(ScalarType typeX, void* x, ReadOnlySpan<long> stridesX, ScalarType typeY, void* y, ReadOnlySpan<long> stridesY, ReadOnlySpan<long> shape)
    {
        Require(nameof(Copy), typeX);
        Require(nameof(Copy), typeY);
        var walk = new Walk(shape, stridesX, stridesY);
        Require(walk, nameof(Copy), typeY);
        var places = new CopyPlaces(walk.Extents, walk.A, walk.B, walk.Count);
        if (typeX == typeY)
            CopyBits(typeX.Size(), x, y, places);
        else if (typeX.IsFloating())
            OverRealElements(typeX, new FromReal(this, x, typeY, y, places));
        else
            OverIntegers(typeX, new FromInteger(this, x, typeY, y, places));
    }

    private readonly record struct CopyPlaces(Extents Extents, Steps X, Steps Y, long Count);

    private interface IRealElementAction
    {
        void Run<T, TElement>() where T : unmanaged where TElement : struct, IElement<T, double>;
    }

    /// <summary>All floating-point types, those of 16 bits too: for what converts, and computes nothing.</summary>
    private static void OverRealElements<TAction>(ScalarType type, in TAction action) where TAction : IRealElementAction, allows ref struct
    {
        switch (type)
        {
            case ScalarType.Float16: action.Run<short, Element.Float16>(); break;
            case ScalarType.BFloat16: action.Run<short, Element.BFloat16>(); break;
            case ScalarType.Float32: action.Run<float, Element.Float32>(); break;
            default: action.Run<double, Element.Float64>(); break;
        }
    }

    private void CopyBits(int size, void* x, void* y, CopyPlaces at)
    {
        switch (size)
        {
            case 1: Copy<byte>(x, y, at); break;
            case 2: Copy<short>(x, y, at); break;
            case 4: Copy<int>(x, y, at); break;
            default: Copy<long>(x, y, at); break;
        }
    }

    private void Copy<T>(void* x, void* y, CopyPlaces at) where T : unmanaged =>
        _device.Run<ArrayView<T>, ArrayView<T>, Extents, Steps, Steps>(IndexKernels.Copy<T>, at.Count, View<T>(x), View<T>(y), at.Extents, at.X, at.Y);

    private readonly struct FromReal(GpuBackend on, void* x, ScalarType typeY, void* y, CopyPlaces at) : IRealElementAction
    {
        public void Run<T, TElement>() where T : unmanaged where TElement : struct, IElement<T, double>
        {
            if (typeY.IsFloating())
                OverRealElements(typeY, new RealToReal<T, TElement>(on, x, y, at));
            else if (typeY == ScalarType.Bool)
                on._device.Run<ArrayView<T>, ArrayView<byte>, Extents, Steps, Steps>(IndexKernels.RealToBool<T, TElement>, at.Count, on.View<T>(x), on.View<byte>(y), at.Extents, at.X, at.Y);
            else
                OverIntegers(typeY, new RealToInteger<T, TElement>(on, x, y, at, typeY == ScalarType.Int64 ? long.MaxValue : int.MaxValue));
        }
    }

    private readonly struct RealToReal<TX, EX>(GpuBackend on, void* x, void* y, CopyPlaces at) : IRealElementAction where TX : unmanaged where EX : struct, IElement<TX, double>
    {
        public void Run<T, TElement>() where T : unmanaged where TElement : struct, IElement<T, double> =>
            on._device.Run<ArrayView<TX>, ArrayView<T>, Extents, Steps, Steps>(IndexKernels.RealToReal<TX, T, EX, TElement>, at.Count, on.View<TX>(x), on.View<T>(y), at.Extents, at.X, at.Y);
    }

    /// <param name="limit">Small integers are cut out of one of 32 bits.</param>
    private readonly struct RealToInteger<TX, EX>(GpuBackend on, void* x, void* y, CopyPlaces at, long limit) : IIntegerAction where TX : unmanaged where EX : struct, IElement<TX, double>
    {
        public void Run<T, TElement>() where T : unmanaged where TElement : struct, IElement<T, long> =>
            on._device.Run<ArrayView<TX>, ArrayView<T>, Extents, Steps, Steps, long>(IndexKernels.RealToInteger<TX, T, EX, TElement>, at.Count, on.View<TX>(x), on.View<T>(y), at.Extents, at.X, at.Y, limit);
    }

    private readonly struct FromInteger(GpuBackend on, void* x, ScalarType typeY, void* y, CopyPlaces at) : IIntegerAction
    {
        public void Run<T, TElement>() where T : unmanaged where TElement : struct, IElement<T, long>
        {
            if (typeY.IsFloating())
                OverRealElements(typeY, new IntegerToReal<T, TElement>(on, x, y, at));
            else if (typeY == ScalarType.Bool)
                new IntegerToInteger<T, TElement>(on, x, y, at).Run<byte, Element.Bool>();
            else
                OverIntegers(typeY, new IntegerToInteger<T, TElement>(on, x, y, at));
        }
    }

    private readonly struct IntegerToReal<TX, EX>(GpuBackend on, void* x, void* y, CopyPlaces at) : IRealElementAction where TX : unmanaged where EX : struct, IElement<TX, long>
    {
        public void Run<T, TElement>() where T : unmanaged where TElement : struct, IElement<T, double> =>
            on._device.Run<ArrayView<TX>, ArrayView<T>, Extents, Steps, Steps>(IndexKernels.IntegerToReal<TX, T, EX, TElement>, at.Count, on.View<TX>(x), on.View<T>(y), at.Extents, at.X, at.Y);
    }

    private readonly struct IntegerToInteger<TX, EX>(GpuBackend on, void* x, void* y, CopyPlaces at) : IIntegerAction where TX : unmanaged where EX : struct, IElement<TX, long>
    {
        public void Run<T, TElement>() where T : unmanaged where TElement : struct, IElement<T, long> =>
            on._device.Run<ArrayView<TX>, ArrayView<T>, Extents, Steps, Steps>(IndexKernels.IntegerToInteger<TX, T, EX, TElement>, at.Count, on.View<TX>(x), on.View<T>(y), at.Extents, at.X, at.Y);
    }
}
