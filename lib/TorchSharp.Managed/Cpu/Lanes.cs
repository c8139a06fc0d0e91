using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
    static abstract V Broadcast(T value);
    static abstract V Add(V left, V right);
    /// <summary>left · right + addend, rounded once where the machine can.</summary>
    static abstract V MultiplyAdd(V left, V right, V addend);
    static abstract T Sum(V value);
    /// <summary>Bitwise and: with a mask of all-ones and all-zeros elements it drops elements, NaN included.</summary>
    static abstract V And(V left, V right);
}

/// <summary>How many rows or columns of registers a tile has: a constant that the JIT sees as such.</summary>
internal interface ISize { static abstract int N { get; } }
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
    public static Vector512<T> And(Vector512<T> left, Vector512<T> right) => left & right;
}
