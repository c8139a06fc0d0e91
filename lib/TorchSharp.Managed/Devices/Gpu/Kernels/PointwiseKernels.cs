using ILGPU;

namespace TorchSharp.Gpu;

/// <summary>Where the operands of element i of a result lie.</summary>
internal interface IPlaces
{
    long A(int i);

    long B(int i);

    long Y(int i);
}

/// <summary>Strides between the elements and between the rows of three operands; one row has <paramref name="count"/> elements.</summary>
internal readonly struct RowStrides(long count, long strideA, long rowA, long strideB, long rowB, long rowY) : IPlaces
{
    private readonly long _count = count, _strideA = strideA, _rowA = rowA, _strideB = strideB, _rowB = rowB, _rowY = rowY;

    public long A(int i) => i / _count * _rowA + i % _count * _strideA;

    public long B(int i) => i / _count * _rowB + i % _count * _strideB;

    public long Y(int i) => i / _count * _rowY + i % _count;
}

/// <summary>Any strides over five dimensions.</summary>
internal readonly struct WalkStrides(Extents extents, Steps a, Steps b, Steps y) : IPlaces
{
    private readonly Extents _extents = extents;
    private readonly Steps _a = a, _b = b, _y = y;

    public long A(int i) => _a.At(i, _extents);

    public long B(int i) => _b.At(i, _extents);

    public long Y(int i) => _y.At(i, _extents);
}

/// <summary>One thread an element.</summary>
internal static class PointwiseKernels
{
    internal static void Unary<TFunction>(Index1D i, ArrayView<float> x, ArrayView<float> y) where TFunction : struct, IUnary => y[i] = TFunction.Of(x[i]);

    internal static void Unary<TFunction>(Index1D i, ArrayView<double> x, ArrayView<double> y) where TFunction : struct, IUnary => y[i] = TFunction.Of(x[i]);

    internal static void IntegerUnary<T, TElement, TFunction>(Index1D i, ArrayView<T> x, ArrayView<T> y)
        where T : unmanaged where TElement : struct, IElement<T, long> where TFunction : struct, IIntegerUnary =>
        y[i] = TElement.Narrow(TFunction.Of(TElement.Widen(x[i])));

    /// <summary>Both operands and the result lie contiguous: no arithmetic on indices.</summary>
    internal static void Binary<TFunction>(Index1D i, ArrayView<float> a, ArrayView<float> b, ArrayView<float> y) where TFunction : struct, IBinary =>
        y[i] = TFunction.Of(a[i], b[i]);

    internal static void Binary<TFunction, TPlaces>(Index1D i, ArrayView<float> a, ArrayView<float> b, ArrayView<float> y, TPlaces at) where TFunction : struct, IBinary where TPlaces : unmanaged, IPlaces =>
        y[at.Y(i)] = TFunction.Of(a[at.A(i)], b[at.B(i)]);

    internal static void Binary<TFunction, TPlaces>(Index1D i, ArrayView<double> a, ArrayView<double> b, ArrayView<double> y, TPlaces at) where TFunction : struct, IBinary where TPlaces : unmanaged, IPlaces =>
        y[at.Y(i)] = TFunction.Of(a[at.A(i)], b[at.B(i)]);

    internal static void IntegerBinary<T, TElement, TFunction, TPlaces>(Index1D i, ArrayView<T> a, ArrayView<T> b, ArrayView<T> y, TPlaces at, int bits)
        where T : unmanaged where TElement : struct, IElement<T, long> where TFunction : struct, IIntegerBinary where TPlaces : unmanaged, IPlaces =>
        y[at.Y(i)] = TElement.Narrow(TFunction.Of(TElement.Widen(a[at.A(i)]), TElement.Widen(b[at.B(i)]), bits));

    internal static void LogicBinary<TFunction, TPlaces>(Index1D i, ArrayView<byte> a, ArrayView<byte> b, ArrayView<byte> y, TPlaces at) where TFunction : struct, ILogicBinary where TPlaces : unmanaged, IPlaces =>
        y[at.Y(i)] = (byte)(TFunction.Of(a[at.A(i)] != 0, b[at.B(i)] != 0) ? 1 : 0);

    internal static void CompareReal<T, TElement, TPlaces>(Index1D i, ArrayView<T> a, ArrayView<T> b, ArrayView<byte> y, TPlaces at, int kind)
        where T : unmanaged where TElement : struct, IElement<T, double> where TPlaces : unmanaged, IPlaces
    {
        double u = TElement.Widen(a[at.A(i)]), v = TElement.Widen(b[at.B(i)]);
        y[i] = (byte)(Holds((CompareKind)kind, u == v, u < v, u > v) ? 1 : 0);
    }

    internal static void CompareInteger<T, TElement, TPlaces>(Index1D i, ArrayView<T> a, ArrayView<T> b, ArrayView<byte> y, TPlaces at, int kind)
        where T : unmanaged where TElement : struct, IElement<T, long> where TPlaces : unmanaged, IPlaces
    {
        long u = TElement.Widen(a[at.A(i)]), v = TElement.Widen(b[at.B(i)]);
        y[i] = (byte)(Holds((CompareKind)kind, u == v, u < v, u > v) ? 1 : 0);
    }

    private static bool Holds(CompareKind kind, bool equal, bool less, bool greater) => kind switch
    {
        CompareKind.Eq => equal,
        CompareKind.Ne => !equal,
        CompareKind.Lt => less,
        CompareKind.Le => less || equal,
        CompareKind.Gt => greater,
        _ => greater || equal,
    };

    internal static void AddScaled(Index1D i, ArrayView<float> y, ArrayView<float> x, float alpha) => y[i] += alpha * x[i];

    internal static void AddScaled(Index1D i, ArrayView<double> y, ArrayView<double> x, double alpha) => y[i] += alpha * x[i];

    internal static void AddScaled<T, TElement>(Index1D i, ArrayView<T> y, ArrayView<T> x, long alpha) where T : unmanaged where TElement : struct, IElement<T, long> =>
        y[i] = TElement.Narrow(TElement.Widen(y[i]) + alpha * TElement.Widen(x[i]));

    internal static void Fill<T>(Index1D i, ArrayView<T> y, T value) where T : unmanaged => y[i] = value;

    internal static void HasZero<T, TElement, TPlaces>(Index1D i, ArrayView<T> b, ArrayView<int> found, TPlaces at) where T : unmanaged where TElement : struct, IElement<T, long> where TPlaces : unmanaged, IPlaces
    {
        if (TElement.Widen(b[at.B(i)]) == 0)
            found[0] = 1;
    }
}
