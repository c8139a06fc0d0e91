using System.Runtime.InteropServices;
using ILGPU;
using static TorchSharp.torch;

namespace TorchSharp.Gpu;

internal sealed unsafe partial class GpuBackend
{
    public void Binary(BinaryKind kind, ScalarType type, void* a, long strideA, void* b, long strideB, void* y, long count) =>
        BinaryRows(kind, type, a, strideA, 0, b, strideB, 0, y, 0, count, 1);

    public void BinaryRows(BinaryKind kind, ScalarType type, void* a, long strideA, long rowA, void* b, long strideB, long rowB, void* y, long rowY, long count, long rows)
    {
        Require(nameof(Binary), type);
        if (count * rows == 0)
            return;
        bool packed = strideA == 1 && strideB == 1 && (rows == 1 || (rowA == count && rowB == count && rowY == count));
        BinaryAt(kind, type, a, b, y, new RowStrides(count, strideA, rowA, strideB, rowB, rowY), packed, count * rows);
    }

    public void BinaryStrided(BinaryKind kind, ScalarType type, void* a, ReadOnlySpan<long> stridesA, void* b, ReadOnlySpan<long> stridesB, void* y, ReadOnlySpan<long> stridesY, ReadOnlySpan<long> shape)
    {
        Require(nameof(Binary), type);
        var walk = new Walk(shape, stridesA, stridesB, stridesY);
        if (walk.IsRows && walk.C.Element == 1)
            BinaryRows(kind, type, a, walk.A.Element, walk.A.Row, b, walk.B.Element, walk.B.Row, y, walk.C.Row, walk.Extents.N4, walk.Extents.N3);
        else if (walk.Fits)
            BinaryAt(kind, type, a, b, y, new WalkStrides(walk.Extents, walk.A, walk.B, walk.C), false, walk.Count);
        else
            StridedRows.Binary(this, kind, type, a, stridesA, b, stridesB, y, stridesY, shape);
    }

    /// <param name="packed">All three lie contiguous.</param>
    private void BinaryAt<TPlaces>(BinaryKind kind, ScalarType type, void* a, void* b, void* y, TPlaces at, bool packed, long count) where TPlaces : unmanaged, IPlaces
    {
        if (type == ScalarType.Bool)
            OverLogic(kind, new Logic<TPlaces>(this, a, b, y, at, count));
        else if (type == ScalarType.Float32)
            OverBinary(kind, new BinaryFloats<TPlaces>(this, a, b, y, at, packed, count));
        else if (type == ScalarType.Float64)
            OverBinary(kind, new BinaryDoubles<TPlaces>(this, a, b, y, at, count));
        else
            OverIntegers(type, new BinaryIntegers<TPlaces>(this, kind, a, b, y, at, count));
    }

    private interface IBinaryAction
    {
        void Run<TFunction>() where TFunction : struct, IBinary;
    }

    private readonly struct BinaryFloats<TPlaces>(GpuBackend on, void* a, void* b, void* y, TPlaces at, bool packed, long count) : IBinaryAction where TPlaces : unmanaged, IPlaces
    {
        public void Run<TFunction>() where TFunction : struct, IBinary
        {
            if (packed)
                on._device.Run<ArrayView<float>, ArrayView<float>, ArrayView<float>>(PointwiseKernels.Binary<TFunction>, count, on.View<float>(a), on.View<float>(b), on.View<float>(y));
            else
                on._device.Run<ArrayView<float>, ArrayView<float>, ArrayView<float>, TPlaces>(PointwiseKernels.Binary<TFunction, TPlaces>, count, on.View<float>(a), on.View<float>(b), on.View<float>(y), at);
        }
    }

    private readonly struct BinaryDoubles<TPlaces>(GpuBackend on, void* a, void* b, void* y, TPlaces at, long count) : IBinaryAction where TPlaces : unmanaged, IPlaces
    {
        public void Run<TFunction>() where TFunction : struct, IBinary =>
            on._device.Run<ArrayView<double>, ArrayView<double>, ArrayView<double>, TPlaces>(PointwiseKernels.Binary<TFunction, TPlaces>, count, on.View<double>(a), on.View<double>(b), on.View<double>(y), at);
    }

