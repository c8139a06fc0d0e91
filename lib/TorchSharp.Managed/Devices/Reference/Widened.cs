using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Numbers of Float16 or BFloat16 as Float32, in which kernels compute with them.</summary>
internal readonly unsafe struct Widened : IDisposable
{
    /// <summary>Null where there was nothing to widen.</summary>
    internal readonly float* Data;
    private readonly ScalarType _type;
    private readonly long _count;

    /// <summary>Room for results.</summary>
    internal Widened(ScalarType type, long count)
    {
        (_type, _count) = (type, count);
        Data = (float*)NativeMemory.Alloc((nuint)Math.Max(count, 1), sizeof(float));
    }

    /// <param name="from">Null: an operand that is not there.</param>
    internal Widened(ScalarType type, void* from, long count, long stride = 1)
    {
        if (from == null) return;
        this = new Widened(type, count);
        Copying.Row(type, from, stride, ScalarType.Float32, Data, 1, count);
    }

    /// <summary>A batch of matrices, one row after the other.</summary>
    internal Widened(ScalarType type, in MatrixRef matrix, long batch, long rows, long columns)
    {
        this = new Widened(type, batch * rows * columns);
        for (long b = 0; b < batch; b++)
            for (long r = 0; r < rows; r++)
                Copying.Row(type, At(type, matrix, b, r), matrix.ColumnStride, ScalarType.Float32, Data + (b * rows + r) * columns, 1, columns);
    }

    /// <summary>Rounds the numbers and writes them to memory of the type that they came from; nowhere when there are none.</summary>
    internal void Narrow(void* to)
    {
        if (Data != null) Copying.Row(ScalarType.Float32, Data, 1, _type, to, 1, _count);
    }

    internal void Narrow(in MatrixRef matrix, long batch, long rows, long columns)
    {
        for (long b = 0; b < batch; b++)
            for (long r = 0; r < rows; r++)
                Copying.Row(ScalarType.Float32, Data + (b * rows + r) * columns, 1, _type, At(_type, matrix, b, r), matrix.ColumnStride, columns);
    }

    private static byte* At(ScalarType type, in MatrixRef matrix, long b, long row) => (byte*)matrix.Data + (b * matrix.BatchStride + row * matrix.RowStride) * type.Size();

    public void Dispose() => NativeMemory.Free(Data);
}
