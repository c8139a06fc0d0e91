using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>Activations by their approximations.</summary>
internal static class Activations
{
    internal static void Add(CaseWriter g)
    {
        foreach (var type in Elementwise.Both)
            foreach (string name in new[] { "tanh", "none" })
                foreach (long[] shape in new long[][] { [7], [2, 3, 20] })
                    g.Add("gelu", [g.Draws.Real(shape, type, Domain.Any) * 3], call: ["$0", name]);
    }
}
