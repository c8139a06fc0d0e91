using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;

namespace TorchSharp.Gpu;

/// <summary>
/// A device's memory. Blocks are cut from segments that the driver gives and are kept when they are freed, by size: allocation is a
/// pop from a stack. That is safe without waiting, because a device does its work in the order in which it was given.
/// </summary>
/// <remarks>
/// An address is a number that only this class resolves: segment number and offset under a tag that no pointer of the host has.
/// Arithmetic within a block works as on pointers.
/// </remarks>
internal sealed unsafe class GpuMemory(GpuDevice device) : IDisposable
{
    private const ulong Tag = 1UL << 62;
    private const int OffsetBits = 40;
    private const long Granularity = 512, SmallBlock = 1 << 20, SegmentSize = 16 << 20, LargeGranularity = 2 << 20;

    /// <summary>Uploads go through a ring of pinned memory in pieces of this size.</summary>
    private const int StagedBytes = 1 << 20, StagingBytes = 32 << 20;

    private sealed class Segment(MemoryBuffer buffer, long size)
    {
        internal readonly MemoryBuffer Buffer = buffer;
        internal readonly ArrayView<byte> View = buffer.AsRawArrayView();
        internal readonly long Size = size;
        internal long Cut;
        internal int Live;
    }

    private readonly Lock _lock = new();
    private readonly Dictionary<long, Stack<ulong>> _free = [];
    private Segment?[] _segments = new Segment?[16];
    private int _current = -1;
    private PageLockedArray1D<byte>? _staging;
    private int _staged;

    /// <summary>Bytes of blocks in use.</summary>
    internal long Allocated { get; private set; }

    /// <summary>The most bytes in use at one time since <see cref="ResetPeak"/>.</summary>
    internal long Peak { get; private set; }

    /// <summary>Bytes taken from the driver.</summary>
    internal long Reserved { get; private set; }

    /// <summary>Bytes taken from the driver that no block uses.</summary>
    internal long Cached => Reserved - Allocated;

    internal long Allocations { get; private set; }

    /// <summary>At most so many bytes are taken from the driver.</summary>
    internal long Limit { get; set; } = device.TotalMemory;

    internal void ResetPeak()
    {
        lock (_lock)
            Peak = Allocated;
    }

    /// <summary>A block of at least so many bytes with arbitrary content.</summary>
    /// <param name="what">For whom, as the message of an exhausted device says it: usually the tensor's type and shape.</param>
    internal void* Allocate(long bytes, string? what = null)
    {
        long size = BlockSize(bytes);
        lock (_lock)
        {
            if (!TryTake(size, out ulong address))
            {
                // What other sizes keep may be what is missing.
                ReleaseUnused();
                if (!TryTake(size, out address))
                    throw OutOfMemory(size, what);
            }
            _segments[SegmentOf(address)]!.Live++;
            Allocations++;
            Allocated += size;
            Peak = Math.Max(Peak, Allocated);
            return (void*)address;
        }
    }

    /// <param name="bytes">As they were asked for.</param>
    internal void Free(void* address, long bytes)
    {
        long size = BlockSize(bytes);
        lock (_lock)
        {
            _segments[SegmentOf((ulong)address)]!.Live--;
            Allocated -= size;
            Keep(size, (ulong)address);
        }
    }

    /// <summary>Gives segments without a block in use back to the driver.</summary>
    internal void EmptyCache()
    {
        lock (_lock)
            ReleaseUnused();
    }

    /// <summary>The elements from an address to the end of its segment.</summary>
    internal ArrayView<T> View<T>(void* address) where T : unmanaged
    {
        var view = _segments[SegmentOf((ulong)address)]!.View;
        long offset = Offset((ulong)address);
        return view.SubView(offset, (view.Length - offset) / sizeof(T) * sizeof(T)).Cast<T>();
    }

    /// <summary>The driver's pointer, for its other libraries.</summary>
    internal nint Native(void* address) => _segments[SegmentOf((ulong)address)]!.Buffer.NativePtr + (nint)Offset((ulong)address);

    /// <summary>The number of the segment in which an address lies, and how many bytes behind its begin.</summary>
    internal static (int Segment, long Offset) Locate(void* address) => (SegmentOf((ulong)address), Offset((ulong)address));

    /// <summary>All elements of a segment.</summary>
    internal ArrayView<T> WholeSegment<T>(int number) where T : unmanaged
    {
        var view = _segments[number]!.View;
        return view.SubView(0, view.Length / sizeof(T) * sizeof(T)).Cast<T>();
    }

    /// <summary>Copies from the host: later, from a copy in pinned memory, so that the host may change its own at once.</summary>
    internal void CopyToDevice(void* host, void* address, long bytes)
    {
        if (bytes == 0)
            return;
        var target = Bytes(address, bytes);
        // The emulation has no pinned memory, and nothing that goes on beside the host.
        if (device.Kind == GpuKind.Emulated)
            device.Guard("copy to the device", owner => target.CopyFromCPU(owner.Accelerator.DefaultStream, ref *(byte*)host, bytes));
        else
            for (long from = 0; from < bytes; from += StagedBytes)
                Stage((byte*)host + from, target.SubView(from), (int)Math.Min(StagedBytes, bytes - from));
    }

