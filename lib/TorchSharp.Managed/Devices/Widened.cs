using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Numbers of Float16 or BFloat16 as Float32, in which kernels compute with them.</summary>
internal readonly unsafe struct Widened : IDisposable
{
    private const ScalarType Wide = ScalarType.Float32;

    /// <summary>Null where there was nothing to widen.</summary>
    internal readonly float* Data;
    private readonly Room? _room;
    private readonly ScalarType _type;
    private readonly long _count;

    /// <summary>Room for results.</summary>
    internal Widened(Room room, ScalarType type, long count)
    {
        (_room, _type, _count) = (room, type, count);
        Data = (float*)room.Rent(Math.Max(count, 1) * sizeof(float));
    }

    /// <param name="from">Null: an operand that is not there.</param>
    internal Widened(Room room, ScalarType type, void* from, long count, long stride = 1)
    {
        if (from == null)
            return;
        this = new Widened(room, type, count);
        room.Convert(type, from, stride, Wide, Data, 1, count);
    }

    /// <summary>Elements of a shape, one after the other.</summary>
    internal Widened(Room room, ScalarType type, void* from, ReadOnlySpan<long> strides, ReadOnlySpan<long> shape)
    {
        this = new Widened(room, type, Layout.CountOf(shape));
        room.Convert(type, from, strides, Wide, Data, Layout.ContiguousStrides(shape), shape);
    }

    /// <summary>A batch of matrices, one row after the other.</summary>
    internal Widened(Room room, ScalarType type, in MatrixRef matrix, long batch, long rows, long columns) :
        this(room, type, (void*)matrix.Data, [matrix.BatchStride, matrix.RowStride, matrix.ColumnStride], [batch, rows, columns])
    {
    }

    /// <summary>Rounds the numbers and writes them to memory of the type that they came from; nowhere when there are none.</summary>
    internal void Narrow(void* to)
    {
        if (Data != null)
            _room!.Convert(Wide, Data, 1, _type, to, 1, _count);
    }

    internal void Narrow(void* to, ReadOnlySpan<long> strides, ReadOnlySpan<long> shape) => _room!.Convert(Wide, Data, Layout.ContiguousStrides(shape), _type, to, strides, shape);

    internal void Narrow(in MatrixRef matrix, long batch, long rows, long columns) =>
        Narrow((void*)matrix.Data, [matrix.BatchStride, matrix.RowStride, matrix.ColumnStride], [batch, rows, columns]);

    public void Dispose()
    {
        if (Data != null)
            _room!.Return(Data, Math.Max(_count, 1) * sizeof(float));
    }
}
