using System.Text.Json;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>Parameters after 20 steps and learning rates of schedulers: tests/golden/data/optimizers.json.</summary>
internal static class OptimizerCases
{
    private static readonly Lazy<JsonElement> root = new(() =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "golden", "data", "optimizers.json"))).RootElement);

    internal static double[] Parameters(string name) => Numbers(root.Value.GetProperty("optimizers").GetProperty(name));

    internal static double[] Rates(string name) => Numbers(root.Value.GetProperty("schedulers").GetProperty(name));

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetDouble())];
}
