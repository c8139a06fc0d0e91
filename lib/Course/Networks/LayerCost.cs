using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Course;

/// <summary>What one layer is and what it costs.</summary>
internal static class LayerCost
{
    /// <summary>
    /// Products that a layer sums, for the whole batch. A convolution or a linear layer uses all weights of an output once for each
    /// place of it; a normalisation scales every element; the rest has no products, or too few to count.
    /// </summary>
    public static long MultiplyAdds(nn.Module module, Tensor input, Tensor output) => Weight(module) is not { } weight ? 0 : module switch
    {
        Conv1d or Conv2d or Conv3d or Linear => weight.numel() / weight.shape[0] * output.numel(),
        ConvTranspose1d or ConvTranspose2d => weight.numel() / weight.shape[0] * input.numel(),
        BatchNorm1d or BatchNorm2d or LayerNorm => output.numel(),
        _ => 0,
    };

    /// <summary>The type of the layer and the shape of its weights in words.</summary>
    public static string Kind(nn.Module module)
    {
        string type = module.GetType().Name;
        return (module, Weight(module)?.shape) switch
        {
            (Conv1d or Conv2d or Conv3d, { } w) => $"{type}, {w[0]} × {string.Join(" × ", w[1..])}",
            (Linear, { } w) => $"{type}, {w[1]} → {w[0]}",
            (Embedding, { } w) => $"{type}, {w[0]} of {w[1]}",
            _ => type,
        };
    }

    private static Tensor? Weight(nn.Module module) => module.named_parameters(false).Where(p => p.name == "weight").Select(p => p.parameter).FirstOrDefault();
}
