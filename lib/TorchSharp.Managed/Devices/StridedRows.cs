using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Operands of any strides as rows, which every backend computes.</summary>
internal static unsafe class StridedRows
{
    internal static void Binary(IBackend backend, BinaryKind kind, ScalarType type, void* a, ReadOnlySpan<long> stridesA, void* b, ReadOnlySpan<long> stridesB, void* y, ReadOnlySpan<long> stridesY, ReadOnlySpan<long> shape)
    {
        int size = type.Size();
        var loop = new StridedLoop(shape, stridesA, stridesB, stridesY);
        long rows = 1, rowA = 0, rowB = 0, rowY = 0;
        if (loop.LastOuter is var outer and >= 0)
        {
            (rows, rowA, rowB, rowY) = (loop.Size(outer), loop.Stride(outer, 0), loop.Stride(outer, 1), loop.Stride(outer, 2));
            loop.Take(outer);
        }
        do
        {
            backend.BinaryRows(kind, type, (byte*)a + loop.Offset(0) * size, loop.InnerStride(0), rowA, (byte*)b + loop.Offset(1) * size, loop.InnerStride(1), rowB,
                (byte*)y + loop.Offset(2) * size, rowY, loop.InnerSize, rows);
        }
        while (loop.Next());
    }

    internal static void Compare(IBackend backend, CompareKind kind, ScalarType type, void* a, ReadOnlySpan<long> stridesA, void* b, ReadOnlySpan<long> stridesB, byte* y, ReadOnlySpan<long> shape)
    {
        int size = type.Size();
        var loop = new StridedLoop(shape, stridesA, stridesB);
        do
        {
            backend.Compare(kind, type, (byte*)a + loop.Offset(0) * size, loop.InnerStride(0), (byte*)b + loop.Offset(1) * size, loop.InnerStride(1), y, loop.InnerSize);
            y += loop.InnerSize;
        }
        while (loop.Next());
    }
}
