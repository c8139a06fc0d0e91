using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Sums into places that may be met more than once.</summary>
internal static unsafe class Accumulating
{
    /// <summary>target += source, both of one shape and type, any strides.</summary>
    internal static void Add(Tensor source, Tensor target)
    {
        if (!target.HasData) return;
        var loop = new StridedLoop(target.Layout.Shape, source.Layout.Strides, target.Layout.Strides);
        byte* x = source.Data, y = target.Data;
        do
        {
            long sx = loop.InnerStride(0), sy = loop.InnerStride(1), n = loop.InnerSize, ox = loop.Offset(0), oy = loop.Offset(1);
            switch (target.dtype)
            {
                case ScalarType.Float32: Row((float*)x + ox, sx, (float*)y + oy, sy, n); break;
                case ScalarType.Float64: Row((double*)x + ox, sx, (double*)y + oy, sy, n); break;
                case ScalarType.Float16: Row((Half*)x + ox, sx, (Half*)y + oy, sy, n); break;
                case ScalarType.BFloat16: for (long i = 0; i < n; i++) ((BFloat16*)y)[oy + i * sy] += ((BFloat16*)x)[ox + i * sx]; break;
                case ScalarType.Int64: Row((long*)x + ox, sx, (long*)y + oy, sy, n); break;
                case ScalarType.Int32: Row((int*)x + ox, sx, (int*)y + oy, sy, n); break;
                case ScalarType.Int16: Row((short*)x + ox, sx, (short*)y + oy, sy, n); break;
                case ScalarType.Int8: Row((sbyte*)x + ox, sx, (sbyte*)y + oy, sy, n); break;
                default: Row(x + ox, sx, y + oy, sy, n); break;
            }
        }
        while (loop.Next());
        GC.KeepAlive(source);
        GC.KeepAlive(target);
    }

    private static void Row<T>(T* x, long strideX, T* y, long strideY, long count) where T : unmanaged, INumber<T>
    {
        for (long i = 0; i < count; i++) y[i * strideY] += x[i * strideX];
    }
}
