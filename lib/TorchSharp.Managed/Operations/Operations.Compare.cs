using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Comparisons of elements.</summary>
internal static unsafe partial class Operations
{
    /// <summary>y (Bool) = a ⋛ b, broadcast; not differentiable.</summary>
    internal static Tensor Compare(CompareKind kind, Tensor a, Tensor b)
    {
        var type = CommonType(a, b);
        var y = Together(a, b).NewEmpty(Layout.Broadcast(a.Layout, b.Layout), ScalarType.Bool);
        if (!y.HasData)
            return y;
        var ca = a.dtype == type ? a : Packed(a, type);
        var cb = b.dtype == type ? b : Packed(b, type);
        long[] shape = y.Layout.Shape;
        Span<long> sa = stackalloc long[shape.Length], sb = stackalloc long[shape.Length];
        ca.Layout.BroadcastStrides(shape, sa);
        cb.Layout.BroadcastStrides(shape, sb);
        y.Backend.CompareStrided(kind, type, ca.OrNumberOn(y), sa, cb.OrNumberOn(y), sb, y.On(y), shape);
        GC.KeepAlive(ca);
        GC.KeepAlive(cb);
        GC.KeepAlive(y);
        Free(ca, a);
        Free(cb, b);
        return y;
    }

    internal static Tensor Compare(CompareKind kind, Tensor a, Scalar b)
    {
        if (a.Layout.IsContiguous && LeavesType(a.dtype, b))
        {
            var y = a.NewEmpty(a.Layout.Packed, ScalarType.Bool);
            long value;
            ScalarTypes.Write(b, a.dtype, (byte*)&value);
            if (y.HasData)
                y.Backend.Compare(kind, a.dtype, a.On(y), 1, &value, 0, y.On(y), y.Layout.Count);
            GC.KeepAlive(a);
            GC.KeepAlive(y);
            return y;
        }
        using var number = NumberFor(a, b);
        return Compare(kind, a, number);
    }
}
