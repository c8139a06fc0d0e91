using System.Runtime.InteropServices;

namespace TorchSharp.Managed.Tests.Devices;

/// <summary>
/// A device that has memory and no kernels: everything falls back. Its addresses are no addresses of the process, so that an operation that
/// follows one, or hands the CPU's backend one, crashes here instead of computing with what it should not have seen.
/// </summary>
internal sealed unsafe class MemoryOnlyDevice(int index) : DevicePlace(new torch.Device(DeviceType.CUDA, index), null)
{
    private const ulong Tag = 1UL << 62;

    private static void* Real(void* address) => (void*)((ulong)address & ~Tag);

    internal override string Name => "memory without kernels";

    internal override string DriverVersion => "driver of the test";

    internal override long TotalMemory => 1L << 30;

    internal long Blocks;

    protected override void* AllocateMemory(long bytes, (Layout Layout, torch.ScalarType Type)? wanted)
    {
        Interlocked.Increment(ref Blocks);
        return (void*)((ulong)NativeMemory.AlignedAlloc((nuint)bytes, 64) | Tag);
    }

    protected override void FreeMemory(void* address, long bytes)
    {
        Interlocked.Decrement(ref Blocks);
        NativeMemory.AlignedFree(Real(address));
    }

    internal override void CopyToDevice(void* host, void* device, long bytes) => Buffer.MemoryCopy(host, Real(device), bytes, bytes);

    internal override void CopyToHost(void* device, void* host, long bytes) => Buffer.MemoryCopy(Real(device), host, bytes, bytes);

    internal override void Synchronize() { }
}
