using TorchSharp.Gpu;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Gpu;

/// <summary>Tests whose tensors lie on the device of this run; the emulated one is there only as long as the test.</summary>
public abstract class TensorsOnDevice : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly DeviceType _type = OnDevice.Kind == GpuKind.OpenCL ? DeviceType.OPENCL : DeviceType.CUDA;

    protected TensorsOnDevice()
    {
        if (OnDevice.Kind == GpuKind.Emulated)
            DevicePlaces.Install(_type, DevicePlaces.Devices(GpuKind.Emulated, _type));
        Device = new Device(_type, 0);
        manual_seed(3);
    }

    protected Device Device { get; }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _scope.Dispose();
        if (OnDevice.Kind == GpuKind.Emulated)
            DevicePlaces.Install(_type, null);
    }

    protected Tensor There(Tensor x) => x.to(Device);
}
