using System.Runtime.InteropServices;
using TorchSharp.Gpu;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Gpu;

/// <summary>Normalisations and losses that a device does in one pass, against the several passes of the CPU: values, gradients, and gradients of gradients.</summary>
public sealed class OnePassTests : TensorsOnDevice
{
    private static Tensor Targets(Tensor x, params long[] classes) => tensor(classes, device: x.device);

    private static readonly Dictionary<string, (long[][] Shapes, Func<Tensor[], Tensor> Of)> Cases = new()
    {
        ["layer_norm"] = ([[5, 3, 7], [3, 7], [3, 7]], x => nn.functional.layer_norm(x[0], [3L, 7L], x[1], x[2])),
        ["layer_norm of long rows, plain"] = ([[2, 300]], x => nn.functional.layer_norm(x[0], [300L])),
        ["batch_norm"] = ([[6, 3, 4, 5], [3], [3]], x => nn.functional.batch_norm(x[0], null, null, x[1], x[2], true)),
        ["batch_norm of features, plain"] = ([[9, 4]], x => nn.functional.batch_norm(x[0], null, null, training: true)),
        ["batch_norm with a weight read across"] = ([[6, 3, 2], [3, 2], [3]], x => nn.functional.batch_norm(x[0].transpose(1, 2).contiguous().transpose(1, 2), null, null, x[1].select(1, 0), x[2], true)),
        ["group_norm"] = ([[2, 6, 5], [6], [6]], x => nn.functional.group_norm(x[0], 3, x[1], x[2])),
        ["cross_entropy"] = ([[4, 5]], x => nn.functional.cross_entropy(x[0], Targets(x[0], 4, 0, 2, 2))),
        ["cross_entropy, some ignored"] = ([[4, 5]], x => nn.functional.cross_entropy(x[0], Targets(x[0], 4, -100, 2, 2))),
        ["cross_entropy over positions, summed"] = ([[2, 3, 4]], x => nn.functional.cross_entropy(x[0], Targets(x[0], 0, 2, 1, 1, 1, 0, 2, 1).view(2, 4), ignore_index: 1, reduction: nn.Reduction.Sum)),
        ["nll_loss of one sample"] = ([[5]], x => nn.functional.nll_loss(x[0], Targets(x[0], 3).squeeze())),
    };

    public static TheoryData<string, ScalarType> Names => [.. Cases.Keys.SelectMany(name => new[] { (name, ScalarType.Float32), (name, ScalarType.Float64) })];

    [Theory, MemberData(nameof(Names))]
    public void ValuesAndBothOrdersOfGradients_AreTheCpus(string name, ScalarType type)
    {
        var (shapes, of) = Cases[name];
        Tensor[] here = [.. shapes.Select(shape => randn(shape, type))], steps = [.. shapes.Select(shape => randn(shape, type))];
        Tensor[] expected = Derivatives(of, here, steps), actual = Derivatives(of, [.. here.Select(There)], [.. steps.Select(There)]);
        double tolerance = type == ScalarType.Float64 ? 1e-10 : 1e-4;
        for (int i = 0; i < expected.Length; i++)
            Assert.True(actual[i].cpu().allclose(expected[i], tolerance, tolerance), $"{name}, {type}, result {i}:\n{actual[i].cpu().str()}\ninstead of\n{expected[i].str()}");
    }

    /// <summary>y, the gradients of Σ sin(y), and those of their products with given steps; the gradients once recorded and once not.</summary>
    private static Tensor[] Derivatives(Func<Tensor[], Tensor> of, Tensor[] inputs, Tensor[] steps)
    {
        Tensor[] x = [.. inputs.Select(input => input.detach().requires_grad_())];
        var y = of(x);
        var total = y.sin().sum();
        var first = autograd.grad([total], x, retain_graph: true);
        var recorded = autograd.grad([total], x, retain_graph: true, create_graph: true);
        var second = autograd.grad([recorded.Zip(steps, (gradient, step) => (gradient * step).sum()).Aggregate((a, b) => a + b)], x);
        return [y.detach(), .. first, .. recorded.Select(gradient => gradient.detach()), .. second];
    }

    [Fact]
    public void Loss_WithNothingButIgnoredTargets_IsNoNumberAndHasNoGradient()
    {
        var x = There(randn(2, 3)).requires_grad_();
        var loss = nn.functional.cross_entropy(x, Targets(x, -100, -100));
        loss.backward();
        Assert.True(double.IsNaN(loss.item<float>()));
        Assert.Equal(0, x.grad!.abs().sum().item<float>());
    }

    /// <summary>Nobody waits for the labels: the next value that is read tells.</summary>
    [Fact]
    public void Loss_OfATargetThatIsNoClass_IsToldWithTheNextValue()
    {
        var x = There(randn(2, 3));
        var loss = nn.functional.cross_entropy(x, Targets(x, 1, 3));
        Assert.Contains("index out of bounds", Assert.Throws<ExternalException>(() => loss.item<float>()).Message);
    }

    [Fact]
    public void RunningStatistics_AreTheCpus()
    {
        var x = randn(6, 3, 5);
        Tensor[] Averages(Func<Tensor, Tensor> place)
        {
            Tensor mean = place(zeros(3)), variance = place(ones(3));
            nn.functional.batch_norm(place(x), mean, variance, training: true);
            return [mean.cpu(), variance.cpu()];
        }
        Assert.All(Averages(There).Zip(Averages(tensor => tensor)), pair => Assert.True(pair.First.allclose(pair.Second, 1e-5, 1e-6), $"{pair.First.str()} instead of {pair.Second.str()}"));
    }
}
