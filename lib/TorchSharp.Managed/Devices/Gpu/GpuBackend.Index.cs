using System.Runtime.InteropServices;
using ILGPU;
using static TorchSharp.torch;

namespace TorchSharp.Gpu;

internal sealed unsafe partial class GpuBackend
{
    private const int Dimensions = 5;

    private void* _fault;
    private volatile bool _mayFault;
    private readonly Lock _faultGate = new();

    /// <summary>A shape of at most five dimensions after neighbours have been merged, and the strides of up to four operands along them.</summary>
    private readonly ref struct Walk
    {
        internal readonly Extents Extents;
        internal readonly Steps A, B, C, D;
        internal readonly long Count = 1;
        internal readonly bool Fits = true;

        /// <summary>Whether there are at most two dimensions.</summary>
        internal readonly bool IsRows;

        internal Walk(ReadOnlySpan<long> shape, ReadOnlySpan<long> a, ReadOnlySpan<long> b, ReadOnlySpan<long> c = default, ReadOnlySpan<long> d = default)
        {
            Span<long> sizes = stackalloc long[Dimensions], strides = stackalloc long[4 * Dimensions], here = stackalloc long[4];
            sizes.Fill(1);
            strides.Clear();
            int left = Dimensions;
            // From the last dimension: the row that the threads of a group share.
            for (int k = shape.Length - 1; k >= 0; k--)
            {
                if (shape[k] == 1)
                    continue;
                Count *= shape[k];
                (here[0], here[1], here[2], here[3]) = (a[k], b[k], c.IsEmpty ? 0 : c[k], d.IsEmpty ? 0 : d[k]);
                if (left < Dimensions && Continues(here, strides[(4 * left)..], sizes[left]))
                {
                    sizes[left] *= shape[k];
                    continue;
                }
                if (left == 0)
                {
                    Fits = false;
                    return;
                }
                left--;
                sizes[left] = shape[k];
                here.CopyTo(strides[(4 * left)..]);
            }
            IsRows = left >= Dimensions - 2;
            Extents = new Extents(sizes[1], sizes[2], sizes[3], sizes[4]);
            (A, B, C, D) = (Of(strides, 0), Of(strides, 1), Of(strides, 2), Of(strides, 3));
        }

        private static bool Continues(ReadOnlySpan<long> outer, ReadOnlySpan<long> inner, long size)
        {
            for (int k = 0; k < 4; k++)
                if (outer[k] != inner[k] * size)
                    return false;
            return true;
        }

        private static Steps Of(ReadOnlySpan<long> strides, int k) => new(strides[k], strides[4 + k], strides[8 + k], strides[12 + k], strides[16 + k]);
    }

    private static void Require(in Walk walk, string operation, ScalarType type)
    {
        if (!walk.Fits)
            throw new NotOnDeviceException(operation, type) { IsOfShape = true };
    }

    public void Where(ScalarType type, byte* condition, ReadOnlySpan<long> stridesCondition, void* a, ReadOnlySpan<long> stridesA, void* b, ReadOnlySpan<long> stridesB, void* y, ReadOnlySpan<long> stridesY, ReadOnlySpan<long> shape)
    {
        Require(nameof(Where), type);
        var walk = new Walk(shape, stridesCondition, stridesA, stridesB, stridesY);
        Require(walk, nameof(Where), type);
        switch (type.Size())
        {
            case 1: Where<byte>(condition, a, b, y, walk); break;
            case 2: Where<short>(condition, a, b, y, walk); break;
            case 4: Where<int>(condition, a, b, y, walk); break;
            default: Where<long>(condition, a, b, y, walk); break;
        }
    }

    private void Where<T>(byte* condition, void* a, void* b, void* y, in Walk walk) where T : unmanaged =>
        _device.Run<ArrayView<byte>, ArrayView<T>, ArrayView<T>, ArrayView<T>, Extents, Steps, Steps, Steps, Steps>(
            IndexKernels.Where<T>, walk.Count, View<byte>(condition), View<T>(a), View<T>(b), View<T>(y), walk.Extents, walk.A, walk.B, walk.C, walk.D);

    public void SelectRows(ScalarType type, void* x, long* index, void* y, long outer, long n, long count, long inner)
    {
        Require(nameof(SelectRows), type);
        switch (type.Size())
        {
            case 1: SelectRows<byte>(x, index, y, outer, n, count, inner); break;
            case 2: SelectRows<short>(x, index, y, outer, n, count, inner); break;
            case 4: SelectRows<int>(x, index, y, outer, n, count, inner); break;
            default: SelectRows<long>(x, index, y, outer, n, count, inner); break;
        }
    }

    private void SelectRows<T>(void* x, long* index, void* y, long outer, long n, long count, long inner) where T : unmanaged =>
        _device.Run<ArrayView<T>, ArrayView<long>, ArrayView<T>, RowChoice, ArrayView<int>>(
            IndexKernels.SelectRows<T>, outer * count * inner, View<T>(x), View<long>(index), View<T>(y), new RowChoice(n, count, inner), FaultFlag());

