using TorchSharp;
using static TorchSharp.torch;

namespace Course.Tests.Devices;

/// <summary>What the library does with a model that lies on another device than its data: ILGPU's emulated one, whose kernels are those of a GPU.</summary>
[Collection("random stream")]
public sealed class OnADeviceTests
{
    private readonly Tensor _x, _y;

    public OnADeviceTests()
    {
        // Read when somebody first asks for CUDA devices, which nothing else in these tests does.
        Environment.SetEnvironmentVariable("COURSE_GPU", "emulated");
        manual_seed(3);
        _x = randn(48, 3);
        _y = _x.sum(1).gt(0).to(ScalarType.Int64);
    }

    [Fact]
    public void Fit_BringsTheDataToTheModel_AndTrainsAsOnTheCpu()
    {
        var (here, there) = (Net(CPU), Net(CUDA));

        var expected = Fit(here);
        var history = Fit(there);

        Assert.All(there.parameters(), p => Assert.Equal(DeviceType.CUDA, p.device_type));
        Assert.Equal(expected.Curve(e => e.TrainLoss), history.Curve(e => e.TrainLoss), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal(expected.Curve(e => e.ValidationLoss), history.Curve(e => e.ValidationLoss), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.True(history.Epochs[^1].TrainLoss < history.Epochs[0].TrainLoss);
        Assert.Equal(DeviceType.CPU, _x.device_type);
    }

    [Fact]
    public void Fit_OfDataOnTheDevice_RefusesSharedExamplesThereToo()
    {
        var data = _x.to(CUDA);
        Assert.Throws<ArgumentException>(() => Trainer(Net(CUDA)).Fit(data, _y.to(CUDA), data[..10], _y.to(CUDA)[..10], epochs: 1));
    }

    [Fact]
    public void Evaluate_AsksTheModelWhereItLies()
    {
        var (here, there) = (Course.Metrics.Evaluate(Net(CPU), _x, _y, batch: 20), Course.Metrics.Evaluate(Net(CUDA), _x, _y, batch: 20));
        Assert.Equal(here.Predicted, there.Predicted);
        Assert.Equal(here.Loss, there.Loss, 1e-5);
    }

    [Fact]
    public void Trace_BringsTheInputToTheNetwork() =>
        Assert.Equal(NetworkTrace.Of(Net(CPU), _x[..1]).Select(layer => layer.Shape), NetworkTrace.Of(Net(CUDA), _x[..1]).Select(layer => layer.Shape));

    [Fact]
    public void Field_BringsTheModelsAnswersHome()
    {
        var field = Plane.Field(points => points.to(CUDA).sum(1), (0, 1), (0, 2));
        Assert.Equal(3, field(1, 2), 1e-6);
    }

    [Fact]
    public void Device_OfAModuleWithoutParameters_IsTheCpu()
    {
        Assert.Equal("cuda:0", Net(CUDA).Device().ToString());
        Assert.Equal("cpu", nn.ReLU().Device().ToString());
    }

    [Fact]
    public void Memory_CountsWhatTensorsHold()
    {
        // What earlier tests forgot must not go while this one counts.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = DeviceMemory.Of(CUDA)!;
        using var block = zeros(1 << 20, device: CUDA);
        var with = DeviceMemory.Of(CUDA)!;

        Assert.Equal(4 << 20, with.Allocated - before.Allocated);
        Assert.True(with.Held >= with.Allocated && with.Peak >= with.Allocated, $"{with}");
        Assert.Null(DeviceMemory.Of(CPU));
    }

    private History Fit(nn.Module<Tensor, Tensor> net) => Trainer(net).Fit(_x[..40], _y[..40], _x[40..], _y[40..], epochs: 3);

    private static nn.Module<Tensor, Tensor> Net(Device device)
    {
        manual_seed(4);
        return nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2)).to(device);
    }

    private static Trainer Trainer(nn.Module<Tensor, Tensor> net) =>
        new(net, optim.Adam(net.parameters(), 0.02), (output, target) => nn.functional.cross_entropy(output, target)) { BatchSize = 16, Progress = false };
}
