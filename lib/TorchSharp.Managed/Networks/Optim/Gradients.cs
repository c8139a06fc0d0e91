using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>What modules and optimisers do to gradients.</summary>
internal static class Gradients
{
    internal static void Clear(Tensor parameter, bool setToNone)
    {
        using var gradient = parameter.grad;
        if (gradient is null)
            return;
        if (setToNone)
            parameter.grad = null;
        else
            using (no_grad())
                gradient.zero_();
    }
}
