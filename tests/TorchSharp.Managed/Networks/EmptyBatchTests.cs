using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Managed.Tests.Nn;

/// <summary>A batch without examples, as a filter may leave it, goes through every layer, and its gradients are zeros.</summary>
public class EmptyBatchTests
{
    private static readonly Dictionary<string, (Func<nn.Module<Tensor, Tensor>> layer, long[] input, long[] output)> Layers = new()
    {
        ["Linear"] = (() => nn.Linear(5, 2), [0, 5], [0, 2]),
        ["Conv1d"] = (() => nn.Conv1d(3, 4, 3), [0, 3, 8], [0, 4, 6]),
        ["Conv2d"] = (() => nn.Conv2d(3, 4, 3), [0, 3, 8, 8], [0, 4, 6, 6]),
        ["ConvTranspose2d"] = (() => nn.ConvTranspose2d(3, 4, 3), [0, 3, 8, 8], [0, 4, 10, 10]),
        ["MaxPool2d"] = (() => nn.MaxPool2d(2), [0, 3, 8, 8], [0, 3, 4, 4]),
        ["AvgPool2d"] = (() => nn.AvgPool2d(2), [0, 3, 8, 8], [0, 3, 4, 4]),
        ["AdaptiveAvgPool2d"] = (() => nn.AdaptiveAvgPool2d(1), [0, 3, 8, 8], [0, 3, 1, 1]),
        ["LayerNorm"] = (() => nn.LayerNorm(5), [0, 5], [0, 5]),
        ["GroupNorm"] = (() => nn.GroupNorm(1, 3), [0, 3, 4], [0, 3, 4]),
        ["Dropout"] = (() => nn.Dropout(), [0, 5], [0, 5]),
        ["GELU"] = (() => nn.GELU(), [0, 5], [0, 5]),
        ["Softmax"] = (() => nn.Softmax(1), [0, 5], [0, 5]),
        ["Flatten"] = (() => nn.Flatten(), [0, 3, 2, 2], [0, 12]),
        ["ConstantPad2d"] = (() => nn.ConstantPad2d(1, 0), [0, 3, 2, 2], [0, 3, 4, 4]),
        ["Upsample"] = (() => nn.Upsample(scale_factor: [2.0, 2.0]), [0, 3, 2, 2], [0, 3, 4, 4]),
        ["TransformerEncoderLayer"] = (() => nn.TransformerEncoderLayer(4, 2, 8), [3, 0, 4], [3, 0, 4]),
    };

    public static TheoryData<string> Names => [.. Layers.Keys];

    [Theory, MemberData(nameof(Names))]
    public void EmptyBatch_ThroughALayer_GivesAnEmptyResultAndZeroGradients(string name)
    {
        using var scope = NewDisposeScope();
        var (make, input, output) = Layers[name];
        var layer = make();
        var x = zeros(input, requires_grad: true);
        var y = layer.call(x);
        Assert.Equal(output, y.shape);
        y.sum().backward();
        Assert.Equal(input, x.grad!.shape);
        foreach (var (parameterName, parameter) in layer.named_parameters())
            Assert.True(parameter.grad is null || parameter.grad.eq(0).all().ToBoolean(), $"{name}.{parameterName}: {parameter.grad}");
    }

    [Fact]
    public void EmptyBatch_ThroughRecurrentLayersAndEmbeddings_KeepsItsShape()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([5, 0, 4], nn.LSTM(3, 4).call(zeros(5, 0, 3)).Item1.shape);
        Assert.Equal([5, 0, 4], nn.GRU(3, 4).call(zeros(5, 0, 3)).Item1.shape);
        Assert.Equal([0, 4], nn.Embedding(7, 4).call(zeros([0L], int64)).shape);
    }

    [Fact]
    public void EmptyBatch_InBatchNorm_IsNormalisedByRunningStatistics()
    {
        using var scope = NewDisposeScope();
        var norm = nn.BatchNorm2d(3);
        norm.eval();
        Assert.Equal([0, 3, 2, 2], norm.call(zeros(0, 3, 2, 2)).shape);
    }

    [Fact]
    public void MeanLoss_OfAnEmptyBatch_IsNaNAsInPyTorch_AndItsSumIs0()
    {
        using var scope = NewDisposeScope();
        Tensor scores = zeros(0, 3), labels = zeros([0L], int64);
        Assert.True(float.IsNaN(F.cross_entropy(scores, labels).ToSingle()));
        Assert.Equal(0, F.cross_entropy(scores, labels, reduction: nn.Reduction.Sum).ToSingle());
        Assert.True(float.IsNaN(F.mse_loss(scores, scores).ToSingle()));
    }
}
