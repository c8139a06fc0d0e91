using static TorchSharp.torch;

namespace Course.Tests.Models;

public class DigitRecipeTests
{
    [Fact]
    public void Network_InItsTwoHalves_ComputesWhatItComputesAsAWhole()
    {
        using var network = new DigitNetwork();
        network.eval();
        var x = randn(3, 1, 28, 28);

        Assert.Equal([3L, 16, 24, 24], network.First(x).shape);
        Assert.Equal([3L, 48, 8, 8], network.Features(x).shape);
        Assert.Equal(network.call(x).Doubles(), network.Head(network.Features(x)).Doubles());
        Assert.Equal([3L, 10], network.call(x).shape);
    }

    [Fact]
    public void Network_OfOtherWidths_NeedsFourOfThem()
    {
        Assert.Equal([2L, 10], new DigitNetwork(4, 4, 6, 8).call(randn(2, 1, 28, 28)).shape);
        Assert.Contains("3 numbers of channels", Assert.Throws<ArgumentException>(() => new DigitNetwork(4, 4, 6)).Message);
    }

    [Fact]
    public void Train_WithTheSameSeed_GivesTheSameWeightsAndLearns()
    {
        var (images, labels) = SyntheticDigits.Generate(test: false, 512);
        var data = new LabelledImages(images.Values, 28, 28, 1, [.. labels.Values.Select(b => (int)b)], [.. Enumerable.Range(0, 10).Select(d => $"{d}")]);
        var recipe = DigitRecipe.Augmented with { Epochs = 3 };

        var (first, history) = recipe.Train(data, seed: 5);
        var (second, _) = recipe.Train(data, seed: 5);

        Assert.False(first.training);
        Assert.Equal(first.parameters().First().Doubles(), second.parameters().First().Doubles());
        Assert.True(history.Epochs[^1].TrainLoss < 0.7 * history.Epochs[0].TrainLoss);
    }

    [Fact]
    public void Normalise_IsWhatTheArtefactsPreprocessingDoesToRawPixels() =>
        Assert.Equal(Preprocessing.Mnist.Apply(tensor(new[] { 0f, 100, 255 })).Doubles(), DigitRecipe.Normalise(tensor(new[] { 0f, 100, 255 }) / 255).Doubles(), (a, b) => Math.Abs(a - b) < 1e-5);
}
