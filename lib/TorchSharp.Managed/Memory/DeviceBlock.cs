namespace TorchSharp;

/// <summary>
/// A block of a device's memory. While the host works on what is in it, there is a mirror in the host's memory, and one of the two is the
/// newer: whoever asks for the other gets it brought up to date first.
/// </summary>
internal sealed unsafe class DeviceBlock
{
    private enum Newest { Device, Host, Both }

    private readonly Lock _gate = new();
    private readonly DevicePlace _owner;
    private readonly long _bytes;
    private readonly void* _address;
    private Storage? _mirror;
    private volatile Newest _newest = Newest.Device;

    internal DeviceBlock(DevicePlace owner, long bytes, Layout layout, torch.ScalarType type)
    {
        (_owner, _bytes) = (owner, Math.Max(bytes, 1));
        _address = owner.Register(this, _bytes, layout, type);
    }

    internal bool Contains(void* address) => (nuint)address >= (nuint)_address && (nuint)address < (nuint)_address + (nuint)_bytes;

    /// <summary>The block's address for the device, which may write to it.</summary>
    internal byte* ForDevice()
    {
        if (_newest == Newest.Device)
            return (byte*)_address;
        lock (_gate)
        {
            if (_newest == Newest.Host)
                _owner.CopyToDevice(_mirror!.Pointer, _address, _bytes);
            _newest = Newest.Device;
        }
        return (byte*)_address;
    }

    /// <summary>The block's mirror for the host.</summary>
    internal byte* ForHost(bool writes)
    {
        lock (_gate)
        {
            // The mirror stays until the block goes: a caller may hold its address while it asks for the device's.
            _mirror ??= Storage.Allocate(_bytes);
            if (_newest == Newest.Device)
                _owner.CopyToHost(_address, _mirror.Pointer, _bytes);
            if (writes)
                _newest = Newest.Host;
            else if (_newest == Newest.Device)
                _newest = Newest.Both;
            return _mirror.Pointer;
        }
    }

    internal void* HostView(void* address, bool writes) => ForHost(writes) + ((byte*)address - (byte*)_address);

    internal void Free()
    {
        _owner.Unregister(_address, _bytes);
        _mirror?.Release();
        _mirror = null;
    }
}
