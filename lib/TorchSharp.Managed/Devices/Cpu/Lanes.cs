using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Cpu;

/// <summary>
/// A width of SIMD register, seen by a kernel. A kernel is written once over <c>ILanes</c>; the JIT compiles it for each
/// width and element type, with every call below turned into one instruction.
/// </summary>
/// <remarks>
/// <see cref="PortableLanes{T}"/> is whatever the machine's <see cref="Vector{T}"/> is: 256 bits with AVX2, else 128.
/// <see cref="WideLanes{T}"/> is 512 bits; it is correct everywhere and fast with AVX-512 only.
/// </remarks>
internal unsafe interface ILanes<V, T> where V : struct where T : unmanaged
{
    /// <summary>Elements in one register.</summary>
    static abstract int Count { get; }
    static abstract V Load(T* source);
    static abstract void Store(V value, T* target);
    /// <summary>Asks for a line of memory that will be needed in some hundred cycles.</summary>
    static abstract void Prefetch(T* address);
    static abstract V Broadcast(T value);
    static abstract V Add(V left, V right);
    /// <summary>left · right + addend, rounded once where the machine can.</summary>
    static abstract V MultiplyAdd(V left, V right, V addend);
    static abstract T Sum(V value);
    /// <summary>target[j] (+)= the sum of the j-th register, for the first <paramref name="count"/> (a constant) of four: together they cost little more than one.</summary>
    static abstract void Sums(V a, V b, V c, V d, T* target, int count, bool accumulate);
    /// <summary>Bitwise and: with a mask of all-ones and all-zeros elements it drops elements, NaN included.</summary>
    static abstract V And(V left, V right);
}

/// <summary>How many rows or columns of registers a tile has: a constant that the JIT sees as such.</summary>
internal interface ISize { static abstract int N { get; } }
internal readonly struct S0 : ISize { public static int N => 0; }
internal readonly struct S1 : ISize { public static int N => 1; }
internal readonly struct S2 : ISize { public static int N => 2; }
internal readonly struct S3 : ISize { public static int N => 3; }
internal readonly struct S4 : ISize { public static int N => 4; }
internal readonly struct S5 : ISize { public static int N => 5; }
internal readonly struct S6 : ISize { public static int N => 6; }

internal readonly unsafe struct PortableLanes<T> : ILanes<Vector<T>, T> where T : unmanaged, INumberBase<T>
{
    public static int Count => Vector<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Load(T* source) => Unsafe.ReadUnaligned<Vector<T>>(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector<T> value, T* target) => Unsafe.WriteUnaligned(target, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(T* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(address);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Broadcast(T value) => Vector.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Add(Vector<T> left, Vector<T> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> MultiplyAdd(Vector<T> left, Vector<T> right, Vector<T> addend)
    {
        if (typeof(T) == typeof(float))
            return Vector.MultiplyAddEstimate(left.As<T, float>(), right.As<T, float>(), addend.As<T, float>()).As<float, T>();
        if (typeof(T) == typeof(double))
            return Vector.MultiplyAddEstimate(left.As<T, double>(), right.As<T, double>(), addend.As<T, double>()).As<double, T>();
        return left * right + addend;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Vector<T> value) => Vector.Sum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sums(Vector<T> a, Vector<T> b, Vector<T> c, Vector<T> d, T* target, int count, bool accumulate)
    {
        if (typeof(T) == typeof(float) && Vector<T>.Count == 8 && Avx.IsSupported)
            FourSums.Store(a.AsVector256().AsSingle(), b.AsVector256().AsSingle(), c.AsVector256().AsSingle(), d.AsVector256().AsSingle(), (float*)target, count, accumulate);
        else
        {
            target[0] = accumulate ? target[0] + Vector.Sum(a) : Vector.Sum(a);
            if (count > 1)
                target[1] = accumulate ? target[1] + Vector.Sum(b) : Vector.Sum(b);
            if (count > 2)
                target[2] = accumulate ? target[2] + Vector.Sum(c) : Vector.Sum(c);
            if (count > 3)
                target[3] = accumulate ? target[3] + Vector.Sum(d) : Vector.Sum(d);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> And(Vector<T> left, Vector<T> right) => left & right;
}

internal readonly unsafe struct WideLanes<T> : ILanes<Vector512<T>, T> where T : unmanaged, INumberBase<T>
{
    public static int Count => Vector512<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Load(T* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<T> value, T* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(T* address) => PortableLanes<T>.Prefetch(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Broadcast(T value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Add(Vector512<T> left, Vector512<T> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MultiplyAdd(Vector512<T> left, Vector512<T> right, Vector512<T> addend)
    {
        if (typeof(T) == typeof(float))
            return Vector512.MultiplyAddEstimate(left.As<T, float>(), right.As<T, float>(), addend.As<T, float>()).As<float, T>();
        if (typeof(T) == typeof(double))
            return Vector512.MultiplyAddEstimate(left.As<T, double>(), right.As<T, double>(), addend.As<T, double>()).As<double, T>();
        return left * right + addend;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Vector512<T> value) => Vector512.Sum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sums(Vector512<T> a, Vector512<T> b, Vector512<T> c, Vector512<T> d, T* target, int count, bool accumulate)
    {
        if (typeof(T) == typeof(float) && Avx.IsSupported)
            FourSums.Store((a.GetLower() + a.GetUpper()).AsSingle(), (b.GetLower() + b.GetUpper()).AsSingle(), (c.GetLower() + c.GetUpper()).AsSingle(), (d.GetLower() + d.GetUpper()).AsSingle(), (float*)target, count, accumulate);
        else
        {
            target[0] = accumulate ? target[0] + Vector512.Sum(a) : Vector512.Sum(a);
            if (count > 1)
                target[1] = accumulate ? target[1] + Vector512.Sum(b) : Vector512.Sum(b);
            if (count > 2)
                target[2] = accumulate ? target[2] + Vector512.Sum(c) : Vector512.Sum(c);
            if (count > 3)
                target[3] = accumulate ? target[3] + Vector512.Sum(d) : Vector512.Sum(d);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> And(Vector512<T> left, Vector512<T> right) => left & right;
}

/// <summary>The horizontal sums of four registers at once: three additions of neighbours leave the four sums in the two halves of one.</summary>
internal static unsafe class FourSums
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d, float* target, int count, bool accumulate)
    {
        var pairs = Avx.HorizontalAdd(Avx.HorizontalAdd(a, b), Avx.HorizontalAdd(c, d));
        var sums = pairs.GetLower() + pairs.GetUpper();
        if (count == 4)
        {
            if (accumulate)
                sums += Vector128.Load(target);
            sums.Store(target);
            return;
        }
        target[0] = accumulate ? target[0] + sums.GetElement(0) : sums.GetElement(0);
        if (count > 1)
            target[1] = accumulate ? target[1] + sums.GetElement(1) : sums.GetElement(1);
        if (count > 2)
            target[2] = accumulate ? target[2] + sums.GetElement(2) : sums.GetElement(2);
    }
}
