using System.Globalization;

namespace TorchSharp;

/// <summary>A number with a type, as operations take it beside tensors. Integers and booleans are kept exactly.</summary>
public sealed class Scalar : IDisposable
{
    private readonly double _real;
    private readonly long _integer;

    public torch.ScalarType Type { get; }

    private Scalar(torch.ScalarType type, double real, long integer) => (Type, _real, _integer) = (type, real, integer);

    internal Scalar(double value, torch.ScalarType type) : this(type, value, type.IsFloating() ? 0 : (long)value) { }

    internal Scalar(long value, torch.ScalarType type) : this(type, value, value) { }

    internal bool IsFloating => Type.IsFloating();

    internal double Real => IsFloating ? _real : _integer;

    internal long Integer => IsFloating ? (long)_real : _integer;

    internal bool IsZero => IsFloating ? _real == 0 : _integer == 0;

    internal bool IsOne => IsFloating ? _real == 1 : _integer == 1;

    public static implicit operator Scalar(bool value) => new(value ? 1L : 0L, torch.ScalarType.Bool);

    public static implicit operator Scalar(byte value) => new((long)value, torch.ScalarType.Byte);

    public static implicit operator Scalar(sbyte value) => new((long)value, torch.ScalarType.Int8);

    public static implicit operator Scalar(short value) => new((long)value, torch.ScalarType.Int16);

    public static implicit operator Scalar(int value) => new((long)value, torch.ScalarType.Int32);

    public static implicit operator Scalar(long value) => new(value, torch.ScalarType.Int64);

    public static implicit operator Scalar(Half value) => new((double)value, torch.ScalarType.Float16);

    /// <summary>A number of type Float64, as in TorchSharp.</summary>
    public static implicit operator Scalar(BFloat16 value) => new((double)value, torch.ScalarType.Float64);

    public static implicit operator Scalar(float value) => new((double)value, torch.ScalarType.Float32);

    public static implicit operator Scalar(double value) => new(value, torch.ScalarType.Float64);

    /// <summary>Nothing to free: kept because TorchSharp's scalars own native memory and programs dispose them.</summary>
    public void Dispose() { }

    public override string ToString() => IsFloating ? _real.ToString(CultureInfo.InvariantCulture) : Type == torch.ScalarType.Bool ? (_integer != 0).ToString() : _integer.ToString(CultureInfo.InvariantCulture);
}

public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this bool value) => value;

    public static Scalar ToScalar(this byte value) => value;

    public static Scalar ToScalar(this sbyte value) => value;

    public static Scalar ToScalar(this short value) => value;

    public static Scalar ToScalar(this int value) => value;

    public static Scalar ToScalar(this long value) => value;

    public static Scalar ToScalar(this Half value) => value;

    public static Scalar ToScalar(this BFloat16 value) => value;

    /// <summary>The number as BFloat16 holds it.</summary>
    public static Scalar ToBFloat16Scalar(this float value) => (BFloat16)value;

    public static Scalar ToScalar(this float value) => value;

    public static Scalar ToScalar(this double value) => value;

    public static bool ToBoolean(this Scalar value) => value.IsFloating ? value.Real != 0 : value.Integer != 0;

    public static byte ToByte(this Scalar value) => (byte)value.Integer;

    public static sbyte ToSByte(this Scalar value) => (sbyte)value.Integer;

    public static short ToInt16(this Scalar value) => (short)value.Integer;

    public static int ToInt32(this Scalar value) => (int)value.Integer;

    public static long ToInt64(this Scalar value) => value.Integer;

    public static Half ToHalf(this Scalar value) => (Half)value.Real;

    public static BFloat16 ToBFloat16(this Scalar value) => (BFloat16)value.Real;

    public static float ToSingle(this Scalar value) => (float)value.Real;

    public static double ToDouble(this Scalar value) => value.Real;
}
