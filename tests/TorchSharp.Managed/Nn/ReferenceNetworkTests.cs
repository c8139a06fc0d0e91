using System.IO.Compression;
using System.Text.Json;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Managed.Tests.Nn;

/// <summary>The course's reference network follows PyTorch's training step by step (tests/golden/make_reference_network.py).</summary>
public class ReferenceNetworkTests
{
    private sealed class Net : Module<Tensor, Tensor>
    {
        private readonly Modules.Conv2d conv1 = Conv2d(1, 10, 5), conv2 = Conv2d(10, 20, 5);
        private readonly Modules.Linear fc1 = Linear(320, 50), fc2 = Linear(50, 10);

        public Net() : base("net") => RegisterComponents();

        public override Tensor forward(Tensor x)
        {
            x = functional.relu(functional.max_pool2d(conv1.call(x), 2));
            x = functional.relu(functional.max_pool2d(conv2.call(x), 2));
            x = functional.relu(fc1.call(x.flatten(1)));
            return functional.log_softmax(fc2.call(x), 1);
        }
    }

    private static readonly Lazy<JsonElement> expected = new(() =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "golden", "data", "reference_network.json"))).RootElement);

    private static readonly Lazy<string?> mnist = new(() => (Environment.GetEnvironmentVariable("COURSE_DATA") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(Path.GetFullPath(folder, Repository.Root), "mnist"))
        .FirstOrDefault(Directory.Exists));

    private static byte[] Read(string name)
    {
        Assert.SkipWhen(mnist.Value is null, "canonical MNIST is not there: set COURSE_DATA to a folder that holds mnist/");
        string path = Path.Combine(mnist.Value!, name);
        using Stream stream = File.Exists(path) ? File.OpenRead(path) : new GZipStream(File.OpenRead(path + ".gz"), CompressionMode.Decompress);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    private static Tensor Images(string name, int count)
    {
        byte[] bytes = Read(name);
        var values = new double[count * 784];
        for (int i = 0; i < values.Length; i++) values[i] = (bytes[16 + i] / 255.0 - 0.1307) / 0.3081;
        return tensor(values, [count, 1, 28, 28]);
    }

    private static Tensor Labels(string name, int count) => tensor([.. Read(name).Skip(8).Take(count).Select(label => (long)label)], ScalarType.Int64);

    private static (Net net, List<double> losses) Train(Tensor x, Tensor y, long seed, ScalarType dtype, int steps)
    {
        manual_seed(seed);
        Net net = new Net().to(dtype);
        Tensor order = randperm(x.shape[0]);
        using var optimizer = optim.Adam(net.parameters());
        var losses = new List<double>();
        for (int step = 0; step < steps; step++)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor batch = order[TensorIndex.Slice(step * 64, Math.Min(x.shape[0], (step + 1) * 64))];
            optimizer.zero_grad();
            Tensor loss = functional.nll_loss(net.call(x.index_select(0, batch)), y.index_select(0, batch));
            loss.backward();
            optimizer.step();
            losses.Add(loss.to_type(ScalarType.Float64).item<double>());
        }
        return (net, losses);
    }

    private static void AssertFollows(string name, ScalarType dtype, double tolerance)
    {
        double[] wanted = [.. expected.Value.GetProperty(name).EnumerateArray().Select(item => item.GetDouble())];
        using Tensor x = Images("train-images-idx3-ubyte", 60000).to_type(dtype), y = Labels("train-labels-idx1-ubyte", 60000);
        var (net, losses) = Train(x, y, 1, dtype, wanted.Length);
        net.Dispose();
        for (int i = 0; i < wanted.Length; i++)
            Assert.True(Math.Abs(losses[i] - wanted[i]) <= tolerance * wanted[i], FormattableString.Invariant($"loss {i} is {losses[i]:R}, PyTorch's {wanted[i]:R}"));
    }

    [Fact]
    public void First200Losses_InFloat64_EqualPyTorchs() => AssertFollows("float64", ScalarType.Float64, 1e-9);

    [Fact]
    public void First10Losses_InFloat32_EqualPyTorchs() => AssertFollows("float32", ScalarType.Float32, 1e-5);

    [Fact]
    public void Accuracy_AfterAnEpoch_IsPyTorchsWithin0Point3Points()
    {
        using Tensor x = Images("train-images-idx3-ubyte", 60000).to_type(ScalarType.Float32), y = Labels("train-labels-idx1-ubyte", 60000);
        using Tensor testX = Images("t10k-images-idx3-ubyte", 10000).to_type(ScalarType.Float32), testY = Labels("t10k-labels-idx1-ubyte", 10000);
        double ours = 0, theirs = 0;
        for (int seed = 1; seed <= 3; seed++)
        {
            using Net net = Train(x, y, seed, ScalarType.Float32, 938).net;
            using (no_grad())
            using (NewDisposeScope())
                ours += net.call(testX).argmax(1).eq(testY).to_type(ScalarType.Float64).mean().item<double>() / 3;
            theirs += expected.Value.GetProperty("accuracy").GetProperty($"{seed}").GetDouble() / 3;
        }
        Assert.True(Math.Abs(ours - theirs) < 0.003, FormattableString.Invariant($"accuracy {ours:p2}, PyTorch's {theirs:p2}"));
    }
}
