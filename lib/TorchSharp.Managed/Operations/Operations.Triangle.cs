using static TorchSharp.torch;

namespace TorchSharp;

internal static unsafe partial class Operations
{
    /// <summary>y = x where column − row ≤ diagonal (lower) or ≥ (upper), else 0.</summary>
    internal static Tensor Triangle(Tensor x, long diagonal, bool lower)
    {
        if (x.Layout.Rank < 2)
            throw new System.Runtime.InteropServices.ExternalException($"tri{(lower ? "l" : "u")}: input tensor must have at least 2 dimensions, got {x.Layout}");
        using var scope = DisposeScope.ForTemporaries();
        var offsets = torch.arange(x.Layout.Shape[^1], device: x.device).unsqueeze(0) - torch.arange(x.Layout.Shape[^2], device: x.device).unsqueeze(1);
        using var zero = Number(0, x.dtype);
        return scope.MoveToOuter(Where(lower ? offsets <= diagonal : offsets >= diagonal, x, zero));
    }
}
