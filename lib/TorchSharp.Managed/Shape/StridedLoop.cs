namespace TorchSharp;

/// <summary>
/// Walks several operands of one shape together. Dimensions of size 1 vanish and neighbours that lie behind one another in every
/// operand are merged, so that what remains is a few outer counters around one long inner row, which is what kernels work on.
/// </summary>
/// <remarks>Strides and offsets are in elements of each operand. Use: <c>do { row at Offset(k) with InnerStride(k) } while (loop.Next())</c>.</remarks>
internal unsafe struct StridedLoop
{
    private const int MaxOperands = 4;

    private fixed long _size[Layout.MaxRank];
    private fixed long _strides[Layout.MaxRank * MaxOperands];
    private fixed long _index[Layout.MaxRank];
    private fixed long _offset[MaxOperands];
    private readonly int _operands;
    private int _rank;

    internal StridedLoop(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides0, ReadOnlySpan<long> strides1, ReadOnlySpan<long> strides2 = default, ReadOnlySpan<long> strides3 = default)
    {
        _operands = strides3.Length == shape.Length && shape.Length > 0 ? 4 : strides2.Length == shape.Length && shape.Length > 0 ? 3 : 2;
        for (int d = 0; d < shape.Length; d++)
        {
            if (shape[d] == 1)
                continue;
            long s0 = strides0[d], s1 = strides1[d], s2 = _operands > 2 ? strides2[d] : 0, s3 = _operands > 3 ? strides3[d] : 0;
            if (_rank > 0 && Merges(_rank - 1, shape[d], s0, s1, s2, s3))
                _rank--;
            else
                _size[_rank] = 1;
            _size[_rank] *= shape[d];
            int at = _rank * MaxOperands;
            _strides[at] = s0;
            _strides[at + 1] = s1;
            _strides[at + 2] = s2;
            _strides[at + 3] = s3;
            _rank++;
        }
        if (_rank == 0)
        {
            _size[0] = 1;
            _rank = 1;
        }
    }

    private readonly bool Merges(int outer, long size, long s0, long s1, long s2, long s3)
    {
        int at = outer * MaxOperands;
        return _strides[at] == s0 * size && _strides[at + 1] == s1 * size && _strides[at + 2] == s2 * size && _strides[at + 3] == s3 * size;
    }

    /// <summary>Length of a row.</summary>
    internal readonly long InnerSize => _size[_rank - 1];

    internal readonly long InnerStride(int operand) => _strides[(_rank - 1) * MaxOperands + operand];

    internal readonly long Offset(int operand) => _offset[operand];

    /// <summary>The outer dimension next to the row, or −1.</summary>
    internal readonly int LastOuter => _rank - 2;

    /// <summary>An outer dimension along which an operand is contiguous, or −1.</summary>
    internal readonly int OuterAlong(int operand)
    {
        for (int d = _rank - 2; d >= 0; d--)
            if (_strides[d * MaxOperands + operand] == 1)
                return d;
        return -1;
    }

    /// <summary>Size of an outer dimension, and the stride of an operand along it.</summary>
    internal readonly long Size(int dim) => _size[dim];

    internal readonly long Stride(int dim, int operand) => _strides[dim * MaxOperands + operand];

    /// <summary>Takes an outer dimension out of the walk (before its start): the caller handles it together with the row.</summary>
    internal void Take(int dim)
    {
        for (int d = dim; d < _rank - 1; d++)
        {
            _size[d] = _size[d + 1];
            for (int k = 0; k < MaxOperands; k++)
                _strides[d * MaxOperands + k] = _strides[(d + 1) * MaxOperands + k];
        }
        _rank--;
    }

    /// <summary>Moves to the next row; false after the last.</summary>
    internal bool Next()
    {
        for (int d = _rank - 2; d >= 0; d--)
        {
            int at = d * MaxOperands;
            if (++_index[d] < _size[d])
            {
                for (int k = 0; k < _operands; k++)
                    _offset[k] += _strides[at + k];
                return true;
            }
            _index[d] = 0;
            for (int k = 0; k < _operands; k++)
                _offset[k] -= _strides[at + k] * (_size[d] - 1);
        }
        return false;
    }
}
