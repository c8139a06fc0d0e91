using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Managed.Tests.Engine;

/// <summary>What TorchSharp refuses, with which exception, and what it lets pass.</summary>
public sealed class ArgumentCheckTests
{
    public static TheoryData<string> Refused => new(Cases.Keys);

    private static readonly Dictionary<string, (Type Exception, Action Call)> Cases = new()
    {
        ["a module with parameters to integers"] = (typeof(ExternalException), () => Linear(2, 2).to(ScalarType.Int32)),
        ["vsplit of five rows by two"] = (typeof(ArgumentException), () => ones(5, 4).vsplit(2)),
        ["hsplit of five columns by two"] = (typeof(ArgumentException), () => ones(4, 5).hsplit(2)),
        ["dsplit of a depth of five by two"] = (typeof(ArgumentException), () => ones(2, 2, 5).dsplit(2)),
        ["LocalResponseNorm of a matrix"] = (typeof(ArgumentException), () => LocalResponseNorm(2).call(ones(3, 3))),
        ["local_response_norm of a matrix"] = (typeof(ArgumentException), () => functional.local_response_norm(ones(3, 3), 2)),
        ["vsplit of a vector"] = (typeof(ExternalException), () => ones(4).vsplit(2)),
        ["linalg.vander of truth values"] = (typeof(ExternalException), () => linalg.vander(tensor(new[] { true, false }))),
        ["linalg.vander of half numbers"] = (typeof(ExternalException), () => linalg.vander(ones(2, ScalarType.Float16))),
        ["GroupNorm of a matrix"] = (typeof(ArgumentException), () => GroupNorm(2, 4).call(ones(3, 4))),
        ["rand of integers"] = (typeof(ArgumentException), () => rand(2, dtype: ScalarType.Int32)),
        ["randn of integers"] = (typeof(ArgumentException), () => randn(2, dtype: ScalarType.Int32)),
        ["rand_like of integers"] = (typeof(ExternalException), () => rand_like(tensor(1))),
        ["an integer that requires a gradient"] = (typeof(ArgumentException), () => 1.ToTensor(requires_grad: true)),
        ["positive of truth values"] = (typeof(ArgumentException), () => tensor(true).positive()),
        ["cuda without a GPU"] = (typeof(InvalidOperationException), () => ones(2).cuda()),
        ["a module to cuda without a GPU"] = (typeof(InvalidOperationException), () => Linear(2, 2).cuda()),
        ["an array with fewer elements than the shape"] = (typeof(ArgumentException), () => tensor(new[] { 1 }, [2L])),
        ["a bias that does not fit the product"] = (typeof(ExternalException), () => functional.linear(ones(2, 2), ones(3, 2), ones(3, 1))),
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Call_IsRefused_WithTorchSharpsException(string name)
    {
        Assert.SkipWhen(name.Contains("cuda", StringComparison.Ordinal) && cuda_is_available(), "this machine has a GPU");
        Assert.IsAssignableFrom(Cases[name].Exception, Record.Exception(Cases[name].Call));
    }

    [Fact]
    public void GroupNorm_OfGroupsThatDoNotFit_IsRefusedWhenItIsCalled()
    {
        using var module = GroupNorm(3, 4);
        Assert.Throws<ExternalException>(() => module.call(ones(2, 4, 3)));
    }

    [Fact]
    public void FrozenModule_TakesIntegers()
    {
        var linear = Linear(2, 2);
        foreach (var parameter in linear.parameters())
            parameter.requires_grad = false;
        Assert.Equal(ScalarType.Int32, linear.to(ScalarType.Int32).weight!.dtype);
    }

    [Fact]
    public void ArrayWithMoreElementsThanTheShape_GivesTheFirst() =>
        Assert.Equal([1, 2], tensor(new[] { 1, 2, 3, 4 }, [2L]).data<int>().ToArray());

    [Fact]
    public void Slice_OfASize_CountsNegativePositionsFromTheEnd()
    {
        var size = new Size(new long[] { 1, 2, 3, 4 });
        Assert.Equal([1, 2, 3], size.Slice(0, -1));
        (int first, int next, long[] sizes)[] cases = [(1, 9, [2, 3, 4]), (2, 1, []), (-6, 2, [1, 2, 3, 4]), (-2, -1, [3]), (-1, -3, []), (4, 9, []), (-9, -8, [1]), (1, -7, [])];
        Assert.All(cases, item => Assert.Equal(item.sizes, size.Slice(item.first, item.next)));
        Assert.Equal([2, 3], size.Slice(1, -1));
    }

    [Fact]
    public void Linear_WithABiasOfTwoDimensions_Broadcasts_AndItsGradientHasItsShape()
    {
        Tensor bias = ones(3, 1, requires_grad: true), y = functional.linear(ones(3, 2), ones(2, 2), bias);
        Assert.Equal([3, 2], y.shape);
        y.sum().backward();
        Assert.Equal([3, 1], bias.grad!.shape);
        Assert.Equal([2, 2, 2], bias.grad.data<float>().ToArray());
    }

    [Fact]
    public void ValuesOfIntegersAndDefaults_AreTorchSharps()
    {
        Assert.Equal(ScalarType.Int64, linalg.vander(tensor(new[] { 1, 2 })).dtype);
        Assert.Equal([0], linalg.lstsq(randn(4, 2), randn(4, 1)).Residuals.shape);
        Assert.Equal(0.36f, functional.hardswish(tensor(0.6f)).item<float>());
    }

    [Fact]
    public void Parameter_TakesTheTensorOver()
    {
        var values = ones(2);
        var parameter = new Modules.Parameter(values);
        Assert.True(values.IsInvalid);
        Assert.Equal([1, 1], parameter.data<float>().ToArray());
    }

    [Fact]
    public void SliceOfASequential_KeepsTheNames()
    {
        var network = Sequential(("a", Linear(2, 2)), ("b", ReLU()), ("c", Linear(2, 2)));
        Assert.Equal(["b", "c"], network[1..].named_children().Select(c => c.name));
        Assert.Equal(3, Sequential(Linear(2, 2), ReLU(), Linear(2, 2))[1..].append(ReLU()).Count);
    }

    [Fact]
    public void OneCycle_TakesAsManyStepsAsPlanned()
    {
        var optimizer = optim.SGD([new Modules.Parameter(ones(2))], 0.1);
        var scheduler = optim.lr_scheduler.OneCycleLR(optimizer, 0.4, total_steps: 4);
        for (int i = 0; i < 4; i++)
        {
            optimizer.step();
            scheduler.step();
        }
        Assert.Throws<InvalidOperationException>(() => scheduler.step());
    }
}