    public void AddRows(ScalarType type, void* x, long* index, void* y, long outer, long n, long count, long inner)
    {
        Require(nameof(AddRows), type);
        var rows = new RowChoice(n, count, inner);
        long all = outer * count * inner;
        switch (type)
        {
            case ScalarType.Float32: AddRows<float, Adders.Float32>(x, index, y, rows, all); break;
            case ScalarType.Float64: AddRows<double, Adders.Float64>(x, index, y, rows, all); break;
            case ScalarType.Int32: AddRows<int, Adders.Int32>(x, index, y, rows, all); break;
            default: AddRows<long, Adders.Int64>(x, index, y, rows, all); break;
        }
    }

    private void AddRows<T, TAdder>(void* x, long* index, void* y, RowChoice rows, long all) where T : unmanaged where TAdder : struct, IAdder<T> =>
        _device.Run<ArrayView<T>, ArrayView<long>, ArrayView<T>, RowChoice, ArrayView<int>>(IndexKernels.AddRows<T, TAdder>, all, View<T>(x), View<long>(index), View<T>(y), rows, FaultFlag());

    public void AlongIndex(IndexMode mode, ScalarType type, long* index, ReadOnlySpan<long> stridesIndex, void* plain, ReadOnlySpan<long> stridesPlain, void* addressed, ReadOnlySpan<long> stridesAddressed, long size, long step, ReadOnlySpan<long> shape)
    {
        Require(nameof(AlongIndex), type);
        if (mode == IndexMode.ScatterAdd && Array.IndexOf(Added, type) < 0)
            throw new NotOnDeviceException(nameof(AlongIndex), type);
        var walk = new Walk(shape, stridesIndex, stridesPlain, stridesAddressed);
        Require(walk, nameof(AlongIndex), type);
        var limit = new IndexLimit(size, step);
        if (mode == IndexMode.ScatterAdd)
        {
            switch (type)
            {
                case ScalarType.Float32: ScatterAdd<float, Adders.Float32>(index, plain, addressed, walk, limit); break;
                case ScalarType.Float64: ScatterAdd<double, Adders.Float64>(index, plain, addressed, walk, limit); break;
                case ScalarType.Int32: ScatterAdd<int, Adders.Int32>(index, plain, addressed, walk, limit); break;
                default: ScatterAdd<long, Adders.Int64>(index, plain, addressed, walk, limit); break;
            }
            return;
        }
        switch (type.Size())
        {
            case 1: Along<byte>(mode, index, plain, addressed, walk, limit); break;
            case 2: Along<short>(mode, index, plain, addressed, walk, limit); break;
            case 4: Along<int>(mode, index, plain, addressed, walk, limit); break;
            default: Along<long>(mode, index, plain, addressed, walk, limit); break;
        }
    }

    private void ScatterAdd<T, TAdder>(long* index, void* plain, void* addressed, in Walk walk, IndexLimit limit) where T : unmanaged where TAdder : struct, IAdder<T> =>
        _device.Run<ArrayView<long>, ArrayView<T>, ArrayView<T>, Extents, Steps, Steps, Steps, IndexLimit, ArrayView<int>>(
            IndexKernels.ScatterAdd<T, TAdder>, walk.Count, View<long>(index), View<T>(plain), View<T>(addressed), walk.Extents, walk.A, walk.B, walk.C, limit, FaultFlag());

    private void Along<T>(IndexMode mode, long* index, void* plain, void* addressed, in Walk walk, IndexLimit limit) where T : unmanaged
    {
        if (mode == IndexMode.Gather)
            _device.Run<ArrayView<long>, ArrayView<T>, ArrayView<T>, Extents, Steps, Steps, Steps, IndexLimit, ArrayView<int>>(
                IndexKernels.Gather<T>, walk.Count, View<long>(index), View<T>(plain), View<T>(addressed), walk.Extents, walk.A, walk.B, walk.C, limit, FaultFlag());
        else
            _device.Run<ArrayView<long>, ArrayView<T>, ArrayView<T>, Extents, Steps, Steps, Steps, IndexLimit, ArrayView<int>>(
                IndexKernels.Scatter<T>, walk.Count, View<long>(index), View<T>(plain), View<T>(addressed), walk.Extents, walk.A, walk.B, walk.C, limit, FaultFlag());
    }

    /// <summary>A number on the device that a kernel sets when an index is out of range: nobody waits for it; the next value that is read tells, and so does synchronize.</summary>
    private ArrayView<int> FaultFlag()
    {
        lock (_faultGate)
        {
            if (_fault == null)
            {
                _fault = _device.Memory.Allocate(sizeof(int));
                ClearFault();
            }
        }
        _mayFault = true;
        return View<int>(_fault);
    }

    private void ClearFault()
    {
        int none = 0;
        _device.Memory.CopyToDevice(&none, _fault, sizeof(int));
    }

    /// <summary>Throws when an index was out of range in anything done since the last call.</summary>
    internal void ThrowIfIndexFault()
    {
        if (!_mayFault)
            return;
        _mayFault = false;
        int found;
        _device.Memory.CopyToHost(_fault, &found, sizeof(int));
        if (found == 0)
            return;
        ClearFault();
        throw new ExternalException($"index out of bounds in an indexing operation on {_device} since the last value was read (index_select, gather, scatter, embedding or a class of a loss); run it on the CPU to see which.");
    }
}
