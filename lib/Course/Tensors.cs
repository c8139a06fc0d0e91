using static TorchSharp.torch;

namespace Course;

/// <summary>From tensors to plain C# numbers.</summary>
public static class Tensors
{
    /// <summary>All elements in row order as doubles; the graph and the device are left behind.</summary>
    public static double[] Doubles(this Tensor tensor) =>
        [.. tensor.detach().cpu().to(ScalarType.Float64).contiguous().data<double>()];

    /// <summary>Where a module computes: the device of its parameters, or of its buffers where it has none; the CPU where it has neither.</summary>
    public static Device Device(this nn.Module module) =>
        module.parameters().Concat(module.buffers()).FirstOrDefault()?.device ?? CPU;

    /// <summary>One element as a double, whatever its type.</summary>
    /// <exception cref="ArgumentException">The tensor has not exactly one element.</exception>
    public static double Number(this Tensor tensor) => tensor.numel() == 1
        ? tensor.Doubles()[0]
        : throw new ArgumentException($"A tensor of shape [{string.Join(", ", tensor.shape)}] has {tensor.numel()} elements; expected one.", nameof(tensor));
}
