using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Reading and writing at places that an index tensor names. Elements are moved by size, whatever their type.</summary>
internal static unsafe class Indexed
{
    /// <summary>A negative index does not count from the end here.</summary>
    internal static long Check(long index, long size, string operation) => (ulong)index < (ulong)size
        ? index
        : throw new ExternalException($"index {index} is out of bounds for dimension with size {size} ({operation})");

    /// <summary>y[o, j, i] = x[o, index[j], i], all contiguous, i over <paramref name="rowBytes"/>.</summary>
    internal static void SelectRows(byte* x, byte* y, long* index, long outer, long n, long count, long rowBytes)
    {
        for (long o = 0; o < outer; o++)
            for (long j = 0; j < count; j++)
            {
                byte* from = x + (o * n + Check(index[j], n, "index_select")) * rowBytes;
                byte* to = y + (o * count + j) * rowBytes;
                switch (rowBytes)
                {
                    case 4: *(int*)to = *(int*)from; break;
                    case 8: *(long*)to = *(long*)from; break;
                    default: Buffer.MemoryCopy(from, to, rowBytes, rowBytes); break;
                }
            }
    }

    /// <summary>y[o, index[j], i] += x[o, j, i].</summary>
    /// <param name="backend">Adds a row.</param>
    internal static void AddRows(IBackend backend, ScalarType type, byte* x, byte* y, long* index, long outer, long n, long count, long inner)
    {
        int size = type.Size();
        for (long o = 0; o < outer; o++)
            for (long j = 0; j < count; j++)
            {
                byte* target = y + (o * n + Check(index[j], n, "index_add")) * inner * size, source = x + (o * count + j) * inner * size;
                if (type == ScalarType.Bool)
                    for (long i = 0; i < inner; i++)
                        target[i] |= source[i];
                else
                    backend.AddScaled(type, target, source, 1, inner);
            }
    }

    /// <summary>See <see cref="IBackend.AlongIndex"/>.</summary>
    internal static void Along(IndexMode mode, ScalarType type, long* index, ReadOnlySpan<long> stridesIndex, byte* plain, ReadOnlySpan<long> stridesPlain, byte* addressed, ReadOnlySpan<long> stridesAddressed, long size, long step, ReadOnlySpan<long> shape)
    {
        var loop = new StridedLoop(shape, stridesIndex, stridesPlain, stridesAddressed);
        int bytes = type.Size();
        string name = mode == IndexMode.Gather ? "gather" : "scatter";
        do
        {
            long si = loop.InnerStride(0), sp = loop.InnerStride(1), sa = loop.InnerStride(2);
            long* i0 = index + loop.Offset(0);
            byte* p0 = plain + loop.Offset(1) * bytes, a0 = addressed + loop.Offset(2) * bytes;
            for (long k = 0; k < loop.InnerSize; k++)
            {
                byte* a = a0 + (k * sa + Check(i0[k * si], size, name) * step) * bytes;
                byte* p = p0 + k * sp * bytes;
                switch (mode)
                {
                    case IndexMode.Gather: Move(a, p, bytes); break;
                    case IndexMode.Scatter: Move(p, a, bytes); break;
                    default: AddOne(type, p, a); break;
                }
            }
        }
        while (loop.Next());
    }

    internal static void Move(byte* from, byte* to, int bytes)
    {
        switch (bytes)
        {
            case 1: *to = *from; break;
            case 2: *(short*)to = *(short*)from; break;
            case 4: *(int*)to = *(int*)from; break;
            default: *(long*)to = *(long*)from; break;
        }
    }

    internal static void AddOne(ScalarType type, byte* from, byte* to)
    {
        switch (type)
        {
            case ScalarType.Float32: *(float*)to += *(float*)from; break;
            case ScalarType.Float64: *(double*)to += *(double*)from; break;
            case ScalarType.Float16: *(Half*)to += *(Half*)from; break;
            case ScalarType.BFloat16: *(BFloat16*)to += *(BFloat16*)from; break;
            case ScalarType.Int64: *(long*)to += *(long*)from; break;
            case ScalarType.Int32: *(int*)to += *(int*)from; break;
            case ScalarType.Int16: *(short*)to += *(short*)from; break;
            case ScalarType.Bool: *to |= *from; break;
            default: *to += *from; break;
        }
    }

    /// <summary>Elements of <paramref name="count"/> blocks: block b starts offsets[b] elements from data; its inside is laid out by shape and strides. Moved from or to contiguous <paramref name="packed"/>.</summary>
    internal static void Blocks(IndexMode mode, ScalarType type, byte* data, long* offsets, long count, ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, byte* packed)
    {
        int bytes = type.Size();
        long inner = Layout.CountOf(shape);
        if (inner == 0)
            return;
        long[] contiguous = Layout.ContiguousStrides(shape);
        for (long b = 0; b < count; b++)
        {
            byte* start = data + offsets[b] * bytes;
            byte* at = packed + b * inner * bytes;
            var loop = new StridedLoop(shape, strides, contiguous);
            do
            {
                byte* block = start + loop.Offset(0) * bytes, row = at + loop.Offset(1) * bytes;
                long sb = loop.InnerStride(0), sr = loop.InnerStride(1), n = loop.InnerSize;
                switch (mode)
                {
                    case IndexMode.Gather: Copying.Row(type, block, sb, type, row, sr, n); break;
                    case IndexMode.Scatter: Copying.Row(type, row, sr, type, block, sb, n); break;
                    default:
                        for (long k = 0; k < n; k++)
                            AddOne(type, row + k * sr * bytes, block + k * sb * bytes);
                        break;
                }
            }
            while (loop.Next());
        }
    }

    /// <summary>See <see cref="IBackend.NonZero"/>.</summary>
    internal static void NonZero(byte* mask, ReadOnlySpan<long> shape, Func<long, nint> rows)
    {
        long found = 0, n = Layout.CountOf(shape);
        for (long i = 0; i < n; i++)
            found += mask[i] != 0 ? 1 : 0;
        long* to = (long*)rows(found);
        long[] strides = Layout.ContiguousStrides(shape);
        for (long i = 0; i < n; i++)
        {
            if (mask[i] == 0)
                continue;
            long rest = i;
            foreach (long stride in strides)
            {
                *to++ = rest / stride;
                rest %= stride;
            }
        }
    }
}
