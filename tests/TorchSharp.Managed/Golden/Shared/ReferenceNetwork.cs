using System.IO.Compression;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>The course's reference network, trained on MNIST in batches of 64 in the order of randperm, drawn after it is made, by Adam with its defaults.</summary>
internal static class ReferenceNetwork
{
    internal sealed class Network : Module<Tensor, Tensor>
    {
        private readonly Modules.Conv2d conv1 = Conv2d(1, 10, 5), conv2 = Conv2d(10, 20, 5);
        private readonly Modules.Linear fc1 = Linear(320, 50), fc2 = Linear(50, 10);

        public Network() : base("net") => RegisterComponents();

        public override Tensor forward(Tensor x)
        {
            x = functional.relu(functional.max_pool2d(conv1.call(x), 2));
            x = functional.relu(functional.max_pool2d(conv2.call(x), 2));
            x = functional.relu(fc1.call(x.flatten(1)));
            return functional.log_softmax(fc2.call(x), 1);
        }
    }

    /// <summary>The folder of canonical MNIST, or null.</summary>
    internal static string? Mnist { get; } = (Environment.GetEnvironmentVariable("COURSE_DATA") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(Path.GetFullPath(folder, Repository.Root), "mnist"))
        .FirstOrDefault(Directory.Exists);

    private static byte[] Read(string name)
    {
        string path = Path.Combine(Mnist ?? throw new DirectoryNotFoundException("canonical MNIST is not there: set COURSE_DATA to a folder that holds mnist/"), name);
        using Stream stream = File.Exists(path) ? File.OpenRead(path) : new GZipStream(File.OpenRead(path + ".gz"), CompressionMode.Decompress);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    internal static Tensor Images(string name, int count)
    {
        byte[] bytes = Read(name);
        double[] values = new double[count * 784];
        for (int i = 0; i < values.Length; i++)
            values[i] = (bytes[16 + i] / 255.0 - 0.1307) / 0.3081;
        return tensor(values, [count, 1, 28, 28]);
    }

    internal static Tensor Labels(string name, int count) => tensor([.. Read(name).Skip(8).Take(count).Select(label => (long)label)], ScalarType.Int64);

    internal static (Network net, List<double> losses) Train(Tensor x, Tensor y, long seed, ScalarType dtype, int steps)
    {
        manual_seed(seed);
        var net = new Network().to(dtype);
        var order = randperm(x.shape[0]);
        using var optimizer = optim.Adam(net.parameters());
        var losses = new List<double>();
        for (int step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            var batch = order[TensorIndex.Slice(step * 64, Math.Min(x.shape[0], (step + 1) * 64))];
            optimizer.zero_grad();
            var loss = functional.nll_loss(net.call(x.index_select(0, batch)), y.index_select(0, batch));
            loss.backward();
            optimizer.step();
            losses.Add(loss.to_type(ScalarType.Float64).item<double>());
        }
        return (net, losses);
    }
}
