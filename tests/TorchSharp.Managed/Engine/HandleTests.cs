using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Engine;

/// <summary>Where an operation has nothing to do, its result is another handle to the same variable: each is disposed on its own.</summary>
public sealed class HandleTests
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Operations = new()
    {
        ["to type"] = x => x.to(float32),
        ["to device"] = x => x.to(CPU),
        ["to other"] = x => x.to(x),
        ["float"] = x => x.@float(),
        ["type_as"] = x => x.type_as(x),
        ["cpu"] = x => x.cpu(),
        ["contiguous"] = x => x.contiguous(),
        ["conj"] = x => x.conj(),
        ["flatten"] = x => x.flatten(1, 1),
        ["atleast_2d"] = x => x.atleast_2d(),
        ["reshape"] = x => x.reshape(2, 3),
        ["squeeze"] = x => x.squeeze(),
        ["expand"] = x => x.expand(2, 3),
        ["positive"] = x => x.positive(),
    };

    public static TheoryData<string> Names() => new(Operations.Keys);

    [Theory, MemberData(nameof(Names))]
    public void Result_Disposed_LeavesTheTensor(string name)
    {
        using var x = rand(2, 3);
        var y = Operations[name](x);
        Assert.NotSame(x, y);
        y.Dispose();
        Assert.Equal(6, x.data<float>().ToArray().Length);
    }

    [Theory, MemberData(nameof(Names))]
    public void Tensor_Disposed_LeavesTheResult(string name)
    {
        var x = rand(2, 3);
        using var y = Operations[name](x);
        x.Dispose();
        Assert.Equal(6, y.data<float>().ToArray().Length);
    }

    [Theory, InlineData("to type"), InlineData("cpu"), InlineData("contiguous")]
    public void Handle_OfALeaf_IsThatLeaf(string name)
    {
        using var x = rand(2, 3, requires_grad: true);
        using var y = Operations[name](x);
        y.sum().backward();
        Assert.True(y.is_leaf);
        Assert.Equal(6, x.grad!.sum().ToSingle());
    }

    [Theory, InlineData("to type"), InlineData("cpu"), InlineData("contiguous")]
    public void Handle_ChangedInPlace_ChangesTheHistoryOfBoth(string name)
    {
        using Tensor weight = ones(1, requires_grad: true), x = rand(2, 3);
        Operations[name](x).mul_(weight);
        x.sum().backward();
        Assert.NotNull(weight.grad);
    }

    [Fact]
    public void Bincount_OfLongs_LeavesItsInput()
    {
        using var x = tensor(new long[] { 0, 2, 2 });
        using var counts = x.bincount(null);
        Assert.Equal([1L, 0, 2], counts.data<long>().ToArray());
        Assert.Equal(3, x.numel());
    }

    [Fact]
    public void DisposeAfter_WithTheTypeItHas_DisposesTheTensorAndNotTheResult()
    {
        var x = rand(2);
        using var y = x.to(float32, disposeAfter: true);
        Assert.True(x.IsInvalid);
        Assert.Equal(2, y.data<float>().ToArray().Length);
    }
}
