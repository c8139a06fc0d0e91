using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Course;

public sealed partial record StoredTensor
{
    internal static StoredTensor From(string name, Tensor tensor)
    {
        using var plain = tensor.detach().cpu().contiguous();
        byte[] data = plain.dtype switch
        {
            ScalarType.Float32 => MemoryMarshal.AsBytes(plain.data<float>().ToArray().AsSpan()).ToArray(),
            ScalarType.Float64 => MemoryMarshal.AsBytes(plain.data<double>().ToArray().AsSpan()).ToArray(),
            ScalarType.Int64 => MemoryMarshal.AsBytes(plain.data<long>().ToArray().AsSpan()).ToArray(),
            var other => throw new NotSupportedException($"'{name}' is {other}; an artefact stores Float32, Float64 and Int64."),
        };
        return new StoredTensor(name, TypeOf(tensor), tensor.shape) { Data = data };
    }

    internal static string TypeOf(Tensor tensor) => tensor.dtype switch
    {
        ScalarType.Float32 => "float32",
        ScalarType.Float64 => "float64",
        ScalarType.Int64 => "int64",
        var other => other.ToString().ToLowerInvariant(),
    };

    /// <summary>A new tensor with this one's numbers and shape.</summary>
    internal Tensor ToTensor()
    {
        long[] shape = [.. Shape];
        using var flat = Type switch
        {
            "float32" => tensor(MemoryMarshal.Cast<byte, float>(Data.Span).ToArray()),
            "float64" => tensor(MemoryMarshal.Cast<byte, double>(Data.Span).ToArray()),
            _ => tensor(MemoryMarshal.Cast<byte, long>(Data.Span).ToArray()),
        };
        return flat.reshape(shape).clone();
    }
}
