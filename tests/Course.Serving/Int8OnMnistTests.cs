using System.Diagnostics;
using static TorchSharp.torch;

namespace Course.Serving.Tests;

/// <summary>What the landed model loses by 8 bits on the canonical digits, and what it gains.</summary>
public sealed class Int8OnMnistTests(ITestOutputHelper output)
{
    [Fact]
    public void Int8_OnCanonicalDigits_LosesAtMostTwoTenthsOfAPoint()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("COURSE_INT8") == "mnist", "trains the landed model on canonical digits: COURSE_INT8=mnist with COURSE_DATA asks for it");
        using var scope = NewDisposeScope();
        var digits = Datasets.Mnist();
        // Trains it when nobody has.
        var landed = LandedModel.Current(digits);
        using var gradients = no_grad();
        var network = landed.Network();
        var int8 = Int8Network.From(network, Preprocessing.Mnist, landed.Training.Images[..500]);
        // Pictures that it was not trained on, and that are not the sealed ones.
        var unseen = digits.Train.Skip(digits.Train.Count - 10_000);
        long[] Answers(Func<Tensor, Tensor> answer) => [.. Enumerable.Range(0, 20).SelectMany(i => answer(unseen.Images[(500 * i)..(500 * (i + 1))]).argmax(1).data<long>().ToArray())];
        long[] truth = unseen.Labels.data<long>().ToArray(), exact = Answers(landed.Model()), rounded = Answers(int8.Forward);
        var compared = new McNemar(truth.Length,
            Enumerable.Range(0, truth.Length).Count(i => exact[i] == truth[i] && rounded[i] != truth[i]),
            Enumerable.Range(0, truth.Length).Count(i => exact[i] != truth[i] && rounded[i] == truth[i]));

        var (slow, fast) = (Times(landed.Model(), unseen.Images[..1]), Times(int8.Forward, unseen.Images[..1]));
        var (slowBatch, fastBatch) = (Times(landed.Model(), unseen.Images[..256], 20), Times(int8.Forward, unseen.Images[..256], 20));
        long bytes = 4 * network.parameters().Sum(p => p.numel());
        output.WriteLine($"{digits.Source}, {Run.Profile}: {bytes:N0} bytes, p50 {slow[500]:F3} ms, p99 {slow[990]:F3} ms, {truth.Zip(exact).Average(p => p.First == p.Second ? 1.0 : 0):P2} right");
        output.WriteLine($"8 bits ({int8.Path}): {int8.Bytes:N0} bytes ({(double)int8.Bytes / bytes:P1}), p50 {fast[500]:F3} ms, p99 {fast[990]:F3} ms, {truth.Zip(rounded).Average(p => p.First == p.Second ? 1.0 : 0):P2} right; difference {compared.Interval} ({compared.OnlyFirst} lost, {compared.OnlySecond} won)");
        output.WriteLine($"batches of 256: {256e3 / slowBatch[10]:N0} images a second, with 8 bits {256e3 / fastBatch[10]:N0} ({slowBatch[10] / fastBatch[10]:F2} times)");
        Assert.True(compared.Interval.Low >= -0.002, $"{compared.Interval}");
        Assert.True(int8.Bytes <= 0.3 * bytes);
    }

    /// <summary>Milliseconds of so many calls, sorted.</summary>
    private static double[] Times(Func<Tensor, Tensor> answer, Tensor picture, int calls = 1000)
    {
        for (int i = 0; i < calls / 10; i++)
            answer(picture).Dispose();
        return [.. Enumerable.Range(0, calls).Select(_ =>
        {
            long start = Stopwatch.GetTimestamp();
            answer(picture).Dispose();
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }).Order()];
    }
}
