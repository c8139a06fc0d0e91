namespace TorchSharp.Gpu;

/// <summary>
/// C = A·B in the words of BLAS, whose matrices lie in memory column by column, each <c>ld</c> elements after the one before:
/// C = op(First)·op(Second) + β·C with an m×k and a k×n matrix. A matrix whose rows lie contiguous is the transpose of such a one, so
/// for a C with contiguous rows BLAS is asked for Cᵀ = Bᵀ·Aᵀ.
/// </summary>
/// <param name="Swapped">The first matrix is B.</param>
/// <param name="TransposeFirst">op is the transpose.</param>
internal readonly record struct ColumnMajorProduct(
    bool Swapped, bool TransposeFirst, bool TransposeSecond, int M, int N, int K, int LdFirst, int LdSecond, int LdResult, long StrideFirst, long StrideSecond, long StrideResult, int Batch)
{
    /// <summary>Null where BLAS has no words for it: no stride is 1, columns overlap (as those of an expanded matrix do), or a number is beyond 32 bits.</summary>
    internal static ColumnMajorProduct? Of(long batch, long m, long n, long k, in MatrixRef a, in MatrixRef b, in MatrixRef c)
    {
        if (batch * m * n * k == 0 || Math.Max(Math.Max(batch, m), Math.Max(n, k)) > int.MaxValue || Columns(m, n, c) is not { } result)
            return null;
        if (Columns(m, k, a) is not { } left || Columns(k, n, b) is not { } right)
            return null;
        // Results that are written by several columns or products would depend on who comes last.
        if (batch > 1 && c.BatchStride == 0)
            return null;
        return result.IsTransposed
            ? new(true, !right.IsTransposed, !left.IsTransposed, (int)n, (int)m, (int)k, right.Ld, left.Ld, result.Ld, b.BatchStride, a.BatchStride, c.BatchStride, (int)batch)
            : new(false, left.IsTransposed, right.IsTransposed, (int)m, (int)n, (int)k, left.Ld, right.Ld, result.Ld, a.BatchStride, b.BatchStride, c.BatchStride, (int)batch);
    }

    /// <summary>How a matrix lies: by columns, or by rows, which are the columns of its transpose.</summary>
    private static (bool IsTransposed, int Ld)? Columns(long rows, long columns, in MatrixRef matrix) =>
        Distance(rows, columns, matrix.RowStride, matrix.ColumnStride) is { } ld ? (false, ld)
        : Distance(columns, rows, matrix.ColumnStride, matrix.RowStride) is { } across ? (true, across)
        : null;

    /// <summary>From one column to the next, where elements of a column lie beside one another. What has one row or one column may be strided anyhow along it.</summary>
    private static int? Distance(long rows, long columns, long rowStride, long columnStride)
    {
        if (rows > 1 && rowStride != 1)
            return null;
        long distance = columns > 1 ? columnStride : rows;
        return distance >= rows && distance <= int.MaxValue ? (int)distance : null;
    }
}
