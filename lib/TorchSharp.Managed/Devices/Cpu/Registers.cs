using System.Numerics;
using System.Runtime.CompilerServices;
using V = System.Numerics.Vector<float>;

namespace TorchSharp.Cpu;

/// <summary>
/// Registers of floats that go through a function together, so that the function is written once: for <see cref="Four"/> or <see cref="Two"/> registers,
/// and for <see cref="One"/>, which serves the end of a row and what is out of the ordinary.
/// </summary>
/// <remarks>
/// A polynomial is a chain in which each multiply-add waits four cycles for the one before. The processor looks ahead for other work, but not
/// far enough to find it in the next turn of a loop; with several chains beside one another each finds its operands ready. Whatever concerns
/// "bits" treats the elements as 32-bit integers.
/// </remarks>
internal unsafe interface IRegisters<R> where R : struct, IRegisters<R>
{
    /// <summary>Elements in all registers.</summary>
    static abstract int Count { get; }
    /// <summary>Whether any value may come (infinities, NaN, denormal numbers, …), or only those that the function calls usual.</summary>
    static abstract bool AnyValue { get; }

    static abstract R Load(float* source);
    void Store(float* target);
    /// <summary>Stores past the caches; the address is a multiple of the register's size.</summary>
    void Stream(float* target);
    static abstract implicit operator R(float value);

    static abstract R operator +(R l, R r);
    static abstract R operator -(R l, R r);
    static abstract R operator -(R x);
    static abstract R operator *(R l, R r);
    static abstract R operator /(R l, R r);
    /// <summary>l · r + s, rounded once where the machine can.</summary>
    static abstract R MultiplyAdd(R l, R r, R s);
    static abstract R MultiplyAdd(R l, R r, float s);
    /// <summary>The smaller one; a NaN in x passes.</summary>
    static abstract R Min(R x, R limit);
    /// <summary>The larger one; a NaN in x passes.</summary>
    static abstract R Max(R x, R limit);

    static abstract R operator &(R l, R r);
    static abstract R operator |(R l, R r);
    static abstract R operator ^(R l, R r);
    static abstract R And(R l, int bits);
    static abstract R AddBits(R l, R r);
    static abstract R AddBits(R l, int r);
    static abstract R ShiftLeft(R bits, int count);
    /// <summary>The sign fills up from the left.</summary>
    static abstract R ShiftRight(R bits, int count);
    /// <summary>The numbers whose bits these are, as floats.</summary>
    static abstract R ToFloat(R bits);

    /// <summary>All bits where it holds, none elsewhere.</summary>
    static abstract R LessThan(R l, R r);
    static abstract R Select(R condition, R yes, R no);
    /// <summary>The sum of the registers.</summary>
    V Sum();
    /// <summary>Whether low ≤ x &lt; high for each element; 0 ≤ low.</summary>
    static abstract bool AllWithin(R x, float low, float high);
    /// <summary>Whether |x| &lt; limit for each element.</summary>
    static abstract bool AllBelow(R x, float limit);
}

