using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Managed.Tests.Nn;

/// <summary>Chains of modules and lists of parameters: names, parts, equality.</summary>
public sealed class ChainTests
{
    private sealed class Sum() : Module<Tensor, Tensor, Tensor>("Sum")
    {
        public override Tensor forward(Tensor a, Tensor b) => a + b;
    }

    private sealed class Count() : Module<Tensor, long>("Count")
    {
        public override long forward(Tensor x) => x.numel();
    }

    /// <summary>Two tensors in, a number out.</summary>
    private sealed class Counting(params Module[] modules) : Sequential<Tensor, Tensor, long>(modules)
    {
        public override long forward(Tensor a, Tensor b) => ((Count)this[Count - 1]).call(((Sum)this[0]).call(a, b));

        public void AddTwo()
        {
            Add("last", Tanh());
            Add(Linear(1, 1));
        }

        protected override Sequential<Tensor, Tensor, long> Slice(int start, int end) => new Counting([.. children().Skip(start).Take(end - start)]);
    }

    private static IEnumerable<string> Names(Module module) => module.named_children().Select(child => child.name);

    [Fact]
    public void Chain_OfOtherInputsAndResults_CallsWhatItsForwardCalls()
    {
        using Counting chain = new(new Sum(), new Count());
        Assert.Equal(3, chain.call(ones(3), ones(3)));
        chain.eval();
        Assert.All(chain.children(), child => Assert.False(child.training));
    }

    [Fact]
    public void Chain_OfOtherInputs_NamesAppendedModulesByTheirPlace()
    {
        using Counting chain = new(new Sum());
        chain.append(new Count());
        chain.AddTwo();
        Assert.Equal(["0", "1", "last", "3"], Names(chain));
        Assert.Equal(["3.weight", "3.bias"], chain.state_dict().Keys);
        Assert.Equal([1L, 1], chain.get_parameter("3.weight")!.shape);
    }

    [Fact]
    public void Chain_OfOtherInputs_IsCutByItsSlice()
    {
        using Counting chain = new(new Sum(), new Count(), new Count());
        Assert.Equal([2, 1, 2, 1], new[] { chain[1..].Count, chain[..^2].Count, chain[(null, 2)].Count, chain[(2, null)].Count });
    }

    [Fact]
    public void Sequential_WithANameTwice_HasBothAndAStateOfTheFirst()
    {
        using var chain = Sequential(("a", Linear(1, 2)), ("a", Linear(2, 3)));
        Assert.Equal(2, chain.Count);
        Assert.Equal(["a.weight", "a.bias", "a.weight", "a.bias"], chain.named_parameters().Select(item => item.name));
        Assert.Equal([2L, 1], chain.state_dict()["a.weight"].shape);
        Assert.Equal([2L, 1], chain.get_parameter("a.weight")!.shape);
        Assert.Equal([4L, 3], chain.call(ones(4, 1)).shape);
    }

    [Fact]
    public void Sequential_MayUseAnyNameAndAModuleTwice()
    {
        using var relu = ReLU();
        using var chain = Sequential(("", relu), ("a.b", relu));
        Assert.Equal(["", "a.b"], Names(chain));
    }

    [Fact]
    public void Sequential_Cut_KeepsNamesAndNumbersWhatIsAppendedByItsPlace()
    {
        using var chain = Sequential(ReLU(), Tanh(), Sigmoid());
        Assert.Equal(["1", "2", "2"], Names(chain[1..].append(ReLU6())));
        Assert.Throws<IndexOutOfRangeException>(() => chain[(-2, null)]);
        Assert.Throws<IndexOutOfRangeException>(() => chain[(0, 9)]);
    }

    [Fact]
    public void Sequential_Empty_GivesItsInputAsAnotherHandle()
    {
        using Tensor x = ones(2), y = Sequential().call(x);
        Assert.NotSame(x, y);
        Assert.True(x.Equals(y));
    }

    [Fact]
    public void ParameterList_FindsParametersByValue()
    {
        Parameter first = Parameter(ones(2)), second = Parameter(ones(2));
        using var list = ParameterList(first, Parameter(zeros(2)), second);
        Assert.Equal(0, list.IndexOf(second));
        Assert.Equal(1, list.IndexOf(Parameter(zeros(2))));
        Assert.Equal(-1, list.IndexOf(Parameter(ones(3))));
        Assert.True(list.Remove(second));
        Assert.Same(second, list[1]);
    }

    [Fact]
    public void ParameterDict_FindsParametersByNameAndValue()
    {
        using var dict = ParameterDict(("a", Parameter(ones(2))), ("b", Parameter(ones(2))));
        Assert.Equal(1, dict.IndexOf(("b", Parameter(ones(2)))));
        Assert.Equal(-1, dict.IndexOf(("c", Parameter(ones(2)))));
        Assert.Equal(-1, dict.IndexOf(("b", Parameter(zeros(2)))));
    }

    private sealed class AlwaysTraining() : Module<Tensor, Tensor>("AlwaysTraining")
    {
        public override bool training => true;

        public override Tensor forward(Tensor x) => x.alias();
    }

    [Fact]
    public void Training_MayBeOverridden()
    {
        using AlwaysTraining module = new();
        module.eval();
        Assert.True(module.training);
    }

    public static TheoryData<string> Placeless => new(PlacelessModules.Keys);

    private static readonly Dictionary<string, Func<Module>> PlacelessModules = new()
    {
        ["ReLU"] = () => ReLU().cuda(),
        ["Dropout"] = () => Dropout(0.5).to("cuda:0"),
        ["Sequential"] = () => Sequential(ReLU(), Tanh()).cuda(),
        ["BatchNorm1d"] = () => BatchNorm1d(2, affine: false, track_running_stats: false).cuda(),
    };

    [Theory, MemberData(nameof(Placeless))]
    public void Module_WithoutTensors_MovesToADeviceThatIsNotThere(string name) => Assert.NotNull(PlacelessModules[name]());

    public static TheoryData<string> Placed => new(PlacedModules.Keys);

    private static readonly Dictionary<string, Func<Module>> PlacedModules = new()
    {
        ["Linear"] = () => Linear(1, 1).cuda(),
        ["Sequential"] = () => Sequential(ReLU(), Linear(1, 1)).cuda(),
        ["BatchNorm1d"] = () => BatchNorm1d(2, affine: false).cuda(),
        ["MSELoss"] = () => MSELoss().cuda(),
    };

    [Theory, MemberData(nameof(Placed))]
    public void Module_WithTensors_DoesNotMoveToADeviceThatIsNotThere(string name)
    {
        Assert.SkipWhen(cuda_is_available(), "this machine has a GPU");
        Assert.IsAssignableFrom<InvalidOperationException>(Record.Exception(() => PlacedModules[name]()));
    }
}
