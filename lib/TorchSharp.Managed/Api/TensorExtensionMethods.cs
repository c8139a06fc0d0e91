using static TorchSharp.torch;

namespace TorchSharp;

public static partial class TensorExtensionMethods
{
    public static int ElementSize(this ScalarType type) => type.Size();

    public static long TotalSize(this IEnumerable<long> shape) => shape.Aggregate(1L, (product, size) => product * size);

    public static ReadOnlySpan<int> IntShape(this Tensor tensor) => Array.ConvertAll(tensor.shape, size => checked((int)size));

    public static bool ToBoolean(this Tensor value) => value.ToScalar().ToBoolean();

    public static byte ToByte(this Tensor value) => value.ToScalar().ToByte();

    public static sbyte ToSByte(this Tensor value) => value.ToScalar().ToSByte();

    public static short ToInt16(this Tensor value) => value.ToScalar().ToInt16();

    public static int ToInt32(this Tensor value) => value.ToScalar().ToInt32();

    public static long ToInt64(this Tensor value) => value.ToScalar().ToInt64();

    public static Half ToHalf(this Tensor value) => value.ToScalar().ToHalf();

    public static BFloat16 ToBFloat16(this Tensor value) => value.ToScalar().ToBFloat16();

    public static float ToSingle(this Tensor value) => value.ToScalar().ToSingle();

    public static double ToDouble(this Tensor value) => value.ToScalar().ToDouble();

    /// <summary>A C# number as a tensor without dimensions.</summary>
    public static Tensor ToTensor<T>(this T scalar, Device? device = null, bool requires_grad = false) where T : struct
    {
        var place = Place.Of(device);
        var number = scalar switch
        {
            bool value => value,
            byte value => value,
            sbyte value => value,
            short value => value,
            int value => value,
            long value => value,
            Half value => value,
            BFloat16 value => new Scalar((double)value, ScalarType.BFloat16),
            float value => value,
            double value => value,
            _ => throw new NotSupportedException($"no tensor of {typeof(T).Name}"),
        };
        var tensor = Operations.NumberTensor(number);
        if (requires_grad && !tensor.is_floating_point())
            throw new ArgumentException($"Only floating point types support gradients, got {tensor.dtype}.", nameof(requires_grad));
        if (!ReferenceEquals(place, Place.Host))
        {
            using var here = tensor.AsTemporary();
            tensor = here.to(place.Device);
        }
        return tensor.requires_grad_(requires_grad);
    }

    public static Tensor ToTensor<T>(this T[] rawArray, long[] dimensions, bool doCopy = false, bool requires_grad = false) =>
        Factories.FromArray(rawArray, dimensions, null, null, requires_grad);
}