/// <summary>A register, with any values.</summary>
internal readonly unsafe struct One(V value) : IRegisters<One>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public readonly V Value = value;

    public static int Count { [MethodImpl(Inline)] get => V.Count; }
    public static bool AnyValue { [MethodImpl(Inline)] get => true; }

    [MethodImpl(Inline)] public static One Load(float* source) => new(Vector.Load(source));
    [MethodImpl(Inline)] public void Store(float* target) => Value.Store(target);
    [MethodImpl(Inline)] public void Stream(float* target) => Value.StoreAlignedNonTemporal(target);
    [MethodImpl(Inline)] public static implicit operator One(float value) => new(Vector.Create(value));

    [MethodImpl(Inline)] public static One operator +(One l, One r) => new(l.Value + r.Value);
    [MethodImpl(Inline)] public static One operator -(One l, One r) => new(l.Value - r.Value);
    [MethodImpl(Inline)] public static One operator *(One l, One r) => new(l.Value * r.Value);
    [MethodImpl(Inline)] public static One operator /(One l, One r) => new(l.Value / r.Value);
    [MethodImpl(Inline)] public static One operator -(One x) => new(-x.Value);
    [MethodImpl(Inline)] public static One MultiplyAdd(One l, One r, One s) => new(Vector.MultiplyAddEstimate(l.Value, r.Value, s.Value));
    [MethodImpl(Inline)] public static One MultiplyAdd(One l, One r, float s) => new(Vector.MultiplyAddEstimate(l.Value, r.Value, Vector.Create(s)));
    // Of two operands the processor returns the second if either is NaN.
    [MethodImpl(Inline)] public static One Min(One x, One limit) => new(Vector.MinNative(limit.Value, x.Value));
    [MethodImpl(Inline)] public static One Max(One x, One limit) => new(Vector.MaxNative(limit.Value, x.Value));

    [MethodImpl(Inline)] public static One operator &(One l, One r) => new(l.Value & r.Value);
    [MethodImpl(Inline)] public static One operator |(One l, One r) => new(l.Value | r.Value);
    [MethodImpl(Inline)] public static One operator ^(One l, One r) => new(l.Value ^ r.Value);
    [MethodImpl(Inline)] public static One And(One l, int bits) => new(l.Value & Bits.Of(bits));
    [MethodImpl(Inline)] public static One AddBits(One l, One r) => new(Bits.Add(l.Value, r.Value));
    [MethodImpl(Inline)] public static One AddBits(One l, int r) => new(Bits.Add(l.Value, Bits.Of(r)));
    [MethodImpl(Inline)] public static One ShiftLeft(One bits, int count) => new(Bits.ShiftLeft(bits.Value, count));
    [MethodImpl(Inline)] public static One ShiftRight(One bits, int count) => new(Bits.ShiftRight(bits.Value, count));
    [MethodImpl(Inline)] public static One ToFloat(One bits) => new(Vector.ConvertToSingle(Vector.AsVectorInt32(bits.Value)));

    [MethodImpl(Inline)] public static One LessThan(One l, One r) => new(Vector.AsVectorSingle(Vector.LessThan(l.Value, r.Value)));
    [MethodImpl(Inline)] public static One Select(One condition, One yes, One no) => new(Vector.ConditionalSelect(condition.Value, yes.Value, no.Value));

    [MethodImpl(Inline)] public V Sum() => Value;
    [MethodImpl(Inline)] public static bool AllBelow(One x, float limit) => Bits.Below(Vector.AsVectorInt32(Vector.Abs(x.Value)), limit);
    [MethodImpl(Inline)] public static bool AllWithin(One x, float low, float high) => Bits.Within(Vector.AsVectorInt32(x.Value), Vector.AsVectorInt32(x.Value), low, high);
}

