using TorchSharp.RandomStreams;
using static TorchSharp.torch;

namespace TorchSharp;

internal sealed unsafe partial class FallbackBackend
{
    public void BinaryStrided(BinaryKind kind, ScalarType type, void* a, ReadOnlySpan<long> stridesA, void* b, ReadOnlySpan<long> stridesB, void* y, ReadOnlySpan<long> stridesY, ReadOnlySpan<long> shape)
    {
        var call = (nameof(Binary), (int)kind, type);
        if (Has(call))
        {
            using Beside left = new(place, a, !stridesA.ContainsAnyExcept(0), type), right = new(place, b, !stridesB.ContainsAnyExcept(0), type);
            try { _device!.BinaryStrided(kind, type, left.Address, stridesA, right.Address, stridesB, y, stridesY, shape); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.BinaryStrided(kind, type, In(a), stridesA, In(b), stridesB, Out(y), stridesY, shape);
    }

    public void CompareStrided(CompareKind kind, ScalarType type, void* a, ReadOnlySpan<long> stridesA, void* b, ReadOnlySpan<long> stridesB, byte* y, ReadOnlySpan<long> shape)
    {
        var call = (nameof(Compare), (int)kind, type);
        if (Has(call))
        {
            using Beside left = new(place, a, !stridesA.ContainsAnyExcept(0), type), right = new(place, b, !stridesB.ContainsAnyExcept(0), type);
            try { _device!.CompareStrided(kind, type, left.Address, stridesA, right.Address, stridesB, y, shape); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.CompareStrided(kind, type, In(a), stridesA, In(b), stridesB, (byte*)Out(y), shape);
    }

    public void AddOffsets(long* index, long count, long size, long stride, int dimension, long* offsets)
    {
        var call = (nameof(AddOffsets), 0, ScalarType.Int64);
        if (Has(call))
        {
            try { _device!.AddOffsets(index, count, size, stride, dimension, offsets); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.AddOffsets((long*)In(index), count, size, stride, dimension, (long*)Out(offsets));
    }

    public void Blocks(IndexMode mode, ScalarType type, void* data, long* offsets, long count, ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, void* packed)
    {
        var call = (nameof(Blocks), (int)mode, type);
        if (Has(call))
        {
            try { _device!.Blocks(mode, type, data, offsets, count, shape, strides, packed); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.Blocks(mode, type, Out(data), (long*)In(offsets), count, shape, strides, Out(packed));
    }

    public void NonZero(byte* mask, ReadOnlySpan<long> shape, Func<long, nint> rows)
    {
        var call = (nameof(NonZero), 0, ScalarType.Bool);
        if (Has(call))
        {
            try { _device!.NonZero(mask, shape, rows); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.NonZero((byte*)In(mask), shape, count => (nint)Out((void*)rows(count)));
    }

    public void Order(ScalarType type, void* x, long* order, long outer, long n, long count, long inner, bool descending)
    {
        var call = (nameof(Order), 0, type);
        if (Has(call))
        {
            try { _device!.Order(type, x, order, outer, n, count, inner, descending); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.Order(type, In(x), (long*)Out(order), outer, n, count, inner, descending);
    }

    public void Cumulate(CumulativeKind kind, ScalarType type, void* x, void* y, long outer, long n, long inner)
    {
        var call = (nameof(Cumulate), (int)kind, type);
        if (Has(call))
        {
            try { _device!.Cumulate(kind, type, x, y, outer, n, inner); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.Cumulate(kind, type, In(x), Out(y), outer, n, inner);
    }

    public void CumulativeExtreme(bool max, ScalarType type, void* x, long* positions, long outer, long n, long inner)
    {
        var call = (nameof(CumulativeExtreme), 0, type);
        if (Has(call))
        {
            try { _device!.CumulativeExtreme(max, type, x, positions, outer, n, inner); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.CumulativeExtreme(max, type, In(x), (long*)Out(positions), outer, n, inner);
    }

    public void Draw(DrawKind kind, ScalarType type, void* y, long count, double a, double b, in PhiloxCall call)
    {
        var name = (nameof(Draw), (int)kind, type);
        if (Has(name))
        {
            try { _device!.Draw(kind, type, y, count, a, b, call); return; }
            catch (NotOnDeviceException refusal) { Lacks(name, refusal); }
        }
        Note(name);
        Host.Draw(kind, type, Out(y), count, a, b, call);
    }
}
