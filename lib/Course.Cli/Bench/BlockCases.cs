using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Course.Cli.Bench;

/// <summary>Blocks of other architectures, forward and backward: nothing in the engine is made for one network.</summary>
internal static class BlockCases
{
    public static IEnumerable<BenchCase> All()
    {
        yield return Lstm();
        yield return Transformer();
        yield return Residual();
        yield return Image();
    }

    private static BenchCase Lstm()
    {
        var lstm = LSTM(64, 128, batchFirst: true);
        Tensor x = randn(32, 32, 64);
        return new BenchCase("LSTM 64-128, batch 32, 32 steps", new { kind = "lstm" }, () => Step(lstm, () => lstm.call(x).Item1.sum()));
    }

    private static BenchCase Transformer()
    {
        var layer = TransformerEncoderLayer(128, 4, 512, 0.0);
        Tensor x = randn(64, 16, 128), mask = zeros(64, 64);
        return new BenchCase("transformer block 128, 4 heads, batch 16, length 64", new { kind = "transformer" }, () => Step(layer, () => layer.call(x, mask, null!).sum()));
    }

    private static BenchCase Residual()
    {
        var block = Sequential(Conv2d(32, 32, 3, padding: 1, bias: false), BatchNorm2d(32), ReLU(), Conv2d(32, 32, 3, padding: 1, bias: false), BatchNorm2d(32));
        Tensor x = randn(16, 32, 28, 28);
        return new BenchCase("residual block 32 channels 28x28, batch 16", new { kind = "residual" }, () => Step(block, () => functional.relu(block.call(x).add(x)).sum()));
    }

    private static BenchCase Image()
    {
        var block = Sequential(Conv2d(3, 32, 3, padding: 1), BatchNorm2d(32), ReLU(), MaxPool2d(2));
        Tensor x = randn(4, 3, 224, 224);
        return new BenchCase("convolution block 3x224x224, batch 4", new { kind = "image" }, () => Step(block, () => block.call(x).sum()));
    }

    private static void Step(Module module, Func<Tensor> loss)
    {
        using var scope = NewDisposeScope();
        module.zero_grad();
        loss().backward();
    }
}