/// <summary>Two registers, with usual values: for functions that keep too much to hold it for four.</summary>
internal readonly unsafe struct Two(V a, V b) : IRegisters<Two>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private readonly V _a = a, _b = b;

    public static int Count { [MethodImpl(Inline)] get => 2 * V.Count; }
    public static bool AnyValue { [MethodImpl(Inline)] get => false; }

    [MethodImpl(Inline)]
    public static Two Load(float* source) => new(Vector.Load(source), Vector.Load(source + V.Count));

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
    public static implicit operator Two(float value)
    {
        var same = Vector.Create(value);
        return new(same, same);
    }

    [MethodImpl(Inline)] public static Two operator +(Two l, Two r) => new(l._a + r._a, l._b + r._b);
    [MethodImpl(Inline)] public static Two operator -(Two l, Two r) => new(l._a - r._a, l._b - r._b);
    [MethodImpl(Inline)] public static Two operator *(Two l, Two r) => new(l._a * r._a, l._b * r._b);
    [MethodImpl(Inline)] public static Two operator /(Two l, Two r) => new(l._a / r._a, l._b / r._b);
    [MethodImpl(Inline)] public static Two operator -(Two x) => new(-x._a, -x._b);
    [MethodImpl(Inline)] public static Two MultiplyAdd(Two l, Two r, Two s) => new(Vector.MultiplyAddEstimate(l._a, r._a, s._a), Vector.MultiplyAddEstimate(l._b, r._b, s._b));

    [MethodImpl(Inline)]
    public static Two MultiplyAdd(Two l, Two r, float s)
    {
        var same = Vector.Create(s);
        return new(Vector.MultiplyAddEstimate(l._a, r._a, same), Vector.MultiplyAddEstimate(l._b, r._b, same));
    }

    [MethodImpl(Inline)] public static Two Min(Two x, Two limit) => new(Vector.MinNative(limit._a, x._a), Vector.MinNative(limit._b, x._b));
    [MethodImpl(Inline)] public static Two Max(Two x, Two limit) => new(Vector.MaxNative(limit._a, x._a), Vector.MaxNative(limit._b, x._b));

    [MethodImpl(Inline)] public static Two operator &(Two l, Two r) => new(l._a & r._a, l._b & r._b);
    [MethodImpl(Inline)] public static Two operator |(Two l, Two r) => new(l._a | r._a, l._b | r._b);
    [MethodImpl(Inline)] public static Two operator ^(Two l, Two r) => new(l._a ^ r._a, l._b ^ r._b);
    [MethodImpl(Inline)] public static Two And(Two l, int bits) => new(l._a & Bits.Of(bits), l._b & Bits.Of(bits));
    [MethodImpl(Inline)] public static Two AddBits(Two l, Two r) => new(Bits.Add(l._a, r._a), Bits.Add(l._b, r._b));
    [MethodImpl(Inline)] public static Two AddBits(Two l, int r) => new(Bits.Add(l._a, Bits.Of(r)), Bits.Add(l._b, Bits.Of(r)));
    [MethodImpl(Inline)] public static Two ShiftLeft(Two bits, int count) => new(Bits.ShiftLeft(bits._a, count), Bits.ShiftLeft(bits._b, count));
    [MethodImpl(Inline)] public static Two ShiftRight(Two bits, int count) => new(Bits.ShiftRight(bits._a, count), Bits.ShiftRight(bits._b, count));
    [MethodImpl(Inline)] public static Two ToFloat(Two bits) => new(Vector.ConvertToSingle(Vector.AsVectorInt32(bits._a)), Vector.ConvertToSingle(Vector.AsVectorInt32(bits._b)));

    [MethodImpl(Inline)] public static Two LessThan(Two l, Two r) => new(Vector.AsVectorSingle(Vector.LessThan(l._a, r._a)), Vector.AsVectorSingle(Vector.LessThan(l._b, r._b)));
    [MethodImpl(Inline)] public static Two Select(Two condition, Two yes, Two no) => new(Vector.ConditionalSelect(condition._a, yes._a, no._a), Vector.ConditionalSelect(condition._b, yes._b, no._b));

    [MethodImpl(Inline)] public V Sum() => _a + _b;

    [MethodImpl(Inline)]
    public static bool AllBelow(Two x, float limit)
    {
        var sizes = Vector.Create(int.MaxValue);
        Vector<int> a = Vector.AsVectorInt32(x._a) & sizes, b = Vector.AsVectorInt32(x._b) & sizes;
        return Bits.Below(Vector.Max(a, b), limit);
    }

    [MethodImpl(Inline)]
    public static bool AllWithin(Two x, float low, float high)
    {
        Vector<int> a = Vector.AsVectorInt32(x._a), b = Vector.AsVectorInt32(x._b);
        return Bits.Within(Vector.Min(a, b), Vector.Max(a, b), low, high);
    }
}

