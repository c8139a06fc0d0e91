using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace TorchSharp.Cpu;

/// <summary>Two registers of 512 bits, with usual values: as many elements as <see cref="Four"/> has, in half the instructions where the processor is so wide.</summary>
/// <remarks><see cref="Vector{T}"/> stays at 256 bits there; which of the two a loop takes, the JIT decides once.</remarks>
internal readonly unsafe struct Wide(V a, V b) : IRegisters<Wide>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private readonly V _a = a, _b = b;

    /// <summary>Whether the processor has registers of this width; <see cref="Sum"/> relies on <see cref="Vector{T}"/> being half as wide.</summary>
    public static bool IsFast { [MethodImpl(Inline)] get => Vector512.IsHardwareAccelerated && Vector<float>.Count == 8; }

    public static int Count { [MethodImpl(Inline)] get => 2 * V.Count; }
    public static bool AnyValue { [MethodImpl(Inline)] get => false; }

    [MethodImpl(Inline)]
    public static Wide Load(float* source) => new(Vector512.Load(source), Vector512.Load(source + V.Count));

    [MethodImpl(Inline)]
    public void Store(float* target)
    {
        _a.Store(target);
        _b.Store(target + V.Count);
    }

    [MethodImpl(Inline)]
    public void Stream(float* target)
    {
        _a.StoreAlignedNonTemporal(target);
        _b.StoreAlignedNonTemporal(target + V.Count);
    }

    [MethodImpl(Inline)]
    public static implicit operator Wide(float value)
    {
        var same = Vector512.Create(value);
        return new(same, same);
    }

    [MethodImpl(Inline)] public static Wide operator +(Wide l, Wide r) => new(l._a + r._a, l._b + r._b);
    [MethodImpl(Inline)] public static Wide operator -(Wide l, Wide r) => new(l._a - r._a, l._b - r._b);
    [MethodImpl(Inline)] public static Wide operator *(Wide l, Wide r) => new(l._a * r._a, l._b * r._b);
    [MethodImpl(Inline)] public static Wide operator /(Wide l, Wide r) => new(l._a / r._a, l._b / r._b);
    [MethodImpl(Inline)] public static Wide operator -(Wide x) => new(-x._a, -x._b);
    [MethodImpl(Inline)] public static Wide MultiplyAdd(Wide l, Wide r, Wide s) => new(Vector512.MultiplyAddEstimate(l._a, r._a, s._a), Vector512.MultiplyAddEstimate(l._b, r._b, s._b));

    [MethodImpl(Inline)]
    public static Wide MultiplyAdd(Wide l, Wide r, float s)
    {
        var same = Vector512.Create(s);
        return new(Vector512.MultiplyAddEstimate(l._a, r._a, same), Vector512.MultiplyAddEstimate(l._b, r._b, same));
    }

    // Of two operands the processor returns the second if either is NaN.
    [MethodImpl(Inline)] public static Wide Min(Wide x, Wide limit) => new(Vector512.MinNative(limit._a, x._a), Vector512.MinNative(limit._b, x._b));
    [MethodImpl(Inline)] public static Wide Max(Wide x, Wide limit) => new(Vector512.MaxNative(limit._a, x._a), Vector512.MaxNative(limit._b, x._b));

    [MethodImpl(Inline)] public static Wide operator &(Wide l, Wide r) => new(l._a & r._a, l._b & r._b);
    [MethodImpl(Inline)] public static Wide operator |(Wide l, Wide r) => new(l._a | r._a, l._b | r._b);
    [MethodImpl(Inline)] public static Wide operator ^(Wide l, Wide r) => new(l._a ^ r._a, l._b ^ r._b);
    [MethodImpl(Inline)] public static Wide And(Wide l, int bits) => l & Bits(bits);
    [MethodImpl(Inline)] public static Wide AddBits(Wide l, Wide r) => new((l._a.AsInt32() + r._a.AsInt32()).AsSingle(), (l._b.AsInt32() + r._b.AsInt32()).AsSingle());
    [MethodImpl(Inline)] public static Wide AddBits(Wide l, int r) => AddBits(l, Bits(r));
    [MethodImpl(Inline)] public static Wide ShiftLeft(Wide bits, int count) => new((bits._a.AsInt32() << count).AsSingle(), (bits._b.AsInt32() << count).AsSingle());
    [MethodImpl(Inline)] public static Wide ShiftRight(Wide bits, int count) => new((bits._a.AsInt32() >> count).AsSingle(), (bits._b.AsInt32() >> count).AsSingle());
    [MethodImpl(Inline)] public static Wide ToFloat(Wide bits) => new(Vector512.ConvertToSingle(bits._a.AsInt32()), Vector512.ConvertToSingle(bits._b.AsInt32()));

    [MethodImpl(Inline)] public static Wide LessThan(Wide l, Wide r) => new(Vector512.LessThan(l._a, r._a), Vector512.LessThan(l._b, r._b));
    [MethodImpl(Inline)] public static Wide Select(Wide condition, Wide yes, Wide no) => new(Vector512.ConditionalSelect(condition._a, yes._a, no._a), Vector512.ConditionalSelect(condition._b, yes._b, no._b));

    /// <summary>In the order of <see cref="Four.Sum"/>, so that both round alike.</summary>
    [MethodImpl(Inline)] public Vector<float> Sum() => (_a.GetLower() + _a.GetUpper() + (_b.GetLower() + _b.GetUpper())).AsVector();

    [MethodImpl(Inline)]
    public static bool AllBelow(Wide x, float limit)
    {
        var sizes = Vector512.Create(int.MaxValue);
        return Vector512.LessThanAll(Vector512.Max(x._a.AsInt32() & sizes, x._b.AsInt32() & sizes), Vector512.Create(BitConverter.SingleToInt32Bits(limit)));
    }

    [MethodImpl(Inline)]
    public static bool AllWithin(Wide x, float low, float high)
    {
        Vector512<int> a = x._a.AsInt32(), b = x._b.AsInt32();
        return Vector512.GreaterThanOrEqualAll(Vector512.Min(a, b), Vector512.Create(BitConverter.SingleToInt32Bits(low)))
            && Vector512.LessThanAll(Vector512.Max(a, b), Vector512.Create(BitConverter.SingleToInt32Bits(high)));
    }

    [MethodImpl(Inline)]
    private static Wide Bits(int bits)
    {
        var same = Vector512.Create(bits).AsSingle();
        return new(same, same);
    }
}
