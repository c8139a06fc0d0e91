using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Managed.Tests;

/// <summary>What does not fit together is refused with both shapes, types or bounds in the message.</summary>
public class ErrorMessageTests
{
    private static readonly Dictionary<string, (Action act, string[] words)> Cases = new()
    {
        ["add"] = (() => (ones(2, 3) + ones(4, 3)).Dispose(), ["[2, 3]", "[4, 3]"]),
        ["add_ that would grow"] = (() => ones(3).add_(ones(2, 3)), ["[3]", "[2, 3]"]),
        ["where"] = (() => where(ones(2, 3) > 0, ones(4), ones(1)), ["[2, 3]", "[4]"]),
        ["mm"] = (() => ones(2, 3).mm(ones(2, 3)), ["2x3", "2x3"]),
        ["bmm"] = (() => ones(2, 3, 4).bmm(ones(3, 4, 5)), ["[2, 3, 4]", "[3, 4, 5]"]),
        ["mv"] = (() => ones(2, 3).mv(ones(4)), ["3", "4"]),
        ["dot"] = (() => ones(2).dot(ones(3)), ["[2]", "[3]"]),
        ["reshape"] = (() => ones(2, 3).reshape(4, 2), ["[4, 2]", "6"]),
        ["view of a transposed tensor"] = (() => ones(2, 3).t().view(6), ["[3, 2]"]),
        ["expand"] = (() => ones(2, 3).expand(4, 5), ["[2, 3]", "[4, 5]"]),
        ["cat"] = (() => cat([ones(2, 3), ones(2, 4)], 0), ["[2, 3]", "[2, 4]"]),
        ["stack"] = (() => stack([ones(2), ones(3)]), ["[2]", "[3]"]),
        ["split"] = (() => ones(5).split([2, 2]), ["5", "2, 2"]),
        ["permute"] = (() => ones(2, 3).permute(0, 0), ["0, 0"]),
        ["a dimension too large"] = (() => ones(2, 3).sum(2L), ["2", "[-2, 1]"]),
        ["select"] = (() => ones(2, 3).select(1, 3), ["3", "[2, 3]"]),
        ["an index too large"] = (() => _ = ones(2, 3)[2], ["2", "[2, 3]"]),
        ["index_select"] = (() => ones(2, 3).index_select(0, tensor(new[] { 2L })), ["index 2", "size 2"]),
        ["gather"] = (() => ones(2, 3).gather(1, tensor(new[,] { { 3L }, { 0L } })), ["3"]),
        ["an index of floats"] = (() => ones(2, 3).gather(1, ones(2, 1)), ["Int64", "Float32"]),
        ["scatter"] = (() => ones(2, 3).scatter(1, zeros([2, 4], int64), ones(2, 3)), ["[2, 4]", "[2, 3]"]),
        ["masked_fill"] = (() => ones(2, 3).masked_fill(ones(4) > 0, 1), ["[2, 3]", "[4]"]),
        ["a mask of another shape"] = (() => _ = ones(2, 3)[TensorIndex.Tensor(ones(3) > 0)], ["[3]", "[2, 3]"]),
        ["copy_"] = (() => ones(2, 3).copy_(ones(4)), ["[2, 3]", "[4]"]),
        ["einsum"] = (() => einsum("ij,jk->ik", ones(2, 3), ones(4, 5)), ["3", "4"]),
        ["cdist"] = (() => cdist(ones(2, 3), ones(2, 4)), ["[2, 3]", "[2, 4]"]),
        ["solve"] = (() => linalg.solve(ones(2, 2), ones(3, 1)), ["[2, 2]", "[3, 1]"]),
        ["inv of a rectangle"] = (() => linalg.inv(ones(2, 3)), ["2 by 3"]),
        ["linear"] = (() => F.linear(ones(2, 3), ones(5, 4)), ["2x3", "4x5"]),
        ["linear's bias"] = (() => F.linear(ones(2, 3), ones(5, 3), ones(4)), ["[4]", "5"]),
        ["conv2d channels"] = (() => F.conv2d(ones(1, 2, 5, 5), ones(4, 3, 3, 3)), ["[1, 2, 5, 5]", "[4, 3, 3, 3]"]),
        ["conv2d kernel"] = (() => F.conv2d(ones(1, 1, 2, 2), ones(1, 1, 3, 3)), ["[1, 1, 2, 2]", "[1, 1, 3, 3]"]),
        ["conv3d"] = (() => F.conv3d(ones([1L, 1, 2, 2, 2]), ones([1L, 1, 3, 1, 1])), ["[1, 1, 2, 2, 2]", "[1, 1, 3, 1, 1]"]),
        ["max_pool2d"] = (() => F.max_pool2d(ones(1, 1, 2, 2), 3), ["[1, 1, 2, 2]"]),
        ["batch_norm"] = (() => F.batch_norm(ones(2, 3), zeros(4), ones(4)), ["[2, 3]", "4"]),
        ["layer_norm"] = (() => F.layer_norm(ones(2, 3), [4]), ["[2, 3]", "[4]"]),
        ["cross_entropy batch"] = (() => F.cross_entropy(ones(2, 3), zeros(4, dtype: int64)), ["[2, 3]", "[4]"]),
        ["cross_entropy class"] = (() => F.cross_entropy(ones(2, 3), tensor(new[] { 0L, 3 })), ["3"]),
        ["nll_loss"] = (() => F.nll_loss(ones(2, 3), zeros(4, dtype: int64)), ["[2, 3]", "[4]"]),
        ["mse_loss"] = (() => F.mse_loss(ones(2, 3), ones(4)), ["[2, 3]", "[4]"]),
        ["binary_cross_entropy"] = (() => F.binary_cross_entropy(ones(2, 3), ones(2)), ["[2, 3]", "[2]"]),
        ["embedding"] = (() => nn.Embedding(3, 2).call(tensor(new[] { 3L })), ["3"]),
        ["Linear"] = (() => nn.Linear(4, 5).call(ones(2, 3)), ["2x3", "4x5"]),
        ["Conv2d"] = (() => nn.Conv2d(3, 4, 3).call(ones(1, 2, 5, 5)), ["3", "[1, 2, 5, 5]"]),
        ["LSTM"] = (() => nn.LSTM(3, 4).call(ones(5, 2, 6)), ["3", "[5, 2, 6]"]),
        ["types of a product"] = (() => ones(2, 3).mm(ones(3, 2, dtype: float64)), ["Float32", "Float64"]),
        ["types of a convolution"] = (() => F.conv2d(ones(1, 1, 3, 3), ones(1, 1, 2, 2, dtype: float64)), ["Float32", "Float64"]),
        ["a number of another type"] = (() => ones(1).item<int>(), ["Float32"]),
        ["an item of several"] = (() => ones(2, 3).item<float>(), ["[2, 3]"]),
        ["integers with a gradient"] = (() => ones(2, dtype: int64).requires_grad_(), ["Int64"]),
        ["a gradient of another shape"] = (() => (ones(2, requires_grad: true) * 2).backward([ones(3)]), ["[2]", "[3]"]),
        ["more than memory"] = (() => empty(1L << 46), ["281474976710656 bytes"]),
        ["more than a number of bytes"] = (() => zeros(1L << 40, 1L << 40), ["1099511627776"]),
        ["a device that is not there"] = (() => ones(1).cuda(), ["cuda"]),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory, MemberData(nameof(Names))]
    public void WrongArguments_AreRefused(string name)
    {
        using var scope = NewDisposeScope();
        var error = Assert.ThrowsAny<Exception>(Cases[name].act);
        Assert.True(error is ExternalException or ArgumentException or InvalidOperationException or NotSupportedException, $"{error.GetType().Name}: {error.Message}");
    }

    [Theory, MemberData(nameof(Names))]
    public void WrongArguments_AreRefused_NamingWhatDoesNotFit(string name)
    {
        using var scope = NewDisposeScope();
        var (act, words) = Cases[name];
        var error = Assert.ThrowsAny<Exception>(act);
        Assert.All(words, word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
    }
}
