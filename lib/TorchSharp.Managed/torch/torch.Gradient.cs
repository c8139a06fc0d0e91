using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Derivatives by central differences inside, one-sided ones at the ends.</summary>
    public static ICollection<Tensor> gradient(Tensor input, int spacing = 1, long? dim = null, int edge_order = 1) =>
        gradient(input, spacing, dim is { } d ? [d] : null, edge_order);

    public static ICollection<Tensor> gradient(Tensor input, int spacing = 1, long[]? dims = null, int edge_order = 1)
    {
        if (edge_order != 1) throw new NotSupportedException("gradient with edge_order other than 1");
        return (dims ?? Enumerable.Range(0, (int)input.dim()).Select(d => (long)d).ToArray()).Select(d => Compose(() =>
        {
            var n = input.size((int)d);
            if (n < 2) throw new ExternalException($"torch.gradient expected each dimension size to be at least edge_order+1, got {input.Layout}");
            var first = (input.narrow(d, 1, 1) - input.narrow(d, 0, 1)) / spacing;
            var last = (input.narrow(d, n - 1, 1) - input.narrow(d, n - 2, 1)) / spacing;
            return n == 2 ? cat([first, last], d) : cat([first, (input.narrow(d, 2, n - 2) - input.narrow(d, 0, n - 2)) / (2 * spacing), last], d);
        })).ToArray();
    }
}
