using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>
/// A block of native memory that one or several tensors look at. Counted references give it back to the pool at once when its tensors
/// are disposed; the finaliser gives it back when they were merely forgotten.
/// </summary>
/// <remarks>
/// Code that works on <see cref="Pointer"/> keeps a tensor of this storage alive until it is done (<see cref="GC.KeepAlive"/>):
/// otherwise the finaliser may hand the block to somebody else in the middle of a loop.
/// </remarks>
internal sealed unsafe class Storage
{
    private int _references;

    internal Storage? NextFree;

    internal Storage(byte* pointer, long capacity, int bucketIndex) : this(Place.Host)
    {
        Pointer = pointer;
        Capacity = capacity;
        BucketIndex = bucketIndex;
    }

    private Storage(Place place)
    {
        Place = place;
        OnHost = ReferenceEquals(place, Place.Host);
    }

    /// <summary>A block of a device's memory, with one reference.</summary>
    internal static Storage OnDevice(DevicePlace place, DeviceBlock block, long bytes) => new(place) { _block = block, Bytes = bytes, _references = 1 };

    /// <summary>Where it lies: decided here, once for all operations on it.</summary>
    internal Place Place { get; }

    /// <summary>Whether <see cref="Pointer"/> can be followed.</summary>
    internal bool OnHost { get; }

    private DeviceBlock? _block;

    /// <summary>Memory of somebody else: what gives it back.</summary>
    private IDisposable? _owner;

    /// <summary>A block that belongs to somebody else, with one reference; it never gets into the pool.</summary>
    internal static Storage Over(byte* pointer, long bytes, IDisposable owner) => new(pointer, bytes, 0) { _owner = owner, _references = 1, Bytes = bytes };

    ~Storage()
    {
        if (_owner is not null)
        {
            _owner.Dispose();
            return;
        }
        _block?.Free();
        // The common pool dies only with the process; what gets here was forgotten, by its tensors or with the thread that kept it.
        if (Pointer == null)
            return;
        _references = 0;
        NativePool.ReturnToAll(this);
        if (Pointer != null)
            GC.ReRegisterForFinalize(this);
    }

    /// <summary>The memory of a tensor on the meta device: none. Such a tensor has a shape and a type, and no elements.</summary>
    internal static Storage Meta(long bytes) => new(Place.Meta) { Bytes = bytes, _references = 1 };

    internal bool IsMeta => ReferenceEquals(Place, Place.Meta);

    /// <summary>The first byte for whoever computes at this place; the device may write there.</summary>
    internal byte* Address => OnHost ? Pointer : _block is not null ? _block.ForDevice() : null;

    /// <summary>The first byte for the host, wherever the storage lies: a mirror of what a device holds. Null on meta.</summary>
    internal byte* HostView(bool writes) => OnHost ? Pointer : _block is not null ? _block.ForHost(writes) : null;

    internal byte* Pointer { get; private set; }

    internal long Capacity { get; }

    internal int BucketIndex { get; }

    /// <summary>Bytes asked for (the block may be larger).</summary>
    internal long Bytes { get; private set; }

    /// <summary>Counts in-place changes; a value saved for backward remembers it and refuses to be used when it has moved on.</summary>
    internal int Version { get; set; }

    /// <summary>A block of at least <paramref name="bytes"/> bytes with one reference; its content is arbitrary.</summary>
    internal static Storage Allocate(long bytes)
    {
        var storage = NativePool.Rent(bytes);
        storage._references = 1;
        storage.Version = 0;
        storage.Bytes = bytes;
        return storage;
    }

    internal int References => Volatile.Read(ref _references);

    internal void AddReference() => Interlocked.Increment(ref _references);

    internal void Release()
    {
        // The last one has nobody to race with.
        if (Volatile.Read(ref _references) == 1)
            _references = 0;
        else if (Interlocked.Decrement(ref _references) != 0)
            return;
        if (!OnHost)
            FreeBlock();
        else if (_owner is null)
            NativePool.Return(this);
        else
            GiveBack(_owner);
    }

    private void FreeBlock()
    {
        _block?.Free();
        _block = null;
        GC.SuppressFinalize(this);
    }

    private void GiveBack(IDisposable owner)
    {
        _owner = null;
        Pointer = null;
        GC.SuppressFinalize(this);
        owner.Dispose();
    }

    internal void Free()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
        GC.SuppressFinalize(this);
    }
}