/// <summary>Four registers, with usual values.</summary>
internal readonly unsafe struct Four(V a, V b, V c, V d) : IRegisters<Four>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    // Four fields are as many as the JIT keeps in registers.
    private readonly V _a = a, _b = b, _c = c, _d = d;

    public static int Count { [MethodImpl(Inline)] get => 4 * V.Count; }
    public static bool AnyValue { [MethodImpl(Inline)] get => false; }

    [MethodImpl(Inline)]
    public static Four Load(float* source) => new(Vector.Load(source), Vector.Load(source + V.Count), Vector.Load(source + 2 * V.Count), Vector.Load(source + 3 * V.Count));

    [MethodImpl(Inline)]
    public void Store(float* target)
    {
        _a.Store(target);
        _b.Store(target + V.Count);
        _c.Store(target + 2 * V.Count);
        _d.Store(target + 3 * V.Count);
    }

    [MethodImpl(Inline)]
    public void Stream(float* target)
    {
        _a.StoreAlignedNonTemporal(target);
        _b.StoreAlignedNonTemporal(target + V.Count);
        _c.StoreAlignedNonTemporal(target + 2 * V.Count);
        _d.StoreAlignedNonTemporal(target + 3 * V.Count);
    }

    [MethodImpl(Inline)]
    public static implicit operator Four(float value)
    {
        var same = Vector.Create(value);
        return new(same, same, same, same);
    }

    [MethodImpl(Inline)] public static Four operator +(Four l, Four r) => new(l._a + r._a, l._b + r._b, l._c + r._c, l._d + r._d);
    [MethodImpl(Inline)] public static Four operator -(Four l, Four r) => new(l._a - r._a, l._b - r._b, l._c - r._c, l._d - r._d);
    [MethodImpl(Inline)] public static Four operator *(Four l, Four r) => new(l._a * r._a, l._b * r._b, l._c * r._c, l._d * r._d);
    [MethodImpl(Inline)] public static Four operator /(Four l, Four r) => new(l._a / r._a, l._b / r._b, l._c / r._c, l._d / r._d);
    [MethodImpl(Inline)] public static Four operator -(Four x) => new(-x._a, -x._b, -x._c, -x._d);
    [MethodImpl(Inline)] public static Four MultiplyAdd(Four l, Four r, Four s) => new(Vector.MultiplyAddEstimate(l._a, r._a, s._a), Vector.MultiplyAddEstimate(l._b, r._b, s._b), Vector.MultiplyAddEstimate(l._c, r._c, s._c), Vector.MultiplyAddEstimate(l._d, r._d, s._d));

    [MethodImpl(Inline)]
    public static Four MultiplyAdd(Four l, Four r, float s)
    {
        var same = Vector.Create(s);
        return new(Vector.MultiplyAddEstimate(l._a, r._a, same), Vector.MultiplyAddEstimate(l._b, r._b, same), Vector.MultiplyAddEstimate(l._c, r._c, same), Vector.MultiplyAddEstimate(l._d, r._d, same));
    }

    [MethodImpl(Inline)] public static Four Min(Four x, Four limit) => new(Vector.MinNative(limit._a, x._a), Vector.MinNative(limit._b, x._b), Vector.MinNative(limit._c, x._c), Vector.MinNative(limit._d, x._d));
    [MethodImpl(Inline)] public static Four Max(Four x, Four limit) => new(Vector.MaxNative(limit._a, x._a), Vector.MaxNative(limit._b, x._b), Vector.MaxNative(limit._c, x._c), Vector.MaxNative(limit._d, x._d));

    [MethodImpl(Inline)] public static Four operator &(Four l, Four r) => new(l._a & r._a, l._b & r._b, l._c & r._c, l._d & r._d);
    [MethodImpl(Inline)] public static Four operator |(Four l, Four r) => new(l._a | r._a, l._b | r._b, l._c | r._c, l._d | r._d);
    [MethodImpl(Inline)] public static Four operator ^(Four l, Four r) => new(l._a ^ r._a, l._b ^ r._b, l._c ^ r._c, l._d ^ r._d);
    [MethodImpl(Inline)] public static Four And(Four l, int bits) => new(l._a & Bits.Of(bits), l._b & Bits.Of(bits), l._c & Bits.Of(bits), l._d & Bits.Of(bits));
    [MethodImpl(Inline)] public static Four AddBits(Four l, Four r) => new(Bits.Add(l._a, r._a), Bits.Add(l._b, r._b), Bits.Add(l._c, r._c), Bits.Add(l._d, r._d));
    [MethodImpl(Inline)] public static Four AddBits(Four l, int r) => new(Bits.Add(l._a, Bits.Of(r)), Bits.Add(l._b, Bits.Of(r)), Bits.Add(l._c, Bits.Of(r)), Bits.Add(l._d, Bits.Of(r)));
    [MethodImpl(Inline)] public static Four ShiftLeft(Four bits, int count) => new(Bits.ShiftLeft(bits._a, count), Bits.ShiftLeft(bits._b, count), Bits.ShiftLeft(bits._c, count), Bits.ShiftLeft(bits._d, count));
    [MethodImpl(Inline)] public static Four ShiftRight(Four bits, int count) => new(Bits.ShiftRight(bits._a, count), Bits.ShiftRight(bits._b, count), Bits.ShiftRight(bits._c, count), Bits.ShiftRight(bits._d, count));
    [MethodImpl(Inline)] public static Four ToFloat(Four bits) => new(Vector.ConvertToSingle(Vector.AsVectorInt32(bits._a)), Vector.ConvertToSingle(Vector.AsVectorInt32(bits._b)), Vector.ConvertToSingle(Vector.AsVectorInt32(bits._c)), Vector.ConvertToSingle(Vector.AsVectorInt32(bits._d)));

    [MethodImpl(Inline)] public static Four LessThan(Four l, Four r) => new(Vector.AsVectorSingle(Vector.LessThan(l._a, r._a)), Vector.AsVectorSingle(Vector.LessThan(l._b, r._b)), Vector.AsVectorSingle(Vector.LessThan(l._c, r._c)), Vector.AsVectorSingle(Vector.LessThan(l._d, r._d)));
    [MethodImpl(Inline)] public static Four Select(Four condition, Four yes, Four no) => new(Vector.ConditionalSelect(condition._a, yes._a, no._a), Vector.ConditionalSelect(condition._b, yes._b, no._b), Vector.ConditionalSelect(condition._c, yes._c, no._c), Vector.ConditionalSelect(condition._d, yes._d, no._d));

    [MethodImpl(Inline)] public V Sum() => _a + _b + (_c + _d);

    [MethodImpl(Inline)]
    public static bool AllBelow(Four x, float limit)
    {
        var sizes = Vector.Create(int.MaxValue);
        Vector<int> a = Vector.AsVectorInt32(x._a) & sizes, b = Vector.AsVectorInt32(x._b) & sizes, c = Vector.AsVectorInt32(x._c) & sizes, d = Vector.AsVectorInt32(x._d) & sizes;
        return Bits.Below(Vector.Max(Vector.Max(a, b), Vector.Max(c, d)), limit);
    }

    [MethodImpl(Inline)]
    public static bool AllWithin(Four x, float low, float high)
    {
        Vector<int> a = Vector.AsVectorInt32(x._a), b = Vector.AsVectorInt32(x._b), c = Vector.AsVectorInt32(x._c), d = Vector.AsVectorInt32(x._d);
        return Bits.Within(Vector.Min(Vector.Min(a, b), Vector.Min(c, d)), Vector.Max(Vector.Max(a, b), Vector.Max(c, d)), low, high);
    }
}

