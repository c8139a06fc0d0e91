using TorchSharp.Managed.Tests.Golden;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;
using static TorchSharp.torch.optim.lr_scheduler;

namespace TorchSharp.Managed.Tests.Nn;

public class SchedulerTests
{
    private static readonly Dictionary<string, Func<Optimizer, LRScheduler>> all = new()
    {
        ["LambdaLR"] = o => LambdaLR(o, epoch => Math.Pow(0.95, epoch)),
        ["MultiplicativeLR"] = o => MultiplicativeLR(o, _ => 0.9),
        ["StepLR"] = o => StepLR(o, 3, 0.5),
        ["MultiStepLR"] = o => MultiStepLR(o, [2, 5, 5], 0.5),
        ["ExponentialLR"] = o => ExponentialLR(o, 0.9),
        ["ConstantLR"] = o => ConstantLR(o, 0.5, 4),
        ["LinearLR"] = o => LinearLR(o, 0.25, 1.0, 4),
        ["PolynomialLR"] = o => PolynomialLR(o, 8, 2.0),
        ["CosineAnnealingLR"] = o => CosineAnnealingLR(o, 6, 0.01),
        ["CyclicLR"] = o => CyclicLR(o, 0.01, 0.1, 3, 2, cycle_momentum: true),
        ["CyclicLR2"] = o => CyclicLR(o, 0.01, 0.1, 2, mode: impl.CyclicLR.Mode.Triangular2, cycle_momentum: false),
        ["CyclicLRExp"] = o => CyclicLR(o, 0.01, 0.1, 2, mode: impl.CyclicLR.Mode.ExpRange, gamma: 0.9, cycle_momentum: false),
        ["OneCycleLR"] = o => OneCycleLR(o, 0.2, total_steps: 14),
        ["OneCycleLRLinear3"] = o => OneCycleLR(o, 0.2, total_steps: 14, anneal_strategy: impl.OneCycleLR.AnnealStrategy.Linear, three_phase: true),
        ["SequentialLR"] = o => SequentialLR(o, [ConstantLR(o, 0.1, 2), ExponentialLR(o, 0.9)], [3]),
        ["ChainedLR"] = o => ChainedLR([ConstantLR(o, 0.1, 2), ExponentialLR(o, 0.9)]),
    };

    public static TheoryData<string> Names => [.. all.Keys];

    private static SGD NewOptimizer() => SGD([new Parameter(ones(1))], 0.1, 0.9);

    private static double Rate(Optimizer optimizer) => optimizer.ParamGroups.First().LearningRate;

    [Theory, MemberData(nameof(Names))]
    public void Step_TwelveTimes_GivesPyTorchsLearningRates(string name)
    {
        using SGD optimizer = NewOptimizer();
        LRScheduler scheduler = all[name](optimizer);
        var rates = new List<double> { Rate(optimizer) };
        for (int i = 0; i < 12; i++)
        {
            scheduler.step();
            rates.Add(Rate(optimizer));
        }
        double[] expected = OptimizerCases.Rates(name);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(rates[i] - expected[i]) < 1e-12, FormattableString.Invariant($"{name}, epoch {i}: {rates[i]:R}, expected {expected[i]:R}"));
    }

    [Fact]
    public void ReduceLROnPlateau_WithoutImprovement_LowersTheRate()
    {
        using SGD optimizer = NewOptimizer();
        LRScheduler scheduler = ReduceLROnPlateau(optimizer, factor: 0.5, patience: 2, cooldown: 1);
        double[] values = [1, 0.9, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95, 0.5, 0.6, 0.6, 0.6, 0.6];
        var rates = new List<double>();
        foreach (double value in values)
        {
            scheduler.step(value);
            rates.Add(Rate(optimizer));
        }
        Assert.Equal(OptimizerCases.Rates("ReduceLROnPlateau"), rates);
        Assert.Throws<InvalidOperationException>(scheduler.step);
    }

    [Fact]
    public void CyclicLR_WithMomentum_MovesItAgainstTheRate()
    {
        using SGD optimizer = NewOptimizer();
        LRScheduler scheduler = CyclicLR(optimizer, 0.01, 0.1, 2);
        Assert.Equal(0.9, ((SGD.ParamGroup)optimizer.ParamGroups.First()).Momentum, 12);
        scheduler.step();
        scheduler.step();
        Assert.Equal(0.8, ((SGD.ParamGroup)optimizer.ParamGroups.First()).Momentum, 12);
    }

    [Fact]
    public void Step_OfAScheduleThatSaysNothing_KeepsTheRates()
    {
        using SGD optimizer = NewOptimizer();
        double before = Rate(optimizer);
        var scheduler = new Constant(optimizer);
        scheduler.step();
        scheduler.step(5);
        Assert.Equal(before, Rate(optimizer));
    }

    private sealed class Constant(optim.Optimizer optimizer) : LRScheduler(optimizer);
}
