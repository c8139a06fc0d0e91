using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.optim;

namespace Course.Cli.Bench;

/// <summary>Blocks and steps of other architectures: nothing in the engine is made for one network.</summary>
internal static class BlockCases
{
    public static IEnumerable<BenchCase> All() =>
    [
        new("LSTM 64-128, batch 32, 32 steps", new { kind = "lstm" }, Lstm),
        new("transformer block 128, 4 heads, batch 16, length 64", new { kind = "transformer" }, Transformer),
        new("residual block 32 channels 28x28, batch 16", new { kind = "residual" }, Residual),
        new("convolution block 3x224x224, batch 4", new { kind = "image" }, Image),
        new("GPT step: 4 layers of 128, 4 heads, context 128, batch 16", new { kind = "gpt step" }, GptStep),
        new("GPT forward of one context of 128", new { kind = "gpt forward" }, GptForward),
        new("digits step: conv 8 of 3x3, pool, 1352-64-10, batch 128", new { kind = "digits step" }, DigitsStep),
        new("Adam on 10 million parameters", new { kind = "adam" }, AdamStep, AdamBytes, "GB/s"),
    ];

    private static Action Lstm()
    {
        var lstm = LSTM(64, 128, batchFirst: true);
        var x = randn(32, 32, 64);
        return () => Backward(lstm, () => lstm.call(x).Item1.sum());
    }

    private static Action Transformer()
    {
        var layer = TransformerEncoderLayer(128, 4, 512, 0.0);
        Tensor x = randn(64, 16, 128), mask = zeros(64, 64);
        return () => Backward(layer, () => layer.call(x, mask, null!).sum());
    }

    private static Action Residual()
    {
        var block = Sequential(Conv2d(32, 32, 3, padding: 1, bias: false), BatchNorm2d(32), ReLU(), Conv2d(32, 32, 3, padding: 1, bias: false), BatchNorm2d(32));
        var x = randn(16, 32, 28, 28);
        return () => Backward(block, () => functional.relu(block.call(x).add(x)).sum());
    }

    private static Action Image()
    {
        var block = Sequential(Conv2d(3, 32, 3, padding: 1), BatchNorm2d(32), ReLU(), MaxPool2d(2));
        var x = randn(4, 3, 224, 224);
        return () => Backward(block, () => block.call(x).sum());
    }

    private static Action GptStep()
    {
        var gpt = new SmallGpt();
        var optimizer = AdamW(gpt.parameters(), 1e-3);
        Tensor tokens = randint(0, SmallGpt.Vocabulary, [SmallGpt.Context, 16], ScalarType.Int64), next = randint(0, SmallGpt.Vocabulary, [SmallGpt.Context * 16], ScalarType.Int64);
        return () => Step(optimizer, () => functional.cross_entropy(gpt.call(tokens).reshape(-1, SmallGpt.Vocabulary), next));
    }

    private static Action GptForward()
    {
        var gpt = new SmallGpt();
        gpt.eval();
        var tokens = randint(0, SmallGpt.Vocabulary, [SmallGpt.Context, 1], ScalarType.Int64);
        return () =>
        {
            using var scope = NewDisposeScope();
            using var frozen = no_grad();
            gpt.call(tokens);
        };
    }

    private static Action DigitsStep()
    {
        var network = Sequential(Conv2d(1, 8, 3), ReLU(), MaxPool2d(2), Flatten(), Linear(1352, 64), ReLU(), Linear(64, 10));
        var optimizer = Adam(network.parameters(), 1e-3);
        Tensor x = randn(128, 1, 28, 28), y = randint(0, 10, [128], ScalarType.Int64);
        return () => Step(optimizer, () => functional.cross_entropy(network.call(x), y));
    }

    private const long AdamParameters = 10_000_000;

    /// <summary>Parameter, gradient and two moments are read, all but the gradient written.</summary>
    private const double AdamBytes = 7.0 * AdamParameters * sizeof(float);

    private static Action AdamStep()
    {
        var parameter = new TorchSharp.Modules.Parameter(randn(AdamParameters));
        var optimizer = Adam([parameter], 1e-3);
        parameter.grad = randn(AdamParameters);
        return () => optimizer.step();
    }

    private static void Backward(Module module, Func<Tensor> loss)
    {
        using var scope = NewDisposeScope();
        module.zero_grad();
        loss().backward();
    }

    private static void Step(Optimizer optimizer, Func<Tensor> loss)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        loss().backward();
        optimizer.step();
    }
}
