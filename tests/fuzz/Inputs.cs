using static TorchSharp.torch;

namespace TorchSharp.Managed.Fuzz;

/// <summary>Input tensors: type × layout × values.</summary>
internal static class Inputs
{
    internal static readonly ScalarType[] Types = [float32, float64, float16, bfloat16, int32, int64, uint8, @bool];

    internal static readonly string[] Layouts = ["contiguous", "transposed", "strided", "expanded", "empty", "scalar"];

    /// <summary>ordinary: in ±3; ties: few small integers; special: zeros of both signs, NaN, infinities, the smallest and largest numbers; large: in ±10⁴.</summary>
    internal static readonly string[] Values = ["ordinary", "ties", "special", "large"];

    /// <summary>A tensor of this shape in a layout; "empty" has no rows and "scalar" no dimensions, whatever the shape is.</summary>
    internal static Tensor Make(Draws draws, ScalarType type, string layout, string values, long[] shape)
    {
        if (layout == "scalar")
            shape = [];
        if (shape.Length == 0)
            return Filled(draws, type, values, shape);
        switch (layout)
        {
            case "empty":
                return Filled(draws, type, values, [0, .. shape[1..]]);
            case "transposed" when shape.Length > 1:
                return Filled(draws, type, values, [.. shape[..^2], shape[^1], shape[^2]]).transpose(-1, -2);
            case "strided":
                return Filled(draws, type, values, [.. shape[..^1], 2 * shape[^1]]).slice(-1, 0, 2 * shape[^1], 2);
            case "expanded":
                return Filled(draws, type, values, [1, .. shape[1..]]).expand(shape);
            default:
                return Filled(draws, type, values, shape);
        }
    }

    private static Tensor Filled(Draws draws, ScalarType type, string values, long[] shape)
    {
        long count = shape.Aggregate(1L, (product, size) => product * size);
        // Every number is one of its type, so that the conversion on the way has nothing to round.
        return type switch
        {
            ScalarType.Bool => tensor(Many(() => draws.Below(2) == 1), shape),
            ScalarType.Byte => tensor(Many(() => (byte)Whole(byte.MinValue, byte.MaxValue, 0)), shape),
            ScalarType.Int32 => tensor(Many(() => (int)Whole(int.MinValue, int.MaxValue, -3)), shape),
            ScalarType.Int64 => tensor(Many(() => Whole(long.MinValue, long.MaxValue, -3)), shape),
            ScalarType.Float64 => tensor(Many(() => Real(double.Epsilon, double.MaxValue)), shape),
            ScalarType.Float16 => tensor(Many(() => (float)(Half)Real(5.9604645e-8, 65504)), shape).to(type),
            ScalarType.BFloat16 => tensor(Many(() => (BFloat16)Real((double)BFloat16.Epsilon, (double)BFloat16.MaxValue)), shape),
            _ => tensor(Many(() => (float)Real(float.Epsilon, float.MaxValue)), shape).to(type),
        };

        T[] Many<T>(Func<T> draw) => [.. Enumerable.Range(0, (int)count).Select(_ => draw())];

        long Whole(long smallest, long largest, int low) => values switch
        {
            "special" when draws.Below(2) == 0 => draws.Of([smallest, largest, 0, 1]),
            "large" => Math.Clamp(draws.Below(20000) - 10000, smallest, largest),
            "ties" => draws.Below(3),
            _ => low + draws.Below(7),
        };

        double Real(double smallest, double largest) => values switch
        {
            "special" when draws.Below(2) == 0 => draws.Of([0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, smallest, -smallest, largest, -largest, 1, -1, 0.5]),
            "large" => 1e4 * draws.Real(),
            "ties" => draws.Below(3) - 1,
            _ => 3 * draws.Real(),
        };
    }
}
