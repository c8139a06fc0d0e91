using TorchSharp.Managed.Tests.Golden;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;
using static TorchSharp.torch.optim.lr_scheduler;

namespace TorchSharp.Managed.Tests.Nn;

public class SchedulerTests
{
    public static TheoryData<string> Names => [.. OptimizerCases.Schedulers.Keys];

    private static SGD NewOptimizer() => OptimizerCases.NewOptimizer();

    private static double Rate(Optimizer optimizer) => optimizer.ParamGroups.First().LearningRate;

    [Theory, MemberData(nameof(Names))]
    public void Step_TwelveTimes_GivesLibtorchsLearningRates(string name)
    {
        double[] rates = OptimizerCases.Rates(OptimizerCases.Schedulers[name]);
        double[] expected = OptimizerCases.Recorded("schedulers", name);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(rates[i] - expected[i]) < 1e-12, FormattableString.Invariant($"{name}, epoch {i}: {rates[i]:R}, expected {expected[i]:R}"));
    }

    [Fact]
    public void ReduceLROnPlateau_WithoutImprovement_LowersTheRate()
    {
        Assert.Equal(OptimizerCases.Recorded("schedulers", "ReduceLROnPlateau"), OptimizerCases.PlateauRates());
        using var optimizer = NewOptimizer();
        var scheduler = ReduceLROnPlateau(optimizer);
        Assert.Throws<InvalidOperationException>(scheduler.step);
    }

    [Fact]
    public void CyclicLR_WithMomentum_MovesItAgainstTheRate()
    {
        using var optimizer = NewOptimizer();
        var scheduler = CyclicLR(optimizer, 0.01, 0.1, 2);
        Assert.Equal(0.9, ((SGD.ParamGroup)optimizer.ParamGroups.First()).Momentum, 12);
        scheduler.step();
        scheduler.step();
        Assert.Equal(0.8, ((SGD.ParamGroup)optimizer.ParamGroups.First()).Momentum, 12);
    }

    [Fact]
    public void Step_OfAScheduleThatSaysNothing_KeepsTheRates()
    {
        using var optimizer = NewOptimizer();
        double before = Rate(optimizer);
        var scheduler = new Constant(optimizer);
        scheduler.step();
        scheduler.step(5);
        Assert.Equal(before, Rate(optimizer));
    }

    private sealed class Constant(optim.Optimizer optimizer) : LRScheduler(optimizer);
}
