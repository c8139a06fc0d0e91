using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Managed.Tests.Engine;

/// <summary>Tensors that have a shape and a type and no elements.</summary>
public sealed class MetaDeviceTests
{
    [Fact]
    public void Factories_MakeTensorsWithoutMemory()
    {
        // 4 TB, were there elements.
        using Tensor x = ones([1L << 20, 1L << 20], float32, META), like = zeros_like(x), random = rand([2, 3], device: META);
        Assert.Equal(DeviceType.META, x.device_type);
        Assert.Equal("meta", x.device.ToString());
        Assert.Equal([1L << 20, 1L << 20], like.shape);
        Assert.Equal(DeviceType.META, like.device_type);
        Assert.Equal([2, 3], random.shape);
    }

    [Fact]
    public void Operations_GiveShapesAndTypes()
    {
        using var scope = NewDisposeScope();
        var x = empty([8, 3, 32, 32], float32, META);
        Assert.Equal([8, 3, 32], x.sum(-1).shape);
        Assert.Equal([8, 3, 32, 1], x.mean([-1], keepdim: true).shape);
        Assert.Equal(ScalarType.Int64, x.argmax(1).dtype);
        Assert.Equal([8, 32, 32], x.argmax(1).shape);
        Assert.Equal(ScalarType.Bool, (x > 0).dtype);
        Assert.Equal([8, 3, 1024], x.flatten(2).shape);
        Assert.Equal([8, 3, 32, 16], x.matmul(empty([32, 16], float32, META)).shape);
        Assert.Equal([16, 3, 32, 32], cat([x, x]).shape);
        Assert.Equal(ScalarType.Float64, (x + zeros([1], float64, META)).dtype);
        Assert.Equal([4, 3, 32, 32], x[..4].shape);
        Assert.All(new[] { x.sum(-1), x.flatten(2), x[..4], x.sigmoid(), x + 1 }, y => Assert.Equal(DeviceType.META, y.device_type));
    }

    [Fact]
    public void Network_OnMeta_SaysItsShapesAndCountsItsParameters()
    {
        using var scope = NewDisposeScope();
        var network = Sequential(
            ("in", Linear(64, 16, device: META)), ("tanh", Tanh()), ("out", Linear(16, 10, device: META)));
        Assert.All(network.parameters(), p => Assert.Equal(DeviceType.META, p.device_type));
        Assert.Equal((64 + 1) * 16 + (16 + 1) * 10, network.parameters().Sum(p => p.numel()));
        Assert.Equal([5, 10], network.call(empty([5, 64], float32, META)).shape);
    }

    [Fact]
    public void Convolutions_OnMeta_SayTheirShapes()
    {
        using var scope = NewDisposeScope();
        var network = Sequential(
            ("conv", Conv2d(3, 16, 3, padding: 1, device: META)), ("norm", BatchNorm2d(16, device: META)), ("relu", ReLU()),
            ("pool", MaxPool2d(2)), ("flat", Flatten()), ("out", Linear(16 * 16 * 16, 10, device: META)));
        var y = network.call(empty([5, 3, 32, 32], float32, META));
        Assert.Equal([5, 10], y.shape);
        Assert.Equal(DeviceType.META, y.device_type);
    }

    [Fact]
    public void Backward_GivesGradientsOfTheRightShape()
    {
        using var scope = NewDisposeScope();
        var linear = Linear(4, 3, device: META);
        var loss = linear.call(empty([7, 4], float32, META)).square().sum();
        loss.backward();
        Assert.Equal([3, 4], linear.weight.grad!.shape);
        Assert.Equal(DeviceType.META, linear.weight.grad!.device_type);
    }

    [Fact]
    public void Module_MovedToMeta_LosesItsValues()
    {
        using var scope = NewDisposeScope();
        var linear = Linear(4, 3).to(META);
        Assert.All(linear.parameters(), p => Assert.Equal(DeviceType.META, p.device_type));
        Assert.Throws<ExternalException>(() => linear.weight.cpu());
    }

    [Fact]
    public void RandomFill_OnMeta_LeavesTheGeneratorWhereItIs()
    {
        using var scope = NewDisposeScope();
        manual_seed(7);
        float expected = rand(1).item<float>();
        manual_seed(7);
        empty([100], device: META).uniform_(0, 1);
        rand([100], device: META);
        Assert.Equal(expected, rand(1).item<float>());
    }

    [Fact]
    public void Values_OfATensorOnMeta_AreRefused()
    {
        using var x = ones([1], float32, META);
        Assert.Contains("meta", Assert.Throws<ExternalException>(() => x.to(CPU)).Message, StringComparison.Ordinal);
        Assert.Throws<ExternalException>(() => x.data<float>());
    }

    [Fact]
    public void TensorsOfTwoDevices_AreRefused_NumbersAreNot()
    {
        using var scope = NewDisposeScope();
        var x = ones([2, 3], float32, META);
        Action[] mixed = [() => (x + ones(2, 3)).Dispose(), () => (ones(2, 3) - x).Dispose(), () => x.eq(ones(2, 3)).Dispose(), () => ones(2, 3).mul_(x), () => x.add_(ones(2, 3))];
        Assert.All(mixed, action => Assert.StartsWith("Expected all tensors to be on the same device, but found at least two devices, meta and cpu!", Assert.Throws<ExternalException>(action).Message));
        Assert.Equal(DeviceType.META, (x + tensor(1f)).device_type);
        Assert.Equal(DeviceType.META, (x * 2).device_type);
    }

    [Fact]
    public void Text_OfATensorOnMeta_HasShapeTypeAndDevice()
    {
        using var x = ones([2, 3], float32, META);
        Assert.Equal("[2x3], type = Float32, device = meta", x.ToString());
    }
}
