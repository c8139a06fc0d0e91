using TorchSharp.Gpu;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Managed.Tests.Devices;

/// <summary>What chapters do over and over, on the emulated device: a fall-back in it would be a copy there and back in every step.</summary>
public sealed class HotLoopTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public HotLoopTests()
    {
        DevicePlaces.Install(DeviceType.CUDA, DevicePlaces.Devices(GpuKind.Emulated, DeviceType.CUDA));
        manual_seed(1);
    }

    public void Dispose()
    {
        _scope.Dispose();
        DevicePlaces.Install(DeviceType.CUDA, null);
    }

    private static readonly Dictionary<string, Action> Loops = new()
    {
        ["convolutions, normalised, with dropout"] = () => Train(
            Sequential(Conv2d(1, 4, 3, padding: 1), BatchNorm2d(4), ReLU(), MaxPool2d(2), Conv2d(4, 4, 3, groups: 2), Dropout2d(0.2), AvgPool2d(2), Flatten(), Dropout(0.3), Linear(4, 3)),
            network => optim.AdamW(network.parameters(), 0.01), randn(6, 1, 8, 8, device: CUDA), Classes(6)),
        ["layers, normalised, with momentum"] = () => Train(
            Sequential(Linear(5, 8), LayerNorm(8), GELU(), Linear(8, 8), SiLU(), Linear(8, 3)), network => optim.SGD(network.parameters(), 0.05, momentum: 0.9, weight_decay: 1e-3), randn(6, 5, device: CUDA), Classes(6)),
        ["a root of mean squares"] = () => Train(Sequential(Linear(5, 8), Tanh(), Linear(8, 3)), network => optim.RMSProp(network.parameters(), 0.01), randn(6, 5, device: CUDA), Classes(6)),
        ["a recurrent network over words"] = () =>
        {
            var words = Embedding(7, 6).to(CUDA);
            var cell = LSTM(6, 5, batchFirst: true).to(CUDA);
            var output = Linear(5, 3).to(CUDA);
            var optimizer = optim.Adam([.. words.parameters(), .. cell.parameters(), .. output.parameters()], 0.02);
            Step(optimizer, () => functional.cross_entropy(output.call(cell.call(words.call(randint(0, 7, new long[] { 4, 5 }, device: CUDA))).Item1.select(1, -1)), Classes(4)));
        },
        ["attention over words"] = () =>
        {
            var words = Embedding(7, 8).to(CUDA);
            var layer = TransformerEncoderLayer(8, 2, 16, 0.1).to(CUDA);
            var output = Linear(8, 3).to(CUDA);
            var optimizer = optim.AdamW([.. words.parameters(), .. layer.parameters(), .. output.parameters()], 0.02);
            var mask = ones(5, 5, device: CUDA).triu(1).mul(-1e9);
            Step(optimizer, () => functional.cross_entropy(output.call(layer.call(words.call(randint(0, 7, new long[] { 5, 4 }, device: CUDA)), mask).mean([0])), Classes(4)));
        },
        ["losses of numbers"] = () =>
        {
            var x = Parameter(randn(6, 4, device: CUDA));
            var y = rand(6, 4, device: CUDA);
            var optimizer = optim.SGD([x], 0.1);
            Step(optimizer, () => functional.mse_loss(x, y) + functional.binary_cross_entropy_with_logits(x, y) + functional.huber_loss(x, y) + functional.l1_loss(x, y)
                + functional.nll_loss(functional.log_softmax(x, 1), Classes(6)) + functional.kl_div(functional.log_softmax(x, 1), functional.softmax(y, 1)));
        },
        ["batches and measures"] = () =>
        {
            Tensor images = rand(20, 1, 4, 4, device: CUDA), labels = randint(0, 3, 20, device: CUDA), order = randperm(20, device: CUDA);
            Tensor batch = images.index_select(0, order.slice(0, 0, 8, 1)), classes = labels[order.slice(0, 8, 16, 1)], scores = batch.view(8, 16)[.., ..3];
            _ = scores.argmax(1).eq(classes).sum() + scores.softmax(1).max(1).values.gt(0.5).sum();
            _ = scores.topk(2, 1).indexes.eq(classes.unsqueeze(1)).any(1).to(float32).mean();
            _ = functional.one_hot(classes, 3).sum(0);
            _ = scores.gather(1, classes.unsqueeze(1)).sort(0);
            _ = where(scores > 0.5, scores, zeros_like(scores)).cumsum(0).masked_fill(scores > 0.9, 0).clamp(0, 1);
            _ = images[images.mean([1, 2, 3]) > 0.5].std();
            _ = (batch - batch.mean([0], true)) / (batch.std([0], keepdim: true) + 1e-5) + batch.normal_(0, 0.1);
        },
    };

    public static TheoryData<string> Names => [.. Loops.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Loop_OfAChapter_NeedsNoFallBack(string name)
    {
        Fallbacks.Clear();
        Loops[name]();
        Assert.True(Fallbacks.Counts.Count == 0, $"these fall back: {string.Join(", ", Fallbacks.Counts.Select(item => $"{item.Key} {item.Value} times"))}");
    }

    private static Tensor Classes(int count) => arange(count, ScalarType.Int64, CUDA).remainder(3);

    private static void Train(Modules.Sequential network, Func<Modules.Sequential, optim.Optimizer> optimizer, Tensor x, Tensor y)
    {
        network.to(CUDA);
        Step(optimizer(network), () => functional.cross_entropy(network.call(x), y));
    }

    /// <summary>Two steps: the second has the state that the first made.</summary>
    private static void Step(optim.Optimizer optimizer, Func<Tensor> loss)
    {
        for (int step = 0; step < 2; step++)
        {
            optimizer.zero_grad();
            loss().backward();
            nn.utils.clip_grad_norm_(optimizer.parameters(), 1.0);
            optimizer.step();
        }
    }
}
