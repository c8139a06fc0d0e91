using static TorchSharp.torch;

namespace Course;

internal static class RecordedGradient
{
    /// <summary>∂value/∂input.</summary>
    /// <param name="value">One number.</param>
    /// <exception cref="InvalidOperationException">No graph leads from the input to the value, as under <c>no_grad</c>. (libtorch would end the process.)</exception>
    public static Tensor Of(Tensor value, Tensor input) => value.requires_grad
        ? autograd.grad([value], [input])[0]
        : throw new InvalidOperationException("The result does not require a gradient, so there is none with respect to the input: nothing was recorded between them. Leave no_grad, and let the model compute with tensors all the way.");
}
