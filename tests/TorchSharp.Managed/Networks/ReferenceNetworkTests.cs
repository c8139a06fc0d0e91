using System.Text.Json;
using static TorchSharp.torch;
using static TorchSharp.Managed.Tests.Golden.ReferenceNetwork;

namespace TorchSharp.Managed.Tests.Nn;

/// <summary>The course's reference network follows libtorch's training step by step (tests/golden/data/reference_network.json).</summary>
public class ReferenceNetworkTests
{
    private static readonly Lazy<JsonElement> Expected = new(() =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "golden", "data", "reference_network.json"))).RootElement);

    private static void NeedData() => Assert.SkipWhen(Mnist is null, "canonical MNIST is not there: set COURSE_DATA to a folder that holds mnist/");

    private static void AssertFollows(string name, ScalarType dtype, double tolerance)
    {
        NeedData();
        double[] wanted = [.. Expected.Value.GetProperty(name).EnumerateArray().Select(item => item.GetDouble())];
        using Tensor x = Images("train-images-idx3-ubyte", 60000).to_type(dtype), y = Labels("train-labels-idx1-ubyte", 60000);
        var (net, losses) = Train(x, y, 1, dtype, wanted.Length);
        net.Dispose();
        for (int i = 0; i < wanted.Length; i++)
            Assert.True(Math.Abs(losses[i] - wanted[i]) <= tolerance * wanted[i], FormattableString.Invariant($"loss {i} is {losses[i]:R}, libtorch's {wanted[i]:R}"));
    }

    [Fact]
    public void First200Losses_InFloat64_EqualLibtorchs() => AssertFollows("float64", ScalarType.Float64, 1e-9);

    [Fact]
    public void First10Losses_InFloat32_EqualLibtorchs() => AssertFollows("float32", ScalarType.Float32, 1e-6);

    [Fact]
    public void Accuracy_AfterAnEpoch_IsLibtorchsWithin0Point3Points()
    {
        NeedData();
        using Tensor x = Images("train-images-idx3-ubyte", 60000).to_type(ScalarType.Float32), y = Labels("train-labels-idx1-ubyte", 60000);
        using Tensor testX = Images("t10k-images-idx3-ubyte", 10000).to_type(ScalarType.Float32), testY = Labels("t10k-labels-idx1-ubyte", 10000);
        double ours = 0, theirs = 0;
        for (int seed = 1; seed <= 3; seed++)
        {
            using var net = Train(x, y, seed, ScalarType.Float32, 938).net;
            using (no_grad())
            using (NewDisposeScope())
                ours += net.call(testX).argmax(1).eq(testY).to_type(ScalarType.Float64).mean().item<double>() / 3;
            theirs += Expected.Value.GetProperty("accuracy").GetProperty($"{seed}").GetDouble() / 3;
        }
        Assert.True(Math.Abs(ours - theirs) < 0.003, FormattableString.Invariant($"accuracy {ours:p2}, libtorch's {theirs:p2}"));
    }
}
