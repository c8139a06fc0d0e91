using static TorchSharp.torch;

namespace Course.Tests;

public sealed class TensorCheckTests
{
    [Fact]
    public void Close_OfTensors_ComparesShapeAndWorstElement()
    {
        using var shown = Shown.Start();
        Check.Close(tensor(new[] { 1f, 2 }), tensor(new[] { 1f, 2.05f }), 0.1, "near");
        Assert.Throws<CheckFailedException>(() => Check.Close(tensor(new[] { 1f, 2 }), tensor(new[] { 1f, 3 }), 0.1, "far"));
        var shapes = Assert.Throws<CheckFailedException>(() => Check.Close(ones(2, 1), ones(1, 2), 0.1, "shape"));
        Assert.Contains("[2, 1]", shapes.Message);
    }

    [Fact]
    public void Doubles_OfAViewWithGradient_AreInRowOrder()
    {
        var matrix = arange(6, ScalarType.Float32).reshape(2, 3).requires_grad_();
        Assert.Equal(new double[] { 0, 3, 1, 4, 2, 5 }, matrix.t().Doubles());
    }

    [Fact]
    public void Preflight_NamesEngineDeviceSeedAndData()
    {
        string text = Run.Preflight("generated here").ToString();
        foreach (string part in new[] { "engine", "TorchSharp", "device", "cpu", "seed", "quick", "generated here" })
            Assert.Contains(part, text);
    }

    [Fact]
    public void Preflight_TellsTheReportTheKindOfDevice() =>
        Assert.Contains(new Representation(Mime.Device, "{\"kind\":\"cpu\"}"), Run.Preflight("generated here").Representations());
}
