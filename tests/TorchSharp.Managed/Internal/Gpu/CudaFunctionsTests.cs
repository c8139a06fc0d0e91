using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Gpu;

/// <summary>What torch.cuda offers, on a device that answers to it.</summary>
public sealed class CudaFunctionsTests : TensorsOnDevice
{
    private void RequireCuda() => Assert.SkipUnless(Device.type == DeviceType.CUDA, "torch.cuda has no part in a device of OpenCL");

    [Fact]
    public void Seeds_StartTheDevicesStreamAnew_AndLeaveTheHostsAlone()
    {
        RequireCuda();
        float[] Numbers() => rand(10, device: Device).cpu().data<float>().ToArray();
        float host = rand(2)[1].item<float>();

        manual_seed(3);
        rand(1).Dispose();
        cuda.manual_seed(5);
        float[] first = Numbers(), next = Numbers();
        Assert.Equal(host, rand(1).item<float>());
        cuda.manual_seed_all(5);
        float[] again = Numbers();
        manual_seed(5);

        Assert.Equal(first, again);
        Assert.Equal(first, Numbers());
        Assert.NotEqual(first, next);
        cuda.manual_seed(6);
        Assert.NotEqual(first, Numbers());
    }

    /// <summary>A kernel meets a bad index after the call that asked for it has returned; whoever waits for the device is told.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Synchronise_WaitsForTheDevice_AndTellsWhatItsKernelsMet(bool names)
    {
        RequireCuda();
        var x = arange(6, ScalarType.Float32, Device);
        Assert.Equal(15, x.sum().item<float>());
        long before = OnDevice.Device.Work.Waits;
        cuda.synchronize(names ? Device : null);
        Assert.Equal(before + 1, OnDevice.Device.Work.Waits);

        using var beyond = x.index_select(0, tensor(new long[] { 1, 7 }, device: Device));
        Assert.Contains("index out of bounds", Assert.Throws<ExternalException>(() => cuda.synchronize(names ? Device : null)).Message);
        Assert.Equal(15, x.sum().item<float>());
    }
}
