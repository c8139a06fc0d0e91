using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace TorchSharp;

public static unsafe partial class torch
{
    // Tensors with strides of their own, and tensors over memory that was there before them.

    /// <summary>Arbitrary content; the strides count elements.</summary>
    public static Tensor empty_strided(long[] size, long[] strides, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        if (size.Length != strides.Length)
            throw new ExternalException($"empty_strided: size {Layout.Text(size)} and strides {Layout.Text(strides)} must have the same length");
        if (size.Concat(strides).Any(number => number < 0))
            throw new ExternalException($"empty_strided: size {Layout.Text(size)} and strides {Layout.Text(strides)} must not be negative");
        long reach = size.Contains(0) ? 0 : 1 + size.Zip(strides, (n, stride) => (n - 1) * stride).Sum();
        using var memory = Factories.Empty([reach], dtype, device, false).AsTemporary();
        var y = memory.ShareData(new Layout((long[])size.Clone(), (long[])strides.Clone(), 0));
        if (requires_grad)
            y.requires_grad = true;
        return y;
    }

    /// <summary>A tensor of one dimension over an array's own elements, from number <paramref name="offset"/> on; a copy if dtype is not the array's.</summary>
    /// <param name="count">How many; 0 or less: all that are left.</param>
    /// <exception cref="ArgumentException">The offset lies outside the array.</exception>
    /// <exception cref="IndexOutOfRangeException">The array has fewer elements.</exception>
    public static Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        ArgumentNullException.ThrowIfNull(rawArray);
        long length = rawArray.LongLength;
        if (offset < 0 || offset >= length)
            throw new ArgumentException($"invalid value for 'offset': {offset} (the array has {length} elements)", nameof(offset));
        if (count <= 0)
            count = length - offset;
        if (count > length - offset)
            throw new IndexOutOfRangeException($"element count is too large: {count} (the array has {length} elements, the first is number {offset})");
        var own = Factories.TypeOf(rawArray.GetType().GetElementType()!);
        var pinned = new PinnedArray(rawArray);
        Tensor y = new(TorchSharp.Storage.Over(pinned.Pointer + offset * own.Size(), count * own.Size(), pinned), Layout.Of([count]), own);
        if (own != dtype)
        {
            var raw = y;
            y = raw.to_type(dtype);
            raw.Dispose();
        }
        if (requires_grad)
            y.requires_grad = true;
        return y;
    }

    /// <summary>The first <paramref name="size"/> elements of a file of numbers.</summary>
    /// <param name="shared">What is written to the tensor goes into the file, which becomes as long as it must be; otherwise it stays with the tensor.</param>
    /// <exception cref="ExternalException">The file cannot be opened, or is too short.</exception>
    public static Tensor from_file(string filename, bool? shared = null, long? size = 0, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        var place = Place.Of(device);
        var type = dtype ?? get_default_dtype();
        long count = size ?? 0, bytes = count * type.Size();
        if (count == 0)
            return Factories.Empty([0], type, device, requires_grad);
        bool writes = shared == true;
        try
        {
            var file = new MappedFile(filename, bytes, writes);
            Tensor y = new(TorchSharp.Storage.Over(file.Pointer, bytes, file), Layout.Of([count]), type);
            if (!ReferenceEquals(place, Place.Host))
                using (y.AsTemporary())
                    y = y.to(device!);
            if (requires_grad)
                y.requires_grad = true;
            return y;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ExternalException($"unable to open file <{filename}> in {(writes ? "read-write" : "read-only")} mode: {failure.Message}", failure);
        }
    }

    /// <summary>An array that the collector leaves where it is.</summary>
    private sealed class PinnedArray(Array array) : IDisposable
    {
        private GCHandle _handle = GCHandle.Alloc(array, GCHandleType.Pinned);

        internal byte* Pointer => (byte*)_handle.AddrOfPinnedObject();

        public void Dispose()
        {
            if (_handle.IsAllocated)
                _handle.Free();
        }
    }

    private sealed class MappedFile : IDisposable
    {
        private readonly MemoryMappedFile _map;
        private readonly MemoryMappedViewAccessor _view;

        internal MappedFile(string path, long bytes, bool writes)
        {
            long there = writes && !File.Exists(path) ? 0 : new FileInfo(path).Length;
            if (!writes && there < bytes)
                throw new ExternalException($"file <{path}> size <{there}> is smaller than the required mapping size <{bytes}>");
            _map = MemoryMappedFile.CreateFromFile(path, writes ? FileMode.OpenOrCreate : FileMode.Open, null, writes ? Math.Max(bytes, there) : 0,
                writes ? MemoryMappedFileAccess.ReadWrite : MemoryMappedFileAccess.Read);
            _view = _map.CreateViewAccessor(0, bytes, writes ? MemoryMappedFileAccess.ReadWrite : MemoryMappedFileAccess.CopyOnWrite);
            byte* start = null;
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            Pointer = start + _view.PointerOffset;
        }

        internal byte* Pointer { get; }

        public void Dispose()
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _map.Dispose();
        }
    }

    public partial class Tensor
    {
        /// <exception cref="ExternalException">Always: memory is pinned for an accelerator, and there is none.</exception>
        public Tensor pin_memory() => throw new ExternalException("Cannot access accelerator device when none is available.");

        public static Tensor block_diag(params Tensor[] tensors) => torch.block_diag(tensors);
    }
}
