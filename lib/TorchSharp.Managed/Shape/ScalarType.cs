namespace TorchSharp;

public static partial class torch
{
    /// <summary>Element types. The numbers are TorchSharp's (and libtorch's) own: they are written into weight files.</summary>
    public enum ScalarType : sbyte
    {
        Byte = 0,
        Int8 = 1,
        Int16 = 2,
        Int32 = 3,
        Int64 = 4,
        Float16 = 5,
        Float32 = 6,
        Float64 = 7,
        ComplexFloat32 = 9,
        ComplexFloat64 = 10,
        Bool = 11,
        BFloat16 = 15,
    }

    public static readonly ScalarType uint8 = ScalarType.Byte;
    public static readonly ScalarType int8 = ScalarType.Int8;
    public static readonly ScalarType int16 = ScalarType.Int16;
    public static readonly ScalarType int32 = ScalarType.Int32;
    public static readonly ScalarType int64 = ScalarType.Int64;
    public static readonly ScalarType @short = ScalarType.Int16;
    public static readonly ScalarType @int = ScalarType.Int32;
    public static readonly ScalarType @long = ScalarType.Int64;
    public static readonly ScalarType float16 = ScalarType.Float16;
    public static readonly ScalarType bfloat16 = ScalarType.BFloat16;
    public static readonly ScalarType float32 = ScalarType.Float32;
    public static readonly ScalarType float64 = ScalarType.Float64;
    public static readonly ScalarType half = ScalarType.Float16;
    public static readonly ScalarType @float = ScalarType.Float32;
    public static readonly ScalarType @double = ScalarType.Float64;
    public static readonly ScalarType @bool = ScalarType.Bool;

    /// <summary>Whether numbers of this type are whole; Bool is, too.</summary>
    public static bool is_integral(ScalarType type) => type.IsIntegral() || type == ScalarType.Bool;

    public static bool is_floating_point(ScalarType type) => type.IsFloating();

    public static bool is_complex(ScalarType type) => type is ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64;

    /// <summary>The smallest type to which both can be converted: the wider category, then the wider type (PyTorch's table).</summary>
    public static ScalarType promote_types(ScalarType type1, ScalarType type2) => ScalarTypes.Promote(type1, type2);

    public static bool can_cast(ScalarType from, ScalarType to) => ScalarTypes.Category(from) <= ScalarTypes.Category(to);
}

internal static class ScalarTypes
{
    internal static int Size(this torch.ScalarType type) => type switch
    {
        torch.ScalarType.Byte or torch.ScalarType.Int8 or torch.ScalarType.Bool => 1,
        torch.ScalarType.Int16 or torch.ScalarType.Float16 or torch.ScalarType.BFloat16 => 2,
        torch.ScalarType.Int32 or torch.ScalarType.Float32 => 4,
        torch.ScalarType.Int64 or torch.ScalarType.Float64 => 8,
        _ => throw Unsupported(type),
    };

    internal static bool IsFloating(this torch.ScalarType type) => type
        is torch.ScalarType.Float16 or torch.ScalarType.Float32 or torch.ScalarType.Float64 or torch.ScalarType.BFloat16;

    /// <summary>Whether numbers of this type are computed in Float32 and rounded.</summary>
    internal static bool IsReduced(this torch.ScalarType type) => type is torch.ScalarType.Float16 or torch.ScalarType.BFloat16;

    internal static bool IsIntegral(this torch.ScalarType type) => type
        is torch.ScalarType.Byte or torch.ScalarType.Int8 or torch.ScalarType.Int16 or torch.ScalarType.Int32 or torch.ScalarType.Int64;

    /// <summary>0 bool, 1 integer, 2 floating point: a wider category wins over a wider type.</summary>
    internal static int Category(torch.ScalarType type) => type == torch.ScalarType.Bool ? 0 : type.IsIntegral() ? 1 : type.IsFloating() ? 2 : 3;

    internal static torch.ScalarType Promote(torch.ScalarType a, torch.ScalarType b)
    {
        if (a == b)
            return a;
        int ca = Category(a), cb = Category(b);
        if (ca != cb)
            return ca > cb ? a : b;
        // uint8 with a signed type: the next signed type that holds both.
        if (a == torch.ScalarType.Byte || b == torch.ScalarType.Byte)
        {
            var other = a == torch.ScalarType.Byte ? b : a;
            return other == torch.ScalarType.Int8 ? torch.ScalarType.Int16 : other;
        }
        // Neither of the two of 16 bits holds the other.
        if (a.IsReduced() && b.IsReduced())
            return torch.ScalarType.Float32;
        if (a.IsReduced() || b.IsReduced())
            return a.IsReduced() ? b : a;
        return a > b ? a : b;
    }

    /// <summary>A number as one element of a type.</summary>
    internal static unsafe void Write(Scalar value, torch.ScalarType type, void* to)
    {
        switch (type)
        {
            case torch.ScalarType.Bool: *(byte*)to = value.ToBoolean() ? (byte)1 : (byte)0; break;
            case torch.ScalarType.Byte: *(byte*)to = (byte)value.Integer; break;
            case torch.ScalarType.Int8: *(sbyte*)to = (sbyte)value.Integer; break;
            case torch.ScalarType.Int16: *(short*)to = (short)value.Integer; break;
            case torch.ScalarType.Int32: *(int*)to = (int)value.Integer; break;
            case torch.ScalarType.Int64: *(long*)to = value.Integer; break;
            case torch.ScalarType.Float16: *(Half*)to = (Half)value.Real; break;
            case torch.ScalarType.BFloat16: *(BFloat16*)to = (BFloat16)value.Real; break;
            case torch.ScalarType.Float32: *(float*)to = (float)value.Real; break;
            case torch.ScalarType.Float64: *(double*)to = value.Real; break;
            default: throw Unsupported(type);
        }
    }

    /// <summary>PyTorch's name of the tensor type, as its messages write it: torch.FloatTensor.</summary>
    internal static string TensorName(this torch.ScalarType type) => "torch." + type switch
    {
        torch.ScalarType.Byte => "ByteTensor",
        torch.ScalarType.Int8 => "CharTensor",
        torch.ScalarType.Int16 => "ShortTensor",
        torch.ScalarType.Int32 => "IntTensor",
        torch.ScalarType.Int64 => "LongTensor",
        torch.ScalarType.Float16 => "HalfTensor",
        torch.ScalarType.BFloat16 => "BFloat16Tensor",
        torch.ScalarType.Float32 => "FloatTensor",
        torch.ScalarType.Float64 => "DoubleTensor",
        torch.ScalarType.Bool => "BoolTensor",
        _ => type + "Tensor",
    };

    internal static NotSupportedException Unsupported(torch.ScalarType type) => new(
        $"dtype {type} is not supported by the managed engine (it has Bool, Byte, Int8, Int16, Int32, Int64, Float16, BFloat16, Float32, Float64); " +
        "build with -p:Engine=torchsharp-cpu to use it.");
}
