using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Course.Tests.Training;

/// <summary>The moving average of weights.</summary>
public class WeightAverageTests
{
    [Fact]
    public void Update_FollowsTheFormula_WithAWarmUp()
    {
        using var layer = Linear(1, 1, hasBias: false);
        Set(layer, 0);
        using var average = new WeightAverage(layer, decay: 0.3);
        Set(layer, 1);
        average.Update(); // keeps min(0.3, 1/10)
        average.Update(); // keeps min(0.3, 2/11)
        for (int i = 2; i < 20; i++)
            average.Update();
        Set(layer, 2);
        average.Update(); // keeps 0.3 of about 1
        average.CopyTo(layer);
        Assert.Equal(0.3 * 1 + 0.7 * 2, layer.weight.item<float>(), 5);
    }

    [Fact]
    public void Update_FirstStep_ForgetsMostOfTheStart()
    {
        using var layer = Linear(1, 1, hasBias: false);
        Set(layer, 0);
        using var average = new WeightAverage(layer, decay: 0.999);
        Set(layer, 1);
        average.Update();
        average.CopyTo(layer);
        Assert.Equal(0.9, layer.weight.item<float>(), 5);
    }

    [Fact]
    public void Average_IsACopy_ThatTrainingDoesNotChange()
    {
        using var layer = Linear(1, 1, hasBias: false);
        Set(layer, 5);
        using var average = new WeightAverage(layer);
        Set(layer, 7);
        average.CopyTo(layer);
        Assert.Equal(5, layer.weight.item<float>());
    }

    [Fact]
    public void RunningStatistics_AreAveraged_AndCountersTaken()
    {
        using var norm = BatchNorm1d(2);
        using var average = new WeightAverage(norm, decay: 0.5);
        norm.train();
        for (int i = 0; i < 50; i++)
        {
            using var scope = NewDisposeScope();
            norm.call(ones(4, 2) * 3);
            average.Update();
        }
        using var other = BatchNorm1d(2);
        average.CopyTo(other);
        Assert.Equal(3, other.running_mean!.mean().item<float>(), 1);
        Assert.Equal(50, other.state_dict()["num_batches_tracked"].item<long>());
    }

    [Fact]
    public void CopyTo_AnotherModel_NamesTheWeightThatDoesNotFit()
    {
        using var average = new WeightAverage(Linear(2, 3));
        var error = Assert.Throws<ArgumentException>(() => average.CopyTo(Linear(2, 4)));
        Assert.Contains("'weight' of shape [4, 2]", error.Message);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(-0.1)]
    public void Decay_OutsideItsRange_IsRefused(double decay) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new WeightAverage(Linear(1, 1), decay));

    private static void Set(TorchSharp.Modules.Linear layer, float value)
    {
        using var frozen = no_grad();
        layer.weight.fill_(value);
    }
}
