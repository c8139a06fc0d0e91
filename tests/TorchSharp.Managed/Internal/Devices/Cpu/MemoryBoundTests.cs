using TorchSharp.Cpu;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Cpu;

/// <summary>Kernels that memory limits, at the sizes where their ways part: panels, short rows, results that are streamed past the caches.</summary>
public sealed unsafe class MemoryBoundTests
{
    private static readonly CpuBackend Fast = new();
    private static readonly ReferenceBackend Reference = new();

    /// <summary>Narrow, around a register, around a panel, and long enough for several blocks of rows.</summary>
    private static readonly (long Outer, long N, long Inner)[] Shapes =
    [
        (1, 1, 1), (5, 2, 1), (9, 8, 1), (7, 100, 1), (3, 1031, 1), (1, 5000, 1), (2, 300, 3), (1, 700, 9), (2, 150, 100), (1, 66, 1024), (2, 5, 1027), (1, 130, 2055), (3, 1, 40), (0, 4, 3),
        (1, 2 * CpuBackend.Piece, 1), (3, 2 * CpuBackend.Piece + 5, 1),
    ];

    [Theory, InlineData(false), InlineData(true)]
    public void ArgReduce_TiesAndNaN_MatchesReference(bool max)
    {
        foreach ((long outer, long n, long inner) in Shapes)
            foreach (bool withNaN in new[] { false, true })
            {
                using var x = Steps(outer * n * inner, withNaN);
                using Native<long> expected = new(outer * inner), actual = new(outer * inner);
                Reference.ArgReduce(max, ScalarType.Float32, x.Data, expected.Data, outer, n, inner);
                Fast.ArgReduce(max, ScalarType.Float32, x.Data, actual.Data, outer, n, inner);
                Assert.True(expected.Span.SequenceEqual(actual.Span), $"positions in {outer}×{n}×{inner}, max {max}, NaN {withNaN}");
                Assert.True(actual.GuardIntact);
            }
    }

    [Fact]
    public void ArgReduce_AllInfinite_FindsTheFirst()
    {
        using var x = new Native<float>(40);
        x.Span.Fill(float.NegativeInfinity);
        long position = -1;
        Fast.ArgReduce(true, ScalarType.Float32, x.Data, &position, 1, 40, 1);
        Assert.Equal(0, position);
    }

    [Theory, InlineData(ReduceKind.Sum), InlineData(ReduceKind.Max), InlineData(ReduceKind.Min)]
    internal void Reduce_AnyShape_MatchesReference(ReduceKind kind)
    {
        foreach ((long outer, long n, long inner) in Shapes)
            foreach (bool withNaN in new[] { false, true })
            {
                using Native<float> x = Steps(outer * n * inner, withNaN), expected = new(outer * inner), actual = new(outer * inner);
                Reference.Reduce(kind, ScalarType.Float32, x.Data, expected.Data, outer, n, inner);
                Fast.Reduce(kind, ScalarType.Float32, x.Data, actual.Data, outer, n, inner);
                // Multiples of a quarter are summed exactly.
                Assert.True(expected.Span.SequenceEqual(actual.Span), $"{kind} of {outer}×{n}×{inner}, NaN {withNaN}");
                Assert.True(actual.GuardIntact);
            }
    }

    [Fact]
    public void Reduce_ManyRowsOfSmallNumbers_LosesNoDigits()
    {
        const long rows = 200_000, columns = 5;
        using Native<float> x = new(rows * columns), y = new(columns);
        x.Span.Fill(0.1f);
        Fast.Reduce(ReduceKind.Sum, ScalarType.Float32, x.Data, y.Data, 1, rows, columns);
        foreach (float sum in y.Span)
            Assert.Equal(rows * (double)0.1f, sum, 20_000.0 * 1e-6);
    }

    [Theory, InlineData(1L), InlineData(7L), InlineData(50L), InlineData(64L), InlineData(255L)]
    public void BinaryRows_OneRowForMany_MatchesReference(long count)
    {
        foreach (long rows in new[] { 2L, 3, 64, 301, 2000 })
            foreach (bool repeatA in new[] { false, true })
                foreach (bool inPlace in new[] { false, true })
                {
                    using Native<float> matrix = Steps(rows * count, false), row = Steps(count, false), expected = new(rows * count), result = new(rows * count);
                    using var changed = Steps(rows * count, false);
                    float* source = inPlace ? changed.Data : matrix.Data, y = inPlace ? changed.Data : result.Data;
                    Rows(Reference, matrix.Data, expected.Data);
                    Rows(Fast, source, y);
                    Assert.True(expected.Span.SequenceEqual(new ReadOnlySpan<float>(y, (int)(rows * count))), $"{rows} rows of {count}, the short one left: {repeatA}, in place: {inPlace}");

                    void Rows(IBackend backend, float* large, float* target) => backend.BinaryRows(BinaryKind.Sub, ScalarType.Float32,
                        repeatA ? row.Data : large, 1, repeatA ? 0 : count, repeatA ? large : row.Data, 1, repeatA ? count : 0, target, count, count, rows);
                }
    }

