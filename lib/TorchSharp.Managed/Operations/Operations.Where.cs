using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Choosing between two tensors.</summary>
internal static unsafe partial class Operations
{
    /// <summary>y = condition ? a : b, broadcast; da = dy where true, db = dy where false.</summary>
    internal static Tensor Where(Tensor condition, Tensor a, Tensor b)
    {
        if (condition.dtype is not (ScalarType.Bool or ScalarType.Byte))
            throw new ExternalException($"where expected condition to be a boolean tensor, but got a tensor with dtype {condition.dtype}");
        var type = CommonType(a, b);
        var y = Together(condition, Together(a, b)).NewEmpty(Layout.Broadcast(Layout.Broadcast(a.Layout, b.Layout), condition.Layout), type);
        if (y.HasData)
        {
            var ca = a.dtype == type ? a : Packed(a, type);
            var cb = b.dtype == type ? b : Packed(b, type);
            long[] shape = y.Layout.Shape;
            Span<long> sc = stackalloc long[shape.Length], sa = stackalloc long[shape.Length], sb = stackalloc long[shape.Length];
            condition.Layout.BroadcastStrides(shape, sc);
            ca.Layout.BroadcastStrides(shape, sa);
            cb.Layout.BroadcastStrides(shape, sb);
            y.Backend.Where(type, condition.OrNumberOn(y), sc, ca.OrNumberOn(y), sa, cb.OrNumberOn(y), sb, y.On(y), y.Layout.Strides, shape);
            GC.KeepAlive(condition);
            GC.KeepAlive(ca);
            GC.KeepAlive(cb);
            GC.KeepAlive(y);
            Free(ca, a);
            Free(cb, b);
        }
        return Records(a, b) ? y.Produced(new WhereBackward(condition, a, b)) : y;
    }

    private sealed class WhereBackward : Node
    {
        private readonly long[] _shapeA, _shapeB;
        private readonly ScalarType _typeA, _typeB;
        private Saved _condition;

        internal WhereBackward(Tensor condition, Tensor a, Tensor b)
        {
            (_shapeA, _shapeB, _typeA, _typeB) = (a.Layout.Shape, b.Layout.Shape, a.dtype, b.dtype);
            _condition = new Saved(condition);
            Next = [a.GradientEdge(), b.GradientEdge()];
        }

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            var condition = _condition.Unpack(this);
            using var zero = Number(0, gradient.dtype);
            if (Needs(0))
                dx[0] = SumTo(Where(condition, gradient, zero), _shapeA).As(_typeA);
            if (Needs(1))
                dx[1] = SumTo(Where(condition, zero, gradient), _shapeB).As(_typeB);
        }

        internal override void Release() => _condition.Release();
    }
}
