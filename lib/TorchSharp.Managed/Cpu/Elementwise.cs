using System.Numerics;
using System.Runtime.CompilerServices;

namespace TorchSharp.Cpu;

/// <summary>y = f(a, b) on a register and, for what is left over, on one element.</summary>
internal interface IBinaryFunction<T> where T : unmanaged
{
    static abstract Vector<T> Of(Vector<T> a, Vector<T> b);
    static abstract T Of(T a, T b);
}

/// <summary>y = f(x) on a register and on one element.</summary>
internal interface IUnaryFunction<T> where T : unmanaged
{
    static abstract Vector<T> Of(Vector<T> x);
    static abstract T Of(T x);
}

/// <summary>Loops over contiguous rows, a register at a time; an operand of stride 0 is one value for the whole row.</summary>
internal static unsafe class Elementwise
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Binary<F, T>(T* a, bool oneA, T* b, bool oneB, T* y, long count) where F : IBinaryFunction<T> where T : unmanaged
    {
        long i = 0;
        if (oneA)
        {
            Vector<T> value = Vector.Create(*a);
            for (; i <= count - Vector<T>.Count; i += Vector<T>.Count) F.Of(value, Vector.Load(b + i)).Store(y + i);
            T one = *a;
            for (; i < count; i++) y[i] = F.Of(one, b[i]);
        }
        else if (oneB)
        {
            Vector<T> value = Vector.Create(*b);
            for (; i <= count - Vector<T>.Count; i += Vector<T>.Count) F.Of(Vector.Load(a + i), value).Store(y + i);
            T one = *b;
            for (; i < count; i++) y[i] = F.Of(a[i], one);
        }
        else
        {
            for (; i <= count - Vector<T>.Count; i += Vector<T>.Count) F.Of(Vector.Load(a + i), Vector.Load(b + i)).Store(y + i);
            for (; i < count; i++) y[i] = F.Of(a[i], b[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unary<F, T>(T* x, T* y, long count) where F : IUnaryFunction<T> where T : unmanaged
    {
        long i = 0;
        for (; i <= count - Vector<T>.Count; i += Vector<T>.Count) F.Of(Vector.Load(x + i)).Store(y + i);
        for (; i < count; i++) y[i] = F.Of(x[i]);
    }

    /// <summary>y += alpha · x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled<T>(T* y, T* x, T alpha, long count) where T : unmanaged, INumberBase<T>
    {
        Vector<T> factor = Vector.Create(alpha);
        long i = 0;
        for (; i <= count - Vector<T>.Count; i += Vector<T>.Count)
            PortableLanes<T>.MultiplyAdd(factor, Vector.Load(x + i), Vector.Load(y + i)).Store(y + i);
        for (; i < count; i++) y[i] += alpha * x[i];
    }
}

internal readonly struct AddFunction<T> : IBinaryFunction<T> where T : unmanaged, INumber<T>
{
    public static Vector<T> Of(Vector<T> a, Vector<T> b) => a + b;
    public static T Of(T a, T b) => a + b;
}

internal readonly struct SubFunction<T> : IBinaryFunction<T> where T : unmanaged, INumber<T>
{
    public static Vector<T> Of(Vector<T> a, Vector<T> b) => a - b;
    public static T Of(T a, T b) => a - b;
}

internal readonly struct MulFunction<T> : IBinaryFunction<T> where T : unmanaged, INumber<T>
{
    public static Vector<T> Of(Vector<T> a, Vector<T> b) => a * b;
    public static T Of(T a, T b) => a * b;
}

internal readonly struct DivFunction<T> : IBinaryFunction<T> where T : unmanaged, INumber<T>
{
    public static Vector<T> Of(Vector<T> a, Vector<T> b) => a / b;
    public static T Of(T a, T b) => a / b;
}

/// <summary>The larger one; NaN if either is.</summary>
internal readonly struct MaximumFunction<T> : IBinaryFunction<T> where T : unmanaged, INumber<T>
{
    public static Vector<T> Of(Vector<T> a, Vector<T> b) => Vector.ConditionalSelect(Vector.GreaterThan(a, b) | ~Vector.Equals(a, a), a, b);
    public static T Of(T a, T b) => a > b || T.IsNaN(a) ? a : b;
}

/// <summary>The smaller one; NaN if either is.</summary>
internal readonly struct MinimumFunction<T> : IBinaryFunction<T> where T : unmanaged, INumber<T>
{
    public static Vector<T> Of(Vector<T> a, Vector<T> b) => Vector.ConditionalSelect(Vector.LessThan(a, b) | ~Vector.Equals(a, a), a, b);
    public static T Of(T a, T b) => a < b || T.IsNaN(a) ? a : b;
}

internal readonly struct ReluBackwardFunction<T> : IBinaryFunction<T> where T : unmanaged, INumber<T>
{
    public static Vector<T> Of(Vector<T> a, Vector<T> b) => Vector.ConditionalSelect(Vector.GreaterThan(b, Vector<T>.Zero), a, Vector<T>.Zero);
    public static T Of(T a, T b) => b > T.Zero ? a : T.Zero;
}

internal readonly struct SigmoidBackwardFunction<T> : IBinaryFunction<T> where T : unmanaged, INumber<T>
{
    public static Vector<T> Of(Vector<T> a, Vector<T> b) => a * b * (Vector<T>.One - b);
    public static T Of(T a, T b) => a * b * (T.One - b);
}

internal readonly struct TanhBackwardFunction<T> : IBinaryFunction<T> where T : unmanaged, INumber<T>
{
    public static Vector<T> Of(Vector<T> a, Vector<T> b) => a * (Vector<T>.One - b * b);
    public static T Of(T a, T b) => a * (T.One - b * b);
}

internal readonly struct ReluFunction<T> : IUnaryFunction<T> where T : unmanaged, INumber<T>
{
    // Not a maximum: NaN stays NaN.
    public static Vector<T> Of(Vector<T> x) => Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), Vector<T>.Zero, x);
    public static T Of(T x) => x < T.Zero ? T.Zero : x;
}

internal readonly struct NegFunction<T> : IUnaryFunction<T> where T : unmanaged, INumber<T>
{
    public static Vector<T> Of(Vector<T> x) => -x;
    public static T Of(T x) => -x;
}

internal readonly struct AbsFunction<T> : IUnaryFunction<T> where T : unmanaged, INumber<T>
{
    public static Vector<T> Of(Vector<T> x) => Vector.Abs(x);
    public static T Of(T x) => T.Abs(x);
}

internal readonly struct SquareFunction<T> : IUnaryFunction<T> where T : unmanaged, INumber<T>
{
    public static Vector<T> Of(Vector<T> x) => x * x;
    public static T Of(T x) => x * x;
}

internal readonly struct ReciprocalFunction<T> : IUnaryFunction<T> where T : unmanaged, INumber<T>
{
    public static Vector<T> Of(Vector<T> x) => Vector<T>.One / x;
    public static T Of(T x) => T.One / x;
}

internal readonly struct SqrtFunction<T> : IUnaryFunction<T> where T : unmanaged, IRootFunctions<T>
{
    public static Vector<T> Of(Vector<T> x) => Vector.SquareRoot(x);
    public static T Of(T x) => T.Sqrt(x);
}

internal readonly struct RsqrtFunction<T> : IUnaryFunction<T> where T : unmanaged, IRootFunctions<T>
{
    public static Vector<T> Of(Vector<T> x) => Vector<T>.One / Vector.SquareRoot(x);
    public static T Of(T x) => T.One / T.Sqrt(x);
}