    [Fact]
    public void BinaryRows_LargeResult_EqualsItsRows()
    {
        const long rows = 42_003, columns = 100;
        using Tensor matrix = rand(rows, columns), row = rand(columns), sum = matrix + row, last = matrix[rows - 1] + row, middle = matrix[20_001] + row;
        Assert.Equal(last.data<float>().ToArray(), sum[rows - 1].data<float>().ToArray());
        Assert.Equal(middle.data<float>().ToArray(), sum[20_001].data<float>().ToArray());
        Assert.Equal(matrix.sum().ToDouble() + rows * row.sum().ToDouble(), sum.sum().ToDouble(), 10.0);
    }

    [Theory, InlineData(2112, 2048), InlineData(4_194_304 / 24, 25), InlineData(100, 43_200), InlineData(2049, 2111)]
    public void Contiguous_LargeTransposed_HasEveryElement(int rows, int columns)
    {
        using Tensor x = arange((long)rows * columns, ScalarType.Int32).reshape(rows, columns), turned = x.t().contiguous();
        ReadOnlySpan<int> y = turned.data<int>().ToArray();
        for (int i = 0; i < columns; i++)
            for (int j = 0; j < rows; j++)
                if (y[i * rows + j] != j * columns + i)
                    Assert.Fail($"[{i}, {j}] is {y[i * rows + j]}");
    }

    [Fact]
    public void CumSum_AnyShape_IsTheSumInDoublePrecision()
    {
        foreach ((long outer, long n, long inner) in Shapes)
        {
            using Native<float> x = Fill.Random<float>(new System.Random(5), outer * n * inner), y = new(outer * n * inner);
            if (n > 20)
                x.Span[9] = float.PositiveInfinity;
            if (n > 20)
                x.Span[(int)(outer * n * inner) - 3] = float.NaN;
            RunningSum.Run(x.Data, y.Data, outer, n, inner);
            for (long o = 0; o < outer; o++)
                for (long i = 0; i < inner; i++)
                {
                    double sum = 0;
                    for (long k = 0; k < n; k++)
                    {
                        long at = (o * n + k) * inner + i;
                        sum += x.Data[at];
                        Assert.True((float)sum == y.Data[at] || double.IsNaN(sum) && float.IsNaN(y.Data[at]) || Math.Abs(sum - y.Data[at]) <= 1e-7 * Math.Abs(sum), $"{outer}×{n}×{inner} [{o}, {k}, {i}] is {y.Data[at]}, expected {sum}");
                    }
                }
            Assert.True(y.GuardIntact);
        }
    }

    [Fact]
    public void CumSum_LargeRowsOfOddLength_EqualsRowsByThemselves()
    {
        using Tensor x = rand(41_203, 103), all = x.cumsum(1);
        foreach (long row in new[] { 0L, 1, 2, 3, 41_202 })
        {
            using var one = x[row].clone().cumsum(0);
            Assert.True(all[row].allclose(one, 1e-7, 0));
        }
    }

    [Fact]
    public void Greater_LargeTensors_CountsAsItsParts()
    {
        using Tensor x = rand(17_000_003), whole = x > 0.5;
        long parts = 0;
        for (long from = 0; from < 17_000_003; from += 1_000_000)
        {
            using var part = x.slice(0, from, Math.Min(from + 1_000_000, 17_000_003), 1).clone() > 0.5;
            parts += part.sum().ToInt64();
        }
        Assert.Equal(parts, whole.sum().ToInt64());
    }

    /// <summary>Multiples of a quarter with many ties, and NaN at some places.</summary>
    private static Native<float> Steps(long count, bool withNaN)
    {
        var random = new System.Random(7);
        var x = new Native<float>(count);
        foreach (ref float value in x.Span)
            value = random.Next(-40, 41) / 4f;
        if (withNaN)
            for (int i = 0; i < count; i += 37)
                x.Span[random.Next(i, (int)Math.Min(i + 37, count))] = float.NaN;
        return x;
    }
}
