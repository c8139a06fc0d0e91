using System.Text.Json;
using static TorchSharp.torch;
using static TorchSharp.Managed.Tests.Golden.ReferenceNetwork;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>Writes data/reference_network.json: the first losses from seed 1 in both precisions, and the accuracy after an epoch from three seeds.</summary>
internal static class ReferenceLosses
{
    internal static void Write()
    {
        if (Mnist is null)
        {
            Console.WriteLine("reference_network is left as it is: set COURSE_DATA to a folder that holds mnist/");
            return;
        }
        using Tensor x = Images("train-images-idx3-ubyte", 60000), y = Labels("train-labels-idx1-ubyte", 60000), single = x.to_type(ScalarType.Float32);
        using Tensor testX = Images("t10k-images-idx3-ubyte", 10000).to_type(ScalarType.Float32), testY = Labels("t10k-labels-idx1-ubyte", 10000);
        List<double> float64 = Train(x, y, 1, ScalarType.Float64, 200).losses, float32 = Train(single, y, 1, ScalarType.Float32, 10).losses;
        Dictionary<int, double> accuracy = [];
        for (int seed = 1; seed <= 3; seed++)
        {
            using var net = Train(single, y, seed, ScalarType.Float32, 938).net;
            using (no_grad())
            using (NewDisposeScope())
                accuracy[seed] = net.call(testX).argmax(1).eq(testY).to_type(ScalarType.Float64).mean().item<double>();
        }
        string path = Path.Combine(Repository.Root, "tests", "golden", "data", "reference_network.json");
        File.WriteAllText(path, JsonSerializer.Serialize(new { libtorch = Program.Version, float64, float32, accuracy }, Program.Indented) + "\n");
        Console.WriteLine($"{"reference_network",-20} accuracy {string.Join(", ", accuracy.Values)}");
    }
}
