using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Cpu;

/// <summary>y = f(a, b) on a register.</summary>
internal interface IBinaryFunction<T> where T : unmanaged
{
    static abstract Vector<T> Of(Vector<T> a, Vector<T> b);
}

/// <summary>y = f(x) on a register.</summary>
internal interface IUnaryFunction<T> where T : unmanaged
{
    static abstract Vector<T> Of(Vector<T> x);
}

/// <summary>
/// Loops over contiguous rows, a register at a time; an operand of stride 0 is one value for the whole row. What is left at the end
/// goes through a register, too, so that an element's result does not depend on where it lies.
/// </summary>
/// <remarks>
/// A result that is too large for the caches is streamed past them: an ordinary store would first read the line that it overwrites,
/// which is a third of an addition's traffic.
/// </remarks>
internal static unsafe class Elementwise
{
    /// <summary>Results from this many bytes on are streamed.</summary>
    public const long StreamBytes = 16 << 20;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Binary<F, T>(T* a, bool oneA, T* b, bool oneB, T* y, long count, bool stream = false) where F : IBinaryFunction<T> where T : unmanaged
    {
        long i = 0, last = count - Vector<T>.Count;
        int width = Vector<T>.Count;
        var first = oneA || oneB ? Vector.Create(oneA ? *a : *b) : default;
        if (last < 0)
        {
            Vector<T> left = first, right = first;
            if (!oneA)
                Unsafe.CopyBlockUnaligned(&left, a, (uint)(count * sizeof(T)));
            if (!oneB)
                Unsafe.CopyBlockUnaligned(&right, b, (uint)(count * sizeof(T)));
            left = F.Of(left, right);
            Unsafe.CopyBlockUnaligned(y, &left, (uint)(count * sizeof(T)));
            return;
        }
        // The last register may overlap the one before, so it is computed before y, which may be a or b, changes.
        var end = F.Of(oneA ? first : Vector.Load(a + last), oneB ? first : Vector.Load(b + last));
        if (stream)
        {
            for (; i <= last - width; i += 2 * width)
            {
                long j = i + width;
                Stream(F.Of(oneA ? first : Vector.Load(a + i), oneB ? first : Vector.Load(b + i)), F.Of(oneA ? first : Vector.Load(a + j), oneB ? first : Vector.Load(b + j)), y + i);
            }
        }
        if (oneA)
            for (; i <= last; i += width)
                F.Of(first, Vector.Load(b + i)).Store(y + i);
        else if (oneB)
            for (; i <= last; i += width)
                F.Of(Vector.Load(a + i), first).Store(y + i);
        else
            for (; i <= last; i += width)
                F.Of(Vector.Load(a + i), Vector.Load(b + i)).Store(y + i);
        if (i < count)
            end.Store(y + last);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unary<F, T>(T* x, T* y, long count, bool stream = false) where F : IUnaryFunction<T> where T : unmanaged
    {
        long i = 0;
        int width = Vector<T>.Count;
        if (stream)
            for (; i <= count - 2 * width; i += 2 * width)
                Stream(F.Of(Vector.Load(x + i)), F.Of(Vector.Load(x + i + width)), y + i);
        for (; i <= count - width; i += width)
            F.Of(Vector.Load(x + i)).Store(y + i);
        if (i == count)
            return;
        Vector<T> last = default;
        Unsafe.CopyBlockUnaligned(&last, x + i, (uint)((count - i) * sizeof(T)));
        last = F.Of(last);
        Unsafe.CopyBlockUnaligned(y + i, &last, (uint)((count - i) * sizeof(T)));
    }

    /// <summary>Whether a result is to be streamed: large, aligned, and no operand as well.</summary>
    public static bool Streams(void* y, long bytes, void* a, void* b) => bytes >= StreamBytes && (nint)y % 64 == 0 && y != a && y != b;

    /// <summary>Two neighbouring registers go to memory as one where the processor has one so wide: half a line each, they arrive at 7/8 of its rate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Stream<T>(Vector<T> low, Vector<T> high, T* y) where T : unmanaged
    {
        if (Vector512.IsHardwareAccelerated && Vector<byte>.Count == 32)
        {
            Vector512.Create(low.AsVector256(), high.AsVector256()).StoreAlignedNonTemporal(y);
            return;
        }
        low.StoreAlignedNonTemporal(y);
        high.StoreAlignedNonTemporal(y + Vector<T>.Count);
    }

    /// <summary>Makes streamed results visible to other threads.</summary>
    public static void EndStream()
    {
        if (System.Runtime.Intrinsics.X86.Sse.IsSupported)
            System.Runtime.Intrinsics.X86.Sse.StoreFence();
    }

    /// <summary>Asks for the lines of memory that hold so many floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* address, int count)
    {
        if (!System.Runtime.Intrinsics.X86.Sse.IsSupported)
            return;
        for (int i = 0; i < count; i += 16)
            System.Runtime.Intrinsics.X86.Sse.Prefetch0(address + i);
    }

    /// <summary>y += alpha · x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled<T>(T* y, T* x, T alpha, long count) where T : unmanaged, INumberBase<T>
    {
        var factor = Vector.Create(alpha);
        long i = 0;
        for (; i <= count - Vector<T>.Count; i += Vector<T>.Count)
            PortableLanes<T>.MultiplyAdd(factor, Vector.Load(x + i), Vector.Load(y + i)).Store(y + i);
        for (; i < count; i++)
            y[i] += alpha * x[i];
    }
}

internal readonly struct AddFunction<T> : IBinaryFunction<T> where T : unmanaged, INumber<T>
{
    public static Vector<T> Of(Vector<T> a, Vector<T> b) => a + b;
}

internal readonly struct SubFunction<T> : IBinaryFunction<T> where T : unmanaged, INumber<T>
{
    public static Vector<T> Of(Vector<T> a, Vector<T> b) => a - b;
}

internal readonly struct MulFunction<T> : IBinaryFunction<T> where T : unmanaged, INumber<T>
{
    public static Vector<T> Of(Vector<T> a, Vector<T> b) => a * b;
}

internal readonly struct DivFunction<T> : IBinaryFunction<T> where T : unmanaged, INumber<T>
{
    public static Vector<T> Of(Vector<T> a, Vector<T> b) => a / b;
}

internal readonly struct ReluBackwardFunction<T> : IBinaryFunction<T> where T : unmanaged, INumber<T>
{
    public static Vector<T> Of(Vector<T> a, Vector<T> b) => Vector.ConditionalSelect(Vector.GreaterThan(b, Vector<T>.Zero), a, Vector<T>.Zero);
}

internal readonly struct SigmoidBackwardFunction<T> : IBinaryFunction<T> where T : unmanaged, INumber<T>
{
    public static Vector<T> Of(Vector<T> a, Vector<T> b) => a * b * (Vector<T>.One - b);
}

internal readonly struct TanhBackwardFunction<T> : IBinaryFunction<T> where T : unmanaged, INumber<T>
{
    public static Vector<T> Of(Vector<T> a, Vector<T> b) => a * (Vector<T>.One - b * b);
}

internal readonly struct ReluFunction<T> : IUnaryFunction<T> where T : unmanaged, INumber<T>
{
    // Not a maximum: NaN stays NaN.
    public static Vector<T> Of(Vector<T> x) => Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), Vector<T>.Zero, x);
}

