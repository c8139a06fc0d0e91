using static TorchSharp.torch;

namespace Course.Serving.Tests;

public class LoadGateTests
{
    private static ArtefactInfo Info => BrightnessPredictor.SmallInfo;

    [Fact]
    public void Check_AnInputOfBillions_IsRefusedBeforeAnythingIsAllocated()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();

        var refusal = Assert.Throws<ModelRefusedException>(() => LoadGate.Check(Info with { Preprocessing = new Preprocessing { InputShape = [1, 60_000, 30_000] } }));

        Assert.Contains("1,800,000,000 numbers (1×60000×30000)", refusal.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Check_LabelsAndTextsThatCannotBeServed_AreRefusedByName()
    {
        string Refusal(ArtefactInfo info) => Assert.Throws<ModelRefusedException>(() => LoadGate.Check(info)).Message;

        Assert.Contains("label is null", Refusal(Info with { Labels = ["a", null!] }));
        Assert.Contains("its label", Refusal(Info with { Labels = ["a", new string('x', 1000)] }));
        Assert.Contains("its version", Refusal(Info with { Version = "1\n\"} evil 1" }));
        Assert.Contains("finite", Refusal(Info with { Preprocessing = Info.Preprocessing with { Minimum = -1e300, Maximum = 1e300 } }));
        Assert.Contains("its scale is 0", Refusal(Info with { Preprocessing = Info.Preprocessing with { Scale = 0 } }));
        LoadGate.Check(Info);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Create_WithAWeightThatIsNoNumber_NamesTheWeight(float value)
    {
        manual_seed(1);
        using var network = Architectures.Create(Architectures.Reference);
        using (no_grad())
            network.get_parameter("fc2.bias")!.fill_(value);
        var info = new ArtefactInfo { Name = "digits", Version = "1", Architecture = Architectures.Reference, Labels = [.. Enumerable.Range(0, 10).Select(i => $"{i}")], Preprocessing = Preprocessing.Mnist };

        var refusal = Assert.Throws<ArtefactException>(() => ModelPredictor.Create(ModelArtefact.From(network, info)));

        Assert.Contains("fc2.bias", refusal.Message);
    }

    [Theory]
    [InlineData(new float[] { 0.5f, 0.6f })]
    [InlineData(new float[] { 1f })]
    [InlineData(new float[] { float.NaN, 1f })]
    [InlineData(new float[] { -1f, 2f })]
    public void Try_AnswersThatAreNoProbabilities_AreRefused(float[] answer) =>
        Assert.Throws<ModelRefusedException>(() => LoadGate.Try(new Constant(answer)));

    private sealed class Constant(float[] answer) : IPredictor
    {
        public ArtefactInfo Info => BrightnessPredictor.SmallInfo;

        public IReadOnlyList<Scores> Predict(IReadOnlyList<float[]> inputs) => [.. inputs.Select(_ => new Scores(answer))];
    }
}
