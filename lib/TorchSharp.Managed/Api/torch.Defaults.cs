namespace TorchSharp;

public static partial class torch
{
    private static ScalarType _defaultType = ScalarType.Float32;

    public static ScalarType get_default_dtype() => _defaultType;

    /// <summary>The type of new tensors and of results that must be floating point.</summary>
    public static void set_default_dtype(ScalarType dtype)
    {
        if (!dtype.IsFloating())
            throw new ArgumentException($"only floating-point types are supported as the default type, got {dtype}", nameof(dtype));
        _defaultType = dtype;
    }

    public static Device get_default_device() => Place.Default.Device;

    /// <summary>Where factories make tensors when they are told no device.</summary>
    /// <exception cref="InvalidOperationException">There is no such device.</exception>
    public static void set_default_device(Device device) => Place.Default = Place.Of(device ?? CPU);

    public static void set_default_device(string device) => set_default_device(new Device(device));

    public static ScalarType result_type(Tensor tensor1, Tensor tensor2) => Operations.CommonType(tensor1, tensor2);

    public enum RoundingMode
    {
        None,
        trunc,
        floor,
    }
}