internal readonly struct CopyFunction<T> : IUnaryFunction<T> where T : unmanaged
{
    public static Vector<T> Of(Vector<T> x) => x;
}

internal readonly struct NegFunction<T> : IUnaryFunction<T> where T : unmanaged, INumber<T>
{
    public static Vector<T> Of(Vector<T> x) => -x;
}

internal readonly struct AbsFunction<T> : IUnaryFunction<T> where T : unmanaged, INumber<T>
{
    public static Vector<T> Of(Vector<T> x) => Vector.Abs(x);
}

internal readonly struct SquareFunction<T> : IUnaryFunction<T> where T : unmanaged, INumber<T>
{
    public static Vector<T> Of(Vector<T> x) => x * x;
}

internal readonly struct ReciprocalFunction<T> : IUnaryFunction<T> where T : unmanaged, INumber<T>
{
    public static Vector<T> Of(Vector<T> x) => Vector<T>.One / x;
}

internal readonly struct SqrtFunction<T> : IUnaryFunction<T> where T : unmanaged, IRootFunctions<T>
{
    public static Vector<T> Of(Vector<T> x) => Vector.SquareRoot(x);
}

internal readonly struct RsqrtFunction<T> : IUnaryFunction<T> where T : unmanaged, IRootFunctions<T>
{
    public static Vector<T> Of(Vector<T> x) => Vector<T>.One / Vector.SquareRoot(x);
}
