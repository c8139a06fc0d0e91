using TorchSharp.Gpu;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A device of ILGPU as a place for tensors.</summary>
internal sealed unsafe class GpuPlace(GpuDevice gpu, DeviceType type) : DevicePlace(new Device(type, gpu.Index), new SinglePrecision(gpu.Backend, new GpuRoom(gpu)), gpu.Kind == GpuKind.Cuda ? gpu.ResidentThreads : UsualThreads)
{
    /// <summary>Compiling is told when somebody has waited for it so long.</summary>
    private static readonly TimeSpan WorthTelling = TimeSpan.FromSeconds(1);

    internal override string Name => gpu.Name;

    internal override string DriverVersion => gpu.DriverVersion;

    internal override long TotalMemory => gpu.TotalMemory;

    internal override (long Allocated, long Held, long Peak)? MemoryUse => (gpu.Memory.Allocated, gpu.Memory.Reserved, gpu.Memory.Peak);

    protected override void* AllocateMemory(long bytes, (Layout Layout, ScalarType Type)? wanted)
    {
        try
        {
            return gpu.Memory.Allocate(bytes);
        }
        catch (OutOfMemoryException)
        {
            // Tensors that were forgotten hold memory until their finalisers have run.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return gpu.Memory.Allocate(bytes, wanted is { } tensor ? $"a tensor of {tensor.Type} {tensor.Layout}" : null);
        }
    }

    protected override void FreeMemory(void* address, long bytes) => gpu.Memory.Free(address, bytes);

    internal override void CopyToDevice(void* host, void* device, long bytes) => gpu.Memory.CopyToDevice(host, device, bytes);

    internal override void CopyToHost(void* device, void* host, long bytes)
    {
        gpu.Memory.CopyToHost(device, host, bytes);
        if (gpu.NewlyCompiled(WorthTelling) is { } news)
            Console.Error.WriteLine(news);
        gpu.Backend.ThrowIfIndexFault();
    }

    internal override void Synchronize()
    {
        gpu.Synchronize();
        gpu.Backend.ThrowIfIndexFault();
    }
}
