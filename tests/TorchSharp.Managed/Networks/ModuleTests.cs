using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Managed.Tests.Nn;

public class ModuleTests
{
    private sealed class Block : Module<Tensor, Tensor>
    {
        private readonly Linear first = Linear(3, 4);
        private readonly BatchNorm1d norm = BatchNorm1d(4);
        private readonly Parameter scale = Parameter(ones(4));
        private readonly Tensor offset = zeros(4);
        [Utils.ComponentName(Name = "renamed")]
        private readonly Linear second = Linear(4, 2, false);

        public Block() : base("block") => RegisterComponents();

        public override Tensor forward(Tensor x) => second.call(norm.call(first.call(x)) * scale + offset);
    }

    [Fact]
    public void RegisterComponents_OfAModule_NamesItsFields()
    {
        using var module = new Block();
        Assert.Equal(["scale", "first.weight", "first.bias", "norm.weight", "norm.bias", "renamed.weight"], module.named_parameters().Select(item => item.name));
        Assert.Equal(["offset", "norm.running_mean", "norm.running_var", "norm.num_batches_tracked"], module.named_buffers().Select(item => item.name));
        Assert.Equal(["first", "norm", "renamed"], module.named_children().Select(item => item.name));
        Assert.Equal(10, module.state_dict().Count);
        Assert.Same(module.get_parameter("first.bias"), module.parameters().ElementAt(2));
        Assert.True(module.has_buffer("norm.running_var"));
        Assert.False(module.has_parameter("first.nothing"));
    }

    [Fact]
    public void Train_AndEval_ReachEverySubmodule()
    {
        using var module = new Block();
        module.eval();
        Assert.All(module.modules(), inner => Assert.False(inner.training));
        module.train();
        Assert.All(module.modules(), inner => Assert.True(inner.training));
    }

