using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Managed.Tests.Cpu;

/// <summary>A chain that computes convolution, maximum and rectifier in one go gives what its modules give one after the other, bit by bit.</summary>
public class PooledConvolutionTests
{
    public static TheoryData<string> Cases => [.. Chains.Keys];

    private static readonly Dictionary<string, (Func<Module<Tensor, Tensor>[]> Modules, long[] Input)> Chains = new()
    {
        ["first of chapter 04"] = (() => [Conv2d(1, 10, 5), MaxPool2d(2), ReLU()], [3, 1, 28, 28]),
        ["second of chapter 04"] = (() => [Conv2d(10, 20, 5), MaxPool2d(2), ReLU()], [3, 10, 12, 12]),
        ["without a rectifier"] = (() => [Conv2d(2, 7, 3), MaxPool2d(2)], [2, 2, 17, 9]),
        ["rectifier first"] = (() => [Conv2d(2, 7, 3, padding: 1), ReLU(), MaxPool2d(3, 2)], [2, 2, 17, 9]),
        ["groups, strides, windows over the edge"] = (() => [Conv2d(4, 6, 3, stride: 2, groups: 2, bias: false), MaxPool2d(3, 2, 1, ceil_mode: true), ReLU()], [2, 4, 21, 30]),
        ["several strips"] = (() => [Conv2d(16, 4, 5), MaxPool2d(2), ReLU()], [2, 16, 64, 64]),
    };

    [Theory, MemberData(nameof(Cases))]
    public void Chain_WithoutGradients_IsComputedInOneGo(string name)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var (make, input) = Chains[name];
        var modules = make();
        var x = randn(input);
        x[0, 0, 0, 5] = double.NaN;
        x[0, 0, 6, 6] = double.PositiveInfinity;
        var expected = modules.Aggregate(x, (current, module) => module.call(current));

        ModuleChain chain = [.. modules.Select((module, i) => ($"{i}", (Module)module)), ("after", Tanh())];
        int at = 0;
        var actual = PooledConvolutions.TryForward(chain, ref at, x);
        Assert.NotNull(actual);
        Assert.Equal(modules.Length, at);
        Assert.Equal(expected.shape, actual.shape);
        Assert.Equal(expected.data<float>().ToArray(), actual.data<float>().ToArray());
        Assert.Equal(expected.data<float>().ToArray(), Sequential(modules).call(x).data<float>().ToArray());
    }

    [Fact]
    public void Chain_WhoseMapsAreLarge_IsComputedStepByStep()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        Module<Tensor, Tensor>[] modules = [Conv2d(1, 40, 3), MaxPool2d(2)];
        var x = randn(1, 1, 60, 60);
        int at = 0;
        Assert.Null(PooledConvolutions.TryForward([.. modules.Select(module => ("", (Module)module))], ref at, x));
        Assert.Equal(0, at);
        Assert.Equal(modules[1].call(modules[0].call(x)).data<float>().ToArray(), Sequential(modules).call(x).data<float>().ToArray());
    }

    [Fact]
    public void Chain_WithAHookInside_ShowsItWhatComesBetween()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var pool = MaxPool2d(2);
        using var chain = Sequential(Conv2d(1, 2, 3), pool, ReLU());
        long[]? seen = null;
        pool.register_forward_pre_hook((_, maps) =>
        {
            seen = maps.shape;
            return maps;
        });
        chain.call(randn(1, 1, 8, 8));
        Assert.NotNull(seen);
        Assert.Equal([1, 2, 6, 6], seen);
    }

    [Fact]
    public void Chain_WithGradients_HasThem()
    {
        using var scope = NewDisposeScope();
        using var chain = Sequential(Conv2d(1, 2, 3), MaxPool2d(2), ReLU());
        chain.call(randn(1, 1, 8, 8)).sum().backward();
        Assert.All(chain.parameters(), parameter => Assert.NotNull(parameter.grad));
    }
}