/// <summary>A register of floats as whole numbers.</summary>
file static class Bits
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)] public static V Of(int bits) => Vector.AsVectorSingle(Vector.Create(bits));
    [MethodImpl(Inline)] public static V Add(V l, V r) => Vector.AsVectorSingle(Vector.AsVectorInt32(l) + Vector.AsVectorInt32(r));
    [MethodImpl(Inline)] public static V ShiftLeft(V bits, int count) => Vector.AsVectorSingle(Vector.AsVectorInt32(bits) << count);
    [MethodImpl(Inline)] public static V ShiftRight(V bits, int count) => Vector.AsVectorSingle(Vector.AsVectorInt32(bits) >> count);

    [MethodImpl(Inline)]
    public static bool Below(Vector<int> largest, float limit) => Vector.LessThanAll(largest, Vector.Create(BitConverter.SingleToInt32Bits(limit)));

    /// <summary>The bits of positive floats are in the order of the floats; those of NaN come after them, those of negative floats before.</summary>
    [MethodImpl(Inline)]
    public static bool Within(Vector<int> smallest, Vector<int> largest, float low, float high) =>
        Vector.EqualsAll(Vector.LessThan(smallest, Vector.Create(BitConverter.SingleToInt32Bits(low))) | Vector.GreaterThan(largest, Vector.Create(BitConverter.SingleToInt32Bits(high) - 1)), Vector<int>.Zero);
}
