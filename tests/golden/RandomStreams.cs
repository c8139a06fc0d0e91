using System.Text.Json;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>Writes random/random.json: for each plan and seed the digest of each call.</summary>
internal static class RandomStreams
{
    internal static void Write()
    {
        var plans = Streams.Plans.Keys.ToDictionary(plan => plan, plan => Streams.Seeds.ToDictionary(seed => seed, seed => Streams.Draw(plan, seed).Select(call => Streams.Digest(call.bits))));
        string path = Path.Combine(Repository.Root, "tests", "golden", "random", "random.json");
        // One line a call.
        File.WriteAllText(path, JsonSerializer.Serialize(new { libtorch = Program.Version, plans }).Replace("[\"", "\n[\"", StringComparison.Ordinal) + "\n");
        Console.WriteLine($"{"random",-20} {plans.Count,5} plans from {Streams.Seeds.Length} seeds");
    }
}