    [Fact]
    public void To_AnotherDtype_KeepsTheParameterObjectsAndConvertsBuffers()
    {
        using var module = new Block();
        var before = module.parameters().First();
        module.to(ScalarType.Float64);
        Assert.Same(before, module.parameters().First());
        Assert.All(module.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.dtype));
        Assert.Equal(ScalarType.Float64, module.get_buffer("norm.running_mean")!.dtype);
        Assert.Equal(ScalarType.Int64, module.get_buffer("norm.num_batches_tracked")!.dtype);
        Assert.Equal(ScalarType.Float64, module.call(ones([5L, 3L], ScalarType.Float64)).dtype);
    }

    [Fact]
    public void ZeroGrad_ClearsGradients()
    {
        using var module = new Block();
        module.call(randn(5, 3)).sum().backward();
        Assert.All(module.parameters(), parameter => Assert.NotNull(parameter.grad));
        module.zero_grad();
        Assert.All(module.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void Hooks_ReplaceInputAndOutput_UntilRemoved()
    {
        using var module = Linear(2, 2);
        int calls = 0;
        var before = module.register_forward_pre_hook((_, input) => input * 2);
        var after = module.register_forward_hook((_, _, output) => output + 1);
        var plain = module.register_forward_hook(_ => calls++);
        using Tensor x = ones(1, 2), expected = functional.linear(x * 2, module.weight, module.bias!) + 1;
        Assert.True(module.call(x).allclose(expected));
        Assert.Equal(1, calls);
        before.remove();
        after.remove();
        plain.remove();
        Assert.True(module.call(x).allclose(module.forward(x)));
        Assert.Equal(1, calls);
    }

    [Fact]
    public void Sequential_OfNamedModules_UsesTheNames()
    {
        using var module = Sequential(("first", Linear(3, 4)), ("act", ReLU()), ("last", Linear(4, 2)));
        Assert.Equal(["first.weight", "first.bias", "last.weight", "last.bias"], module.state_dict().Keys);
        Assert.Equal([5, 2], module.call(randn(5, 3)).shape);
        Assert.Equal(2, module[1..].Count);
        using var plain = Sequential(Linear(3, 4), Dropout(), Flatten());
        Assert.Equal(["0.weight", "0.bias"], plain.state_dict().Keys);
    }

    [Fact]
    public void Sequential_BackwardAfterDisposedIntermediates_GivesGradients()
    {
        using var module = Sequential(Conv2d(1, 2, 3), ReLU(inplace: true), MaxPool2d(2), Flatten(), Linear(2 * 3 * 3, 2), LogSoftmax(1));
        using var x = randn([4L, 1, 8, 8]).requires_grad_();
        module.call(x).sum().backward();
        Assert.NotNull(x.grad);
        Assert.All(module.parameters(), parameter => Assert.NotNull(parameter.grad));
    }

    [Fact]
    public void Containers_RegisterWhatIsAddedToThem()
    {
        var list = ModuleList<Linear>(Linear(2, 2), Linear(2, 2));
        list.append(Linear(2, 3));
        list.RemoveAt(0);
        Assert.Equal(["0.weight", "0.bias", "1.weight", "1.bias"], list.state_dict().Keys);
        var dict = ModuleDict<Linear>(("a", Linear(1, 1)));
        dict["b"] = Linear(1, 1, false);
        Assert.Equal(["a.weight", "a.bias", "b.weight"], dict.state_dict().Keys);
        Assert.True(dict.Remove("a"));
        Assert.Single(dict.state_dict());
        var parameters = ParameterList(Parameter(ones(2)), Parameter(ones(3)));
        parameters.append(Parameter(ones(4)));
        Assert.Equal(["0", "1", "2"], parameters.named_parameters().Select(item => item.name));
        var named = ParameterDict(("w", Parameter(ones(2))));
        named["v"] = Parameter(ones(1));
        Assert.Equal(["w", "v"], named.named_parameters(recurse: true).Select(item => item.name));
    }

    [Fact]
    public void RegisterModule_UnderATakenName_Throws()
    {
        using var module = new Block();
        var failure = Assert.Throws<InvalidOperationException>(() => module.register_module("first", Linear(1, 1)));
        Assert.Contains("'first'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Conv2d_WithWrongChannels_NamesExpectationAndShape()
    {
        using var module = Conv2d(3, 4, 3);
        var failure = Assert.Throws<ArgumentException>(() => module.call(zeros(2, 1, 8, 8)));
        Assert.Contains("3 channels", failure.Message, StringComparison.Ordinal);
        Assert.Contains("[2, 1, 8, 8]", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BatchNorm_InEvaluation_UsesRunningStatistics()
    {
        using var module = BatchNorm1d(2);
        using var x = randn(100, 2) * 3 + 5;
        for (int i = 0; i < 200; i++)
            module.call(x).Dispose();
        Assert.Equal(200, module.num_batches_tracked!.item<long>());
        module.eval();
        using var y = module.call(x);
        Assert.True(y.mean([0L]).abs().max().item<float>() < 0.01f);
        Assert.Equal(200, module.num_batches_tracked!.item<long>());
    }

    [Fact]
    public void FuseLinearBnEval_OfATrainedPair_GivesTheSameOutput()
    {
        using var linear = Linear(3, 4);
        using var norm = BatchNorm1d(4);
        norm.call(linear.call(randn(8, 3))).Dispose();
        using var x = randn(5, 3);
        Assert.Throws<ArgumentException>(() => nn.utils.fuse_linear_bn_eval(linear, norm));
        linear.eval();
        norm.eval();
        using var fused = nn.utils.fuse_linear_bn_eval(linear, norm);
        Assert.True(fused.call(x).allclose(norm.call(linear.call(x)), 1e-5, 1e-6));
    }

    [Fact]
    public void EmbeddingBagFromPretrained_Frozen_AveragesTheGivenRowsAndDoesNotTrainThem()
    {
        using var bag = EmbeddingBag_from_pretrained(tensor(new[,] { { 1f, 2 }, { 3, 4 }, { 5, 6 } }));
        Assert.False(bag.weight!.requires_grad);
        Assert.Equal([2f, 3, 5, 6], bag.call(tensor(new[,] { { 0L, 1 }, { 2, 2 } })).data<float>().ToArray());
    }

    [Fact]
    public void Training_OfTwoModelsOnTwoThreads_GivesEachItsOwnResult()
    {
        static double[] Fit(int seed)
        {
            using var generator = new Generator((ulong)seed);
            using Tensor x = rand([64L, 4], generator: generator), y = x.sum(1, true);
            using var model = Sequential(Linear(4, 8), Tanh(), Linear(8, 1));
            using (no_grad())
                foreach (var parameter in model.parameters())
                    parameter.uniform_(-0.5, 0.5, generator);
            using var optimizer = optim.Adam(model.parameters(), 0.01);
            double[] losses = new double[50];
            for (int i = 0; i < losses.Length; i++)
            {
                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                var loss = functional.mse_loss(model.call(x), y);
                loss.backward();
                optimizer.step();
                losses[i] = loss.item<float>();
            }
            return losses;
        }
        double[][] alone = [Fit(1), Fit(2)];
        double[][] together = new double[2][];
        Parallel.For(0, 2, i => together[i] = Fit(i + 1));
        Assert.Equal(alone[0], together[0]);
        Assert.Equal(alone[1], together[1]);
        Assert.True(alone[0][^1] < alone[0][0] / 2);
    }

    [Fact]
    public void Call_OfADisposedModule_Throws()
    {
        var layer = Linear(3, 2);
        using var optimizer = optim.SGD(layer.parameters(), 0.1);
        using var x = ones(1, 3);
        layer.Dispose();
        Assert.Throws<InvalidOperationException>(() => layer.call(x));
        layer.Dispose();
    }
}