    private readonly struct BinaryIntegers<TPlaces>(GpuBackend on, BinaryKind kind, void* a, void* b, void* y, TPlaces at, long count) : IIntegerAction where TPlaces : unmanaged, IPlaces
    {
        public void Run<T, TElement>() where T : unmanaged where TElement : struct, IElement<T, long>
        {
            if (kind is BinaryKind.FloorDivide or BinaryKind.TruncDivide or BinaryKind.Fmod or BinaryKind.Remainder)
                RefuseZeros<T, TElement>();
            switch (kind)
            {
                case BinaryKind.Add: Of<T, TElement, BinaryFunctions.Add>(); break;
                case BinaryKind.Sub: Of<T, TElement, BinaryFunctions.Sub>(); break;
                case BinaryKind.Mul: Of<T, TElement, BinaryFunctions.Mul>(); break;
                case BinaryKind.Pow: Of<T, TElement, BinaryFunctions.Pow>(); break;
                case BinaryKind.Maximum: Of<T, TElement, BinaryFunctions.Maximum>(); break;
                case BinaryKind.Minimum: Of<T, TElement, BinaryFunctions.Minimum>(); break;
                case BinaryKind.Fmax: Of<T, TElement, BinaryFunctions.Fmax>(); break;
                case BinaryKind.Fmin: Of<T, TElement, BinaryFunctions.Fmin>(); break;
                case BinaryKind.Fmod: Of<T, TElement, BinaryFunctions.Fmod>(); break;
                case BinaryKind.Remainder: Of<T, TElement, BinaryFunctions.Remainder>(); break;
                case BinaryKind.FloorDivide: Of<T, TElement, BinaryFunctions.FloorDivide>(); break;
                case BinaryKind.TruncDivide: Of<T, TElement, BinaryFunctions.TruncDivide>(); break;
                case BinaryKind.BitAnd: Of<T, TElement, BinaryFunctions.BitAnd>(); break;
                case BinaryKind.BitOr: Of<T, TElement, BinaryFunctions.BitOr>(); break;
                case BinaryKind.BitXor: Of<T, TElement, BinaryFunctions.BitXor>(); break;
                case BinaryKind.ShiftLeft: Of<T, TElement, BinaryFunctions.ShiftLeft>(); break;
                case BinaryKind.ShiftRight: Of<T, TElement, BinaryFunctions.ShiftRight>(); break;
                case BinaryKind.ReluBackward: Of<T, TElement, BinaryFunctions.ReluBackward>(); break;
                default: throw new ExternalException($"{kind} is not implemented for integers");
            }
        }

        private void Of<T, TElement, TFunction>() where T : unmanaged where TElement : struct, IElement<T, long> where TFunction : struct, IIntegerBinary =>
            on._device.Run<ArrayView<T>, ArrayView<T>, ArrayView<T>, TPlaces, int>(
                PointwiseKernels.IntegerBinary<T, TElement, TFunction, TPlaces>, count, on.View<T>(a), on.View<T>(b), on.View<T>(y), at, 8 * sizeof(T));

        /// <summary>A device divides by zero without a word: the divisors are looked at first, and the answer is waited for.</summary>
        private void RefuseZeros<T, TElement>() where T : unmanaged where TElement : struct, IElement<T, long>
        {
            using var found = new Scratch(on, sizeof(int));
            on.Fill(ScalarType.Int32, found.Address, 0, 1);
            on._device.Run<ArrayView<T>, ArrayView<int>, TPlaces>(PointwiseKernels.HasZero<T, TElement, TPlaces>, count, on.View<T>(b), on.View<int>(found.Address), at);
            int any;
            on._device.Memory.CopyToHost(found.Address, &any, sizeof(int));
            if (any != 0)
                throw new ExternalException("ZeroDivisionError");
        }
    }

    private interface ILogicAction
    {
        void Run<TFunction>() where TFunction : struct, ILogicBinary;
    }

    private readonly struct Logic<TPlaces>(GpuBackend on, void* a, void* b, void* y, TPlaces at, long count) : ILogicAction where TPlaces : unmanaged, IPlaces
    {
        public void Run<TFunction>() where TFunction : struct, ILogicBinary =>
            on._device.Run<ArrayView<byte>, ArrayView<byte>, ArrayView<byte>, TPlaces>(PointwiseKernels.LogicBinary<TFunction, TPlaces>, count, on.View<byte>(a), on.View<byte>(b), on.View<byte>(y), at);
    }

    private static void OverBinary<TAction>(BinaryKind kind, in TAction action) where TAction : IBinaryAction, allows ref struct
    {
        switch (kind)
        {
            case BinaryKind.Add: action.Run<BinaryFunctions.Add>(); break;
            case BinaryKind.Sub: action.Run<BinaryFunctions.Sub>(); break;
            case BinaryKind.Mul: action.Run<BinaryFunctions.Mul>(); break;
            case BinaryKind.Div: action.Run<BinaryFunctions.Div>(); break;
            case BinaryKind.Pow: action.Run<BinaryFunctions.Pow>(); break;
            case BinaryKind.Maximum: action.Run<BinaryFunctions.Maximum>(); break;
            case BinaryKind.Minimum: action.Run<BinaryFunctions.Minimum>(); break;
            case BinaryKind.Fmax: action.Run<BinaryFunctions.Fmax>(); break;
            case BinaryKind.Fmin: action.Run<BinaryFunctions.Fmin>(); break;
            case BinaryKind.Fmod: action.Run<BinaryFunctions.Fmod>(); break;
            case BinaryKind.Remainder: action.Run<BinaryFunctions.Remainder>(); break;
            case BinaryKind.FloorDivide: action.Run<BinaryFunctions.FloorDivide>(); break;
            case BinaryKind.TruncDivide: action.Run<BinaryFunctions.TruncDivide>(); break;
            case BinaryKind.Atan2: action.Run<BinaryFunctions.Atan2>(); break;
            case BinaryKind.Hypot: action.Run<BinaryFunctions.Hypot>(); break;
            case BinaryKind.Copysign: action.Run<BinaryFunctions.Copysign>(); break;
            case BinaryKind.Nextafter: action.Run<BinaryFunctions.Nextafter>(); break;
            case BinaryKind.ReluBackward: action.Run<BinaryFunctions.ReluBackward>(); break;
            case BinaryKind.SigmoidBackward: action.Run<BinaryFunctions.SigmoidBackward>(); break;
            case BinaryKind.TanhBackward: action.Run<BinaryFunctions.TanhBackward>(); break;
            case BinaryKind.GeluBackward: action.Run<BinaryFunctions.GeluBackward>(); break;
            case BinaryKind.GeluTanhBackward: action.Run<BinaryFunctions.GeluTanhBackward>(); break;
            case BinaryKind.SiluBackward: action.Run<BinaryFunctions.SiluBackward>(); break;
            default: throw new ExternalException($"{kind} is not implemented for floating-point types");
        }
    }

