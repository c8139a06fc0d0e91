namespace TorchSharp;

public static partial class torch
{
    /// <summary>The limits of a floating-point type.</summary>
    public struct FInfo
    {
        public int bits;
        public double eps;
        public double max;
        public double min;
        public double tiny;
        public double smallest_normal;
        public double resolution;
    }

    public static FInfo finfo() => finfo(get_default_dtype());

    public static FInfo finfo(ScalarType dtype) => dtype switch
    {
        ScalarType.Float16 => new FInfo { bits = 16, eps = Operations.Epsilon(dtype), max = 65504, min = -65504, tiny = 6.103515625e-05, smallest_normal = 6.103515625e-05, resolution = 1e-3 },
        ScalarType.BFloat16 => new FInfo { bits = 16, eps = Operations.Epsilon(dtype), max = (double)BFloat16.MaxValue, min = (double)BFloat16.MinValue, tiny = 1.1754943508222875e-38, smallest_normal = 1.1754943508222875e-38, resolution = 1e-2 },
        ScalarType.Float32 => new FInfo { bits = 32, eps = Operations.Epsilon(dtype), max = float.MaxValue, min = float.MinValue, tiny = 1.1754943508222875e-38, smallest_normal = 1.1754943508222875e-38, resolution = 1e-6 },
        ScalarType.Float64 => new FInfo { bits = 64, eps = Operations.Epsilon(dtype), max = double.MaxValue, min = double.MinValue, tiny = 2.2250738585072014e-308, smallest_normal = 2.2250738585072014e-308, resolution = 1e-15 },
        _ => throw new ArgumentException($"torch.finfo() requires a floating point input type, got {dtype}", nameof(dtype)),
    };

    public static long max_int_value(ScalarType type) => type switch
    {
        ScalarType.Byte => byte.MaxValue,
        ScalarType.Int8 => sbyte.MaxValue,
        ScalarType.Int16 => short.MaxValue,
        ScalarType.Int32 => int.MaxValue,
        ScalarType.Int64 => long.MaxValue,
        ScalarType.Bool => 1,
        _ => throw new ArgumentException($"{type} has no largest integer", nameof(type)),
    };
}
