using TorchSharp.RandomStreams;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// A device with memory and a backend of its own. Its addresses are numbers that only its backend understands; nobody else may follow them.
/// </summary>
internal abstract unsafe class DevicePlace : Place
{
    private readonly Lock _gate = new();
    private readonly Dictionary<nint, DeviceBlock> _blocks = [];

    /// <param name="device">Its name for programs.</param>
    /// <param name="backend">Its kernels; null where it has memory only, and the host computes.</param>
    /// <param name="threads">That it runs at the same time.</param>
    protected DevicePlace(Device device, IBackend? backend, int threads = UsualThreads)
    {
        Device = device;
        Stream = new PhiloxStream(threads);
        Backend = new FallbackBackend(this, backend);
    }

    internal override Device Device { get; }

    /// <summary>Threads that draw random numbers where a device has no number of its own: those of an H100.</summary>
    protected const int UsualThreads = 132 * 2048;

    /// <summary>Its random numbers.</summary>
    internal PhiloxStream Stream { get; }

    /// <summary>What the maker calls it.</summary>
    internal abstract string Name { get; }

    /// <summary>Version of the driver; empty where there is none.</summary>
    internal abstract string DriverVersion { get; }

    /// <summary>Bytes of memory.</summary>
    internal abstract long TotalMemory { get; }

    /// <summary>Bytes of blocks in use, bytes taken from the driver, and the most that was in use at a time; null where nobody counts.</summary>
    internal virtual (long Allocated, long Held, long Peak)? MemoryUse => null;

    /// <summary>Whether an address is a device's: in the quarter of numbers that begins with the bits 01, in which no pointer of a process lies.</summary>
    internal static bool IsDeviceAddress(void* address) => (ulong)address >> 62 == 1;

    /// <summary>Memory for the length of a call, which no block owns.</summary>
    internal void* Lend(long bytes) => AllocateMemory(bytes, null);

    internal void TakeBack(void* address, long bytes) => FreeMemory(address, bytes);

    /// <summary>Its addresses are device addresses in the sense of <see cref="IsDeviceAddress"/>.</summary>
    /// <param name="wanted">The tensor that it is for; null: a number beside tensors.</param>
    /// <exception cref="OutOfMemoryException">There is no room, also after what nobody uses was given back.</exception>
    protected abstract void* AllocateMemory(long bytes, (Layout Layout, ScalarType Type)? wanted);

    protected abstract void FreeMemory(void* address, long bytes);

    internal abstract void CopyToDevice(void* host, void* device, long bytes);

    internal abstract void CopyToHost(void* device, void* host, long bytes);

    /// <summary>Waits until everything asked of the device is done.</summary>
    internal abstract void Synchronize();

    internal override Storage Allocate(long bytes, Layout layout, ScalarType type) => Storage.OnDevice(this, new DeviceBlock(this, bytes, layout, type), bytes);

    internal void* Register(DeviceBlock block, long bytes, Layout layout, ScalarType type)
    {
        void* address = AllocateMemory(bytes, (layout, type));
        lock (_gate)
            _blocks.Add((nint)address, block);
        return address;
    }

    internal void Unregister(void* address, long bytes)
    {
        lock (_gate)
            _blocks.Remove((nint)address);
        FreeMemory(address, bytes);
    }

    /// <summary>The host's view of what lies at an address of this device; an address of the host is its own (a number beside a tensor).</summary>
    /// <param name="writes">Whether the host will write: the device's copy is then out of date.</param>
    internal void* HostView(void* address, bool writes)
    {
        if (address == null)
            return null;
        if (!IsDeviceAddress(address))
            return address;
        DeviceBlock? found;
        lock (_gate)
        {
            if (!_blocks.TryGetValue((nint)address, out found))
                foreach (var block in _blocks.Values)
                    if (block.Contains(address))
                        found = block;
        }
        return found is null ? throw new InvalidOperationException("an address of a device that no tensor has") : found.HostView(address, writes);
    }
}
