using static TorchSharp.torch;

namespace TorchSharp;

internal sealed unsafe partial class FallbackBackend
{
    public void Copy(ScalarType typeX, void* x, ReadOnlySpan<long> stridesX, ScalarType typeY, void* y, ReadOnlySpan<long> stridesY, ReadOnlySpan<long> shape)
    {
        var call = (nameof(Copy), (int)typeX, typeY);
        if (Has(call))
        {
            using var from = new Beside(place, x, !stridesX.ContainsAnyExcept(0), typeX);
            try { _device!.Copy(typeX, from.Address, stridesX, typeY, y, stridesY, shape); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.Copy(typeX, In(x), stridesX, typeY, Out(y), stridesY, shape);
    }

    public void Where(ScalarType type, byte* condition, ReadOnlySpan<long> stridesCondition, void* a, ReadOnlySpan<long> stridesA, void* b, ReadOnlySpan<long> stridesB, void* y, ReadOnlySpan<long> stridesY, ReadOnlySpan<long> shape)
    {
        var call = (nameof(Where), 0, type);
        if (Has(call))
        {
            using var chosen = new Beside(place, condition, !stridesCondition.ContainsAnyExcept(0), ScalarType.Bool);
            using Beside left = new(place, a, !stridesA.ContainsAnyExcept(0), type), right = new(place, b, !stridesB.ContainsAnyExcept(0), type);
            try { _device!.Where(type, (byte*)chosen.Address, stridesCondition, left.Address, stridesA, right.Address, stridesB, y, stridesY, shape); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.Where(type, (byte*)In(condition), stridesCondition, In(a), stridesA, In(b), stridesB, Out(y), stridesY, shape);
    }

    public void SelectRows(ScalarType type, void* x, long* index, void* y, long outer, long n, long count, long inner)
    {
        var call = (nameof(SelectRows), 0, type);
        if (Has(call))
        {
            try { _device!.SelectRows(type, x, index, y, outer, n, count, inner); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.SelectRows(type, In(x), (long*)In(index), Out(y), outer, n, count, inner);
    }

    public void AddRows(ScalarType type, void* x, long* index, void* y, long outer, long n, long count, long inner)
    {
        var call = (nameof(AddRows), 0, type);
        if (Has(call))
        {
            try { _device!.AddRows(type, x, index, y, outer, n, count, inner); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.AddRows(type, In(x), (long*)In(index), Out(y), outer, n, count, inner);
    }

    public void AlongIndex(IndexMode mode, ScalarType type, long* index, ReadOnlySpan<long> stridesIndex, void* plain, ReadOnlySpan<long> stridesPlain, void* addressed, ReadOnlySpan<long> stridesAddressed, long size, long step, ReadOnlySpan<long> shape)
    {
        var call = (nameof(AlongIndex), (int)mode, type);
        if (Has(call))
        {
            try { _device!.AlongIndex(mode, type, index, stridesIndex, plain, stridesPlain, addressed, stridesAddressed, size, step, shape); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.AlongIndex(mode, type, (long*)In(index), stridesIndex, Out(plain), stridesPlain, Out(addressed), stridesAddressed, size, step, shape);
    }
}