    /// <summary>Copies to the host, after all work that was given before.</summary>
    internal void CopyToHost(void* address, void* host, long bytes)
    {
        if (bytes == 0)
            return;
        var source = Bytes(address, bytes);
        device.GuardAndWait("copy to the host", owner => source.CopyToCPU(owner.Accelerator.DefaultStream, ref *(byte*)host, bytes));
    }

    internal void CopyOnDevice(void* from, void* to, long bytes)
    {
        if (bytes == 0)
            return;
        ArrayView<byte> source = Bytes(from, bytes), target = Bytes(to, bytes);
        device.Guard("copy on the device", owner => source.CopyTo(owner.Accelerator.DefaultStream, target));
    }

    private ArrayView<byte> Bytes(void* address, long bytes) => View<byte>(address).SubView(0, bytes);

    /// <summary>Through a ring of pinned memory; only when it has come round are earlier copies waited for.</summary>
    private void Stage(void* host, ArrayView<byte> target, int bytes) => device.Guard("copy to the device", owner =>
    {
        _staging ??= owner.Accelerator.AllocatePageLocked1D<byte>(StagingBytes, false);
        if (_staged + bytes > StagingBytes)
        {
            owner.Drain();
            _staged = 0;
        }
        new ReadOnlySpan<byte>(host, bytes).CopyTo(_staging.Span.Slice(_staged, bytes));
        target.CopyFromCPUUnsafeAsync(owner.Accelerator.DefaultStream, ref _staging.Span[_staged], bytes);
        _staged += (bytes + 63) / 64 * 64;
    });

    /// <summary>Sizes in steps of an eighth of their power of two, so that blocks fit again and at most an eighth is wasted.</summary>
    internal static long BlockSize(long bytes)
    {
        long granularity = bytes > SmallBlock ? LargeGranularity : Granularity;
        long step = Math.Max(granularity, (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)Math.Max(bytes, 1)) / 8);
        return (Math.Max(bytes, 1) + step - 1) / step * step;
    }

    private bool TryTake(long size, out ulong address)
    {
        if (_free.TryGetValue(size, out var blocks) && blocks.TryPop(out address))
            return true;
        if (size > SmallBlock)
            return TryCut(NewSegment(size), size, out address);
        if (_current >= 0 && _segments[_current]!.Size - _segments[_current]!.Cut < size)
            _current = -1;
        if (_current < 0)
            _current = NewSegment(SegmentSize);
        return TryCut(_current, size, out address);
    }

    private bool TryCut(int index, long size, out ulong address)
    {
        address = 0;
        if (index < 0)
            return false;
        var segment = _segments[index]!;
        address = Tag | (ulong)(index + 1) << OffsetBits | (ulong)segment.Cut;
        segment.Cut += size;
        return true;
    }

    /// <summary>−1 where the driver has no more.</summary>
    private int NewSegment(long size)
    {
        if (size > Limit - Reserved)
            return -1;
        if (device.TryAllocate(size) is not { } buffer)
            return -1;
        int index = Array.IndexOf(_segments, null);
        if (index < 0)
        {
            index = _segments.Length;
            var more = new Segment?[2 * index];
            _segments.CopyTo(more, 0);
            // Readers hold no lock: they see the old array or the new one, and both have all segments in use.
            Volatile.Write(ref _segments, more);
        }
        _segments[index] = new Segment(buffer, size);
        Reserved += size;
        return index;
    }

    private void Keep(long size, ulong address) =>
        (CollectionsMarshal.GetValueRefOrAddDefault(_free, size, out _) ??= new Stack<ulong>()).Push(address);

    private void ReleaseUnused()
    {
        var unused = Enumerable.Range(0, _segments.Length).Where(index => _segments[index] is { Live: 0 }).ToHashSet();
        if (unused.Count == 0)
            return;
        foreach (var (size, blocks) in _free.ToList())
            _free[size] = new Stack<ulong>(blocks.Where(address => !unused.Contains(SegmentOf(address))).Reverse());
        foreach (int index in unused)
        {
            Reserved -= _segments[index]!.Size;
            device.Guard("free", _ => _segments[index]!.Buffer.Dispose());
            _segments[index] = null;
        }
        if (unused.Contains(_current))
            _current = -1;
    }

    private OutOfMemoryException OutOfMemory(long size, string? what) => new(
        $"{device} has no memory left for {what ?? "a tensor"}: wanted {Mebibytes(size)}, held by tensors {Mebibytes(Allocated)}, kept for new ones {Mebibytes(Cached)}, " +
        $"free {Mebibytes(Math.Max(0, Math.Min(Limit - Reserved, device.FreeMemory)))} of {Mebibytes(Limit)}. Dispose tensors, use smaller batches, or --device cpu.");

    private static string Mebibytes(long bytes) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MiB");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SegmentOf(ulong address) => (address & Tag) != 0 && address < 2 * Tag
        ? (int)((address ^ Tag) >> OffsetBits) - 1
        : throw new InvalidOperationException("a pointer of the host was given to a device: copy the data to it first");

    private static long Offset(ulong address) => (long)(address & (1UL << OffsetBits) - 1);

    public void Dispose()
    {
        foreach (var segment in _segments)
            segment?.Buffer.Dispose();
        _staging?.Dispose();
    }
}
