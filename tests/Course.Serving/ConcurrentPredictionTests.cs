using static TorchSharp.torch;

namespace Course.Serving.Tests;

/// <summary>What says of itself that several threads may call it at once gives each the answers to its own inputs.</summary>
public sealed class ConcurrentPredictionTests
{
    private static ModelArtefact Artefact()
    {
        manual_seed(3);
        using var network = new DigitNetwork();
        return ModelArtefact.From(network, new ArtefactInfo
        {
            Name = "digits",
            Version = "1.0.0",
            Architecture = DigitNetwork.Architecture,
            Labels = [.. Enumerable.Range(0, 10).Select(i => $"{i}")],
            Preprocessing = Preprocessing.Mnist,
        });
    }

    [Fact]
    public async Task ModelPredictor_ByFourThreads_AnswersAsOneByOne() => await CheckAsync(new ModelPredictor(Artefact(), new DigitNetwork(), DigitNetwork.Architecture));

    [Fact]
    public async Task OnnxPredictor_ByFourThreads_AnswersAsOneByOne()
    {
        using var predictor = new OnnxPredictor(Artefact(), new DigitNetwork(), threads: 1);
        await CheckAsync(predictor);
    }

    private static async Task CheckAsync(IPredictor predictor)
    {
        Assert.True(predictor.IsConcurrent);
        var random = new Random(5);
        // Batches of 1 to 40 pictures, so that the threads' batches differ in shape as well.
        float[][][] batches = [.. Enumerable.Range(1, 40).Select(n => Enumerable.Range(0, n).Select(_ => Enumerable.Range(0, 784).Select(_ => (float)random.Next(256)).ToArray()).ToArray())];
        var alone = batches.Select(predictor.Predict).ToArray();
        using var begin = new Barrier(4);

        var threads = Enumerable.Range(0, 4).Select(k => Task.Factory.StartNew(() =>
        {
            begin.SignalAndWait();
            return Enumerable.Range(0, 40).Select(i => (i + 10 * k) % 40).Select(i => (Batch: i, Scores: predictor.Predict(batches[i]))).ToArray();
        }, TaskCreationOptions.LongRunning));

        foreach (var (batch, scores) in (await Task.WhenAll(threads)).SelectMany(answers => answers))
            Assert.All(alone[batch].Zip(scores), pair => Assert.Equal(pair.First.Probabilities, pair.Second.Probabilities, (a, b) => Math.Abs(a - b) < 1e-5f));
    }
}
