using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Course.Tests.Tensors;

public class PruneMasksTests
{
    [Theory, InlineData(true), InlineData(false)]
    public void ByMagnitude_CutsTheSmallestWeightsAndKeepsThemCut(bool perLayer)
    {
        manual_seed(1);
        using var model = Sequential(Linear(20, 10), ReLU(), Linear(10, 5));
        double[] before = model.parameters().First().Doubles();
        using var masks = PruneMasks.ByMagnitude(model, 0.7, perLayer);
        Assert.Equal(0.7, masks.Sparsity, 2);
        double[] after = model.parameters().First().Doubles();
        double largestCut = before.Zip(after).Where(pair => pair.Second == 0).Max(pair => Math.Abs(pair.First));
        double smallestKept = after.Where(value => value != 0).Min(Math.Abs);
        Assert.True(largestCut < smallestKept);

        using var optimizer = optim.Adam(model.parameters(), 0.1);
        model.call(randn(8, 20)).square().sum().backward();
        optimizer.step();
        masks.Apply();
        Assert.All(after.Zip(model.parameters().First().Doubles()), pair => Assert.True(pair.First != 0 || pair.Second == 0));
    }
}
