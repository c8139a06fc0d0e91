using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Elements from one tensor to another: within a device by its backend, between devices through packed memory.</summary>
internal static unsafe class Transfers
{
    /// <summary>target = source, both of one shape; types and strides may differ arbitrarily.</summary>
    internal static void Copy(Tensor source, Tensor target) => Copy(source, source.Layout.Strides, target, target.Layout.Strides, target.Layout.Shape);

    /// <param name="strides">Strides of source in the given shape: 0 where it is broadcast.</param>
    internal static void Copy(Tensor source, ReadOnlySpan<long> strides, Tensor target, ReadOnlySpan<long> targetStrides, ReadOnlySpan<long> shape)
    {
        if (!target.HasData)
            return;
        if (ReferenceEquals(source.Place, target.Place) || source.IsNumberBeside(target))
            target.Backend.Copy(source.dtype, source.OrNumberOn(target), strides, target.dtype, target.On(target), targetStrides, shape);
        else
            Across(source, strides, target, targetStrides, shape);
        GC.KeepAlive(source);
        GC.KeepAlive(target);
    }

    /// <summary>Converts and packs where the source lies, moves the bytes, and spreads them where the target lies.</summary>
    private static void Across(Tensor source, ReadOnlySpan<long> strides, Tensor target, ReadOnlySpan<long> targetStrides, ReadOnlySpan<long> shape)
    {
        if (source.IsMeta)
            source.ThrowNoData();
        var packed = Layout.Of(shape.ToArray());
        long bytes = packed.Count * target.dtype.Size();
        bool isPacked = source.dtype == target.dtype && strides.SequenceEqual(packed.Strides);
        using var made = isPacked ? null : source.NewEmpty(packed, target.dtype).AsTemporary();
        if (made is not null)
            Copy(source, strides, made, packed.Strides, shape);
        var from = made ?? source;
        if (targetStrides.SequenceEqual(packed.Strides))
        {
            Move(from, target, bytes);
            return;
        }
        using var arrived = target.NewEmpty(packed, target.dtype).AsTemporary();
        Move(from, arrived, bytes);
        Copy(arrived, packed.Strides, target, targetStrides, shape);
    }

    private static void Move(Tensor from, Tensor to, long bytes)
    {
        byte* source = from.On(from), target = to.On(to);
        if (from.Place is not DevicePlace device)
            ((DevicePlace)to.Place).CopyToDevice(source, target, bytes);
        else if (to.Place is not DevicePlace other)
            device.CopyToHost(source, target, bytes);
        else
        {
            using var between = Tensor.Allocate(Layout.Of([bytes]), ScalarType.Byte).AsTemporary();
            device.CopyToHost(source, between.Data, bytes);
            other.CopyToDevice(between.Data, target, bytes);
            GC.KeepAlive(between);
        }
        GC.KeepAlive(from);
        GC.KeepAlive(to);
    }
}
