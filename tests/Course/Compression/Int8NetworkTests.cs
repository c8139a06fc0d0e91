using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Course.Tests.Compression;

public sealed class Int8NetworkTests
{
    private static Module<Tensor, Tensor> Reference() => Sequential(("conv1", Conv2d(1, 10, 5)), ("pool1", MaxPool2d(2)), ("relu1", ReLU()), ("conv2", Conv2d(10, 20, 5)), ("pool2", MaxPool2d(2)),
        ("relu2", ReLU()), ("flatten", Flatten()), ("fc1", Linear(320, 50)), ("relu3", ReLU()), ("fc2", Linear(50, 10)));

    private static (Module<Tensor, Tensor> Network, Tensor Images) Sample(bool landed)
    {
        random.manual_seed(5);
        var network = landed ? new DigitNetwork() : Reference();
        var images = cat(Enumerable.Range(0, 8).Select(i => rand(16, 1, 28, 28).pow(1 + i)).ToArray());
        using var gradients = no_grad();
        network.train();
        for (int i = 0; i < 5; i++)
            network.call(Preprocessing.Mnist.Apply(images * 255));
        // Some normalisations turn their channel upside down, before and after pooling.
        foreach (var (name, weight) in network.named_parameters())
            if (weight.dim() == 1 && name.EndsWith("weight"))
                weight.mul_(tensor(Enumerable.Range(0, (int)weight.shape[0]).Select(i => i % 3 == 0 ? -1f : 1f).ToArray()));
        network.eval();
        return (network, images);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Forward_IsCloseToTheFloatNetwork(bool landed)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var (network, images) = Sample(landed);
        var int8 = Int8Network.From(network, Preprocessing.Mnist, images, kept: 1);

        var exact = network.call(Preprocessing.Mnist.Apply((images * 255).round()));
        var rounded = int8.Forward(images);

        double scale = exact.std().Number(), error = (exact - rounded).square().mean().sqrt().Number();
        Assert.True(error < 0.06 * scale, $"off by {error}, scores spread by {scale}");
        Assert.True(int8.Bytes <= 0.3 * 4 * network.parameters().Sum(p => p.numel()), $"{int8.Bytes} bytes");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EveryPath_GivesTheNumbersOfThePlainOne(bool landed)
    {
        Assert.SkipUnless(Int8Paths.Supported.Count > 1, "this processor has the plain path only");
        using var scope = NewDisposeScope();
        var (network, images) = Sample(landed);
        byte[] pixels = (images * 255).round().to(ScalarType.Byte).data<byte>().ToArray();
        // The largest sums that can be: every pixel white, every pixel black.
        pixels.AsSpan(0, 784).Fill(255);
        pixels.AsSpan(784, 784).Clear();
        var int8 = Int8Network.From(network, Preprocessing.Mnist, images);
        float[] Answers(Int8Path path) => int8.With(path).Forward(pixels, 128);

        float[] expected = Answers(Int8Path.Scalar);

        Assert.All(Int8Paths.Supported, path => Assert.Equal(expected, Answers(path)));
        TestContext.Current.SendDiagnosticMessage($"paths compared: {string.Join(", ", Int8Paths.Supported)}");
    }

    [Fact]
    public void From_ALayerWithoutAForm_NamesIt()
    {
        using var padded = Sequential(("first", Conv2d(1, 4, 3, padding: 1)), ("relu", ReLU()), ("flat", Flatten()), ("out", Linear(4 * 64, 2)));
        Assert.Contains("'first' (Conv2d)", Assert.Throws<NotSupportedException>(() => Int8Network.From(padded, Preprocessing.Mnist, rand(4, 1, 8, 8))).Message);

        using var tanh = Sequential(("first", Conv2d(1, 4, 3)), ("squash", Tanh()), ("flat", Flatten()), ("out", Linear(4 * 36, 2)));
        Assert.Contains("'squash' (Tanh)", Assert.Throws<NotSupportedException>(() => Int8Network.From(tanh, Preprocessing.Mnist, rand(4, 1, 8, 8))).Message);
    }
}