    private static void OverLogic<TAction>(BinaryKind kind, in TAction action) where TAction : ILogicAction, allows ref struct
    {
        switch (kind)
        {
            case BinaryKind.Add: action.Run<BinaryFunctions.Add>(); break;
            case BinaryKind.BitOr: action.Run<BinaryFunctions.BitOr>(); break;
            case BinaryKind.Maximum: action.Run<BinaryFunctions.Maximum>(); break;
            case BinaryKind.Fmax: action.Run<BinaryFunctions.Fmax>(); break;
            case BinaryKind.Mul: action.Run<BinaryFunctions.Mul>(); break;
            case BinaryKind.BitAnd: action.Run<BinaryFunctions.BitAnd>(); break;
            case BinaryKind.Minimum: action.Run<BinaryFunctions.Minimum>(); break;
            case BinaryKind.Fmin: action.Run<BinaryFunctions.Fmin>(); break;
            case BinaryKind.BitXor: action.Run<BinaryFunctions.BitXor>(); break;
            case BinaryKind.Pow: action.Run<BinaryFunctions.Pow>(); break;
            default: throw new ExternalException($"{kind} is not implemented for 'Bool'");
        }
    }

    public void Compare(CompareKind kind, ScalarType type, void* a, long strideA, void* b, long strideB, byte* y, long count) =>
        CompareAt(kind, type, a, b, y, new RowStrides(Math.Max(count, 1), strideA, 0, strideB, 0, 0), count);

    public void CompareStrided(CompareKind kind, ScalarType type, void* a, ReadOnlySpan<long> stridesA, void* b, ReadOnlySpan<long> stridesB, byte* y, ReadOnlySpan<long> shape)
    {
        Require(nameof(Compare), type);
        var walk = new Walk(shape, stridesA, stridesB);
        if (walk.IsRows)
            CompareAt(kind, type, a, b, y, new RowStrides(walk.Extents.N4, walk.A.Element, walk.A.Row, walk.B.Element, walk.B.Row, 0), walk.Count);
        else if (walk.Fits)
            CompareAt(kind, type, a, b, y, new WalkStrides(walk.Extents, walk.A, walk.B, walk.B), walk.Count);
        else
            StridedRows.Compare(this, kind, type, a, stridesA, b, stridesB, y, shape);
    }

    private void CompareAt<TPlaces>(CompareKind kind, ScalarType type, void* a, void* b, byte* y, TPlaces at, long count) where TPlaces : unmanaged, IPlaces
    {
        Require(nameof(Compare), type);
        if (type == ScalarType.Float32)
            CompareReals<float, Element.Float32, TPlaces>(kind, a, b, y, at, count);
        else if (type == ScalarType.Float64)
            CompareReals<double, Element.Float64, TPlaces>(kind, a, b, y, at, count);
        else
            OverIntegers(type, new CompareIntegers<TPlaces>(this, kind, a, b, y, at, count));
    }

    private void CompareReals<T, TElement, TPlaces>(CompareKind kind, void* a, void* b, void* y, TPlaces at, long count) where T : unmanaged where TElement : struct, IElement<T, double> where TPlaces : unmanaged, IPlaces =>
        _device.Run<ArrayView<T>, ArrayView<T>, ArrayView<byte>, TPlaces, int>(PointwiseKernels.CompareReal<T, TElement, TPlaces>, count, View<T>(a), View<T>(b), View<byte>(y), at, (int)kind);

    private readonly struct CompareIntegers<TPlaces>(GpuBackend on, CompareKind kind, void* a, void* b, void* y, TPlaces at, long count) : IIntegerAction where TPlaces : unmanaged, IPlaces
    {
        public void Run<T, TElement>() where T : unmanaged where TElement : struct, IElement<T, long> =>
            on._device.Run<ArrayView<T>, ArrayView<T>, ArrayView<byte>, TPlaces, int>(PointwiseKernels.CompareInteger<T, TElement, TPlaces>, count, on.View<T>(a), on.View<T>(b), on.View<byte>(y), at, (int)kind);
    }
}
